"""`watchfire status`: is everything alive? The same lines as the page of the system."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.engine import make_url

from service.cli.office import Office, show
from service.cli.tongue import of_tongue, tongue
from service.desk.system import Status, look_at_all
from service.desk.vital import Line, Vital
from service.desk.vital_words import told
from service.errors import SetupError
from service.locale.catalogue import Catalogue
from service.settings import load
from service.store.engine import open_store


def status(as_json: Annotated[bool, typer.Option("--json", help="JSON for programs.")] = False) -> None:
    """Is everything alive? Ends with 1 when something is broken. Looks only: it makes and changes nothing."""
    settings = load()
    _demand_file(settings.database)
    store = open_store(settings.database)
    try:
        found = look_at_all(Office(settings, store, lambda: datetime.now(UTC)))
    finally:
        store.dispose()
    words = Catalogue()
    row = _plain if as_json else lambda line: _told(line, found.at, words)
    lines = [{"part": part.key, **row(line)} for part in found.parts for line in part.lines]
    show(lines, as_json, "Nothing was looked at.")
    _end(found, words, as_json)


def _demand_file(address: str) -> None:
    """SetupError for an SQLite file that is not there: to connect would make it."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).expanduser().exists():
        raise SetupError(
            f"There is no database {url.database} yet.", "Start `watchfire serve`, or check WATCHFIRE_DATA."
        )


def _plain(line: Line) -> dict[str, object]:
    values = {name: _number(value) for name, value in line.values.items()}
    about = {"key": line.key, "state": line.state.value, "code": line.code}
    return {**about, "values": values, "original": line.original or None}


def _number(value: object) -> object:
    return value.total_seconds() if isinstance(value, timedelta) else value


def _told(line: Line, now: datetime, words: Catalogue) -> dict[str, object]:
    said = told(line, now, words, tongue())
    how = " – ".join(part for part in (said.text, line.original, said.advice.replace("`", "")) if part)
    return {"state": of_tongue(f"system.state.{line.state.value}", line.state.value), "what": said.name, "how": how}


def _end(found: Status, words: Catalogue, as_json: bool) -> None:
    if not as_json:
        print(f"\n{words.say(f'system.all.{found.state.value}', tongue())}")
    if found.state is Vital.BROKEN:
        raise typer.Exit(1)
