"""The world in figures, as far as the reader may see it: a handful of queries for all countries at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import case, func
from sqlmodel import Session, col, select

from ingest.health import State
from service.store.read_alerts import LIVE, visible
from service.store.read_rest import ARCHIVE
from service.store.scope import Scope
from service.store.source_health import word_column
from service.store.tables import (
    Alert,
    AlertCategory,
    AlertCountry,
    AssessmentRow,
    EntryRow,
    Event,
    EventCountry,
    EventEntry,
    SourceRow,
)

WEEK = timedelta(days=7)
WEEKS = 5  # this one and the four before
RINGED, TOLD = 150, 600  # alerts that are put on a map, and reports that are asked where they happen


@dataclass(frozen=True, slots=True)
class Watch:
    """Sources that cover the same, in the same state: how many, and when one of them last answered."""

    country: str | None
    region: str | None
    state: State
    count: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Happening:
    """A live alert and where it happens: latitude and longitude in degrees, None where no report says so."""

    alert: int
    level: int
    title: str
    countries: tuple[str, ...]
    point: tuple[float, float] | None


def _about_the_world(scope: Scope) -> Any:
    """Alerts that are no alarms about our own sources."""
    return visible(scope) & col(Alert.source_id).is_(None)


def live_levels(session: Session, scope: Scope) -> dict[str, dict[int, int]]:
    """Country → level → how many alerts are live there."""
    query = (
        select(AlertCountry.country, Alert.level, func.count())
        .join(Alert, col(Alert.id) == col(AlertCountry.alert_id))
        .where(_about_the_world(scope), col(Alert.state).in_(LIVE))
        .group_by(col(AlertCountry.country), col(Alert.level))
    )
    found: dict[str, dict[int, int]] = {}
    for country, level, count in session.exec(query).all():
        found.setdefault(country, {})[level] = count
    return found


def opened_weekly(session: Session, scope: Scope, now: datetime, weeks: int = WEEKS) -> dict[str, tuple[int, ...]]:
    """Country → alerts opened in each of the last weeks, this one last; dismissed ones do not count."""
    return _weekly(session, scope, now, weeks, AlertCountry, col(AlertCountry.country))


def opened_by_category(
    session: Session, scope: Scope, now: datetime, countries: Sequence[str], weeks: int
) -> dict[str, tuple[int, ...]]:
    """The same by category, in these countries."""
    here = select(AlertCountry.alert_id).where(col(AlertCountry.country).in_(countries))
    return _weekly(session, scope, now, weeks, AlertCategory, col(AlertCategory.category), col(Alert.id).in_(here))


def _weekly(
    session: Session, scope: Scope, now: datetime, weeks: int, table: Any, key: Any, *also: Any
) -> dict[str, tuple[int, ...]]:
    edges = [now - WEEK * back for back in range(weeks, -1, -1)]
    opened = col(Alert.opened_at)
    sums = [func.sum(case(((opened > since) & (opened <= until), 1), else_=0)) for since, until in pairwise(edges)]
    query: Any = (
        select(key, *sums)
        .join(Alert, col(Alert.id) == table.alert_id)
        .where(_about_the_world(scope), opened > edges[0], Alert.state != "dismissed", *also)
        .group_by(key)
    )
    return {one: tuple(int(count) for count in counts) for one, *counts in session.exec(query).all()}


def events_told(session: Session, scope: Scope, since: datetime) -> dict[str, int]:
    """Country → events told of since then. The desk counts all that it is cleared for, others those of its alerts."""
    if scope.home:
        query: Any = (
            select(EventCountry.country, func.count())
            .join(Event, col(Event.id) == col(EventCountry.event_id))
            .where(col(Event.last_at) >= since, col(Event.source_id).is_(None), col(Event.sharing).in_(scope.marks))
            .group_by(col(EventCountry.country))
        )
    else:
        query = (
            select(AlertCountry.country, func.count(func.distinct(col(Alert.event_id))))
            .join(Alert, col(Alert.id) == col(AlertCountry.alert_id))
            .where(_about_the_world(scope), col(Alert.changed_at) >= since)
            .group_by(col(AlertCountry.country))
        )
    return dict(session.exec(query).all())


def watches(session: Session, scope: Scope, now: datetime) -> list[Watch]:
    """Which sources cover what, and how they do; only the desk knows its sources."""
    if not scope.home:
        return []
    word = word_column(now)
    wanted: Any = (SourceRow.country, SourceRow.region, word, func.count(), func.max(SourceRow.last_success_at))
    query: Any = (
        select(*wanted)
        .where(col(SourceRow.removed_at).is_(None), col(SourceRow.kind) != ARCHIVE)
        .where(col(SourceRow.sharing).in_(scope.marks))
        .group_by(col(SourceRow.country), col(SourceRow.region), word)
    )
    return [
        Watch(country, region, State(state), count, last)
        for country, region, state, count, last in session.exec(query).all()
    ]


def happenings(session: Session, scope: Scope) -> list[Happening]:
    """Live alerts with where they happen, the gravest first."""
    query = select(Alert).where(_about_the_world(scope), col(Alert.state).in_(LIVE))
    alerts = session.exec(query.order_by(col(Alert.level), col(Alert.changed_at).desc()).limit(RINGED)).all()
    points = _points(session, scope, [alert.event_id for alert in alerts])
    return [
        Happening(one.id or 0, one.level, one.title, tuple(one.countries), points.get(one.event_id)) for one in alerts
    ]


def _points(session: Session, scope: Scope, events: list[int]) -> dict[int, tuple[float, float]]:
    """Where reports say that it happens: coordinates that they declare, else a town that they name."""
    newest = (
        select(func.max(AssessmentRow.id))
        .where(col(AssessmentRow.entry_id) == col(EntryRow.id))
        .correlate(EntryRow)
        .scalar_subquery()
    )
    wanted: Any = (EventEntry.event_id, EntryRow.latitude, EntryRow.longitude, AssessmentRow.places)
    query: Any = (
        select(*wanted)
        .join(EntryRow, col(EntryRow.id) == col(EventEntry.entry_id))
        .join(AssessmentRow, col(AssessmentRow.id) == newest, isouter=True)
        .where(col(EventEntry.event_id).in_(events), col(EntryRow.sharing).in_(scope.marks))
        .order_by(col(EntryRow.id).desc())
        .limit(TOLD)
    )
    found: dict[int, tuple[float, float]] = {}
    for event, latitude, longitude, places in session.exec(query).all():
        towns = [place["point"] for place in places or () if place.get("town") and place.get("point")]
        if latitude is not None and longitude is not None:
            found.setdefault(event, (latitude, longitude))
        elif towns:
            found.setdefault(event, (towns[0][0], towns[0][1]))
    return found


def last_heard(session: Session, scope: Scope) -> datetime | None:
    """When a source last answered; subscribers are told when something of theirs last changed."""
    if scope.home:
        return session.exec(select(func.max(SourceRow.last_success_at))).one()
    return session.exec(select(func.max(Alert.changed_at)).where(visible(scope))).one()


def newest_changes(session: Session, scope: Scope, limit: int) -> list[Alert]:
    """The alerts that changed last, live or just closed."""
    query = select(Alert).where(_about_the_world(scope))
    return list(session.exec(query.order_by(col(Alert.changed_at).desc(), col(Alert.id).desc()).limit(limit)).all())
