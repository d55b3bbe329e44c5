"""Has what comes in changed? Two windows of assessments compared: scores, languages, sources.

The measure is the population stability index, PSI = Σ (now - before) · ln(now / before) over shares; by custom below
0.1 is steady and above 0.25 a change worth a look. Small windows differ by chance alone: of two samples of one
population PSI is about (1 / before + 1 / now) · χ² with a degree less than there are kinds; the point that this passes
one time in twenty is said beside it, and nothing below it is called a shift.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import NamedTuple

from scoring.category import CATEGORIES, Category

BINS = 10  # of probability, each a tenth wide
HALF = 0.5  # added to each count: a bin that is empty in one window is rare there, not impossible
SHIFTING, SHIFTED = 0.1, 0.25


class Window(NamedTuple):
    """What was assessed in a span of time, as counts."""

    scores: Mapping[Category, Sequence[int]]  # by category: entries in each tenth of probability
    languages: Mapping[str, int]
    sources: Mapping[str, int]


class Shift(NamedTuple):
    """How far a distribution moved. `chance`: what the index passes one time in twenty where nothing changed."""

    psi: float
    chance: float

    @property
    def state(self) -> str:
        """`steady`, `shifting` or `shifted`."""
        told = self.psi if self.psi > self.chance else 0.0
        return "shifted" if told > SHIFTED else "shifting" if told > SHIFTING else "steady"


@dataclass(frozen=True, slots=True)
class Drift:
    """What changed between two windows."""

    scores: Mapping[Category, Shift]
    languages: Shift
    sources: Shift


def drift(before: Window, now: Window) -> Drift:
    """Compare two windows; an empty one has not moved."""
    pairs = {key: (before.scores.get(key, ()), now.scores.get(key, ())) for key in CATEGORIES}
    return Drift(
        scores={key: shift(_numbered(first), _numbered(second)) for key, (first, second) in pairs.items()},
        languages=shift(before.languages, now.languages),
        sources=shift(before.sources, now.sources),
    )


def shift(before: Mapping[str, int], now: Mapping[str, int]) -> Shift:
    """The index of two counts over the same kinds of thing; 0 where either window holds nothing."""
    kinds = sorted(key for key in {*before, *now} if before.get(key) or now.get(key))
    first, second = sum(before.values()), sum(now.values())
    if not (first and second):
        return Shift(0.0, 0.0)
    shares = [
        [_share(counts.get(key, 0), total, len(kinds)) for key in kinds]
        for counts, total in ((before, first), (now, second))
    ]
    index = sum((b - a) * log(b / a) for a, b in zip(*shares, strict=True))
    return Shift(index, _chi_square(len(kinds) - 1) * (1 / first + 1 / second))


def tenths(probabilities: Iterable[float]) -> list[int]:
    """How many probabilities lie in each tenth, 1.0 in the last."""
    counts = Counter(min(int(p * BINS), BINS - 1) for p in probabilities)
    return [counts[i] for i in range(BINS)]


def _numbered(counts: Sequence[int]) -> dict[str, int]:
    return {str(i): count for i, count in enumerate(counts)}


def _share(count: int, total: int, kinds: int) -> float:
    return (count + HALF) / (total + HALF * kinds)


def _chi_square(freedom: int) -> float:
    """The 95 % point, by the approximation of Wilson and Hilferty."""
    part = 2 / (9 * freedom) if freedom else 0.0
    return freedom * (1 - part + 1.645 * sqrt(part)) ** 3
