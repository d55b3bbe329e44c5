"""The alerts that an event has led to, one organisation's or several's."""

from typing import Any

from sqlmodel import Session, col, select

from service.store.read_alerts import visible
from service.store.scope import Scope
from service.store.tables import Alert, Organisation

MOST = 50


def alerts_about(session: Session, scope: Scope, event_id: int) -> list[tuple[Alert, Organisation]]:
    """The desk's own alerts about an event, the newest first, and then those of other organisations, of which the desk
    may know that they are there; a subscriber's people see what they may read."""
    query: Any = select(Alert, Organisation).join(Organisation, col(Organisation.id) == col(Alert.organisation_id))
    query = query.where(Alert.event_id == event_id, col(Alert.sharing).in_(scope.marks))
    if not scope.home:
        query = query.where(visible(scope))
    query = query.order_by(col(Organisation.home).desc(), col(Organisation.name), col(Alert.id).desc())
    return [(alert, whose) for alert, whose in session.exec(query.limit(MOST)).all()]
