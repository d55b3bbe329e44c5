"""Is a candidate better than the model in use? Both read the same rows; what differs is drawn again a thousand times.

Two sets are read. On the fixed test set, which nothing learnt from, the candidate must not fall. On the corrections it
must gain, and there it is not read itself, for it has seen them: for each fifth of them a model is revised without
that fifth. Corrections that read nearly the same share a fold, or a copy of a row would answer for it.

The measure is F1. Where categories are held at low bars, a model that has learnt nothing but how often people say yes
gains by it too; so the gain must also stand above that of guessing as often. Of 111 lots of corrections with labels
dealt at random none was adopted so (three would be at 95 %).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from scoring.category import CATEGORIES
from scoring.model import Model, language
from scoring.revise import Lesson, learn, prepare
from scoring.sample import CORPUS, Sample, TrainingError, read_samples

DRAWS = 1000
SEED = 7
TAILS = (2.5, 97.5)  # percentiles: the interval of 95 %
SURE = (0.5, 99.5)  # of 99 %, above guessing: a house makes many candidates, and each is one more chance to be lucky
FOLDS = 5
NEAR = 0.8  # cosine from which two corrections share a fold; tellings of one happening lie at 0.66 (see scoring.same)
LEAST = 30  # corrections before the interval means anything
FALL = 0.01  # of macro-F1 on the fixed set, from which it is a fall whatever the interval
LEAST_ROWS = 20  # of a language, before it has lines of its own
BATCH = 64
ALL, MACRO = "all", "macro"

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison: F1 of both, what the candidate gains, and the 95 % interval of that."""

    set: str  # fixed | corrections
    language: str  # primary tag, or "all"
    category: str  # a category, or "macro"
    old: float
    fresh: float
    difference: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A code to be translated (`contest.better`, `few`, `no_gain`, `guessed`, `falls`), and the numbers for it."""

    code: str
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Contest:
    """The verdict and what it rests on. `beyond`: the gain on the corrections above that of guessing as
    often, with its 99 % interval."""

    better: bool
    sentence: Sentence
    rows: tuple[Line, ...]
    beyond: Line | None = None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def contest(
    old: Model,
    fresh: Model,
    fixed: Sequence[Sample],
    corrections: Sequence[Sample],
    corpus: Sequence[Sample] | None = None,
) -> Contest:
    """Hold a candidate against the model that it was revised from.

    `fixed`: rows of the fixed test set; `corpus`: what is replayed while learning (None: the shipped corpus). Only
    corrections that `old` has not learnt are judged. Takes about six times as long as the revision.
    """
    kept = [sample for sample in fixed if sample.fixed]
    rows = _lines(_Reading("fixed", kept, _held(old, kept), _held(fresh, kept)))
    judged = _corrected(old, corrections, _shipped() if corpus is None else corpus)
    rows += _lines(judged)
    beyond = _line(judged, ALL, MACRO, np.arange(len(judged.samples)), _above_guessing, SURE)
    sentence = _verdict(rows, beyond, len(judged.samples))
    return Contest(sentence.code == "contest.better", sentence, tuple(rows), beyond)


@dataclass(frozen=True)
class _Reading:
    """The same rows as two models hold them, (n, 5) each."""

    set: str
    samples: Sequence[Sample]
    old: Flags
    fresh: Flags

    @property
    def wanted(self) -> Flags:
        rows = [[category in sample.labels for category in CATEGORIES] for sample in self.samples]
        return np.array(rows, dtype=np.bool_).reshape(len(rows), len(CATEGORIES))


@cache
def _shipped() -> tuple[Sample, ...]:
    return tuple(read_samples(CORPUS))


def _held(model: Model, samples: Sequence[Sample]) -> Flags:
    parts = [model.predict([s.text for s in samples[i : i + BATCH]]).labels for i in range(0, len(samples), BATCH)]
    return np.concatenate([np.zeros((0, len(CATEGORIES)), dtype=np.bool_), *parts])


def _corrected(old: Model, corrections: Sequence[Sample], corpus: Sequence[Sample]) -> _Reading:
    """The corrections as `old` holds them, and as models revised without them do; none when none is new."""
    try:
        lesson = prepare(old, corrections, corpus)
    except TrainingError:
        none = np.zeros((0, len(CATEGORIES)), dtype=np.bool_)
        return _Reading("corrections", (), none, none)
    everything = np.arange(lesson.corrections)
    before, after = _judged(old, lesson, everything), np.zeros((lesson.corrections, len(CATEGORIES)), dtype=np.bool_)
    folds = _folds(lesson)
    for fold in np.unique(folds):
        outside = np.flatnonzero(folds == fold)
        after[outside] = _judged(learn(old, lesson, np.flatnonzero(folds != fold), {}), lesson, outside)
    return _Reading("corrections", lesson.samples, before, after)


def _judged(model: Model, lesson: Lesson, rows: NDArray[np.int64]) -> Flags:
    spoken = [language(lesson.samples[i].text) for i in rows.tolist()]
    return model.judge(lesson.scores(model, rows), spoken, lesson.vectors[rows]).labels


def _folds(lesson: Lesson) -> NDArray[np.int64]:
    """The fold of each correction, by a hash of the first key among those that read nearly the same."""
    near = np.asarray(lesson.vectors @ lesson.vectors.T >= NEAR) | np.eye(lesson.corrections, dtype=np.bool_)
    first = np.arange(lesson.corrections)
    while True:
        lowest = np.array([first[row].min() for row in near], dtype=np.int64)
        if np.array_equal(lowest, first):
            return np.array([crc32(lesson.samples[i].key.encode()) % FOLDS for i in first.tolist()], dtype=np.int64)
        first = lowest


def _lines(reading: _Reading) -> list[Line]:
    spoken = np.array([language(sample.text) for sample in reading.samples])
    groups = {ALL: np.arange(len(spoken))}
    groups |= {str(key): rows for key in np.unique(spoken) if len(rows := np.flatnonzero(spoken == key)) >= LEAST_ROWS}
    found = [
        _line(reading, key, name, rows, _f1, TAILS) for key, rows in groups.items() for name in (MACRO, *CATEGORIES)
    ]
    return [line for line in found if line is not None]


_Measure = Callable[[Numbers, Numbers, Numbers, int], Numbers]


def _line(
    reading: _Reading, spoken: str, name: str, rows: NDArray[np.int64], measure: _Measure, tails: tuple[float, float]
) -> Line | None:
    """None where the category is neither wanted nor held. The macro average is over what is wanted; only where nothing
    is, over what is held: that corrections never bear a category is learnt from any labels, dealt at random or not."""
    wanted, old, fresh = (flags[rows] for flags in (reading.wanted, reading.old, reading.fresh))
    asked = wanted.any(axis=0) if name == MACRO and wanted.any() else (wanted | old | fresh).any(axis=0)
    columns = [i for i in np.flatnonzero(asked).tolist() if name in (MACRO, CATEGORIES[i])]
    if not columns:
        return None
    weights = _draws(len(rows))
    one, other = (_measured(weights, wanted[:, columns], held[:, columns], measure) for held in (old, fresh))
    gains = other - one
    low, high = np.percentile(gains[1:], tails)
    before, after, gain, low, high = (round(float(value), 4) for value in (one[0], other[0], gains[0], low, high))
    return Line(reading.set, spoken, str(name), before, after, gain, low, high, len(rows))


@lru_cache(maxsize=4)
def _draws(rows: int) -> NDArray[np.float32]:
    """How often each row counts: once, then as drawn with replacement; shape (1 + DRAWS, rows)."""
    drawn = np.random.default_rng(SEED).multinomial(rows, np.full(rows, 1 / rows), size=DRAWS)
    return np.vstack([np.ones(rows), drawn]).astype(np.float32)


def _measured(weights: NDArray[np.float32], wanted: Flags, held: Flags, measure: _Measure) -> Numbers:
    """The mean of a measure over the columns, for each draw."""
    counts = (weights @ flags.astype(np.float32) for flags in (wanted & held, held, wanted))
    hits, holds, wants = (np.asarray(count, dtype=np.float64) for count in counts)
    return np.asarray(measure(hits, holds, wants, len(wanted)).mean(axis=1))


def _f1(hits: Numbers, holds: Numbers, wants: Numbers, rows: int) -> Numbers:
    """F1; of a category that nobody wants it says nothing, and the share of rows that are left alone stands for it."""
    f1 = 2 * hits / np.maximum(holds + wants, 1)
    return np.where(wants[:1] > 0, f1, 1 - holds / rows)


def _above_guessing(hits: Numbers, holds: Numbers, wants: Numbers, rows: int) -> Numbers:
    """F1 less that of holding as many rows, but any. Where nothing is wanted there is nothing to guess."""
    guess = np.where(wants[:1] > 0, 2 * holds * wants / rows / np.maximum(holds + wants, 1), 0.0)
    return _f1(hits, holds, wants, rows) - guess


def _verdict(rows: Sequence[Line], beyond: Line | None, judged: int) -> Sentence:
    macro = {line.set: line for line in rows if line.language == ALL and line.category == MACRO}
    gain, kept = macro.get("corrections"), macro.get("fixed")
    if judged < LEAST or gain is None:
        return Sentence("contest.few", {"n": judged, "least": LEAST})
    about = {"gain": gain.difference, "low": gain.low, "high": gain.high, "n": judged}
    if gain.low <= 0:
        return Sentence("contest.no_gain", about)
    if beyond is None or beyond.low <= 0:
        return Sentence("contest.guessed", about)
    if kept is not None and (kept.high < 0 or kept.difference < -FALL):
        return Sentence("contest.falls", {"fall": -kept.difference, "low": kept.low, "high": kept.high, "n": kept.n})
    return Sentence("contest.better", {**about, "fixed": kept.difference if kept else 0.0})
