"""Where the first reader is not sure: the ranges of its log-odds in which asking the second is worth its price.

Chosen on headlines as they come, read ones too: of those that nobody has read the hard ones are gone.
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from scoring.model import Floats

PRICE = 0.1  # turned tags that an asking must bring
BELOW = np.arange(-3.0, 0.1, 0.25)  # of the bar, in log-odds
ABOVE = np.arange(-0.5, 3.1, 0.25)
ROUNDS = 4  # of looking at one category after the other


def ranges(odds: Floats, turned: NDArray[np.bool_], bars: Floats) -> tuple[Floats, Floats]:
    """Least and most of each category, (5,) each, between which a text is put before the second reader. `odds` (n, 5)
    are the first reader's own, `turned` the tags that the second would turn, `bars` (5,) what a tag needs."""
    least, most = bars - 1.0, bars + 1.0
    for _ in range(ROUNDS):
        for i in range(len(bars)):
            others = _inside(np.delete(odds, i, 1), np.delete(least, i), np.delete(most, i)).any(axis=1)
            column = odds[:, i] - bars[i]
            below, above = max(
                product(BELOW.tolist(), ABOVE.tolist()),
                key=lambda pair: _worth(others | ((column > pair[0]) & (column < pair[1])), turned),
            )
            least[i], most[i] = bars[i] + below, bars[i] + above
    return least.astype(np.float32), most.astype(np.float32)


def _inside(odds: Floats, least: Floats, most: Floats) -> NDArray[np.bool_]:
    return np.asarray((odds > least) & (odds < most))


def _worth(asked: NDArray[np.bool_], turned: NDArray[np.bool_]) -> float:
    return float(turned[asked].sum() - PRICE * asked.sum())
