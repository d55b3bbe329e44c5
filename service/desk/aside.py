"""Putting alerts aside, handing them over, and doing one thing to many at once."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from service.auth.access import demand_act, in_place_of
from service.auth.premises import Premises
from service.desk.words import one_line
from service.errors import Invalid, WatchfireError
from service.record import aside
from service.record.answers import stood_for
from service.store.engine import Store, advisory_lock
from service.store.log import LOG_LOCK
from service.store.read_alerts import duties_of, get_alert
from service.store.scope import Scope
from service.store.tables import Alert

LONGEST_REASON = 500
LONGEST_SNOOZE = timedelta(days=31)
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a deed on many alerts: those done, and why not the others."""

    done: tuple[int, ...] = ()
    failed: dict[int, WatchfireError] = field(default_factory=dict)


def snooze_alert(premises: Premises, scope: Scope, alert_id: int, until: datetime, reason: str = "") -> datetime:
    """Put an alert aside; answers until when, which may be earlier than asked. Refused, NotFound, Conflict, Invalid."""
    reason, now = _reason(reason), premises.clock()
    if until > now + LONGEST_SNOOZE:
        raise Invalid("That is too far away.", f"Snooze for at most {LONGEST_SNOOZE.days} days.")
    with _held(premises, scope, alert_id, now) as (session, alert):
        return aside.snooze(session, alert, until, actor=scope.actor, reason=reason, now=now).until


def wake_alert(premises: Premises, scope: Scope, alert_id: int) -> bool:
    """Bring a snoozed alert back at once; whether it was snoozed."""
    now = premises.clock()
    with _held(premises, scope, alert_id, now) as (session, alert):
        return aside.wake(session, alert, actor=scope.actor, now=now)


def hand_alert(premises: Premises, scope: Scope, alert_id: int, owner: str, reason: str = "") -> bool:
    """Make a known owner accountable for an alert and tell them; whether that is news."""
    reason, now = _reason(reason), premises.clock()
    given = {"reason": reason, "public_url": premises.public_url}
    with _held(premises, scope, alert_id, now) as (session, alert):
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
    try:
        found = datetime.fromisoformat(given)
    except ValueError as error:
        raise Invalid("That is no time.", "Give minutes, or a time such as 2026-11-28T18:00Z.") from error
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def wake_snoozed(store: Store, organisation_id: int, now: datetime) -> int:
    """Tell open pages of the alerts whose snooze has ended; answers how many."""
    with store.read() as session:
        if session.exec(aside.over(organisation_id, now).limit(1)).first() is None:
            return 0  # nearly always: no lock is taken for it
    with store.write() as session:
        advisory_lock(session, LOG_LOCK)
        return aside.wake_due(session, organisation_id, now)


@contextmanager
def _held(premises: Premises, scope: Scope, alert_id: int, now: datetime) -> Iterator[tuple[Session, Alert]]:
    """The alert, locked in the order in which the walk takes its locks, if the reader may act on it."""
    with premises.store.write() as session:
        advisory_lock(session, LOG_LOCK)
        alert = get_alert(session, scope, alert_id, lock=True)
        owners = [duty.owner for duty in duties_of(session, scope, alert)]
        acting = in_place_of(scope, stood_for(session, scope, owners, now))
        demand_act(acting, owners, alert.organisation_id)
        yield session, alert


def _reason(reason: str) -> str:
    reason = one_line(reason)
    if len(reason) > LONGEST_REASON:
        raise Invalid("The reason is too long.", f"Use at most {LONGEST_REASON} characters.")
    return reason
