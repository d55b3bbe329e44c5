"""Raw scores → probabilities that mean what they say, and the bars at which a category is held or left open."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from scoring.model import ANY, Calibration, Floats, sigmoid

LEAST_ROWS = 250  # of a language, and
LEAST_POSITIVES = 40  # of each category in it, before it gets a calibration of its own
OPEN = 0.6  # what reaches this part of the bar goes to a person


def calibrate(scores: Floats, labels: NDArray[np.bool_], languages: Sequence[str]) -> dict[str, Calibration]:
    """Platt's calibration and the bars of best F1, by language where there is enough text; ANY for the rest.

    `scores` (n, 5) must come from models that did not see the row.
    """
    spoken = np.array(languages)
    fits = {ANY: _fit(scores, labels)}
    for key in sorted(set(languages) - {ANY}):
        rows = spoken == key
        if rows.sum() >= LEAST_ROWS and labels[rows].sum(axis=0).min() >= LEAST_POSITIVES:
            fits[key] = _fit(scores[rows], labels[rows])
    return fits


def _fit(scores: Floats, labels: NDArray[np.bool_]) -> Calibration:
    columns = [_column(scores[:, i], labels[:, i]) for i in range(labels.shape[1])]
    return Calibration(*(np.array(part, dtype=np.float32) for part in zip(*columns, strict=True)))


def _column(scores: Floats, wanted: NDArray[np.bool_]) -> tuple[float, float, float, float]:
    platt = LogisticRegression(C=1e3, random_state=0).fit(scores[:, None], wanted)
    slope, offset = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    high = best_bar(sigmoid(slope * scores + offset), wanted)
    return slope, offset, high, OPEN * high


def best_bar(probabilities: Floats, wanted: NDArray[np.bool_]) -> float:
    """The bar between 0.15 and 0.85 with the best F1; the middle one of equals."""
    bars = np.arange(0.15, 0.86, 0.01)
    held = probabilities[None, :] >= bars[:, None]
    hits = (held & wanted).sum(axis=1)
    f1 = 2 * hits / np.maximum(held.sum(axis=1) + wanted.sum(), 1)
    best = np.flatnonzero(f1 >= f1.max() - 1e-9)
    return float(bars[best[len(best) // 2]])
