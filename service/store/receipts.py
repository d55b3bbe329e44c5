"""What is known of who has read and answered an alert: their looks at its page, and their acknowledgements."""

from datetime import datetime

from sqlmodel import Session, col, select

from service.store.scope import Scope
from service.store.tables import Acknowledgement, Alert, Seen


def looks_at(session: Session, scope: Scope, alert: Alert) -> dict[str, datetime]:
    """Who of the reader's own organisation had the alert open last when, by name."""
    query = select(Seen.actor, Seen.at).where(Seen.organisation_id == scope.organisation_id, Seen.alert_id == alert.id)
    return dict(session.exec(query).all())


def answers_to(session: Session, scope: Scope, alert: Alert) -> list[Acknowledgement]:
    """Every acknowledgement of an alert of the reader's own organisation, those that expired too, oldest first."""
    if alert.organisation_id != scope.organisation_id:
        return []
    query = select(Acknowledgement).where(Acknowledgement.alert_id == alert.id)
    return list(session.exec(query.order_by(col(Acknowledgement.id))).all())
