"""`watchfire silence`: what shall not interrupt anybody, until when, and what it held."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from rules.document import DURATION, UNITS
from service.cli.office import open_office, show
from service.desk.quiet_told import stage
from service.desk.silences import SilenceGiven, add_silence, end_silence, try_silence
from service.desk.times import wall_time
from service.errors import Invalid
from service.store.pages import LARGEST
from service.store.quiet import get_silence, held_by, held_counts, list_silences
from service.store.tables import SilenceRow

app = typer.Typer(no_args_is_help=True, add_completion=False)
Json = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
Organisation = Annotated[
    str | None, typer.Option("--organisation", "-o", help="Key of the organisation; the desk's own if not given.")
]
Number = Annotated[int, typer.Argument(min=1, max=LARGEST, help="Its number; `list` shows it.")]
Several = list[str] | None


@app.command("list")
def list_(organisation: Organisation = None, as_json: Json = False) -> None:
    """Show silences and windows, those that end last first; past ones stay."""
    with open_office() as office:
        scope, now = office.scope(organisation), office.clock()
        with office.store.read() as session:
            counts = held_counts(session, scope)
            rows = list_silences(session, scope)
        lines = [_line(row, counts.get(row.id or 0, (0, 0)), now) for row in rows]
        show(lines, as_json, "Nothing is silenced. `watchfire silence add --help` says how.")


@app.command("add")
def add(
    reason: Annotated[str, typer.Argument(help="Why; everybody who looks for it later reads this.")],
    last: Annotated[str, typer.Option("--for", help="How long, such as 8 h or 3 d; 30 d at most.")] = "8 h",
    until: Annotated[str, typer.Option(help="Until exactly, such as 2026-05-01T06:00.")] = "",
    start: Annotated[str, typer.Option("--from", help="From when on; now if not given.")] = "",
    window: Annotated[bool, typer.Option(help="A maintenance window instead of a silence.")] = False,
    zone: Annotated[str, typer.Option(help="IANA zone of the times given, and of a weekly window's clock.")] = "UTC",
    weekly: Annotated[int | None, typer.Option(help="A window's minutes each week, again and again.")] = None,
    country: Annotated[Several, typer.Option(help="ISO 3166 code; repeat it for more.")] = None,
    category: Annotated[Several, typer.Option(help="Such as political; repeat it for more.")] = None,
    subtype: Annotated[Several, typer.Option(help="Such as unrest; repeat it for more.")] = None,
    level: Annotated[list[int] | None, typer.Option(min=3, max=4, help="3 or 4; both if not given.")] = None,
    source: Annotated[Several, typer.Option(help="Key of a source: what it alone tells of.")] = None,
    alarm: Annotated[Several, typer.Option(help="Alarms about sources: failing, quiet, implausible or unseen.")] = None,
    event: Annotated[int | None, typer.Option(min=1, max=LARGEST, help="Number of an event.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would have held.")] = False,
    organisation: Organisation = None,
) -> None:
    """Silence what lies wholly inside of what is named. Levels 1 and 2 are told all the same."""
    with open_office() as office:
        begins = _time(start, zone)
        given = SilenceGiven(
            ends_at=_time(until, zone) or (begins or office.clock()) + _span(last),
            reason=reason,
            kind="window" if window or weekly else "silence",
            starts_at=begins,
            countries=tuple(code.upper() for code in country or ()),
            categories=tuple(category or ()),
            subtypes=tuple(subtype or ()),
            levels=tuple(level or ()),
            sources=tuple(source or ()),
            event_id=event,
            weekly_minutes=weekly,
            zone=zone,
            alarms=tuple(alarm or ()),
        )
        scope = office.scope(organisation)
        trial = try_silence(office, scope, given)
        print(f"In the last 7 days it would have held {trial.held} of {trial.told} changes; {trial.passed} too grave.")
        if not dry_run:
            row = add_silence(office, scope, given)
            print(f"{row.kind.capitalize()} {row.id} holds from {_when(row.starts_at)} until {_when(row.ends_at)}.")


@app.command("end")
def end(number: Number, organisation: Organisation = None) -> None:
    """End a silence now, or call a planned one off; it stays on record."""
    with open_office() as office:
        scope = office.scope(organisation)
        row = end_silence(office, scope, number)
        with office.store.read() as session:
            held, _ = held_counts(session, scope).get(number, (0, 0))
        print(f"{row.kind.capitalize()} {row.id} is ended. It held {held} changes; `silence held {row.id}` lists them.")


@app.command("held")
def held(number: Number, organisation: Organisation = None, as_json: Json = False) -> None:
    """Show what a silence kept quiet, and what was too grave for it."""
    with open_office() as office:
        with office.store.read() as session:
            found = held_by(session, get_silence(session, office.scope(organisation), number))
        lines = [
            {
                "at": _when(row.at),
                "alert": alert.id,
                "change": row.action,
                "level": row.level,
                "level_now": alert.level,
                "state": alert.state,
                "told_anyway": row.passed,
                "title": alert.title,
            }
            for row, alert in found
        ]
        show(lines, as_json, "It has held nothing so far.")


def _line(row: SilenceRow, counts: tuple[int, int], now: datetime) -> dict[str, object]:
    fence = (
        *row.countries,
        *row.categories,
        *row.subtypes,
        *(f"level {level}" for level in row.levels),
        *row.sources,
        *row.alarms,
    )
    return {
        "id": row.id,
        "kind": row.kind,
        "state": stage(row, now),
        "what": ", ".join((*fence, *([f"event {row.event_id}"] if row.event_id else []))),
        "from": _when(row.starts_at),
        "until": _when(row.over_at),
        "weekly": f"{row.weekly_minutes} min" if row.weekly_minutes else "",
        "zone": row.zone,
        "author": row.author,
        "reason": row.reason,
        "held": counts[0],
        "passed": counts[1],
    }


def _span(given: str) -> timedelta:
    match = DURATION.fullmatch(given.strip())
    if match is None or match[2] not in UNITS or len(match[1]) > 9:
        raise Invalid(f"{given[:40]} is no time span.", "Write a number and a unit: 30 min, 8 h or 3 d.")
    return timedelta(seconds=float(match[1]) * UNITS[match[2]])


def _time(given: str, zone: str) -> datetime | None:
    said = (f"{given[:40]} is no time.", "Write it like 2026-05-01T06:00.")
    return wall_time(given, zone, *said) if given else None


def _when(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
