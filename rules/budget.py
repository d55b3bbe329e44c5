"""The budget of interruptions: how many a person can bear in a day, and what waits for a digest beyond it.

Graver levels never wait: neither an alert of levels 1–2, nor the end of one. Who was told that lives are at stake is
told at once that they are not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from types import MappingProxyType

from rules.decision import Hush
from rules.guideline import Guideline
from rules.hours import instant, local_date
from rules.level import Level

OWNER, SUBSCRIPTION = "owner", "subscription"
ROLES = (OWNER, SUBSCRIPTION)
# A shift of eight hours bears about twenty interruptions that each cost some minutes; who follows only reads.
BUDGET: Mapping[str, int] = MappingProxyType({OWNER: 20, SUBSCRIPTION: 60})
DIGEST = timedelta(hours=1)
LONGEST = timedelta(hours=24)  # what waits for the end of its cause is told after a day, whether it has ended or not
RHYTHMIC = ("storm", "budget", "cooldown")  # told together, whichever of them is due first
PRESSING = ("escalate", "ask_again", "overdue", "digest", "test")  # never held, and no part of the budget


@dataclass(frozen=True, slots=True)
class Budget:
    """Interruptions by levels 3–4 that one of a role bears in a local day, and how often a digest comes beyond it.

    A role without a number is not limited.
    """

    most: Mapping[str, int] = field(default_factory=lambda: BUDGET)
    digest: timedelta = DIGEST


def budget_of(guideline: Guideline) -> Budget:
    """What everybody can bear by this guideline."""
    return Budget()


def may_wait(level: int, previous: int | None, action: str) -> bool:
    """Whether a notice may be held at all."""
    grave = level <= Level.ORANGE or (previous is not None and previous <= Level.ORANGE)
    return not grave and action not in PRESSING


def over_budget(sent_today: int, level: Level, role: str, budget: Budget, now: datetime) -> Hush | None:
    """What holds one more notice to somebody of this role, who has had `sent_today` in their day. None: nothing."""
    most = budget.most.get(role)
    if level <= Level.ORANGE or most is None or sent_today < most:
        return None
    return Hush("budget", str(most), now + budget.digest)


def due(hush: Hush, now: datetime) -> datetime:
    """When what is held now is told at the latest."""
    return hush.until if hush.until is not None else now + LONGEST


def day_start(now: datetime, zone: str = "UTC") -> datetime:
    """When the day began that a clock of this zone shows, in UTC."""
    return instant(local_date(now, zone), time(), zone)
