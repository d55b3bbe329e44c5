"""Sources in the database: adding, claiming, and remembering what a look at one brought."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, insert, or_, update
from sqlmodel import Session, col, select

from ingest.entry import Entry
from ingest.feed import Collected, Feed, FeedState
from ingest.fetch import host_of
from service.store.lease import claim
from service.store.rows import entry_values, feed_of, state_of, state_values
from service.store.tables import EntryRow, SourceRow

MOST_NAME = 120


@dataclass(frozen=True, slots=True)
class Due:
    """A source to visit, held by this worker."""

    id: int
    feed: Feed
    state: FeedState


@dataclass(frozen=True, slots=True)
class Stored:
    """What one look added: new entries, revisions of known ones. Both 0 when the lease had been lost."""

    new: int
    revised: int


def add_sources(session: Session, feeds: Iterable[Feed], now: datetime) -> int:
    """Add those whose key and address are not there yet; they are due at once. Answers how many were added."""
    keys = set(session.exec(select(SourceRow.key)).all())
    addresses = set(session.exec(select(SourceRow.address)).all())
    added = 0
    for feed in feeds:
        if feed.address in addresses:
            continue
        session.add(_row(feed, free_key(feed.key, keys), now))
        addresses.add(feed.address)
        added += 1
    session.flush()
    return added


def revive_sources(session: Session, feeds: Iterable[Feed], now: datetime) -> int:
    """Watch removed sources again whose address is added anew, with all they remember. Answers how many there were."""
    wanted = {feed.address: feed for feed in feeds}
    rows = session.exec(select(SourceRow).where(col(SourceRow.removed_at).is_not(None))).all()
    back = [row for row in rows if row.address in wanted]
    for row in back:
        feed = wanted[row.address]
        row.name, row.kind, row.country, row.language = feed.name, feed.kind, feed.country, feed.language
        row.reliability, row.sharing, row.interval_s = feed.reliability, feed.sharing.value, feed.interval
        row.zone, row.critical, row.region, row.terms = feed.zone, feed.critical, feed.region, feed.terms
        row.removed_at, row.active, row.paused_until, row.next_check_at = None, True, None, now
        session.add(row)
    session.flush()
    return len(back)


def free_key(key: str, taken: set[str]) -> str:
    """The key, or the next that is free; noted as taken."""
    number, free = 2, key
    while free in taken:
        free, number = f"{key}-{number}", number + 1
    taken.add(free)
    return free


def _row(feed: Feed, key: str, now: datetime) -> SourceRow:
    return SourceRow(
        key=key,
        name=feed.name,
        address=feed.address,
        kind=feed.kind,
        country=feed.country,
        language=feed.language,
        reliability=feed.reliability,
        sharing=feed.sharing.value,
        interval_s=feed.interval,
        zone=feed.zone,
        critical=feed.critical,
        region=feed.region,
        terms=feed.terms,
        rule=dict(feed.rule) if feed.rule is not None else None,
        proxy=feed.proxy,
        credentials=asdict(feed.credentials) if feed.credentials is not None else None,
        created_at=now,
        next_check_at=now,
    )


def claim_sources(session: Session, now: datetime, by: str, limit: int, *, all_active: bool = False) -> list[Due]:
    """Sources to visit. `all_active` ignores the next check; pauses and Retry-After hold in any case."""
    due = [
        col(SourceRow.active).is_(True),
        or_(col(SourceRow.paused_until).is_(None), col(SourceRow.paused_until) <= now),
        or_(col(SourceRow.hold_until).is_(None), col(SourceRow.hold_until) <= now),
    ]
    if not all_active:
        due.append(col(SourceRow.next_check_at) <= now)
    else:
        due.append(or_(col(SourceRow.last_look_at).is_(None), col(SourceRow.last_look_at) < now))
    ids = claim(session, SourceRow, due, [col(SourceRow.next_check_at), col(SourceRow.id)], now=now, by=by, limit=limit)
    rows = session.exec(select(SourceRow).where(col(SourceRow.id).in_(ids)).order_by(col(SourceRow.id))).all()
    return [Due(row.id or 0, feed_of(row), state_of(row)) for row in rows]


def store_collected(session: Session, source_id: int, collected: Collected, now: datetime, by: str) -> Stored:
    """Keep what a look brought, and the feed's next state, unless another worker has taken the source over."""
    query = select(SourceRow.lease_by, SourceRow.last_success_at, SourceRow.name, SourceRow.address).where(
        SourceRow.id == source_id
    )
    held = session.exec(query.with_for_update()).first()
    if held is None or held[0] != by:
        return Stored(0, 0)
    stored = _store_entries(session, source_id, collected.entries, first=held[1] is None)
    session.connection().execute(
        update(SourceRow)
        .where(col(SourceRow.id) == source_id)
        .values(
            **state_values(collected.state),
            last_look_at=now,
            last_outcome=collected.outcome.value,
            state=collected.word.value,
            state_since=case((col(SourceRow.state) == collected.word.value, col(SourceRow.state_since)), else_=now),
            name=_name(held[2], held[3], collected.title),
            lease_until=None,
            lease_by=None,
        )
    )
    return stored


def _name(name: str, address: str, title: str | None) -> str:
    """What a source is called: what the operator said; where nobody gave it a name, what it calls itself."""
    own = " ".join("".join(char if char.isprintable() else " " for char in title or "").split())[:MOST_NAME]
    return own if own and name == host_of(address) else name


def _store_entries(session: Session, source_id: int, entries: tuple[Entry, ...], *, first: bool) -> Stored:
    """`first` looks at lists (sanctions, advisories) are the baseline: kept, but not walked on as if they were news."""
    if not entries:
        return Stored(0, 0)
    newest = _newest(session, source_id, [entry.item.key for entry in entries])
    values, superseded, revised = [], [], 0
    for entry in entries:
        before = newest.get(entry.item.key)
        if before is not None and before[1] == entry.item.raw_hash:
            continue
        revision = before[0] + 1 if before is not None else 1
        if before is not None:
            revised += 1
            superseded.append(entry.item.key)
        newest[entry.item.key] = (revision, entry.item.raw_hash)
        baseline = first and "record" in entry.item.extra
        values.append(entry_values(entry, source_id, revision) | ({"stage": "decided"} if baseline else {}))
    if superseded:
        session.connection().execute(
            update(EntryRow)
            .where(col(EntryRow.source_id) == source_id, col(EntryRow.key).in_(superseded))
            .values(latest=False)
        )
    _only_last_is_latest(values)
    if values:
        session.connection().execute(insert(EntryRow), values)
    return Stored(len(values) - revised, revised)


def _only_last_is_latest(values: list[dict[str, Any]]) -> None:
    # One document may carry two versions of an item: only the later one is the latest.
    seen: set[str] = set()
    for row in reversed(values):
        row["latest"] = row["key"] not in seen
        seen.add(row["key"])


def _newest(session: Session, source_id: int, keys: list[str]) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(keys), 500):  # SQLite bounds the variables of a statement
        rows = session.exec(
            select(EntryRow.key, EntryRow.revision, EntryRow.raw_hash).where(
                col(EntryRow.source_id) == source_id,
                col(EntryRow.latest).is_(True),
                col(EntryRow.key).in_(keys[start : start + 500]),
            )
        )
        found.update({key: (revision, raw) for key, revision, raw in rows})
    return found
