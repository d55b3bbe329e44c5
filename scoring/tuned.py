"""The tuned encoder: the sentence encoder's convolutions after learning from labelled text, in numpy.

Three branches look at windows of two, three and five tokens, each through two layers; what they see is pooled twice:
into the vector of likeness, as the encoder was made for, and into the features that tell kinds of risk apart.

What a token adds to the first layer depends on the token alone, so it is computed when the token is first met and kept.
The second layers are kept as products of two thin matrices (`thin`): a fifth of the multiplications remains. Rows never
depend on the company a text is read in.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.encoder import DIMENSIONS, Encoded
from scoring.tokens import Vocabulary, vocabulary

NAME = "use-multilingual-3-tuned"
CHANNELS = 256  # of a branch
ORDERS = ((2, 0), (3, 1), (5, 2))  # of each branch: tokens in its window, and how many of them lie to the left
BUDGET = 384  # tokens that go through the layers together: their rows fit the cache
KEPT = 12_288  # tokens whose share is remembered, 164 MB; a day of news in two languages holds about 12,000
RANK = 96  # of the second layers; from 256 down to it nothing is lost on real headlines (average precision ±0.002)
HEAD = ("pool", "pool_bias", "d0", "d1", "d2", "d3", "p1", "p3")  # of what is pooled; there are two heads
PREFIX, SCALE = "encoder.", "scale."  # of the names under which weights are stored
EPS = 1e-12

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]


def thin(weights: Weights, rank: int = RANK) -> Weights:
    """Second layers as learnt, (size · 256, 256), in two factors: `wide{b}` (256, size · rank) and `narrow{b}`,
    (rank, 256); the nearest such product. Block i of `wide` belongs to the i-th token of the window.
    """
    found = {key: value for key, value in weights.items() if not key.startswith("second") or "bias" in key}
    for branch, (size, _) in enumerate(ORDERS):
        left, values, right = np.linalg.svd(weights[f"second{branch}"], full_matrices=False)
        blocks = (left[:, :rank] * values[:rank]).reshape(size, CHANNELS, rank)
        found[f"wide{branch}"] = np.ascontiguousarray(blocks.transpose(1, 0, 2).reshape(CHANNELS, size * rank))
        found[f"narrow{branch}"] = np.ascontiguousarray(right[:rank])
    return found


def packed(weights: Weights) -> dict[str, NDArray[Any]]:
    """Ready for storing: matrices in eight bits with one scale a column, vectors as they are."""
    found: dict[str, NDArray[Any]] = {}
    for key, value in weights.items():
        if value.ndim == 2:
            scale = np.maximum(np.abs(value).max(axis=0), 1e-9) / 127.0
            found[PREFIX + key] = np.rint(value / scale).astype(np.int8)
            found[SCALE + key] = scale.astype(np.float32)
        else:
            found[PREFIX + key] = value.astype(np.float32)
    return found


def unpacked(stored: Mapping[str, NDArray[Any]]) -> Weights:
    """What `packed` made, as numbers again; KeyError when parts are missing."""
    keys = [key.removeprefix(PREFIX) for key in stored if key.startswith(PREFIX)]
    return {
        key: stored[PREFIX + key] * stored[SCALE + key] if stored[PREFIX + key].ndim == 2 else stored[PREFIX + key]
        for key in keys
    }


class _Batch(NamedTuple):
    """Tokens of several texts laid end to end: row of each token's share, where texts start, how long they are."""

    tokens: NDArray[np.int64]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]


class TunedEncoder:
    """Text → likeness (n, 512) and features (n, width)."""

    name = NAME
    dense = 120

    def __init__(self, weights: Weights, words: Vocabulary | None = None) -> None:
        self._w = {key: np.ascontiguousarray(value, dtype=np.float32) for key, value in weights.items()}
        self._words = words
        self._shares: _Shares | None = None
        self.width = int(self._w["kind_p3"].shape[1])

    @property
    def weights(self) -> Weights:
        """What was learnt."""
        return self._w

    def stored(self) -> dict[str, NDArray[Any]]:
        """Everything that `unpacked` needs."""
        return packed(self._w)

    def read(self, texts: Sequence[str]) -> Encoded:
        """About 0.02 ms a token on one core. The first call loads 32 MB."""
        if not texts:
            return Encoded(_zeros(0, DIMENSIONS), _zeros(0, self.width))
        if self._shares is None:
            self._words = self._words or vocabulary()
            self._shares = _Shares(self._w, self._words)
        assert self._words is not None
        batches = [_batch(group) for group in _groups(map(self._words.tokens, texts))]
        total = np.concatenate([self._pooled(batch) for batch in batches])
        lengths = np.concatenate([batch.lengths for batch in batches])
        like = self._head("like_", total, lengths)
        like /= np.maximum(np.linalg.norm(like, axis=1, keepdims=True), EPS)
        return Encoded(like, self._head("kind_", total, lengths))

    def _pooled(self, batch: _Batch) -> Floats:
        """What is seen at each token (its own vector and the second layers), normalised and summed, (texts, 1280).

        Only the sums are wanted, so the rows are not normalised one by one: each counts by its deviation.
        """
        assert self._shares is not None
        w, own, layers = self._w, self._shares.vectors(batch.tokens), self._layers(batch)
        width = own.shape[1] + layers.shape[1]
        middle = (own.sum(axis=1) + layers.sum(axis=1)) / width
        squares = np.einsum("ij,ij->i", own, own) + np.einsum("ij,ij->i", layers, layers)
        pace = 1.0 / np.sqrt(squares / width - middle * middle + EPS)
        total = np.empty((len(batch.starts), width), dtype=np.float32)
        for row, (start, length) in enumerate(zip(batch.starts.tolist(), batch.lengths.tolist(), strict=True)):
            part = slice(start, start + length)
            total[row, :DIMENSIONS], total[row, DIMENSIONS:] = pace[part] @ own[part], pace[part] @ layers[part]
        total -= np.add.reduceat(pace * middle, batch.starts)[:, None]
        return np.asarray(total * w["norm"] + batch.lengths[:, None] * w["norm_bias"], dtype=np.float32)

    def _layers(self, batch: _Batch) -> Floats:
        """The branches' second layers side by side, (tokens, 768)."""
        assert self._shares is not None
        w, shares = self._w, self._shares.rows(batch.tokens)
        layers = np.empty((len(batch.tokens), CHANNELS * len(ORDERS)), dtype=np.float32)
        for branch, (size, left) in enumerate(ORDERS):
            window = _window(batch, size, left)
            inside = _first_layer(shares, branch, window, w[f"first_bias{branch}"])
            layer = _over(inside @ w[f"wide{branch}"], window) @ w[f"narrow{branch}"]
            layer += w[f"second_bias{branch}"]
            np.maximum(layer, 0, out=layer)
            np.add(layer, inside, out=layers[:, branch * CHANNELS : (branch + 1) * CHANNELS])
        return layers

    def _head(self, prefix: str, total: Floats, counts: NDArray[np.int64]) -> Floats:
        """The sum of what is seen in each text, and how many tokens it has → 512 numbers between -1 and 1."""
        w, lengths = {key: self._w[prefix + key] for key in HEAD}, counts.astype(np.float32)[:, None]
        pooled = (total @ w["pool"] + lengths * w["pool_bias"]) / np.sqrt(lengths)
        one = np.maximum(pooled @ w["p1"] + np.maximum(pooled @ w["d0"], 0) @ w["d1"], 0)
        return np.asarray(np.tanh(one @ w["p3"] + np.maximum(one @ w["d2"], 0) @ w["d3"]), dtype=np.float32)


class _Shares:
    """What tokens add to the first layers, remembered by token.

    A row holds the projections of all branches, (768,), then for each branch what the token adds to the layer at each
    place of the window, (2 + 3 + 5) x 256 numbers. The last row is nought: it stands outside a text.
    """

    def __init__(self, weights: Weights, words: Vocabulary) -> None:
        self._w, self._words = weights, words
        self._width = CHANNELS * (len(ORDERS) + sum(size for size, _ in ORDERS))
        self._kept = KEPT
        self._rows = np.zeros((self._kept + 1, self._width), dtype=np.float32)
        self._row_of: dict[int, int] = {}

    def vectors(self, tokens: NDArray[np.int64]) -> Floats:
        """The tokens' own vectors, (n, 512)."""
        return self._words.vectors(tokens)

    def rows(self, tokens: NDArray[np.int64]) -> Floats:
        """The shares of n tokens and of "nothing" after them, (n + 1, width)."""
        wanted = tokens.tolist()
        missing = [token for token in dict.fromkeys(wanted) if token not in self._row_of]
        if missing:
            self._learn(missing, wanted)
        places = [self._row_of[token] for token in wanted]
        return np.asarray(self._rows[[*places, self._kept]])

    def _learn(self, missing: list[int], wanted: list[int]) -> None:
        if len(self._row_of) + len(missing) > self._kept:  # rare: forget all, and learn what is wanted now
            self._row_of.clear()
            missing = list(dict.fromkeys(wanted))
        first = len(self._row_of)
        self._rows[first : first + len(missing)] = self._share(np.array(missing, dtype=np.int64))
        self._row_of.update({token: first + i for i, token in enumerate(missing)})

    def _share(self, tokens: NDArray[np.int64]) -> Floats:
        w = self._w
        projected = self._words.vectors(tokens) @ w["project"] + w["project_bias"]
        projected = _normalised(projected, w["project_norm"], w["project_norm_bias"])
        parts = [projected]
        for branch, (size, _) in enumerate(ORDERS):
            own = projected[:, branch * CHANNELS : (branch + 1) * CHANNELS]
            parts += [own @ w[f"first{branch}"][i * CHANNELS : (i + 1) * CHANNELS] for i in range(size)]
        return np.concatenate(parts, axis=1)


def _groups(texts: Iterable[list[int]]) -> Iterator[list[list[int]]]:
    """Texts in order, as many together as the budget holds, but at least one."""
    group: list[list[int]] = []
    count = 0
    for tokens in texts:
        if group and count + len(tokens) > BUDGET:
            yield group
            group, count = [], 0
        group.append(tokens)
        count += len(tokens)
    yield group


def _batch(group: list[list[int]]) -> _Batch:
    lengths = np.fromiter(map(len, group), dtype=np.int64, count=len(group))
    starts = np.zeros(len(group), dtype=np.int64)
    np.cumsum(lengths[:-1], out=starts[1:])
    return _Batch(np.fromiter(chain.from_iterable(group), dtype=np.int64), starts, lengths)


def _window(batch: _Batch, size: int, left: int) -> NDArray[np.int64]:
    """Which tokens stand in the window of each token, (tokens, size); one past the last token outside its text."""
    count = len(batch.tokens)
    places = np.arange(count)[:, None] + np.arange(-left, size - left)
    begin = np.repeat(batch.starts, batch.lengths)[:, None]
    end = np.repeat(batch.starts + batch.lengths, batch.lengths)[:, None]
    return np.where((places >= begin) & (places < end), places, count)


def _first_layer(shares: Floats, branch: int, window: NDArray[np.int64], bias: Floats) -> Floats:
    """The sum of what the window's tokens add, through the rectifier, beside the token's own projection."""
    at = CHANNELS * (len(ORDERS) + sum(size for size, _ in ORDERS[:branch]))
    total = shares[window[:, 0], at : at + CHANNELS] + bias
    for i in range(1, window.shape[1]):
        total += shares[window[:, i], at + i * CHANNELS : at + (i + 1) * CHANNELS]
    np.maximum(total, 0, out=total)
    total += shares[:-1, branch * CHANNELS : (branch + 1) * CHANNELS]
    return total


def _over(parts: Floats, window: NDArray[np.int64]) -> Floats:
    """Each token's window summed: block i of the row of its i-th token, nothing for one outside the text."""
    width = parts.shape[1] // window.shape[1]
    padded = np.vstack([parts, _zeros(1, parts.shape[1])])
    total = padded[window[:, 0], :width]
    for i in range(1, window.shape[1]):
        total += padded[window[:, i], i * width : (i + 1) * width]
    return total


def _normalised(rows: Floats, scale: Floats, bias: Floats) -> Floats:
    """Each row with mean 0 and deviation 1, then scaled; in place."""
    rows -= rows.mean(axis=1, keepdims=True)
    deviation = np.sqrt(np.einsum("ij,ij->i", rows, rows) / rows.shape[1] + EPS)
    rows /= deviation[:, None]
    rows *= scale
    rows += bias
    return rows


def _zeros(*shape: int) -> Any:
    return np.zeros(shape, dtype=np.float32)
