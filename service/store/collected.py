"""Keeping what looks brought: many sources in one transaction, each only if this worker still holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from ingest.entry import Entry
from ingest.feed import Collected
from ingest.fetch import host_of
from service.store.bulk import insert_rows
from service.store.rows import entry_values, look_values, memory_values
from service.store.tables.entry import EntryRow
from service.store.tables.source import SourceRow

MOST_NAME = 120
_ASKED = 400  # keys looked up at once: SQLite bounds the variables of a statement
_SOURCE: Any = SourceRow.__table__  # type: ignore[attr-defined]
_ENTRY: Any = EntryRow.__table__  # type: ignore[attr-defined]
_FACTS = ("id", "lease_by", "last_success_at", "name", "address", "state", "state_since")
_HELD = select(*(_SOURCE.c[fact] for fact in _FACTS))
_SAVE = update(_SOURCE).where(_SOURCE.c.id == bindparam("of"))
_SUPERSEDE = (
    update(_ENTRY)
    .where(_ENTRY.c.source_id == bindparam("of"), _ENTRY.c.key == bindparam("known_as"), _ENTRY.c.latest.is_(True))
    .values(latest=False)
)

Newest = dict[tuple[int, str], tuple[int, str]]  # (source, key) → revision and raw hash of the latest entry


@dataclass(frozen=True, slots=True)
class Stored:
    """What one look added: new entries, revisions of known ones. Both 0 when the lease had been lost."""

    new: int = 0
    revised: int = 0


def store_looks(session: Session, looks: Sequence[tuple[int, Collected]], now: datetime, by: str) -> dict[int, Stored]:
    """Keep what looks at these sources brought, and the feeds' next states; sources that another worker has taken over
    are left alone."""
    held = _held(session, [source_id for source_id, _ in looks], by)
    kept = [(source_id, collected) for source_id, collected in looks if source_id in held]
    stored = _store_entries(session, kept, {number for number, row in held.items() if row.last_success_at is None})
    connection = session.connection()
    for remembers in (False, True):  # what is remembered of items is large, and mostly stays as it is
        rows = [_saved(held[number], look, now) for number, look in kept if look.remembers is remembers]
        if rows:
            connection.execute(_SAVE, rows)
    return {source_id: stored.get(source_id, Stored()) for source_id, _ in looks}


def _held(session: Session, ids: list[int], by: str) -> dict[int, Any]:
    rows = session.connection().execute(_HELD.where(_SOURCE.c.id.in_(ids)).order_by(_SOURCE.c.id).with_for_update())
    return {row.id: row for row in rows if row.lease_by == by}


def _saved(row: Any, collected: Collected, now: datetime) -> dict[str, Any]:
    word = collected.word.value
    return {
        "of": row.id,
        **look_values(collected.state),
        **(memory_values(collected.state) if collected.remembers else {}),
        "last_look_at": now,
        "last_outcome": collected.outcome.value,
        "state": word,
        "state_since": row.state_since if row.state == word else now,
        "name": _name(row.name, row.address, collected.title),
        "lease_until": None,
        "lease_by": None,
    }


def _name(name: str, address: str, title: str | None) -> str:
    """What a source is called: what the operator said; where nobody gave it a name, what it calls itself."""
    if not title:
        return name
    own = " ".join("".join(char if char.isprintable() else " " for char in title).split())[:MOST_NAME]
    return own if own and name == host_of(address) else name


def _store_entries(session: Session, looks: Sequence[tuple[int, Collected]], first: set[int]) -> dict[int, Stored]:
    newest = _newest(session, [(number, entry.item.key) for number, look in looks for entry in look.entries])
    rows: list[dict[str, Any]] = []
    gone: list[dict[str, Any]] = []
    stored = {}
    for number, look in looks:
        if look.entries:
            values, superseded, revised = _values(number, look.entries, newest, first=number in first)
            rows += values
            gone += superseded
            stored[number] = Stored(len(values) - revised, revised)
    _write(session, rows, gone)
    return stored


def _values(
    source_id: int, entries: Sequence[Entry], newest: Newest, *, first: bool
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
    """Rows to insert, earlier revisions that they supersede, and how many of the rows are revisions."""
    values, superseded, revised = [], [], 0
    for entry in entries:
        place = (source_id, entry.item.key)
        before = newest.get(place)
        if before is not None and before[1] == entry.item.raw_hash:
            continue
        if before is not None:
            revised += 1
            superseded.append({"of": source_id, "known_as": entry.item.key})
        revision = before[0] + 1 if before is not None else 1
        newest[place] = (revision, entry.item.raw_hash)
        row = entry_values(entry, source_id, revision)
        if first and "record" in entry.item.extra:
            row["stage"] = "decided"
        values.append(row)
    _only_last_is_latest(values)
    return values, superseded, revised


def _only_last_is_latest(values: list[dict[str, Any]]) -> None:
    # One document may carry two versions of an item: only the later one is the latest.
    seen: set[str] = set()
    for row in reversed(values):
        row["latest"] = row["key"] not in seen
        seen.add(row["key"])


def _write(session: Session, rows: list[dict[str, Any]], superseded: list[dict[str, Any]]) -> None:
    if superseded:
        session.connection().execute(_SUPERSEDE, superseded)
    insert_rows(session.connection(), _ENTRY, rows)


def _newest(session: Session, places: Sequence[tuple[int, str]]) -> Newest:
    found: Newest = {}
    columns = (_ENTRY.c.source_id, _ENTRY.c.key, _ENTRY.c.revision, _ENTRY.c.raw_hash)
    for start in range(0, len(places), _ASKED):
        some = places[start : start + _ASKED]
        query = select(*columns).where(
            _ENTRY.c.source_id.in_({source for source, _ in some}),
            _ENTRY.c.key.in_([key for _, key in some]),
            _ENTRY.c.latest.is_(True),
        )
        for source, key, revision, raw in session.connection().execute(query):
            found[source, key] = (revision, raw)
    return found
