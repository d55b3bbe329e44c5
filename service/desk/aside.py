"""Putting alerts aside, handing them over, and doing one thing to many at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.auth.premises import Premises
from service.desk.alerts import held_alert, short_reason
from service.desk.times import utc_time
from service.errors import Invalid, WatchfireError
from service.record import aside
from service.store.engine import Store, advisory_lock
from service.store.log import LOG_LOCK
from service.store.scope import Scope

LONGEST_SNOOZE = timedelta(days=31)
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a deed on many alerts: those done, and why not the others."""

    done: tuple[int, ...] = ()
    failed: dict[int, WatchfireError] = field(default_factory=dict)


def snooze_alert(premises: Premises, scope: Scope, alert_id: int, until: datetime, reason: str = "") -> datetime:
    """Put an alert aside; answers until when, which may be earlier than asked. Refused, NotFound, Conflict, Invalid."""
    reason, now = short_reason(reason), premises.clock()
    if until > now + LONGEST_SNOOZE:
        raise Invalid("That is too far away.", f"Snooze for at most {LONGEST_SNOOZE.days} days.")
    with held_alert(premises, scope, alert_id, now) as (session, alert, _):
        return aside.snooze(session, alert, until, actor=scope.actor, reason=reason, now=now).until


def wake_alert(premises: Premises, scope: Scope, alert_id: int) -> bool:
    """Bring a snoozed alert back at once; whether it was snoozed."""
    now = premises.clock()
    with held_alert(premises, scope, alert_id, now) as (session, alert, _):
        return aside.wake(session, alert, actor=scope.actor, now=now)


def hand_alert(premises: Premises, scope: Scope, alert_id: int, owner: str, reason: str = "") -> bool:
    """Make a known owner accountable for an alert and tell them; whether that is news."""
    reason, now = short_reason(reason), premises.clock()
    given = {"reason": reason, "public_url": premises.public_url}
    with held_alert(premises, scope, alert_id, now) as (session, alert, _):
        return aside.hand(session, alert, owner, actor=scope.actor, now=now, **given)


def each(ids: Sequence[int], deed: Callable[[int], object]) -> Outcome:
    """Do one thing to many alerts, each in a transaction of its own: what fails for one is no matter of the others."""
    wanted = list(dict.fromkeys(ids))
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise Invalid("Choose some alerts.", f"At most {MOST_AT_ONCE} at once.")
    done: list[int] = []
    failed: dict[int, WatchfireError] = {}
    for number in wanted:
        try:
            deed(number)
            done.append(number)
        except WatchfireError as error:
            failed[number] = error
    return Outcome(tuple(done), failed)


def until_of(given: str, now: datetime) -> datetime:
    """When to come back: minutes from now, or a time (RFC 3339, UTC where it names no zone); Invalid otherwise."""
    given = given.strip()
    if given.isascii() and given.isdigit() and len(given) < 7:
        return now + timedelta(minutes=int(given))
    return utc_time(given, "That is no time.", "Give minutes, or a time such as 2026-11-28T18:00Z.")


def wake_snoozed(store: Store, organisation_id: int, now: datetime) -> int:
    """Tell open pages of the alerts whose snooze has ended; answers how many."""
    with store.read() as session:
        if session.exec(aside.over(organisation_id, now).limit(1)).first() is None:
            return 0  # nearly always: no lock is taken for it
    with store.write() as session:
        advisory_lock(session, LOG_LOCK)
        return aside.wake_due(session, organisation_id, now)
