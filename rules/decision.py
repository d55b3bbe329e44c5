"""Decision: what the rules say of an event. It says, it does nothing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.holdings import Hit
from rules.level import Level
from scoring.assessment import Reason
from scoring.category import Category


class Action(StrEnum):
    """What becomes of the event's alert."""

    NONE = "none"  # no alert, or nothing about the open one changes
    OPEN = "open"
    RAISE = "raise"
    LOWER = "lower"
    CONFIRM = "confirm"  # unconfirmed before, now borne out at the same level
    WITHDRAW = "withdraw"  # denied or cancelled by what came in: told in the open
    UPDATE = "update"  # same level, new countries, categories or sources


BEGINS = (Action.OPEN, Action.RAISE, Action.LOWER)  # a level of its own gives the duty, and its deadline, anew


@dataclass(frozen=True, slots=True)
class Duty:
    """Who must act: the owner's key, role and first acknowledgement deadline."""

    owner: str
    role: str  # "accountable" (exactly one) or "support"
    acknowledge_by: datetime
    clause: str


@dataclass(frozen=True, slots=True)
class Hush:
    """Why nobody is interrupted by a change at once. The alert itself is there, and shows it.

    `kind` is one of HUSHES, `cause` names what keeps it quiet (the silence, the graver alert, the clause). `until` is
    when it is told after all; None: when its cause ends. With `passed` it is told at once, because it is too grave to
    be kept quiet: the hush is only its trace.
    """

    kind: str
    cause: str
    until: datetime | None = None
    passed: bool = False


HUSHES = ("silence", "window", "inhibited", "cooldown", "storm", "budget")


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from an event as it stands. `clause` cites the guideline, `guideline` its version."""

    action: Action
    level: Level | None
    score: float  # 0–100
    clause: str
    guideline: str
    unconfirmed: bool
    countries: tuple[str, ...]
    categories: tuple[Category, ...]
    subtypes: tuple[str, ...]
    reasons: tuple[Reason, ...]
    duties: tuple[Duty, ...]
    calmer_since: datetime | None = None  # hysteresis memory: since when a lower level would have held
    plan: str = ""  # key of the response plan that it starts
    # For the eyes of the organisation alone: what of its own is touched; and, where somebody asked (see
    # rules.counterfactual), what would give another level.
    exposure: tuple[Hit, ...] = ()
    counterfactuals: tuple[Reason, ...] = ()
    hush: Hush | None = None  # what keeps the change quiet for now
