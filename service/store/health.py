"""What monitoring asks of the database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from ingest.health import State
from service.store.source_health import word_column
from service.store.tables import SourceRow

NAMED = 500  # sources with gauges of their own


@dataclass(frozen=True, slots=True)
class Looks:
    """How the sources do: how many are watched and fail, when one last answered well, when the oldest was added.

    `interval` is the shortest time between two looks, in seconds.
    """

    watched: int
    failing: int
    last_good: datetime | None
    since: datetime | None
    interval: int


def looks(session: Session, now: datetime) -> Looks:
    """The sources that should be answering: paused ones do not count."""
    active = col(SourceRow.active).is_(True) & (
        col(SourceRow.paused_until).is_(None) | (col(SourceRow.paused_until) <= now)
    )
    shortest = func.min(col(SourceRow.interval_s))
    query = select(
        func.count(), func.max(col(SourceRow.last_success_at)), func.min(col(SourceRow.created_at)), shortest
    )
    watched, last_good, since, interval = session.exec(query.where(active)).one()
    failing = session.exec(select(func.count()).select_from(SourceRow).where(active, col(SourceRow.failures) > 0)).one()
    return Looks(watched, failing, last_good, since, interval or 0)


@dataclass(frozen=True, slots=True)
class OneLook:
    """A source with gauges of its own. `bytes` came over the wire since it was added."""

    key: str
    state: State
    last_good: datetime | None
    last_new: datetime | None
    bytes: int


def states(session: Session, now: datetime) -> dict[State, int]:
    """How many sources are in each state."""
    word = word_column(now)
    query = select(word, func.count()).where(col(SourceRow.removed_at).is_(None)).group_by(word)
    found = {State(name): count for name, count in session.connection().execute(query)}
    return {state: found.get(state, 0) for state in State}


def singled_out(session: Session, now: datetime) -> list[OneLook]:
    """The critical sources and those that fail or are unknown, critical ones first, at most 500."""
    word: Any = word_column(now)
    size: Any = col(SourceRow.health)["bytes"]
    shown: list[Any] = [SourceRow.key, word, SourceRow.last_success_at, SourceRow.last_entry_at, size]
    query: Any = (
        select(*shown)
        .where(col(SourceRow.removed_at).is_(None))
        .where(or_(col(SourceRow.critical), word.in_([State.FAILING, State.REFUSED, State.UNKNOWN])))
        .order_by(col(SourceRow.critical).desc(), col(SourceRow.id))
        .limit(NAMED)
    )
    rows = session.connection().execute(query)
    return [OneLook(key, State(state), good, new, int(came or 0)) for key, state, good, new, came in rows]


def critical_in_trouble(session: Session, now: datetime) -> list[str]:
    """Keys of critical sources that fail, are refused, quiet or unknown."""
    bad = [State.FAILING, State.REFUSED, State.QUIET, State.UNKNOWN]
    query: Any = (
        select(SourceRow.key)
        .where(col(SourceRow.critical), col(SourceRow.removed_at).is_(None), word_column(now).in_(bad))
        .order_by(col(SourceRow.id))
        .limit(NAMED)
    )
    return list(session.connection().execute(query).scalars())
