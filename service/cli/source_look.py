"""`watchfire source list`, `show` and `check`: how what is watched does."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

import typer

from ingest.checkup import Checkup, checkup
from ingest.feed import Collected, Feed
from ingest.health import State, health_of
from ingest.visitor import collect_many
from service.cli.office import Office, Row, open_office, show, show_one
from service.desk.sending import make_sender
from service.desk.sources import source_state
from service.errors import NotFound
from service.locale.catalogue import Catalogue
from service.store.read_rest import find_source
from service.store.read_sources import SourceFilter, filtered_sources
from service.store.rows import feed_of, state_of
from service.store.source_health import since, word_of
from service.store.tables import SourceRow

Key = Annotated[str, typer.Argument(help="Key of the source; `list` shows it.")]
Json = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
FAILS = (State.FAILING, State.REFUSED)
WELL = (State.OK, State.MOVED)


def list_(
    as_json: Json = False,
    state: Annotated[State | None, typer.Option("--state", help="Only those in this state.")] = None,
    failing: Annotated[bool, typer.Option("--failing", help="Only those that fail or are refused.")] = False,
) -> None:
    """Show what is watched and how each source does, what wants somebody first."""
    with open_office() as office:
        now = office.clock()
        rows = _all(office, SourceFilter(state=state))
        rows = [row for row in rows if not failing or word_of(row, now) in FAILS]
        empty = "No source fails." if failing else f"No source is {state.value}." if state else _NONE
        show([_line(row, now, as_json) for row in rows], as_json, empty)


_NONE = "No source is watched. Add one with `watchfire source add ADDRESS`."


def show_(key: Key, as_json: Json = False) -> None:
    """Show everything about one source."""
    with open_office() as office:
        row, now = found(office, key), office.clock()
        show_one(
            {
                **_line(row, now, as_json),
                "address": row.address,
                "moved_to": row.moved_to,
                "sharing": row.sharing,
                "interval": row.interval_s if as_json else f"{row.interval_s} s",
                "zone": row.zone,
                "critical": row.critical,
                "last_look": row.last_look_at,
                "last_outcome": row.last_outcome,
                "held_until": row.hold_until,
                "added": row.created_at,
                **_facts(_checkup(row, now), as_json),
            },
            as_json,
        )


def check(
    keys: Annotated[list[str] | None, typer.Argument(help="Keys of sources; all that are not paused if none.")] = None,
    as_json: Json = False,
) -> None:
    """Look at sources now and tell what happened; nothing is stored. Exit code 1 if any of them is not well."""
    with open_office() as office:
        now = office.clock()
        rows = [found(office, key) for key in keys] if keys else _unpaused(office, now)
        if not rows:
            print(_NONE)
            return
        done = asyncio.run(_look(office, rows, now))
        lines = [_told(feed, collected) for feed, collected in sorted(done, key=lambda pair: pair[0].key)]
        if as_json:
            show(lines, True, "")
        else:
            for line in lines:
                print("{key}: {state}. {outcome}".format(**line))
    raise typer.Exit(0 if all(collected.word in WELL for _, collected in done) else 1)


async def _look(office: Office, rows: Sequence[SourceRow], now: datetime) -> list[tuple[Feed, Collected]]:
    """Every source once, unconditionally: an unchanged document is read again."""
    sender = make_sender(office.settings, Catalogue(), None)
    jobs = [(feed_of(row), replace(state_of(row), etag=None, modified=None, body_hash=None)) for row in rows]
    try:
        return [pair async for pair in collect_many(jobs, sender.client, now)]
    finally:
        await sender.client.aclose()


def _told(feed: Feed, collected: Collected) -> Row:
    problems = [collected.state.error] if collected.state.error else list(collected.problems)
    items = f"Items: {collected.seen}, new: {len(collected.entries)}."
    return {
        "key": feed.key,
        "state": collected.word.value,
        "outcome": " ".join([*([] if collected.state.error else [items]), *problems]),
        "items": collected.seen,
        "new": len(collected.entries),
        "problems": problems,
    }


def _unpaused(office: Office, now: datetime) -> list[SourceRow]:
    keys = [row.key for row in _all(office, SourceFilter()) if word_of(row, now) is not State.PAUSED]
    return [found(office, key) for key in keys]


def _all(office: Office, wanted: SourceFilter) -> list[SourceRow]:
    rows: list[SourceRow] = []
    cursor: str | None = None
    scope, now = office.scope(), office.clock()
    with office.store.read() as session:
        while True:
            page = filtered_sources(session, scope, wanted, now, worst_first=True, limit=200, cursor=cursor)
            rows, cursor = rows + page.items, page.next
            if cursor is None:
                return rows


def found(office: Office, key: str) -> SourceRow:
    """The source of this key or address; NotFound when there is none."""
    scope = office.scope()
    with office.store.read() as session:
        row = find_source(session, scope, key=key) or find_source(session, scope, address=key)
    if row is None:
        raise NotFound(f"There is no source '{key}'.", "`watchfire source list` shows them.")
    return row


def _checkup(row: SourceRow, now: datetime) -> Checkup:
    return checkup(feed_of(row), health_of(row.health), now)


def _line(row: SourceRow, now: datetime, as_json: bool) -> Row:
    facts = _checkup(row, now)
    return {
        "key": row.key,
        "name": row.name,
        "state": source_state(row, now),
        "since": since(row, now),
        "critical": row.critical,
        "kind": row.kind,
        "country": row.country,
        "language": row.language,
        "reliability": row.reliability,
        "last_success": row.last_success_at,
        "last_new": row.last_entry_at,
        "rhythm": _span(facts.usual, as_json),
        "lag": _span(facts.lag, as_json),
        "next_look": row.next_check_at,
        "error": row.error,
    }


def _facts(facts: Checkup, as_json: bool) -> Row:
    shares = ("success", "known", "copies", "dated", "missing", "future", "ancient", "unreadable")
    spans = ("silence", "longest", "patience")
    return {
        "troubles": list(facts.troubles),
        **{name: _span(getattr(facts, name), as_json) for name in spans},
        "rhythm_learnt": facts.learnt,
        **{name: _share(getattr(facts, name), as_json) for name in shares},
        "looks": facts.looks,
        "failed": facts.failed,
        "entries": facts.entries,
        "bytes": facts.bytes,
        "document_bytes": facts.size,
        "failures": [one._asdict() for one in facts.failures]
        if as_json
        else ", ".join(f"{one.kind} × {one.times}" for one in facts.failures),
        "problems": list(facts.problems),
        "days": [one._asdict() for one in facts.days] if as_json else " ".join(str(one.entries) for one in facts.days),
    }


def _share(value: float | None, as_json: bool) -> object:
    return value if as_json or value is None else f"{value:.0%}"


def _span(span: timedelta | None, as_json: bool) -> object:
    """Seconds for programs; the largest unit that says enough for people."""
    if span is None:
        return None
    seconds = int(span.total_seconds())
    if as_json:
        return seconds
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
