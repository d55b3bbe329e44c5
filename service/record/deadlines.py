"""Deadlines that a crisis draws nearer, on alerts of which nothing else changes."""

from datetime import datetime

from sqlmodel import Session, select

from rules.decision import Decision
from service.store.log import log_alert
from service.store.tables import Alert, Duty


def draw_nearer(session: Session, alert: Alert, decision: Decision, now: datetime) -> bool:
    """Let an open alert be answered as early as a decision says that changes nothing else; never later."""
    if alert.state != "open" or alert.acknowledge_by is None or not decision.duties:
        return False
    if min(duty.acknowledge_by for duty in decision.duties) >= alert.acknowledge_by:
        return False
    wanted = {duty.owner: duty.acknowledge_by for duty in decision.duties}
    moved = False
    for duty in session.exec(select(Duty).where(Duty.alert_id == alert.id)).all():
        nearer = wanted.get(duty.owner)
        if nearer is not None and nearer < duty.acknowledge_by:
            duty.acknowledge_by, moved = nearer, True
            session.add(duty)
            alert.acknowledge_by = min(alert.acknowledge_by, nearer)
    if moved:
        alert.changed_at = now
        session.add(alert)
        due = alert.acknowledge_by.strftime("%Y-%m-%dT%H:%M:%SZ")
        log_alert(session, alert, "alert.hasten", "rules", {"level": alert.level, "due": due}, now)
    return moved
