"""What is going on in a place, as far as the reader may see it: alerts by level, steps at work, reports, the log."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from rules.posture import countries_of
from service.store.read_alerts import LIVE, visible
from service.store.responses import OPEN
from service.store.scope import Scope
from service.store.tables import (
    Alert,
    AlertCountry,
    EntryRow,
    EventCountry,
    EventEntry,
    LogLine,
    Response,
    ResponseStep,
    SourceRow,
)

MOST_ALERTS, MOST_STEPS, MOST_REPORTS, MOST_LINES = 60, 40, 12, 40


def alerts_of_place(session: Session, scope: Scope, place: str) -> list[Alert]:
    """The live alerts of a place, the gravest and then the newest change first."""
    here = select(AlertCountry.alert_id).where(col(AlertCountry.country).in_(countries_of(place)))
    query = select(Alert).where(visible(scope), col(Alert.state).in_(LIVE), col(Alert.id).in_(here))
    order = (col(Alert.level), col(Alert.changed_at).desc(), col(Alert.id))
    return list(session.exec(query.order_by(*order).limit(MOST_ALERTS)).all())


def closed_of_place(session: Session, scope: Scope, place: str, since: datetime) -> list[int]:
    """The numbers of a place's alerts that were closed since then: what was done about them is still to be read."""
    here = select(AlertCountry.alert_id).where(col(AlertCountry.country).in_(countries_of(place)))
    query = select(Alert.id).where(visible(scope), col(Alert.closed_at) >= since, col(Alert.id).in_(here))
    return [
        number or 0 for number in session.exec(query.order_by(col(Alert.closed_at).desc()).limit(MOST_ALERTS)).all()
    ]


def steps_at_work(session: Session, scope: Scope, alerts: Collection[int]) -> Sequence[tuple[ResponseStep, Alert]]:
    """Steps of these alerts' responses that are yet to be done, the next due first; only the desk sees them."""
    if not scope.home:
        return []
    query: Any = (
        select(ResponseStep, Alert)
        .join(Response, col(Response.id) == col(ResponseStep.response_id))
        .join(Alert, col(Alert.id) == col(Response.alert_id))
        .where(visible(scope), col(Alert.id).in_(alerts), col(ResponseStep.state).in_(OPEN))
        .order_by(col(ResponseStep.due_at), col(ResponseStep.id))
        .limit(MOST_STEPS)
    )
    return [(step, alert) for step, alert in session.exec(query).all()]


def reports_from(session: Session, scope: Scope, place: str) -> list[tuple[EntryRow, SourceRow]]:
    """The newest reports of events of a place that the reader is cleared for; only the desk sees them."""
    if not scope.home:
        return []
    here = select(EventCountry.event_id).where(col(EventCountry.country).in_(countries_of(place)))
    told = select(EventEntry.entry_id).where(col(EventEntry.event_id).in_(here))
    query: Any = (
        select(EntryRow, SourceRow)
        .join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
        .where(
            col(EntryRow.id).in_(told),
            col(EntryRow.sharing).in_(scope.marks),
            col(EntryRow.archived).is_(False),
            col(EntryRow.latest).is_(True),
        )
        .order_by(col(EntryRow.first_seen_at).desc(), col(EntryRow.id).desc())
        .limit(MOST_REPORTS)
    )
    return [(entry, source) for entry, source in session.exec(query).all()]


def room_log(session: Session, scope: Scope, alerts: Collection[int], posture: int | None) -> list[LogLine]:
    """What was done about these alerts and this posture, the newest first; only the desk sees it."""
    if not scope.home:
        return []
    mine = (col(LogLine.subject) == "alert") & col(LogLine.subject_id).in_([str(number) for number in alerts])
    its = (col(LogLine.subject) == "posture") & (col(LogLine.subject_id) == str(posture or 0))
    query = select(LogLine).where(mine | its).order_by(col(LogLine.id).desc()).limit(MOST_LINES)
    return list(session.exec(query).all())
