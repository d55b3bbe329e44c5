"""Sources in the database: adding, claiming, and remembering what a look at one brought."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from ingest.feed import Feed, FeedState
from service.store.lease import claim
from service.store.pace import paced, paces
from service.store.rows import feed_of, state_of
from service.store.tables.source import SourceRow

_TABLE: Any = SourceRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Due:
    """A source to visit, held by this worker."""

    id: int
    feed: Feed
    state: FeedState


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
        row.proxy, row.credentials = feed.proxy, _credentials(feed)
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
        credentials=_credentials(feed),
        created_at=now,
        next_check_at=now,
    )


def _credentials(feed: Feed) -> dict[str, str] | None:
    return asdict(feed.credentials) if feed.credentials is not None else None


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
    # Rows without the mapper: the walk only reads them, and 500 objects would cost 40 ms.
    rows: Any = session.connection().execute(select(_TABLE).where(_TABLE.c.id.in_(ids)).order_by(_TABLE.c.id))
    found = paces(session, now) if ids else ()
    return [Due(row.id, paced(feed_of(row), found), state_of(row)) for row in rows]


def release_sources(session: Session, by: str) -> None:
    """Give back what this worker holds and will not look at any more; it stays due."""
    mine = update(_TABLE).where(_TABLE.c.lease_by == by)
    session.connection().execute(mine.values(lease_until=None, lease_by=None))
