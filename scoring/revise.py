"""A house's corrections → a candidate: the model in use, moved as little as the corrections ask for.

Maximum a posteriori with the weights in use as the prior's middle: each column's score becomes z + φ·δ, the ridge
holds δ at nought, corrections speak with full weight, and a replay of the corpus with little, so that nothing is
unlearnt. δ has an entry for each feature of the encoder, for the bias, and for the words that occur in a correction:
of other words the corrections say nothing.

The calibration is held while learning: what is fitted is the probability that people are shown. Bars stay where they
are, however many corrections there are: people correct what is wrong or close, so that the share of yes among
corrections is not the share in the news, and a bar of best F-measure on them would be the bar of another world.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from scoring.category import CATEGORIES, SUBTYPES
from scoring.features import BUCKETS, bags, gist
from scoring.model import ANY, Floats, Model, language, sigmoid
from scoring.sample import Sample
from scoring.train import TrainingError

RIDGE = 0.5  # on the square of δ
REPLAY = 0.1  # what a row of the corpus weighs against a correction
REPLAYED = 8000  # rows of the corpus that are replayed, so that learning never takes longer than a minute
STEPS = 60  # of L-BFGS
BATCH = 64
STEP = 127.0  # of eight bits

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Lesson:
    """Rows to learn from, read once. n rows, C columns as in `Model`."""

    dense: Floats  # (n, width), of mean square length 1 whatever the encoder
    unit: float  # what `dense` was divided by
    words: sparse.csr_matrix  # (n, BUCKETS)
    before: Floats  # (n, C), raw scores of the model in use
    wanted: Floats  # (n, C), 0 or 1; of severity 0–4
    speaks: NDArray[np.bool_]  # (n, C), whether the row says anything of the column
    slope: Floats  # (n, C)
    offset: Floats  # (n, C)
    samples: Sequence[Sample]  # the corrections; they are the first rows, those after them the replay
    vectors: Floats  # (corrections, 512), for likeness

    @property
    def corrections(self) -> int:
        """How many there are."""
        return len(self.samples)

    def scores(self, model: Model, rows: NDArray[np.int64]) -> Floats:
        """Raw scores of some rows by a model that was revised from the one in use, shape (len(rows), C)."""
        words = self.words[rows] @ (model.words * model.scale)
        return np.asarray(words + self.dense[rows] * self.unit @ model.dense + model.bias, dtype=np.float32)


def revise(model: Model, corrections: Sequence[Sample], corpus: Sequence[Sample], made: str = "") -> Model:
    """A candidate from the model in use; `made` is the day that its card shows. The fixed test set is left out of
    `corpus`. The same input gives the same weights. TrainingError when there is no correction that is new to it."""
    lesson = prepare(model, corrections, corpus)
    learnt = sorted({*model.card.get("learnt", ()), *map(mark, corrections)})
    about = {"made": made, "parent": model.name, "corrections": len(corrections), "learnt": learnt}
    return learn(model, lesson, np.arange(lesson.corrections), about)


def mark(correction: Sample) -> str:
    """What a correction is known by in a card: changed when its text or its labels are."""
    parts = (correction.key, correction.text, correction.labels, correction.subtypes, correction.severity)
    return f"{crc32(repr(parts).encode('utf-8', 'surrogatepass')):08x}"


def prepare(model: Model, corrections: Sequence[Sample], corpus: Sequence[Sample]) -> Lesson:
    """Read corrections and replay by the model. Corrections that the model has learnt already join the replay: they
    are in the prior, and would otherwise count once more at each revision."""
    known = frozenset(model.card.get("learnt", ()))
    fresh = [sample for sample in corrections if mark(sample) not in known]
    if not fresh:
        raise TrainingError(
            f"Of {len(corrections)} corrections none is new to {model.name}. Correct some entries first."
        )
    return _read(model, fresh, [*(s for s in corrections if mark(s) in known), *_replay(corpus)])


def _replay(corpus: Sequence[Sample]) -> list[Sample]:
    """The corpus without the fixed test set; of a large one the same part each time."""
    allowed = [sample for sample in corpus if not sample.fixed]
    if len(allowed) > REPLAYED:
        kept = sorted(range(len(allowed)), key=lambda i: (crc32(b"replay" + allowed[i].key.encode()), i))[:REPLAYED]
        return [allowed[i] for i in sorted(kept)]
    return allowed


def _read(model: Model, corrections: Sequence[Sample], replay: Sequence[Sample]) -> Lesson:
    samples = [*corrections, *replay]
    texts = [sample.text for sample in samples]
    parts = [model.encoder.read([gist(text) for text in texts[i : i + BATCH]]) for i in range(0, len(texts), BATCH)]
    features = np.concatenate([part.features for part in parts])
    vectors = np.concatenate([part.vectors for part in parts])[: len(corrections)]
    rows = bags(texts)
    words = sparse.csr_matrix((rows.values, rows.buckets, rows.starts), shape=(len(texts), BUCKETS))
    unit = float(np.sqrt((features.astype(np.float64) ** 2).sum(axis=1).mean())) or 1.0
    wanted, speaks = _wanted(samples, model.subtypes)
    slope, offset = _curves(model, [language(text) for text in texts])
    before = np.asarray(words @ (model.words * model.scale) + features @ model.dense + model.bias, dtype=np.float32)
    dense = (features / unit).astype(np.float32)
    return Lesson(dense, unit, words, before, wanted, speaks, slope, offset, tuple(corrections), vectors)


def _wanted(samples: Sequence[Sample], subtypes: Sequence[str]) -> tuple[Floats, NDArray[np.bool_]]:
    """What each column should say, and whether the row knows. Who holds a category and names none of its sub-types
    says nothing of them; who gives no severity says nothing of severity."""
    wanted = [
        [*(c in s.labels for c in CATEGORIES), *(k in s.subtypes for k in subtypes), s.severity or 0] for s in samples
    ]
    speaks = [
        [*(True for _ in CATEGORIES), *_named(sample, subtypes), sample.severity is not None] for sample in samples
    ]
    return np.array(wanted, dtype=np.float32), np.array(speaks, dtype=np.bool_)


def _named(sample: Sample, subtypes: Sequence[str]) -> list[bool]:
    named = {SUBTYPES[key] for key in sample.subtypes}
    return [SUBTYPES[key] not in sample.labels or SUBTYPES[key] in named for key in subtypes]


def _curves(model: Model, languages: Sequence[str]) -> tuple[Floats, Floats]:
    """Slope and offset that make a probability of each row's raw score, shape (n, C) each. A sub-type has no curve,
    but a bar: there yes and no are taken to be worth the same. Severity is taken as it is."""
    fits = [model.calibrations.get(key) or model.calibrations[ANY] for key in languages]
    ones, bars = np.ones(len(model.subtypes)), -model.subtype_bar
    slope = [np.concatenate([fit.slope, ones, [1.0]]) for fit in fits]
    offset = [np.concatenate([fit.offset, bars, [0.0]]) for fit in fits]
    return np.array(slope, dtype=np.float32), np.array(offset, dtype=np.float32)


def learn(model: Model, lesson: Lesson, taught: NDArray[np.int64], about: Mapping[str, Any]) -> Model:
    """The model after learning from some of the lesson's corrections (row numbers) and all of its replay."""
    rows = np.concatenate([taught, np.arange(lesson.corrections, len(lesson.before))])
    heard = np.flatnonzero(np.asarray(lesson.words[taught].getnnz(axis=0)))
    dense, words, bias = _move(lesson, rows, len(taught), heard)
    weights = model.words[heard] * model.scale + words
    integers, scale = _requantised(model, heard, weights)
    kept = {key: model.card[key] for key in ("data", "metrics", "limits") if key in model.card}
    measured = model.card.get("measured", model.name)
    return replace(
        model,
        name=model.name.rpartition("-")[0] or model.name,
        dense=(model.dense + dense / np.float32(lesson.unit)).astype(np.float16).astype(np.float32),  # as it is stored
        words=integers,
        scale=scale,
        bias=(model.bias + bias).astype(np.float32),
        card={**about, **kept, "measured": measured},
    )


def _move(
    lesson: Lesson, rows: NDArray[np.int64], taught: int, heard: NDArray[np.int64]
) -> tuple[Floats, Floats, Floats]:
    """δ of the encoder's features (width, C), of the words heard (len(heard), C) and of the bias (C,)."""
    problem = _Problem(lesson, rows, taught, heard)
    found = minimize(
        problem.value, np.zeros(problem.size), jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "ftol": 1e-6}
    )
    dense, words, bias = problem.parts(found.x)
    return dense.astype(np.float32), words.astype(np.float32), bias.astype(np.float32)


class _Problem:
    """What δ costs, for all columns at once: they do not touch one another, but share the products."""

    def __init__(self, lesson: Lesson, rows: NDArray[np.int64], taught: int, heard: NDArray[np.int64]) -> None:
        self._dense = lesson.dense[rows]
        self._words = lesson.words[rows][:, heard].tocsr()
        self._back = self._words.T.tocsr()
        self._slope = lesson.slope[rows]
        self._start = self._slope * lesson.before[rows] + lesson.offset[rows]
        self._wanted = lesson.wanted[rows]
        weight = np.where(np.arange(len(rows)) < taught, 1.0, REPLAY).astype(np.float32)
        self._weight = weight[:, None] * lesson.speaks[rows]
        self._shapes = ((self._dense.shape[1], lesson.before.shape[1]), (len(heard), lesson.before.shape[1]))
        self.size = sum(a * b for a, b in self._shapes) + lesson.before.shape[1]

    def parts(self, moved: Matrix) -> tuple[Matrix, Matrix, Matrix]:
        """The vector that is searched, as δ of features, words and bias."""
        first = self._shapes[0][0] * self._shapes[0][1]
        second = first + self._shapes[1][0] * self._shapes[1][1]
        return moved[:first].reshape(self._shapes[0]), moved[first:second].reshape(self._shapes[1]), moved[second:]

    def value(self, moved: Matrix) -> tuple[float, Matrix]:
        """Cost and gradient: log loss of each flag, half the squared error of severity, and the ridge."""
        dense, words, bias = (part.astype(np.float32) for part in self.parts(moved))
        u = self._start + self._slope * (self._dense @ dense + self._words @ words + bias)
        miss = sigmoid(u) - self._wanted
        cost = np.logaddexp(0.0, u) - self._wanted * u
        miss[:, -1] = u[:, -1] - self._wanted[:, -1]
        cost[:, -1] = miss[:, -1] ** 2 / 2
        back = self._weight * self._slope * miss
        pieces = ((self._dense.T @ back).ravel(), (self._back @ back).ravel(), back.sum(axis=0))
        total = float((self._weight * cost).sum(dtype=np.float64)) + RIDGE / 2 * float(moved @ moved)
        return total, np.concatenate(pieces).astype(np.float64) + RIDGE * moved


def _requantised(model: Model, heard: NDArray[np.int64], weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Eight bits a weight again. A column keeps its scale unless a weight has outgrown it, so that words nobody spoke
    of stay as they were to the last bit."""
    largest = np.abs(weights).max(axis=0, initial=0.0) / np.float32(STEP)
    grown = largest > model.scale
    scale = np.where(grown, largest, model.scale).astype(np.float32)
    integers = model.words.copy()
    integers[:, grown] = np.rint(model.words[:, grown] * (model.scale / scale)[grown]).astype(np.int8)
    integers[heard] = np.clip(np.rint(weights / scale), -STEP, STEP).astype(np.int8)
    return integers, scale
