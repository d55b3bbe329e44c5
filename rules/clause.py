"""Clause: what the guideline says of one kind of happening, and the formula that it weighs with.

    score = 100 × severity^a × urgency^b × certainty^c × concern        (at most 100)

A product, because a happening without weight in one question has none at all; exponents, because the three questions
do not weigh alike. With the shipped a = 1, b = 0.35, c = 0.25 the score reads as *severity in per cent, discounted
for what is not urgent and for what is not certain*: halving severity halves the score, halving urgency takes 22 % off
and halving certainty 16 %. Certainty weighs least because a doubtful grave report must still move somebody; it is
marked unconfirmed instead. `concern` is 1, or the guideline's factor when own people, companies or projects are among
those struck: the first word of exposure.
"""

import math
from dataclasses import dataclass, field
from datetime import timedelta

from rules.condition import Condition
from rules.document import Words
from rules.level import Level
from scoring.category import Category

SUREST = 0.99  # certainty: no report is beyond doubt, and two of 0.99 must still be surer than one


@dataclass(frozen=True, slots=True)
class Weights:
    """Exponents of the three factors, and the factor (1 or more) for own people and companies."""

    severity: float = 1.0
    urgency: float = 0.35
    certainty: float = 0.25
    concern: float = 1.2


@dataclass(frozen=True, slots=True)
class Clause:
    """How a category (`subtype` None) or one of its sub-types is graded.

    `thresholds` are the least scores (0–100) of levels 1, 2, 3, 4; `hold` is how long a calmer picture must last
    before a level set by this clause is lowered, None for the level's own time. With `when` it speaks only of events
    for which that holds; of the clauses of one kind the first that speaks is heard.
    """

    id: str
    category: Category
    subtype: str | None
    title: Words
    why: Words
    thresholds: tuple[float, float, float, float]
    weights: Weights
    hold: timedelta | None = None
    line: int = field(default=0, compare=False)
    when: Condition | None = None
    when_line: int = field(default=0, compare=False)

    @property
    def kind(self) -> str:
        """The sub-type, or the category, that it speaks of."""
        return self.subtype or self.category.value

    def score(self, severity: float, urgency: float, certainty: float, concern: bool = False) -> float:
        """0–100 from three answers of 0–1, to a hundredth: so that every machine and every order says the same."""
        w = self.weights
        product = math.pow(severity, w.severity) * math.pow(urgency, w.urgency) * math.pow(certainty, w.certainty)
        return min(100.0, round(100.0 * product * (w.concern if concern else 1.0), 2))

    def level(self, score: float, scale: float = 1.0) -> Level | None:
        """The level whose threshold the score reaches; None below the lowest. `scale` (0–1] is of the posture."""
        least = self.thresholds if scale == 1.0 else [self.threshold(level, scale) for level in Level]
        for level, threshold in zip(Level, least, strict=True):
            if score >= threshold:
                return level
        return None

    def threshold(self, level: Level, scale: float = 1.0) -> float:
        """The least score of a level, to a hundredth as scores are."""
        return round(self.thresholds[level - 1] * scale, 2) if scale != 1.0 else self.thresholds[level - 1]


@dataclass(frozen=True, slots=True)
class Floor:
    """A happening this severe (0–1) and at least this urgent is of this level or a graver one, however uncertain."""

    severity: float
    level: Level
    least_urgency: float
    why: Words
    line: int = field(default=0, compare=False)

    def under(self, severity: float, urgency: float) -> bool:
        """Whether a happening stands on this floor."""
        return severity >= self.severity and urgency >= self.least_urgency


@dataclass(frozen=True, slots=True)
class LevelRule:
    """First acknowledgement, and how long a calmer picture must last before this level is lowered."""

    acknowledge: timedelta
    hold: timedelta


@dataclass(frozen=True, slots=True)
class TimeRule:
    """What time does to a report.

    `old_after`: published this long before it was seen (or before now, while no alert stands), it is history.
    `picture`: a report speaks for how grave things are this long after the event's newest report came in.
    `past`: reason codes of an assessment that mark a happening as an anniversary or a look back.
    """

    old_after: timedelta
    picture: timedelta
    past: tuple[str, ...]
