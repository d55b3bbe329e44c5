"""Postures in the database: those in force, their history, and which alerts and events a place has."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from rules.level import Level
from rules.posture import Posture, countries_of
from service.errors import NotFound
from service.store.engine import Store
from service.store.people import home_organisation
from service.store.read_alerts import LIVE
from service.store.scope import Scope
from service.store.tables import Alert, AlertCountry, Event, EventCountry, LogLine, PostureRow

MOST_EVENTS = 5_000
SHOWN = 100


def value_of(row: PostureRow) -> Posture:
    """A row as the rules look at it."""
    return Posture(row.place, row.since, row.until, row.author, row.reason, row.kind, row.by_rule, row.ended_at)


def in_force(session: Session, now: datetime) -> tuple[Posture, ...]:
    """The postures that hold now; they are the desk's, and hold for whomever it decides. One small query a batch."""
    query = select(PostureRow).where(
        col(PostureRow.since) <= now, or_(col(PostureRow.ended_at).is_(None), col(PostureRow.ended_at) > now)
    )
    return tuple(value_of(row) for row in session.exec(query.order_by(col(PostureRow.id))).all())


def postures_since(store: Store, since: datetime) -> tuple[Posture, ...]:
    """Every posture that held after a time: for telling old days again."""
    query = select(PostureRow).where(or_(col(PostureRow.ended_at).is_(None), col(PostureRow.ended_at) > since))
    with store.read() as session:
        return tuple(value_of(row) for row in session.exec(query.order_by(col(PostureRow.id))).all())


def open_rows(session: Session, organisation_id: int) -> list[PostureRow]:
    """The rows of postures that have not ended, the oldest first."""
    query = select(PostureRow).where(PostureRow.organisation_id == organisation_id, col(PostureRow.ended_at).is_(None))
    return list(session.exec(query.order_by(col(PostureRow.since), col(PostureRow.id))).all())


def open_row(session: Session, organisation_id: int, place: str) -> PostureRow | None:
    """The posture of a place that has not ended, None in normal life."""
    query = select(PostureRow).where(
        PostureRow.organisation_id == organisation_id, PostureRow.place == place, col(PostureRow.ended_at).is_(None)
    )
    return session.exec(query).first()


def list_postures(session: Session, scope: Scope, *, past: bool) -> list[PostureRow]:
    """The postures in force, or those that were, the newest first; only the desk sees them."""
    ended = col(PostureRow.ended_at)
    query = select(PostureRow).where(
        PostureRow.organisation_id == scope.organisation_id, ended.is_not(None) if past else ended.is_(None)
    )
    rows = session.exec(query.order_by(col(PostureRow.since).desc(), col(PostureRow.id).desc()).limit(SHOWN)).all()
    return list(rows) if scope.home else []


def get_posture(session: Session, scope: Scope, place: str) -> PostureRow:
    """The posture of a place; NotFound in normal life, or for who may not see it."""
    found = open_row(session, scope.organisation_id, place) if scope.home else None
    if found is None:
        raise NotFound(f"{place} is in no crisis.", "`watchfire posture list` shows where there is one.")
    return found


def posture_log(session: Session, scope: Scope, numbers: Collection[int]) -> list[LogLine]:
    """What was done about postures, the newest first; only the desk sees it."""
    if not scope.home:
        return []
    query = select(LogLine).where(
        LogLine.subject == "posture", col(LogLine.subject_id).in_([str(number) for number in numbers])
    )
    return list(session.exec(query.order_by(col(LogLine.id).desc()).limit(SHOWN)).all())


def red_alerts(session: Session, organisation_id: int, place: str) -> list[int]:
    """The live alerts of level 1 of a place, by number."""
    here = select(AlertCountry.alert_id).where(col(AlertCountry.country).in_(countries_of(place)))
    query = select(Alert.id).where(
        Alert.organisation_id == organisation_id,
        Alert.level == Level.RED,
        col(Alert.state).in_(LIVE),
        col(Alert.source_id).is_(None),
        col(Alert.id).in_(here),
    )
    return [number for number in session.exec(query.order_by(col(Alert.id))).all() if number is not None]


def to_recheck(session: Session, now: datetime) -> list[PostureRow]:
    """Postures that have begun or ended, and whose alerts are yet to be looked at again."""
    query = select(PostureRow).where(col(PostureRow.recheck).is_(True), col(PostureRow.since) <= now)
    return list(session.exec(query.order_by(col(PostureRow.id))).all())


def events_of(session: Session, countries: Collection[str], since: datetime) -> list[int]:
    """Events of these countries that have a live alert, of whomever, or were told of since then and have none.

    What a person has closed is left alone: a crisis is no news about it.
    """
    here = select(EventCountry.event_id).where(col(EventCountry.country).in_(countries))
    alerts = select(Alert.event_id).where(col(Alert.state).in_(LIVE), col(Alert.source_id).is_(None))
    alerted = select(Alert.id).where(col(Alert.event_id) == col(Event.id)).correlate(Event)
    placed = (
        select(Alert.event_id)
        .join(AlertCountry, col(AlertCountry.alert_id) == col(Alert.id))
        .where(col(AlertCountry.country).in_(countries))
    )
    touched = col(Event.id).in_(here) | col(Event.id).in_(placed)
    query = select(Event.id).where(
        touched,
        col(Event.source_id).is_(None),
        col(Event.id).in_(alerts) | ((col(Event.last_at) >= since) & ~alerted.exists()),
    )
    found = session.exec(query.order_by(col(Event.last_at).desc()).limit(MOST_EVENTS)).all()
    return sorted(number for number in found if number is not None)


def copy_postures(store: Store, into: Store) -> None:
    """What people entered, for walking through old days again; what a rule opened, it opens there by itself."""
    with store.read() as session:
        rows = session.exec(select(PostureRow).where(col(PostureRow.by_rule).is_(False))).all()
        values = [row.model_dump(exclude={"id", "organisation_id", "alert_id", "recheck"}) for row in rows]
    with into.write() as session:
        home = home_organisation(session).id or 0
        session.add_all(PostureRow(organisation_id=home, recheck=True, **one) for one in values)
