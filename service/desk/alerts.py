"""What people do to alerts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlmodel import Session

from service.auth.access import demand_act, in_place_of
from service.auth.premises import Premises
from service.desk.words import one_line
from service.errors import Invalid
from service.record import act
from service.record.act import STEPS
from service.record.answers import stood_for
from service.store.engine import advisory_lock
from service.store.log import LOG_LOCK
from service.store.read_alerts import duties_of, get_alert
from service.store.scope import Scope
from service.store.tables import Alert

LONGEST_REASON = 500


def act_on(premises: Premises, scope: Scope, alert_id: int, step: str, reason: str = "") -> Alert:
    """Acknowledge, respond to, resolve or dismiss an alert; taking the same step twice changes nothing.

    Refused when the reader may not, NotFound when it is not theirs to see, Conflict when the alert is past that step,
    Invalid when a dismissal lacks its reason.
    """
    reason = short_reason(reason)
    if step not in STEPS:
        raise Invalid(f"'{step[:40]}' is nothing that can be done to an alert.", f"Use one of {', '.join(STEPS)}.")
    now = premises.clock()
    with held_alert(premises, scope, alert_id, now) as (session, alert, acting):
        given = {"actor": scope.actor, "reason": reason, "public_url": premises.public_url}
        return act(session, alert, step, **given, owner=acting.owner, now=now)


@contextmanager
def held_alert(
    premises: Premises, scope: Scope, alert_id: int, now: datetime
) -> Iterator[tuple[Session, Alert, Scope]]:
    """An alert, locked in a transaction of its own, and as whom the reader acts on it, themselves or by the roster.

    NotFound when it is not theirs to see, Refused when they may not act on it.
    """
    with premises.store.write() as session:
        # In the order in which the pipeline takes them, which holds the log while it changes alert after alert:
        # the other way round the two could wait for each other.
        advisory_lock(session, LOG_LOCK)
        alert = get_alert(session, scope, alert_id, lock=True)
        owners = [duty.owner for duty in duties_of(session, scope, alert)]
        acting = in_place_of(scope, stood_for(session, scope, owners, now))
        demand_act(acting, owners, alert.organisation_id)
        yield session, alert, acting


def short_reason(reason: str) -> str:
    """A reason on one line; Invalid when it is too long."""
    plain = one_line(reason)
    if len(plain) > LONGEST_REASON:
        raise Invalid("The reason is too long.", f"Use at most {LONGEST_REASON} characters.")
    return plain
