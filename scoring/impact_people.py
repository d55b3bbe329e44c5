"""What the people struck weigh: dead, injured, missing, taken, displaced, and one's own among them."""

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise

from scoring.assessment import Reason, ReasonKind
from scoring.category import Category
from scoring.impact_toll import Count
from scoring.impact_urgency import looks_back
from scoring.impact_words import Reading

# (people, severity): at so many people it is at least so severe; in between it grows with the logarithm.
_CURVES: Mapping[str, tuple[tuple[float, float], ...]] = {
    "dead": ((1, 0.50), (19, 0.60), (20, 0.75), (199, 0.86), (200, 1.0)),
    "injured": ((1, 0.32), (10, 0.46), (100, 0.60), (1000, 0.76)),
    "missing": ((1, 0.45), (20, 0.62), (100, 0.75), (1000, 0.90)),
    "taken": ((1, 0.52), (10, 0.62), (50, 0.76), (300, 0.90)),
    "displaced": ((100, 0.36), (1000, 0.44), (10_000, 0.55), (100_000, 0.73), (1_000_000, 0.80)),
}
_BARE = {"dead": 0.45, "taken": 0.48, "missing": 0.40, "injured": 0.32, "displaced": 0.0}  # a verb without a number
_RUNNING = 10.0  # a toll that runs since a war began weighs like a tenth of it on one day
_OWN_STRUCK = 0.76  # own citizens killed, taken or missing are major
_STRIKING = frozenset(("dead", "taken", "missing"))


def people(
    reading: Reading, counts: Mapping[str, Count], labels: tuple[Category, ...], *, own: bool
) -> Iterator[Reason]:
    """One reason for each kind of victims. Where nothing but politics is at stake, only those that the title counts;
    those of an anniversary are long past."""
    if looks_back(reading):
        return
    if Category.SECURITY not in labels:
        told = Category.POLITICAL in labels
        counts = {kind: count for kind, count in counts.items() if told and count.start < reading.title}
    running = bool(reading.of("running"))
    for kind, count in counts.items():
        if not count.told:
            yield Reason(ReasonKind.SEVERITY, f"severity.{kind}_some", "", count.words, _BARE[kind])
            continue
        value = count.value / _RUNNING if running else count.value
        weight = weight_of(kind, value)
        yield Reason(ReasonKind.SEVERITY, f"severity.{kind}", f"{count.value:.0f}", count.words, round(weight, 3))
    struck = next((count for kind, count in counts.items() if kind in _STRIKING), None)
    if own and struck and Category.SECURITY in labels:
        yield Reason(ReasonKind.SEVERITY, "severity.own_struck", "", struck.words, _OWN_STRUCK)


def weight_of(kind: str, value: float) -> float:
    """How severe it is (0–1) that so many people are dead, injured, missing, taken or displaced; never falling."""
    curve = _CURVES[kind]
    least, weight = curve[0]
    if value < least:
        return weight * 0.9
    for (low, at_low), (high, at_high) in pairwise(curve):
        if value < high:
            return at_low + (at_high - at_low) * math.log(value / low) / math.log(high / low)
    return curve[-1][1]
