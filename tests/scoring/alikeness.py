"""Is labelled text worth as much as its count says? Near copies and texts made from one template, found and named.

Texts are compared as sets of runs (pairs of words, triples of characters in scripts without blanks): all pairs of a
language at once, exactly, by one sparse product.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
from scipy import sparse

from scoring.locate_scan import scan
from scoring.sample import Sample
from scoring.words import normalise, units, words

COPY = 0.4  # of the runs of two whole texts in common: a near copy
TITLE_COPY = 0.5  # of two titles alone
SHAPE = 0.4  # of two texts without their names, places and numbers, in one file: a template
TITLE_SHAPE = 0.55  # of two such titles alone; what news says of earthquakes is alike up to 0.5
LEAST_RUNS = 5  # of a title or a skeleton, before it says anything
BLANK = "□"
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NAME = re.compile(r"(?<=[\w,;)»”\"’] )[A-ZÀ-ÖØ-ÞА-ЯЁĐ][\w’'-]*")


class Pair(NamedTuple):
    """Two samples that are too much alike, and which way."""

    what: str
    likeness: float
    first: Sample
    second: Sample

    def __str__(self) -> str:
        one, other = self.first, self.second
        return f"{self.what} {self.likeness:.2f}: {one.key} {one.text.title!r} / {other.key} {other.text.title!r}"


def near_copies(samples: Sequence[Sample]) -> list[Pair]:
    """Pairs of one language whose whole text, or whose title, is nearly the same."""
    found: list[Pair] = []
    for group in _by(samples, lambda sample: sample.text.language or ""):
        found += _pairs("copy", group, [_runs(f"{s.text.title}\n{s.text.lede}") for s in group], COPY)
        found += _pairs("title", group, [_runs(s.text.title) for s in group], TITLE_COPY)
    return found


def same_shapes(samples: Sequence[Sample]) -> list[Pair]:
    """Pairs of one file and language that are one template, filled twice."""
    found: list[Pair] = []
    for group in _by(samples, lambda sample: f"{sample.key.rpartition('-')[0]} {sample.text.language}"):
        titles = [skeleton(s.text.title, s.text.language) for s in group]
        wholes = [f"{title}\n{skeleton(s.text.lede, s.text.language)}" for title, s in zip(titles, group, strict=True)]
        found += _pairs("shape", group, [_runs(whole, 3) for whole in wholes], SHAPE)
        found += _pairs("title shape", group, [_runs(title) for title in titles], TITLE_SHAPE)
    return found


def skeleton(text: str, language: str | None) -> str:
    """The text with its numbers, places and names blanked; names only where a script has capitals."""
    return re.sub(f"{BLANK}(?:[ ,-]*{BLANK})*", BLANK, _blanked(text, language))


def _blanked(text: str, language: str | None) -> str:
    letters = list(text)
    spans = [(one.start, one.end) for one in scan(text, language).found]
    spans += [match.span() for pattern in (_NUMBER, _NAME) for match in pattern.finditer(text)]
    for start, end in spans:
        letters[start:end] = [BLANK] + [""] * (end - start - 1)
    return "".join(letters)


def _by(samples: Sequence[Sample], key: Callable[[Sample], str]) -> Iterator[list[Sample]]:
    for _, group in groupby(sorted(samples, key=key), key):
        yield list(group)


def _runs(text: str, size: int = 2) -> set[str]:
    found: list[str] = []
    dense = False
    for part in normalise(text).replace(BLANK, " 0 ").split("\n"):
        for word in words(part):
            dense = dense or word.dense
            found += units(word.key) if word.dense else [word.key]
    width = size + 1 if dense else size
    return {" ".join(found[i : i + width]) for i in range(len(found) - width + 1)}


def _pairs(what: str, group: Sequence[Sample], runs: Sequence[set[str]], bar: float) -> Iterator[Pair]:
    numbers: dict[str, int] = defaultdict(lambda: len(numbers))
    starts = np.cumsum([0, *map(len, runs)])
    columns = np.array([numbers[run] for row in runs for run in sorted(row)], dtype=np.int64)
    shape = (len(runs), max(len(numbers), 1))
    rows = sparse.csr_matrix((np.ones(len(columns), dtype=np.int32), columns, starts), shape=shape)
    shared = sparse.triu(rows @ rows.T, k=1).tocoo()
    for i, j, count in zip(shared.row, shared.col, shared.data, strict=True):
        likeness = count / (len(runs[i]) + len(runs[j]) - count)
        if likeness >= bar and min(len(runs[i]), len(runs[j])) >= LEAST_RUNS:
            yield Pair(what, float(likeness), group[i], group[j])
