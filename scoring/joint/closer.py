"""The closer look: a small transformer that reads two entries together and says whether they tell of one happening.

Features say most pairs surely; what lies between is asked here: outlets that share no word, or nearly all of them. The
transformer is the lower part of multilingual-e5-small, tuned on pairs (`scoring.tuning.closer`), in eight bits, run by
onnxruntime one pair at a time.
"""

import logging
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from scoring.pieces import PiecesError, pieces
from scoring.second import numbered, opened_graph

FILE = Path(__file__).with_name("closer.npz")
MOST = 28  # pieces of an entry that are read, its title first
KEPT = 4096  # entries whose pieces are remembered, about 1 kB each
Floats = NDArray[np.float32]
log = logging.getLogger(__name__)


class Closer:
    """Two texts → log-odds that they tell of one happening. `second` (384,) is added to the pieces of the second."""

    def __init__(self, graph: bytes, second: Floats) -> None:
        self.graph, self.second = graph, second
        self._mute = False

    def odds(self, pairs: Sequence[tuple[str, str]]) -> list[float] | None:
        """Some 3 ms a pair on one core, (n,); a text is a title, or title, line end, lede. None where the packages of
        the second reader are missing: whoever asks goes on without."""
        if self._mute or not pairs:
            return None
        try:
            return [self._one(*pair) for pair in pairs]
        except PiecesError as error:
            log.warning("Joining goes on without its closer look, and a little worse: %s", error)
            self._mute = True
            return None

    def _one(self, one: str, other: str) -> float:
        first, second = _kept(one), _kept(other)
        vectors = pieces().vectors(np.array(in_a_row(first, second), dtype=np.int64))
        vectors[len(first) :] += self.second
        (score,) = self._session.run(None, {"x": vectors})
        return float(score[0, 0])

    @cached_property
    def _session(self) -> Any:
        return opened_graph(self.graph)


def shown(text: str, most: int = MOST) -> list[int]:
    """The pieces of a text that are read, its title first."""
    return numbered(text, pieces())[:most]


_kept = lru_cache(KEPT)(shown)


def in_a_row(one: Sequence[int], other: Sequence[int]) -> list[int]:
    """Two texts as one row of pieces: the second without its beginning."""
    return [*one, *other[1:]]


@cache
def load() -> Closer | None:
    """The shipped closer look, read once; None, and a line in the log, where its file is missing or damaged."""
    try:
        with np.load(BytesIO(FILE.read_bytes()), allow_pickle=False) as stored:
            return Closer(stored["graph"].tobytes(), stored["second"].astype(np.float32))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        log.warning(
            "The closer look of joining cannot be read, joining goes on without it (%s). "
            "Install watchfire anew, or run python -m scoring.tuning.closer.",
            error,
        )
        return None
