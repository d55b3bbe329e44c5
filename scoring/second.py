"""The second reader: a small transformer that is asked where the first one is not sure.

The tuned convolutions (`scoring.tuned`) read every text in about a millisecond and know most of them surely; what is
left is where a transformer reads better, and it takes several times as long. Whether a text is sure is told by the
first reader's features alone, so the answer is the same in any company and however the linear model is revised later.

The transformer is the lower part of multilingual-e5-small, tuned on the same lessons (`scoring.tuning.transformer`),
in eight bits, run by onnxruntime one text at a time: its scale of numbers is that of a whole batch.
"""

import logging
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.encoder import Encoded
from scoring.pieces import BEGIN, END, Pieces, PiecesError, pieces
from scoring.tuned import NAME as FIRST
from scoring.tuned import Floats, TunedEncoder, packed, unpacked

NAME = f"{FIRST}+e5-small-tuned"  # what stands before the sign made the vectors of likeness
TITLE = 80  # pieces of the title that are read
LONGEST = 64  # pieces of title and lede together, with begin and end, unless the title alone is longer
LETTERS = 6  # of a piece, at most on the whole: what lies behind need not be cut
UNIT = 8.0  # log-odds are handed on in eights: features of the first reader lie between -1 and 1
log = logging.getLogger(__name__)
GATE, GRAPH = "gate.", "graph"  # what is stored besides the first reader's layers


class SecondReader:
    """Texts → log-odds (n, C) of a transformer stored as an ONNX graph: vectors of pieces (t, 384) → (1, C)."""

    def __init__(self, graph: bytes) -> None:
        self._graph = graph

    def read(self, texts: Sequence[str]) -> Floats:
        """Some 2 ms a text on one core. The first call loads about 120 MB. PiecesError without its packages."""
        return np.concatenate([self._one(text) for text in texts])

    def _one(self, text: str) -> Floats:
        words = pieces()
        vectors = words.vectors(np.array(numbered(text, words), dtype=np.int64))
        (scores,) = self._session.run(None, {"x": vectors})
        return np.asarray(scores, dtype=np.float32)

    @cached_property
    def _session(self) -> Any:
        return opened_graph(self._graph)


def opened_graph(graph: bytes) -> Any:
    """An ONNX graph, ready to run on one core. PiecesError without onnxruntime."""
    try:
        import onnxruntime  # noqa: PLC0415 -- 80 ms and 12 MB that only its readers pay
    except ImportError as error:
        raise PiecesError("The package onnxruntime is not installed: run `pip install onnxruntime`.") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def numbered(text: str, words: Pieces, longest: int = LONGEST) -> list[int]:
    """A text as its pieces' numbers: begin, title, end, and where there is a lede, behind the first line: lede, end."""
    title, _, lede = text.partition("\n")
    found = [BEGIN, *words.cut(title)[:TITLE], END]
    room = longest - len(found) - 1
    rest = words.cut(lede[: room * LETTERS])[:room] if lede and room > 0 else []
    return [*found, *rest, END] if rest else found


class Gate(NamedTuple):
    """What the first reader says by itself, and where it is not sure."""

    weights: Floats  # (first.width, C)
    bias: Floats  # (C,)
    least: Floats  # (5,), log-odds of each category between which it is not sure
    most: Floats  # (5,)


class TwoReaders:
    """Likeness by the first reader; its features, beside them by how much the second differs, where it is asked."""

    name = NAME
    dense = 120

    def __init__(self, first: TunedEncoder, graph: bytes, gate: Gate) -> None:
        self.first, self.graph, self.gate = first, graph, gate
        self._second: SecondReader | None = SecondReader(graph)
        self.width = first.width + len(gate.bias) + 1

    def read(self, texts: Sequence[str]) -> Encoded:
        """Features: the first reader's; for each column by how much the second's log-odds are above the first's, in
        eights; whether the second was asked. Noughts where it was not."""
        found = self.first.read(texts)
        features = np.zeros((len(texts), self.width), dtype=np.float32)
        features[:, : self.first.width] = found.features
        odds = found.features @ self.gate.weights + self.gate.bias
        asked = np.flatnonzero(self._unsure(odds)).tolist()
        other = self._other([texts[i] for i in asked])
        if other is not None:
            features[asked, self.first.width : -1] = (other - odds[asked]) / UNIT
            features[asked, -1] = 1.0
        return Encoded(found.vectors, features)

    def _other(self, texts: Sequence[str]) -> Floats | None:
        """What the second reader says of these; None for none, and where it cannot read."""
        if not texts or self._second is None:
            return None
        try:
            return self._second.read(texts)
        except PiecesError as error:
            log.warning("The second reader is missing, the first reads alone and a little worse: %s", error)
            self._second = None
            return None

    def _unsure(self, odds: Floats) -> NDArray[np.bool_]:
        """Which of n texts the first reader is not sure of, (n,)."""
        categories = odds[:, : len(self.gate.least)]
        return np.asarray(((categories > self.gate.least) & (categories < self.gate.most)).any(axis=1))

    def stored(self) -> dict[str, NDArray[Any]]:
        """Everything that `restored` needs."""
        gate = {GATE + key: part for key, part in self.gate._asdict().items()}
        return {**packed(self.first.weights), **gate, GRAPH: np.frombuffer(self.graph, dtype=np.uint8)}


def restored(stored: Mapping[str, NDArray[Any]]) -> TwoReaders:
    """What was stored, as readers again; KeyError when parts are missing."""
    gate = Gate(*(stored[GATE + key].astype(np.float32) for key in Gate._fields))
    return TwoReaders(TunedEncoder(unpacked(stored)), stored[GRAPH].tobytes(), gate)
