"""What is asked of the sources' health: which to watch for alarms, how many are in each state, one word for each.

None of these queries fetches what a source remembers of its items (`known`, `marks`): that may be half a megabyte.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, not_, or_
from sqlmodel import Session, col, select

from ingest.entry import Sharing
from ingest.feed import Feed, FeedState
from ingest.health import State, health_of
from ingest.state import GRACE, is_overdue
from service.store.tables import Alert, SourceRow

_FACTS = (
    *("id", "key", "name", "address", "kind", "critical", "interval_s", "sharing", "active", "paused_until"),
    *("next_check_at", "failures", "error", "last_success_at", "last_entry_at", "moved_to", "health"),
)


@dataclass(frozen=True, slots=True)
class Watched:
    """A source as alarms look at it."""

    id: int
    feed: Feed
    state: FeedState
    paused: bool


def watched(session: Session, words: Collection[str], also: Iterable[int], now: datetime) -> list[Watched]:
    """The sources that these words of the guideline speak of (`critical`, `all`, kinds), and those in `also`."""
    columns = [getattr(SourceRow, name) for name in _FACTS]
    query: Any = select(*columns)
    if "all" not in words:
        mine = [col(SourceRow.kind).in_(sorted(words)), col(SourceRow.id).in_(sorted(also))]
        query = query.where(or_(*mine, col(SourceRow.critical).is_(True) if "critical" in words else literal(False)))
    rows = session.connection().execute(query.order_by(col(SourceRow.id))).mappings()
    return [_watched(dict(row), now) for row in rows]


def _watched(row: Mapping[str, Any], now: datetime) -> Watched:
    feed = Feed(
        key=row["key"],
        name=row["name"],
        address=row["address"],
        kind=row["kind"],
        critical=row["critical"],
        interval=row["interval_s"],
        sharing=Sharing(row["sharing"]),
    )
    state = FeedState(
        address=row["moved_to"],
        next_check=row["next_check_at"],
        failures=row["failures"],
        error=row["error"],
        last_success=row["last_success_at"],
        last_entry=row["last_entry_at"],
        health=health_of(row["health"]),
    )
    return Watched(row["id"], feed, state, _rests(row["active"], row["paused_until"], now))


def last_alarms(session: Session, organisation_id: int) -> dict[int, Alert]:
    """The last alarm about each source that ever had one, by the source's number."""
    newest = (
        select(func.max(col(Alert.id)))
        .where(Alert.organisation_id == organisation_id, col(Alert.source_id).is_not(None))
        .group_by(col(Alert.source_id))
    )
    rows = session.exec(select(Alert).where(col(Alert.id).in_(newest))).all()
    return {alert.source_id: alert for alert in rows if alert.source_id is not None}


def word_of(row: SourceRow, now: datetime) -> State:
    """How a source does now: what its last look came to, unless it rests or nobody looked when it was due."""
    if _rests(row.active, row.paused_until, now):
        return State.PAUSED
    if is_overdue(row.next_check_at, now):
        return State.UNKNOWN
    return State(row.state) if row.state in tuple(State) else State.UNKNOWN


def since(row: SourceRow, now: datetime) -> datetime | None:
    """Since when a source is as `word_of` says: unknown since the look that nobody made."""
    return row.next_check_at if word_of(row, now) is State.UNKNOWN else row.state_since


def _rests(active: bool, paused_until: datetime | None, now: datetime) -> bool:
    return not active or (paused_until is not None and paused_until > now)


def word_column(now: datetime) -> ColumnElement[str]:
    """The same word as `word_of` gives, for queries."""
    rests = or_(
        not_(col(SourceRow.active)),
        and_(col(SourceRow.paused_until).is_not(None), col(SourceRow.paused_until) > now),
    )
    late = and_(col(SourceRow.next_check_at).is_not(None), col(SourceRow.next_check_at) < now - GRACE)
    return case(
        (rests, State.PAUSED.value),
        (or_(late, col(SourceRow.state).not_in([state.value for state in State])), State.UNKNOWN.value),
        else_=col(SourceRow.state),
    )
