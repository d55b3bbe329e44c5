"""What a person does to an alert: acknowledge, respond, resolve, dismiss, reopen."""

from datetime import datetime

from sqlmodel import Session

from service.errors import Conflict, Invalid
from service.record.answers import answer
from service.record.assign import duty_owners
from service.record.audience import read_audience
from service.record.notices import Telling, tell
from service.record.response import close_response
from service.record.share import shared_with
from service.record.steps import count_open
from service.store.events import told_of
from service.store.log import log_alert
from service.store.read_alerts import CLOSED, LIVE
from service.store.tables import Alert

# From DOMAIN: open → acknowledged → responding → resolved, or dismissed with a reason.
STEPS: dict[str, tuple[tuple[str, ...], str]] = {
    "acknowledge": (("open",), "acknowledged"),
    "respond": (("open", "acknowledged"), "responding"),
    "resolve": (LIVE, "resolved"),
    "dismiss": (LIVE, "dismissed"),
}
DISMISS_REASONS = ("false_alarm", "duplicate", "out_of_scope")


def act(
    session: Session,
    alert: Alert,
    step: str,
    *,
    actor: str,
    reason: str,
    now: datetime,
    public_url: str,
    owner: str | None = None,
) -> Alert:
    """Take one step; repeating the step that was taken last changes nothing. Conflict when it is not possible now.

    An acknowledgement that is not yet an answer (more people have to give theirs) is kept, and the alert stays open.
    `owner` is the owner that the actor is, if any.
    """
    before, after = STEPS[step]
    if alert.state == after:
        return alert
    if alert.state not in before:
        raise Conflict(
            f"Alert {alert.id} is {alert.state}: it cannot be {after} any more.", "Reload to see it as it is."
        )
    _reasoned(session, alert, step, reason)
    if step == "acknowledge":
        fresh, missing = answer(session, alert, actor, owner, now)
        if missing:
            if fresh:
                log_alert(session, alert, "alert.answer", actor, {"missing": missing}, now)
            return alert
    alert.state = after
    alert.changed_at = now
    if after in ("acknowledged", "responding") and alert.acknowledged_at is None:
        alert.acknowledged_at, alert.acknowledged_by = now, actor
    if after in CLOSED:
        alert.closed_at, alert.close_reason = now, reason
        alert.version += 1
        close_response(session, alert, reason, now)
    session.add(alert)
    log_alert(session, alert, f"alert.{step}", actor, {"reason": reason} if reason else {}, now)
    if after in CLOSED:
        # Those who were warned are told that it is over.
        audience = read_audience(session, alert.organisation_id, now)
        telling = Telling(alert, tuple(told_of(session, alert.event_id)), step, alert.level, public_url)
        tell(session, audience, telling, shared_with(session, alert), duty_owners(session, alert), now)
    return alert


def _reasoned(session: Session, alert: Alert, step: str, reason: str) -> None:
    """Invalid where a step needs a reason that was not given."""
    if step == "dismiss" and reason.split(":")[0] not in DISMISS_REASONS:
        raise Invalid("A dismissal needs a reason.", f"Give one of {', '.join(DISMISS_REASONS)}.")
    if step == "resolve" and not reason and (left := count_open(session, alert)):
        raise Invalid(f"{left} steps of the response are still open.", "Finish or skip them, or say why they are left.")
