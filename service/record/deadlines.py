"""Deadlines that a crisis draws nearer on alerts that stand already, and gives back when it ends.

Whoever is to answer earlier is told so at once, one notice each; whoever is given time back finds it on the page.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, select

from rules.decide import usual_of
from rules.decision import Decision
from service.notify.message import stamp
from service.record.audience import Audience
from service.record.notices import Telling, tell
from service.store.events import Told
from service.store.log import log_alert
from service.store.tables import Alert, Duty

ACTION = "hasten"


def shift_due(session: Session, alert: Alert, decision: Decision, now: datetime) -> tuple[str, ...]:
    """Let an open alert be answered by when a decision says that changes nothing else; whose time became shorter."""
    if alert.state != "open" or alert.acknowledge_by is None or not decision.duties:
        return ()
    before, duties = alert.acknowledge_by, session.exec(select(Duty).where(Duty.alert_id == alert.id)).all()
    wanted = {duty.owner: duty.acknowledge_by for duty in decision.duties}
    given_back = alert.usual_by is not None and all(by > before for by in wanted.values())
    nearer = tuple(one.owner for one in duties if wanted.get(one.owner, one.acknowledge_by) < one.acknowledge_by)
    if not nearer and not given_back:
        return ()
    for duty in duties:
        if duty.owner in nearer or given_back:
            duty.acknowledge_by = wanted.get(duty.owner, duty.acknowledge_by)
            session.add(duty)
    due = min(duty.acknowledge_by for duty in duties)
    alert.acknowledge_by = due if given_back else min(before, due)
    note_usual(alert, before, decision)
    alert.changed_at = now
    session.add(alert)
    said = {"level": alert.level, "due": stamp(alert.acknowledge_by), "before": stamp(before)}
    log_alert(session, alert, "alert.put_off" if given_back else "alert.hasten", "rules", said, now)
    return tuple(dict.fromkeys(nearer))


def note_usual(alert: Alert, before: datetime | None, decision: Decision) -> None:
    """Keep what the deadline was before a crisis drew it nearer, and forget it when that is given back."""
    alert.usual_by = usual_of(decision.action, before, alert.acknowledge_by, alert.usual_by)


def tell_hastened(
    session: Session,
    audience: Audience,
    alert: Alert,
    told: tuple[Told, ...],
    owners: Sequence[str],
    public_url: str,
    now: datetime,
) -> int:
    """One notice to each owner whose time became shorter, never held back; answers how many were written."""
    if audience.has_own_followers:
        owners = [owner for owner in owners if owner in audience.owners]
    about = f".{stamp(alert.acknowledge_by)}"
    return tell(session, audience, Telling(alert, told, ACTION, None, public_url, about=about), set(), owners, now)
