"""Which words carried a category: the linear model's own weights, put back onto the places they were read from."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.assessment import Reason, ReasonKind
from scoring.category import CATEGORIES, Category
from scoring.features import TITLE_WEIGHT, Gram, Text, bucket, grams, read_of
from scoring.model import Floats, Model
from scoring.words import mostly_dense, normalise

SPANS = 3
LEAST = 0.08  # of the raw score; weaker words are no reason
LONGEST = 40  # characters of a span
PAIR = 0.85  # what each further word of a span must make up for


class _Reading(NamedTuple):
    """Title and lede in one, where each gram stands in it, and what it added to each column, shape (n, columns)."""

    whole: str
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    added: Floats


class _Span(NamedTuple):
    worth: float  # by which spans are ranked
    weight: float
    start: int
    end: int


def explain(text: Text, model: Model, categories: Sequence[Category]) -> tuple[Reason, ...]:
    """The one to three spans that spoke most for each category, verbatim, in the order of their rank.

    `weight` is what the span added to the raw score. Where no word did, one reason without words says that the
    meaning of the whole carried it.
    """
    if not categories:
        return ()
    reading = _read(text, model, [CATEGORIES.index(category) for category in categories])
    reasons: list[Reason] = []
    for i, category in enumerate(categories):
        spans = _best(reading, reading.added[:, i])
        reasons += [_reason(category, reading.whole[span.start : span.end], span.weight) for span in spans]
        if not spans:
            reasons.append(Reason(ReasonKind.CATEGORY, "category.meaning", category.value))
    return tuple(reasons)


def _reason(category: Category, words: str, weight: float) -> Reason:
    return Reason(ReasonKind.CATEGORY, "category.words", category.value, words, round(weight, 3))


def _read(text: Text, model: Model, columns: list[int]) -> _Reading:
    lede = read_of(text.lede)
    offset = len(text.title) + 1
    found = [(gram.start + offset, gram.end + offset, bucket(gram.key), gram.weight) for gram in _placed(lede)]
    found += [(gram.start, gram.end, bucket(gram.key), gram.weight * TITLE_WEIGHT) for gram in _placed(text.title)]
    starts, ends, buckets = (np.array([row[i] for row in found], dtype=np.int64) for i in range(3))
    worn = {row[2]: row[3] for row in found}  # a word of title and lede is one feature, worth its place in the title
    norm = (1.0 + sum(weight * weight for weight in worn.values())) ** -0.5
    values = np.array([row[3] * norm for row in found], dtype=np.float32)
    weights = model.words[buckets][:, columns] * model.scale[columns]
    return _Reading(f"{text.title}\n{lede}", starts, ends, np.asarray(weights * values[:, None], dtype=np.float32))


def _placed(part: str) -> Iterator[Gram]:
    """The grams of a text with their places in it as it was written, also where folding changed its length."""
    folded = normalise(part)
    if len(folded) == len(part):
        yield from grams(folded)
        return
    pieces = [normalise(character) for character in part]
    places = [i for i, piece in enumerate(pieces) for _ in piece]
    for gram in grams("".join(pieces)):
        yield gram._replace(start=places[gram.start], end=places[gram.end - 1] + 1)


def _best(reading: _Reading, added: Floats) -> list[_Span]:
    """The heaviest spans that do not overlap. A span is worth the shares of all grams that lie on its characters."""
    lengths = reading.ends - reading.starts
    share = added / np.maximum(lengths, 1)
    size = len(reading.whole) + 1
    steps = np.bincount(reading.starts, share, size) - np.bincount(reading.ends, share, size)
    sums = np.concatenate([[0.0], np.cumsum(np.cumsum(steps))])
    weights = sums[reading.ends] - sums[reading.starts]
    heavy = np.flatnonzero((weights >= LEAST) & (lengths <= LONGEST))
    places = {(int(reading.starts[i]), int(reading.ends[i])): float(weights[i]) for i in heavy}
    chosen: list[_Span] = []
    for span in sorted((_span(reading.whole, *place, weight) for place, weight in places.items()), reverse=True):
        if len(chosen) < SPANS and not any(one.start < span.end and span.start < one.end for one in chosen):
            chosen.append(span)
    return chosen


def _span(whole: str, start: int, end: int, weight: float) -> _Span:
    """Ranked by weight, but no longer than need be: a neighbour must carry something itself to be taken in."""
    words = whole[start:end]
    worth = weight / len(words) ** 0.5 if mostly_dense(words) else weight * PAIR ** words.count(" ")
    return _Span(worth, weight, start, end)
