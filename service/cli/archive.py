"""`watchfire archive`: old entries with their own dates, which alert nobody; and what would have been told of them."""

import asyncio
import logging
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import orjson
import typer

from ingest.archive import ArchiveError, Plan, parse_map
from ingest.dates import read
from ingest.feed import Feed
from ingest.http import make_client
from ingest.source_record import Record, SourceFileError, feeds_of
from service.app import build_house, build_walk, open_database
from service.cli.begin import begin
from service.cli.office import Office, Row, open_office, read_file, show
from service.desk.archive_feeds import Paging, Told, import_feeds
from service.desk.archives import Asked, Tally, import_archive
from service.errors import Invalid
from service.replay import Span, replayed
from service.store.archives import end_interrupted, list_runs
from service.store.tables import ArchiveRun

app = typer.Typer(no_args_is_help=True, add_completion=False)
Since = Annotated[str, typer.Option(help="Only entries of this date or later, such as 2024-01-31.")]
OVER = "The import is over. Its entries are history and alert nobody; what comes in from now on alerts as ever."
EVERY = 20_000  # rows between two words about how far it is


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="JSON lines, CSV or TSV, packed with gzip or not.")],
    source: Annotated[str, typer.Option(help="Key of the source that everything goes to.")] = "",
    mapping: Annotated[str, typer.Option("--map", help="Names of columns: title=headline,published=day")] = "",
    since: Since = "",
    until: Annotated[str, typer.Option(help="Only entries before this date.")] = "",
    zone: Annotated[str, typer.Option(help="Time zone of dates that name none, such as Asia/Shanghai.")] = "",
    reliability: Annotated[str, typer.Option(help="Of sources that are made: A to E, F unknown.")] = "F",
    sharing: Annotated[str, typer.Option(help="TLP mark of sources that are made.")] = "TLP:CLEAR",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and count only.")] = False,
) -> None:
    """Import a file of old entries with their own dates; nobody is alerted."""
    made = _checked(zone=zone, reliability=reliability, sharing=sharing)
    asked = Asked(
        name=file.name,
        plan=Plan(_columns(mapping), made.zone),
        source=source or None,
        reliability=made.reliability,
        sharing=made.sharing,
        since=_date(since, "--since"),
        until=_date(until, "--until"),
        dry_run=dry_run,
    )
    begin()
    with open_office() as office:
        try:
            with file.open("rb") as opened:
                tally = import_archive(office, office.scope(), opened, asked, _Progress())
        except OSError as error:
            raise Invalid(f"{file} cannot be read: {error.strerror or error}.", "Check the path.") from error
    _say(file.name, tally, dry_run=dry_run)


@app.command("feeds")
def feeds(
    file: Annotated[Path, typer.Argument(help="OPML, YAML, or one address a line.")],
    pages: Annotated[int, typer.Option(min=1, max=10_000, help="Pages that are read of each feed at most.")] = 50,
    since: Since = "",
    wait: Annotated[float, typer.Option(min=0, max=3600, help="Seconds between two pages of a feed.")] = 2.0,
) -> None:
    """Read feeds backwards, page by page, as far as their publishers keep them; nobody is alerted."""
    asked = Paging(file.name, read_file(file), pages, _date(since, "--since"), wait)
    begin()
    with open_office() as office:
        told = asyncio.run(_read_back(office, asked))
    for line in told.lines:
        print(line)
    _say(file.name, told.tally)


async def _read_back(office: Office, asked: Paging) -> Told:
    async with make_client(office.settings.allow_nets) as client:
        return await import_feeds(office, office.scope(), client, asked)


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="JSON for programs.")] = False) -> None:
    """Show the imports, the newest first."""
    with open_office() as office:
        scope = office.scope()
        with office.store.write() as session:
            end_interrupted(session, office.clock())
            runs = list_runs(session, scope, limit=200).items
    show([_line(run) for run in runs], as_json, "No archive was imported yet.")


@app.command("replay")
def replay(
    since: Annotated[str, typer.Option("--from", help="First day, such as 2024-01-31.")],
    until: Annotated[str, typer.Option("--to", help="The day after the last.")],
    speed: Annotated[float, typer.Option(min=0, help="Times faster than life; 0 as fast as can be.")] = 0,
) -> None:
    """Show as JSON lines what today's model and rules would have told of stored days. Nothing is changed or sent."""
    first, last = _date(since, "--from"), _date(until, "--to")
    if first is None or last is None or first >= last:
        raise Invalid("The span has no days in it.", "Give --from and a later --to.")
    settings = begin(logging.ERROR)  # what is told to nobody is no warning here
    house = build_house(settings, open_database(settings, migrate=False))
    walk = build_walk(house)
    changes = 0
    try:
        with TemporaryDirectory(prefix="watchfire-replay-") as folder:
            for change in replayed(walk, Span(first, last, speed), Path(folder), time.sleep):
                changes += 1
                sys.stdout.buffer.write(orjson.dumps(change, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z))
                sys.stdout.buffer.flush()
    finally:
        house.store.dispose()
    print(f"{changes} changes of alerts from {first:%Y-%m-%d} to {last:%Y-%m-%d}; nobody was told.", file=sys.stderr)


class _Progress:
    """A word on standard error every now and then."""

    def __init__(self) -> None:
        self._next = EVERY

    def __call__(self, tally: Tally) -> None:
        """Hear of a batch."""
        if tally.read >= self._next:
            self._next = tally.read + EVERY
            print(f"{tally.read:,} rows read, {tally.new:,} entries new", file=sys.stderr)


def _say(name: str, tally: Tally, *, dry_run: bool = False) -> None:
    readable = tally.read - tally.unreadable - tally.outside
    counted = (
        f"{readable:,} can be imported" if dry_run else f"{tally.new:,} entries new, {tally.known:,} known already"
    )
    outside = f", {tally.outside:,} outside the dates asked for" if tally.outside else ""
    print(f"{name}: {tally.read:,} rows read; {counted}, {tally.unreadable:,} unreadable{outside}.")
    if tally.oldest is not None and tally.newest is not None:
        print(f"Dates from {tally.oldest:%Y-%m-%d} to {tally.newest:%Y-%m-%d}.")
    if tally.made:
        more = f" and {len(tally.made) - 10} more" if len(tally.made) > 10 else ""
        print(
            f"Sources {'to be made' if dry_run else 'made, never to be looked at'}: {', '.join(tally.made[:10])}{more}."
        )
    for fault in tally.faults:
        print(f"line {fault.line}: {fault.why}", file=sys.stderr)
    if tally.unreadable and tally.faults:
        print(f"These are the first of {tally.unreadable:,} lines that cannot be read.", file=sys.stderr)
    print("Nothing was stored." if dry_run else OVER)


def _line(run: ArchiveRun) -> Row:
    return {
        "run": run.id,
        "name": run.name,
        "state": run.state,
        "started": run.started_at,
        "ended": run.ended_at,
        "read": run.read,
        "new": run.new,
        "known": run.known,
        "unreadable": run.unreadable,
        "oldest": run.oldest_at,
        "newest": run.newest_at,
        "error": run.error,
    }


def _columns(text: str) -> dict[str, str]:
    try:
        return parse_map(text)
    except ArchiveError as error:
        raise Invalid(str(error)) from error


def _checked(**fields: str) -> Feed:
    """Fields of a source, checked as those of a source file are."""
    given = {"address": "https://archive.example/"} | {name: text for name, text in fields.items() if text}
    try:
        return feeds_of([Record(1, given)], "archive")[0]
    except SourceFileError as error:
        raise Invalid(f"{error.what[:1].upper()}{error.what[1:]}.", error.advice) from error


def _date(text: str, option: str) -> datetime | None:
    if not text:
        return None
    moment = read(text, now=datetime.now(UTC)).moment
    if moment is None:
        raise Invalid(f"{option} '{text[:40]}' is no date.", "Write it as 2024-01-31.")
    return moment
