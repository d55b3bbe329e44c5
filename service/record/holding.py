"""Holding: which notices wait, which are told at once, and what becomes of those that were held before.

A notice ends as sent, dead, digested (a digest told of it) or superseded (a later notice of its alert told of it).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from rules.budget import OWNER, PRESSING, SUBSCRIPTION, day_start, due, may_wait, over_budget
from rules.decision import Hush
from rules.level import Level
from rules.quiet_rule import RestraintRule
from service.errors import Conflict
from service.store.engine import advisory_lock
from service.store.held import Key, counted_since, held_of_alert, key_of
from service.store.log import LOG_LOCK, write_log
from service.store.tables import Notice

# News that is none for who has not heard of the alert yet: it waits with what is held of it.
ENDINGS = ("lower", "withdraw", "resolve", "dismiss")


@dataclass(frozen=True, slots=True)
class Change:
    """What is told: how grave it is now and was before, what keeps it quiet, and the budgets."""

    level: int
    previous: int | None
    action: str
    hush: Hush | None = None
    restraint: RestraintRule | None = None


@dataclass
class Meter:
    """Interruptions so far today, read once a transaction and counted on."""

    session: Session
    now: datetime
    days: dict[str, dict[Key, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, now: datetime) -> "Meter":
        """The transaction's own."""
        found = session.info.get("interruptions")
        if not isinstance(found, cls):
            found = session.info["interruptions"] = cls(session, now)
        return found

    def so_far(self, key: Key, zone: str) -> int:
        """How many there were in the day of that zone."""
        if zone not in self.days:
            self.days[zone] = counted_since(self.session, day_start(self.now, zone))
        return self.days[zone].get(key, 0)

    def add(self, key: Key) -> None:
        """One more."""
        for counts in self.days.values():
            counts[key] = counts.get(key, 0) + 1


def settle(session: Session, notices: Sequence[tuple[Notice, str]], change: Change, now: datetime) -> None:
    """Hold those of the new notices that may wait, and make obsolete what the others tell as well.

    Each comes with the time zone of whom it goes to. One without a channel is a dead letter, and stays one.
    """
    if not notices or notices[0][0].alert_id is None:
        return
    first = notices[0][0]
    known = first.version > 1 or change.action in PRESSING
    waiting = held_of_alert(session, first.alert_id) if known else []
    for notice, zone in notices:
        earlier = [one for one in waiting if key_of(one) == key_of(notice)]
        hush = _hush(session, notice, zone, earlier, change, now) if notice.state == "pending" else None
        if hush is not None:
            hold(notice, hush, now)
        elif notice.state == "pending":
            if may_wait(change.level, change.previous, change.action):
                notice.counted = True
                Meter.of(session, now).add(key_of(notice))
            supersede(earlier, notice)


def _hush(
    session: Session, notice: Notice, zone: str, earlier: Sequence[Notice], change: Change, now: datetime
) -> Hush | None:
    if not may_wait(change.level, change.previous, change.action):
        return None
    if change.hush is not None and not change.hush.passed:
        return change.hush
    if earlier and change.action in ENDINGS:
        last = earlier[-1]
        return Hush(last.held_for or "", last.held_by or "", last.release_at)
    if change.restraint is None:
        return None
    role = SUBSCRIPTION if notice.subscription_id is not None else OWNER
    so_far = Meter.of(session, now).so_far(key_of(notice), zone)
    return over_budget(so_far, Level(change.level), role, change.restraint, now)


def hold(notice: Notice, hush: Hush, now: datetime) -> None:
    """Keep a notice until its digest."""
    notice.state, notice.held_for, notice.held_by = "held", hush.kind, hush.cause
    notice.release_at = due(hush, now)


def supersede(earlier: Iterable[Notice], by: Notice) -> None:
    """What was held is told by a later notice of the same alert to the same place, be it one that presses."""
    for one in earlier:
        one.state, one.told_in = "superseded", by.id


def send_now(session: Session, notice: Notice, actor: str, now: datetime) -> Notice:
    """A person has a held notice sent at once, and earlier ones of its alert with it; Conflict when it is not held."""
    advisory_lock(session, LOG_LOCK)
    session.refresh(notice)
    if notice.state != "held":
        raise Conflict(f"Delivery {notice.id} is {notice.state}: only a held one can be sent now.", "Reload it.")
    notice.state, notice.not_before = "pending", now
    same = [one for one in held_of_alert(session, notice.alert_id) if key_of(one) == key_of(notice)]
    supersede((one for one in same if one.version < notice.version), notice)
    session.add(notice)
    write_log(
        session,
        at=now,
        actor=actor,
        action="notice.send_now",
        subject="notice",
        subject_id=notice.id,
        organisation_id=notice.organisation_id,
        detail={"alert": notice.alert_id, "held_for": notice.held_for, "held_by": notice.held_by},
    )
    return notice
