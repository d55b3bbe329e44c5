"""Escalation in the database: what is due, what a person last did, and what lapsed without an answer."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select

from service.store.quiet import is_quiet
from service.store.read_alerts import visible
from service.store.scope import Scope
from service.store.tables import Alert, EscalationRow, LogLine

MACHINES = ("rules", "delivery", "escalation")


def due_alerts(
    session: Session, organisation_id: int, now: datetime, limit: int
) -> list[tuple[Alert, EscalationRow | None]]:
    """Live alerts with which escalation has something to do, the gravest first.

    Open ones past their deadline that are new to it, have another deadline than it knows, or are due for the next
    page; acknowledged ones of which it is not yet known when the acknowledgement expires, or that are due by now.
    Not those whose newest change is kept quiet: nobody is pressed for what they were not told.
    """
    row = EscalationRow
    unknown = or_(col(row.alert_id).is_(None), col(row.due) != col(Alert.acknowledge_by))
    coming = and_(col(row.lapsed_at).is_(None), col(row.next_at) <= now)
    past = col(Alert.acknowledge_by) <= now
    query: Any = (
        select(Alert, row)
        .join(row, col(row.alert_id) == col(Alert.id), isouter=True)
        .where(
            Alert.organisation_id == organisation_id,
            col(Alert.acknowledge_by).is_not(None),
            or_(
                and_(Alert.state == "open", past, or_(unknown, coming), ~is_quiet(now)),  # type: ignore[arg-type]
                and_(Alert.state == "acknowledged", or_(unknown, coming)),  # type: ignore[arg-type]
            ),
        )
        .order_by(col(Alert.level), col(Alert.acknowledge_by), col(Alert.id))
        .limit(limit)
    )
    return [(alert, found) for alert, found in session.exec(query).all()]


def last_deed(session: Session, alert: Alert) -> datetime | None:
    """When a person last did something about an alert or a step of its response."""
    query = select(func.max(LogLine.at)).where(
        col(LogLine.subject).in_(("alert", "response")),
        LogLine.subject_id == str(alert.id),
        col(LogLine.actor).not_in(MACHINES),
    )
    return session.exec(query).one()


def row_of(session: Session, alert: Alert) -> EscalationRow | None:
    """How far an alert has escalated."""
    return session.get(EscalationRow, alert.id)


def lapsed_alerts(session: Session, scope: Scope, limit: int = 100) -> list[tuple[Alert, EscalationRow]]:
    """The morning list: alerts that nobody answered to the end of their escalation, the gravest first."""
    if not scope.home:
        return []
    query: Any = (
        select(Alert, EscalationRow)
        .join(EscalationRow, col(EscalationRow.alert_id) == col(Alert.id))
        .where(
            visible(scope),
            col(Alert.state).in_(("open", "acknowledged")),
            col(EscalationRow.lapsed_at).is_not(None),
            col(EscalationRow.due) == col(Alert.acknowledge_by),
        )
        .order_by(col(Alert.level), col(EscalationRow.lapsed_at), col(Alert.id))
        .limit(limit)
    )
    return [(alert, row) for alert, row in session.exec(query).all()]


def log_of(session: Session, alert: Alert) -> list[LogLine]:
    """What escalation did about an alert, oldest first."""
    query = select(LogLine).where(
        LogLine.subject == "alert", LogLine.subject_id == str(alert.id), LogLine.actor == "escalation"
    )
    return list(session.exec(query.order_by(col(LogLine.id))).all())
