"""What a person puts aside for a while, and whom they hand an alert to."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from service.errors import Conflict, Invalid
from service.record.audience import read_audience
from service.record.notices import Telling, tell
from service.store.events import told_of
from service.store.log import log_alert
from service.store.read_alerts import LIVE
from service.store.tables import Alert, AlertFact, Duty, Handing, Snooze

ACCOUNTABLE, SUPPORT = "accountable", "support"


def snooze(session: Session, alert: Alert, until: datetime, *, actor: str, reason: str, now: datetime) -> Snooze:
    """Put a live alert aside until a time. One of level 1 or 2 that nobody has acknowledged comes back by its deadline
    at the latest, and cannot be put aside past it: Conflict. Escalation goes on meanwhile, whatever lists show."""
    if alert.state not in LIVE:
        raise Conflict(f"Alert {alert.id} is {alert.state}.", "Only live alerts can be snoozed.")
    if until <= now:
        raise Invalid("The time to come back is past.", "Give a later one.")
    if alert.state == "open" and alert.level <= 2 and alert.acknowledge_by is not None:
        if alert.acknowledge_by <= now:
            raise Conflict("Its acknowledgement is due: it cannot be snoozed.", "Acknowledge it first.")
        until = min(until, alert.acknowledge_by)
    row = session.get(Snooze, alert.id) or Snooze(alert_id=alert.id or 0, level=0, since=now, until=until, actor=actor)
    row.level, row.since, row.until, row.actor, row.reason = alert.level, now, until, actor, reason
    session.add(row)
    said = {"until": until.isoformat(timespec="minutes"), **({"reason": reason} if reason else {})}
    log_alert(session, alert, "alert.snooze", actor, said, now)
    return row


def wake(session: Session, alert: Alert, *, actor: str, now: datetime) -> bool:
    """Bring a snoozed alert back at once; whether it was snoozed."""
    row = session.get(Snooze, alert.id)
    if row is None:
        return False
    session.delete(row)
    log_alert(session, alert, "alert.wake", actor, {}, now)
    return True


def wake_due(session: Session, organisation_id: int, now: datetime, limit: int = 100) -> int:
    """Tell open pages of the snoozed alerts that are back: their time has come, they were raised or closed, or their
    acknowledgement is due. Lists show them again without it; this is for the log and for who has the list open."""
    rows = session.exec(over(organisation_id, now).limit(limit)).all()
    for row, alert in rows:
        session.delete(row)
        log_alert(session, alert, "alert.wake", "rules", {}, now)
    return len(rows)


def over(organisation_id: int, now: datetime) -> Any:
    """The query of snoozes that have ended, with their alerts."""
    overdue = (col(Alert.state) == "open") & (col(Alert.level) <= 2) & (col(Alert.acknowledge_by) <= now)
    ended = (
        (col(Snooze.until) <= now) | (col(Alert.level) < col(Snooze.level)) | col(Alert.state).not_in(LIVE) | overdue
    )
    join = select(Snooze, Alert).join(Alert, col(Alert.id) == col(Snooze.alert_id))
    return join.where(Alert.organisation_id == organisation_id, ended).order_by(col(Snooze.alert_id))


def hand(
    session: Session, alert: Alert, owner: str, *, actor: str, reason: str, public_url: str, now: datetime
) -> bool:
    """Make somebody accountable for a live alert, and tell them; who was keeps a part in it. Whether that is news."""
    if alert.state not in LIVE:
        raise Conflict(f"Alert {alert.id} is {alert.state}.", "Only live alerts can be handed over.")
    before = accountable(session, alert)
    if before is not None and before.owner == owner:
        return False
    row = session.get(Handing, alert.id) or Handing(alert_id=alert.id or 0, owner=owner, at=now, actor=actor)
    row.owner, row.at, row.actor, row.reason = owner, now, actor, reason
    session.add(row)
    session.flush()
    keep_handed(session, alert, now)
    alert.changed_at = now
    alert.version += 1
    session.add(alert)
    said = {"owner": owner, "before": before.owner if before is not None else None}
    log_alert(session, alert, "alert.hand", actor, {**said, **({"reason": reason} if reason else {})}, now)
    audience = read_audience(session, alert.organisation_id, now)
    telling = Telling(alert, tuple(told_of(session, alert.event_id)), "hand", alert.level, public_url)
    tell(session, audience, telling, set(), [owner], now)
    return True


def accountable(session: Session, alert: Alert) -> Duty | None:
    """The duty of whoever is accountable for an alert."""
    query = select(Duty).where(Duty.alert_id == alert.id, Duty.role == ACCOUNTABLE)
    return session.exec(query.order_by(col(Duty.id))).first()


def keep_handed(session: Session, alert: Alert, now: datetime) -> None:
    """Let a person's word on who is accountable hold over the duties that the rules gave."""
    handed = session.get(Handing, alert.id) if alert.id is not None else None
    if handed is None:
        return
    session.flush()
    duties = list(session.exec(select(Duty).where(Duty.alert_id == alert.id).order_by(col(Duty.id))).all())
    first = next((duty for duty in duties if duty.role == ACCOUNTABLE), None)
    theirs = next((duty for duty in duties if duty.owner == handed.owner), None)
    if first is not None:
        first.role = SUPPORT
        session.add(first)
    if theirs is None:
        by = first.acknowledge_by if first is not None else alert.acknowledge_by or now
        clause = first.clause if first is not None else alert.clause
        theirs = Duty(alert_id=alert.id or 0, owner=handed.owner, role=ACCOUNTABLE, acknowledge_by=by, clause=clause,
                      created_at=now)  # fmt: skip
    theirs.role = ACCOUNTABLE
    session.add(theirs)
    fact = session.get(AlertFact, alert.id)
    if fact is not None:
        fact.owner = handed.owner
        session.add(fact)
