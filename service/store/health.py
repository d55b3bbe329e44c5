"""What monitoring asks of the database."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from service.store.tables import SourceRow


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
