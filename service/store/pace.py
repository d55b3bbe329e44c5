"""How fast sources are looked at: those of a place in crisis more often, never more than once a minute for it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlmodel import Session

from ingest.catalogue.packs import region_of
from ingest.feed import Feed
from rules.posture import countries_of
from service.store.tables.posture import PostureRow
from service.store.tables.source import SourceRow

FASTEST = 60  # seconds: publishers are not to pay for our crisis
_POSTURE: Any = PostureRow.__table__  # type: ignore[attr-defined]
_SOURCE: Any = SourceRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Pace:
    """A place in crisis and the factor on the intervals of its sources."""

    place: str
    factor: float

    def concerns(self, country: str | None, region: str | None) -> bool:
        """Whether a source that covers this tells of the place: one of its country, or of its whole region."""
        here = countries_of(self.place)
        if country:
            return country in here
        return bool(region) and region in {self.place, *(region_of(code) for code in here)}


def paces(session: Session, now: datetime) -> tuple[Pace, ...]:
    """The places in crisis now. One small query; on most days it answers nothing."""
    query = select(_POSTURE.c.place, _POSTURE.c.polling).where(
        _POSTURE.c.since <= now, or_(_POSTURE.c.ended_at.is_(None), _POSTURE.c.ended_at > now), _POSTURE.c.polling < 1
    )
    return tuple(Pace(place, factor) for place, factor in session.connection().execute(query))


def paced(feed: Feed, found: Iterable[Pace]) -> Feed:
    """The feed with the interval that holds for it now."""
    factor = min((one.factor for one in found if one.concerns(feed.country, feed.region)), default=1.0)
    return replace(feed, interval=quicker(feed.interval, factor)) if factor < 1 else feed


def quicker(interval: int, factor: float) -> int:
    """An interval in seconds, shortened."""
    return min(interval, max(FASTEST, round(interval * factor)))


def quicken(session: Session, pace: Pace, now: datetime) -> int:
    """Bring the next looks at the sources of a place forward; answers how many sources tell of it."""
    ours = _told_of(session, pace)
    for row in ours:
        due = (row.last_look_at or now) + timedelta(seconds=quicker(row.interval_s, pace.factor))
        if row.next_check_at is not None and max(due, now) < row.next_check_at:
            session.connection().execute(
                update(_SOURCE).where(_SOURCE.c.id == row.id).values(next_check_at=max(due, now))
            )
    return len(ours)


def sources_of(session: Session, pace: Pace) -> list[tuple[str, int, int]]:
    """The sources that tell of a place, by name, with their interval usually and in this crisis, in seconds."""
    return [(row.name, row.interval_s, quicker(row.interval_s, pace.factor)) for row in _told_of(session, pace)]


def _told_of(session: Session, pace: Pace) -> list[Any]:
    names = ("id", "name", "country", "region", "interval_s", "last_look_at", "next_check_at")
    query = select(*(_SOURCE.c[name] for name in names)).where(
        _SOURCE.c.active.is_(True), _SOURCE.c.removed_at.is_(None), _SOURCE.c.address.not_like("report:%")
    )
    rows = session.connection().execute(query.order_by(_SOURCE.c.name, _SOURCE.c.id))
    return [row for row in rows if pace.concerns(row.country, row.region)]
