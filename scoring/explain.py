"""Which words carried a category: the linear model's own weights, put back onto the places they were read from."""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from scoring.assessment import Reason, ReasonKind
from scoring.category import CATEGORIES, Category
from scoring.features import LEDE, TITLE_WEIGHT, Gram, Text, bag, bucket, grams
from scoring.model import Floats, Model
from scoring.words import normalise

SPANS = 3
LEAST = 0.08  # of the raw score; weaker words are no reason
LONGEST = 40  # characters of a span


class _Span(NamedTuple):
    weight: float
    field: int
    start: int
    end: int


def explain(text: Text, model: Model, categories: Sequence[Category]) -> tuple[Reason, ...]:
    """The one to three spans that spoke most for each category, verbatim, in the order of their weight.

    `weight` is what the span added to the raw score. Where no word did, one reason without words says that the
    meaning of the whole carried it.
    """
    if not categories:
        return ()
    columns = [CATEGORIES.index(category) for category in categories]
    fields, found, added = _read(text, model, columns)
    reasons: list[Reason] = []
    for i, category in enumerate(categories):
        spans = _best(fields, found, added[:, i])
        reasons += [_reason(category, fields[span.field][span.start : span.end], span.weight) for span in spans]
        if not spans:
            reasons.append(Reason(ReasonKind.CATEGORY, "category.meaning", category.value))
    return tuple(reasons)


def _reason(category: Category, words: str, weight: float) -> Reason:
    return Reason(ReasonKind.CATEGORY, "category.words", category.value, words, round(weight, 3))


def _read(text: Text, model: Model, columns: list[int]) -> tuple[tuple[str, str], list[tuple[int, Gram]], Floats]:
    """The fields read, every gram with its field (0 title, 1 lede), and what each added to each column."""
    fields = (text.title, text.lede[:LEDE])
    found = [(field, gram) for field, part in enumerate(fields) for gram in _placed(part)]
    if not found:
        return fields, found, np.zeros((0, len(columns)), dtype=np.float32)
    values = bag(text)
    buckets = [bucket(gram.key) for _, gram in found]
    shares = np.array([values.get(index, 0.0) for index in buckets], dtype=np.float32)
    # A word of title and lede is one feature: its lede copy is worth what its weight there would have been.
    fades = np.array([1.0 if field == 0 else 1.0 / TITLE_WEIGHT for field, _ in found], dtype=np.float32)
    weights = model.words[buckets][:, columns] * model.scale[columns]
    return fields, found, np.asarray(weights * (shares * fades)[:, None], dtype=np.float32)


def _placed(part: str) -> Iterator[Gram]:
    """The grams of a text with their places in it as it was written, also where folding changed its length."""
    folded = normalise(part)
    if len(folded) == len(part):
        yield from grams(folded)
        return
    pieces = [normalise(character) for character in part]
    places = [i for i, piece in enumerate(pieces) for _ in piece]
    for gram in grams("".join(pieces)):
        yield Gram(gram.key, places[gram.start], places[gram.end - 1] + 1)


def _best(fields: Sequence[str], found: Sequence[tuple[int, Gram]], added: Floats) -> list[_Span]:
    """The heaviest spans that do not overlap. A span is worth the shares of all grams that lie on its characters."""
    sums = [_running(fields[field], field, found, added) for field in range(len(fields))]
    spans = {(field, gram.start, gram.end) for field, gram in found if gram.end - gram.start <= LONGEST}
    ranked = sorted((_Span(sums[f][end] - sums[f][start], f, start, end) for f, start, end in spans), reverse=True)
    chosen: list[_Span] = []
    for span in ranked:
        if span.weight < LEAST or len(chosen) == SPANS:
            break
        if not any(one.field == span.field and one.start < span.end and span.start < one.end for one in chosen):
            chosen.append(span)
    return chosen


def _running(part: str, field: int, found: Sequence[tuple[int, Gram]], added: Floats) -> list[float]:
    """Running sum over the characters of a field, each gram spread evenly over its own."""
    steps = [0.0] * (len(part) + 1)
    for (where, gram), weight in zip(found, added.tolist(), strict=True):
        if where == field and gram.end > gram.start:
            share = weight / (gram.end - gram.start)
            steps[gram.start] += share
            steps[gram.end] -= share
    return [0.0, *accumulate(accumulate(steps[:-1]))]
