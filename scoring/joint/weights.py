"""What was learnt of joining: trees over the pair's features, the bar, how rare words are. Data, made by `train`."""

import json
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from scoring.joint.pair import NAMES
from scoring.joint.traits import Rarity
from scoring.joint.trees import Floats, Trees, unpacked

FOLDER = Path(__file__).parent
WEIGHTS = FOLDER / "weights.json"
TABLES = FOLDER / "tables.npz"
SHARE = 0.7  # of the trees in a pair's log-odds; the rest is the straight line's
LIMIT = 8.0  # of log-odds: nothing says more


class JointError(Exception):
    """The learnt weights are missing or are not those of this code; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Joint:
    """`weights` (len(NAMES),) with `bias`, and `trees`, each give a pair's log-odds; `bar` is what an event must reach;
    `axes` (512, 64) turn a vector into the short one by which candidates are found."""

    weights: Floats
    bias: float
    trees: Trees
    bar: float
    rarity: Rarity
    axes: Floats

    def odds(self, rows: Floats) -> Floats:
        """Log-odds of each row of features, (n,). The trees know headlines of outlets best; the straight line, learnt
        from told happenings alone, knows those that were written to be confused, and has its share."""
        straight = np.clip(rows @ self.weights + self.bias, -LIMIT, LIMIT)
        return np.asarray(SHARE * self.trees.odds(rows) + (1 - SHARE) * straight, dtype=np.float32)


@cache
def load() -> Joint:
    """The shipped weights, read once. JointError when they cannot be used."""
    try:
        said = json.loads(WEIGHTS.read_text(encoding="utf-8"))
        with np.load(BytesIO(TABLES.read_bytes()), allow_pickle=False) as stored:
            counts, texts, axes = stored["counts"], int(stored["texts"]), stored["axes"].astype(np.float32)
            trees = unpacked(stored)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise JointError(
            f"The weights of joining cannot be read ({error}). Run python -m scoring.joint.train."
        ) from error
    if tuple(said["weights"]) != NAMES:
        raise JointError("The weights of joining are for other features. Run python -m scoring.joint.train.")
    weights = np.array(list(said["weights"].values()), dtype=np.float32)
    return Joint(weights, float(said["bias"]), trees, float(said["bar"]), Rarity(counts, texts), axes)
