"""The budget of interruptions: how many a person bears in a day, and that what is beyond it waits for a digest.

Graver levels never wait: neither an alert of levels 1–2, nor the end of one. Who was told that lives are at stake is
told at once that they are not.
"""

from datetime import UTC, datetime, time, timedelta

from rules.decision import Hush
from rules.hours import instant, local_date
from rules.level import Level
from rules.quiet_rule import HELD, RestraintRule

OWNER, SUBSCRIPTION = "owner", "subscription"
LONGEST = timedelta(hours=24)  # what waits for the end of its cause is told after a day, whether it has ended or not
RHYTHMIC = ("storm", "budget", "cooldown")  # told together, whichever of them is due first
PRESSING = ("escalate", "ask_again", "overdue", "hasten", "report_due")  # never held, and no part of the budget
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def may_wait(level: int, previous: int | None, action: str) -> bool:
    """Whether a notice may be held at all."""
    calm = level in HELD and (previous is None or previous in HELD)
    return calm and action not in PRESSING


def over_budget(sent_today: int, level: Level, role: str, rule: RestraintRule, now: datetime) -> Hush | None:
    """What holds one more notice to somebody of this role, who has had `sent_today` in their day. None: nothing does.

    Until the next digest: all that is held in one span of it is told together. A role without a number has no limit.
    """
    most = rule.budget.get(role)
    if level not in HELD or most is None or sent_today < most:
        return None
    return Hush("budget", f"budget:{most}", EPOCH + ((now - EPOCH) // rule.digest + 1) * rule.digest)


def due(hush: Hush, now: datetime) -> datetime:
    """When what is held now is told at the latest."""
    return hush.until if hush.until is not None else now + LONGEST


def day_start(now: datetime, zone: str = "UTC") -> datetime:
    """When the day began that a clock of this zone shows, in UTC."""
    return instant(local_date(now, zone), time(), zone)
