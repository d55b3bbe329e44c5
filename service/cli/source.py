"""`watchfire source`: what is watched."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from service.cli.adding import add_by_address
from service.cli.office import Office, Row, open_office, read_file, show, show_one, write_file
from service.desk.sources import (
    export_sources,
    import_sources,
    pause_source,
    resume_source,
    source_state,
)
from service.errors import NotFound
from service.store.read_rest import find_source, list_sources
from service.store.tables import SourceRow

source_app = typer.Typer(no_args_is_help=True, add_completion=False)
Key = Annotated[str, typer.Argument(help="Key of the source; `list` shows it.")]
Json = Annotated[bool, typer.Option("--json", help="JSON for programs.")]


@source_app.command("list")
def list_(
    as_json: Json = False,
    failing: Annotated[bool, typer.Option("--failing", help="Only those that fail.")] = False,
) -> None:
    """Show what is watched and how each source does."""
    with open_office() as office:
        rows = [row for row in _all(office) if row.failures or not failing]
        show(
            [_line(row, office.clock()) for row in rows],
            as_json,
            "No source fails." if failing else "No source is watched. Add one with `watchfire source add ADDRESS`.",
        )


@source_app.command("show")
def show_(key: Key, as_json: Json = False) -> None:
    """Show everything about one source."""
    with open_office() as office:
        row = _found(office, key)
        show_one(
            {
                **_line(row, office.clock()),
                "address": row.address,
                "moved_to": row.moved_to,
                "sharing": row.sharing,
                "interval": row.interval_s if as_json else f"{row.interval_s} s",
                "zone": row.zone,
                "critical": row.critical,
                "last_look": row.last_look_at,
                "last_entry": row.last_entry_at,
                "held_until": row.hold_until,
                "added": row.created_at,
            },
            as_json,
        )


@source_app.command("add")
def add(
    address: Annotated[str, typer.Argument(help="Of the feed, or of a page that has one: https://…")],
    name: Annotated[str, typer.Option(help="What it is called.")] = "",
    key: Annotated[str, typer.Option(help="Its key; made from the address if not given.")] = "",
    kind: Annotated[str, typer.Option(help="news, advisory, hazard, sanctions, health, economy or report.")] = "",
    country: Annotated[str, typer.Option(help="ISO 3166 code of the country it covers.")] = "",
    language: Annotated[str, typer.Option(help="Its language, such as fr.")] = "",
    reliability: Annotated[str, typer.Option(help="A (completely reliable) to E, F unknown.")] = "",
    sharing: Annotated[str, typer.Option(help="TLP mark, such as TLP:GREEN.")] = "",
    interval: Annotated[str, typer.Option(help="Seconds between two looks.")] = "",
    zone: Annotated[str, typer.Option(help="Time zone of dates that name none, such as Asia/Shanghai.")] = "",
    critical: Annotated[bool, typer.Option("--critical", help="Its silence is an alarm.")] = False,
    exact: Annotated[bool, typer.Option("--exact", help="This very address: look for no feed behind it.")] = False,
    pick: Annotated[int, typer.Option(min=0, help="Which of several feeds to watch, by its number.")] = 0,
    as_json: Json = False,
) -> None:
    """Find the feed behind an address, watch it, and show its first entries."""
    given = {
        "address": address,
        "name": name,
        "key": key,
        "kind": kind,
        "country": country,
        "language": language,
        "reliability": reliability,
        "sharing": sharing,
        "interval": interval,
        "zone": zone,
        "critical": "true" if critical else "",
    }
    add_by_address(given, exact=exact, pick=pick, as_json=as_json)


@source_app.command("import")
def import_(file: Annotated[Path, typer.Argument(help="OPML, YAML, or one address a line.")]) -> None:
    """Watch everything that a file names; sources that are watched already stay as they are."""
    text = read_file(file)
    with open_office() as office:
        done = import_sources(office, office.scope(), text, file.name)
        print(f"Sources added: {done.added}; watched already: {done.known}.")
        if not done.added + done.known:
            print(f"{file} names none. Write one address a line, or export OPML from another reader.")


@source_app.command("export")
def export(
    file: Annotated[Path | None, typer.Argument(help="Where to write; standard output if not given.")] = None,
) -> None:
    """Write everything that is watched as OPML."""
    with open_office() as office:
        text = export_sources(office, office.scope())
        if file is None:
            print(text, end="")
        else:
            write_file(file, text)


@source_app.command("pause")
def pause(
    key: Key,
    hours: Annotated[float, typer.Option(min=0, max=87600, help="How long; 0 until it is resumed.")] = 0,
) -> None:
    """Look at a source no more."""
    with open_office() as office:
        until = office.clock() + timedelta(hours=hours) if hours else None
        row = pause_source(office, office.scope(), _found(office, key).id or 0, until)
        print(f"'{row.key}' rests {f'until {until:%Y-%m-%d %H:%M} UTC' if until else 'until it is resumed'}.")


@source_app.command("resume")
def resume(key: Key) -> None:
    """Look at a source again, and now."""
    with open_office() as office:
        row = resume_source(office, office.scope(), _found(office, key).id or 0)
        print(f"'{row.key}' is looked at again.")


def _all(office: Office) -> list[SourceRow]:
    rows: list[SourceRow] = []
    cursor: str | None = None
    scope = office.scope()
    with office.store.read() as session:
        while True:
            page = list_sources(session, scope, limit=200, cursor=cursor)
            rows, cursor = rows + page.items, page.next
            if cursor is None:
                return rows


def _found(office: Office, key: str) -> SourceRow:
    scope = office.scope()
    with office.store.read() as session:
        row = find_source(session, scope, key=key) or find_source(session, scope, address=key)
    if row is None:
        raise NotFound(f"There is no source '{key}'.", "`watchfire source list` shows them.")
    return row


def _line(row: SourceRow, now: datetime) -> Row:
    return {
        "key": row.key,
        "name": row.name,
        "state": source_state(row, now),
        "kind": row.kind,
        "country": row.country,
        "language": row.language,
        "reliability": row.reliability,
        "last_success": row.last_success_at,
        "next_look": row.next_check_at,
        "error": row.error,
    }
