"""Small trees whose answers add up: what a pair's features say together. Grown by `train`, asked here in numpy.

Each tree asks three questions, one after the other, and every answer leads on, so that all trees can be asked together:
question 0 leads to 1 or 2, these to 3 to 6, and those to eight values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

DEPTH = 3
QUESTIONS, VALUES = 2**DEPTH - 1, 2**DEPTH
Floats = NDArray[np.float32]
Bits = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Trees:
    """`asked` (7, n) is the feature of each tree's questions, `bars` (7, n) what a no lies under or at, `values` (n, 8)
    what is added; `base` is what they are added to."""

    asked: NDArray[np.int64]
    bars: Floats
    values: Floats
    base: float

    def odds(self, rows: Floats) -> Floats:
        """Log-odds of each row of features, (m,); about 5 µs a row and 100 trees."""
        count = self.asked.shape[1]
        columns = np.ascontiguousarray(rows.T)
        answers = columns.take(self.asked.ravel(), axis=0) > self.bars.ravel()[:, None]
        yes = answers.view(np.uint8).reshape(QUESTIONS, count, len(rows))
        second = _chosen(yes[0], yes[2], yes[1])
        third = _chosen(yes[0], _chosen(second, yes[6], yes[5]), _chosen(second, yes[4], yes[3]))
        value = ((yes[0] << 2) | (second << 1) | third) + VALUES * np.arange(count)[:, None]
        return np.asarray(self.values.take(value).sum(axis=0) + self.base, dtype=np.float32)

    def packed(self) -> dict[str, NDArray[Any]]:
        """Ready for storing."""
        base = np.array(self.base, dtype=np.float32)
        return {"asked": self.asked.astype(np.int16), "bars": self.bars, "values": self.values, "base": base}


def unpacked(stored: Mapping[str, NDArray[Any]]) -> Trees:
    """What `packed` made. KeyError when parts are missing, ValueError when they do not fit one another."""
    asked, bars, values = stored["asked"].astype(np.int64), stored["bars"], stored["values"]
    if asked.shape != bars.shape or asked.shape[:1] != (QUESTIONS,) or values.shape != (asked.shape[1], VALUES):
        raise ValueError("the trees have another shape")
    return Trees(asked, bars, values, float(stored["base"]))


def of_boosting(grown: Any) -> Trees:
    """The trees of a fitted `HistGradientBoostingClassifier` with `max_depth=3` and two classes.

    It tells its trees nowhere but in private parts: a public way out (pickle, ONNX) would bring its library to whoever
    only asks. Tests hold our answers against its own, so that another release that keeps them otherwise is told.
    """
    made = [_complete(rounds[0].nodes) for rounds in grown._predictors]
    asked, bars, values = (np.stack(part) for part in zip(*made, strict=True))
    base = float(np.ravel(grown._baseline_prediction)[0])
    asked, bars = np.ascontiguousarray(asked.T), np.ascontiguousarray(bars.T)
    return Trees(asked, bars.astype(np.float32), values.astype(np.float32), base)


def _chosen(which: Bits, yes: Bits, no: Bits) -> Bits:
    """Bit by bit: `yes` where `which` is 1, else `no`."""
    return no ^ (which & (no ^ yes))


def _complete(nodes: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """A tree with all its questions: where it ends early, both answers lead to the same value."""
    asked, bars = np.zeros(QUESTIONS, dtype=np.int64), np.full(QUESTIONS, np.inf)
    places = [0]
    for question in range(QUESTIONS):
        node = nodes[places[question]]
        if node["is_leaf"]:
            places += [places[question]] * 2
        else:
            asked[question], bars[question] = node["feature_idx"], node["num_threshold"]
            places += [int(node["left"]), int(node["right"])]
    return asked, bars, np.array([nodes[place]["value"] for place in places[QUESTIONS:]])
