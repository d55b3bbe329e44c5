"""Raw scores → probabilities that mean what they say, and the bars at which a category is held or left open."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from scoring.category import CATEGORIES, Category
from scoring.model import ANY, Calibration, Floats, sigmoid

LEAST_ROWS = 1000  # of a language, before it gets a calibration of its own
OPEN = 0.7  # what reaches this part of the bar goes to a person
FLAT = 0.01  # the curve of F-beta is flat at its top: its peak jumps with a handful of samples, its middle does not
CLEAR = 0.7  # a sub-type that is wrong misleads more than one that is missing
# How much more a missed entry costs than a false one: a warning desk would rather look twice than miss an attack.
MISS_COST = {
    Category.SECURITY: 2.0,
    Category.POLITICAL: 1.5,
    Category.LEGAL: 1.5,
    Category.FINANCIAL: 1.5,
    Category.REPUTATIONAL: 1.5,
}


def calibrate(scores: Floats, labels: NDArray[np.bool_], languages: Sequence[str]) -> dict[str, Calibration]:
    """Platt's calibration and the bars of best F-measure, by language where there is enough text; ANY for the rest.

    `scores` (n, 5) must come from models that did not see the row.
    """
    spoken = np.array(languages)
    fits = {ANY: _fit(scores, labels)}
    for key in sorted(set(languages) - {ANY}):
        rows = spoken == key
        if rows.sum() >= LEAST_ROWS:
            fits[key] = _fit(scores[rows], labels[rows])
    return fits


def _fit(scores: Floats, labels: NDArray[np.bool_]) -> Calibration:
    columns = [_column(scores[:, i], labels[:, i], MISS_COST[category]) for i, category in enumerate(CATEGORIES)]
    return Calibration(*(np.array(part, dtype=np.float32) for part in zip(*columns, strict=True)))


def _column(scores: Floats, wanted: NDArray[np.bool_], miss_cost: float) -> tuple[float, float, float, float]:
    platt = LogisticRegression(C=1e3, random_state=0).fit(scores[:, None], wanted)
    slope, offset = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    high = best_bar(sigmoid(slope * scores + offset), miss_cost)
    return slope, offset, high, OPEN * high


def best_bar(probabilities: Floats, miss_cost: float = 1.0) -> float:
    """The bar, 0.10 to 0.80, with the best F-beta that the probabilities lead one to expect, beta being `miss_cost`.

    Expected, not counted: with a few dozen rows of a category the counted one jumps from row to row, and bars set by it
    did worse on text of other hands (five sets of weights, two languages: by 0.005 on average).
    """
    ranked = np.sort(probabilities.astype(np.float64))[::-1]
    right, weight = np.cumsum(ranked), miss_cost**2
    expected = (1 + weight) * right / (np.arange(1, len(ranked) + 1) + weight * ranked.sum())
    return float(np.clip(ranked[int(expected.argmax())], 0.10, 0.80))


def clear_bars(scores: Floats, wanted: NDArray[np.bool_]) -> Floats:
    """For each sub-type the score from which it is clear: the bar of best F-beta, beta 0.7, shape (S,)."""
    bars = np.arange(-1.0, 2.01, 0.05)
    found = [_best(bars, scores[:, i], wanted[:, i], CLEAR) for i in range(scores.shape[1])]
    return np.array(found, dtype=np.float32)


def _best(bars: NDArray[np.float64], values: Floats, wanted: NDArray[np.bool_], beta: float) -> float:
    held = values[None, :] >= bars[:, None]
    weight = beta**2
    score = (1 + weight) * (held & wanted).sum(axis=1) / np.maximum(held.sum(axis=1) + weight * wanted.sum(), 1)
    best = np.flatnonzero(score >= score.max() * (1 - FLAT))
    return float(bars[best[len(best) // 2]])
