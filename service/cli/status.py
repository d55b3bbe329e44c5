"""`watchfire status`: is everything alive? The same lines as the page of the system."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from service.cli.office import Office, Row, show
from service.cli.tongue import of_tongue, tongue
from service.desk.failures import WorkFailures, read_failures
from service.desk.system import Status, look_at_all
from service.desk.vital import Line, Vital
from service.desk.vital_words import told, work_name
from service.errors import SetupError, WatchfireError
from service.locale.catalogue import Catalogue
from service.settings import load
from service.store.engine import open_store
from service.store.failures import count_failures

DAY = timedelta(days=1)


def status(
    failures: Annotated[
        bool, typer.Option("--failures", help="Instead, the last 20 failures of each kind of work, with the reason.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON for programs.")] = False,
) -> None:
    """Is everything alive? Ends with 1 when something is broken. Looks only: it makes and changes nothing."""
    settings = load()
    _demand_file(settings.database)
    store = open_store(settings.database)
    words, office = Catalogue(), Office(settings, store, lambda: datetime.now(UTC))
    try:
        if failures:
            show([row for one in read_failures(office) for row in _failed(one, words)], as_json, "Nothing failed.")
            return
        found, failed = look_at_all(office), _failed_lately(office)
    finally:
        store.dispose()
    row = _plain if as_json else lambda line: _told(line, found.at, words)
    lines = [{"part": part.key, **row(line)} for part in found.parts for line in part.lines]
    show(lines, as_json, "Nothing was looked at.")
    if failed and not as_json:
        print(f"\nFailures of regular work within a day: {failed}. `watchfire status --failures` lists them.")
    _end(found, words, as_json)


def _failed_lately(office: Office) -> int:
    """How many failures of the last day are kept; 0 where the database is away or of another version."""
    try:
        with office.store.read() as session:
            return count_failures(session, office.clock() - DAY)
    except (WatchfireError, SQLAlchemyError):
        return 0


def _failed(work: WorkFailures, words: Catalogue) -> list[Row]:
    name = work_name(work.work, words, tongue())
    return [
        {"work": name, "at": one.at, "worker": one.worker, "seconds": round(one.took, 1), "why": one.error}
        for one in work.last
    ]


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
