"""A house's corrections → a candidate: the model in use, moved as little as the corrections ask for.

Maximum a posteriori with the weights in use as the prior's middle: each column's score becomes z + φ·δ, the ridge
holds δ at nought, corrections speak with full weight. So that nothing is unlearnt, the corpus is replayed as the model
in use reads it: where no correction pulls, δ stays nought. (With its labels instead, the replay pulls by itself, for
the model has seen them: political and legal fell by 0.02 on the fixed set, though no correction spoke of them.)
δ has an entry for each feature of the encoder, for the bias, and for the words that occur in a correction: of other
words the corrections say nothing.

The calibration is held while learning: what is fitted is the probability that people are shown. Bars stay where they
are, however many corrections there are: people correct what is wrong or close, so that the share of yes among
corrections is not the share in the news, and a bar of best F-measure on them would be the bar of another world.
"""

from collections.abc import Callable, Mapping, Sequence
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
from scoring.sample import Sample, TrainingError
from scoring.second import TwoReaders

RIDGE = 0.3  # on the square of δ
REPLAY = 4000  # corrections that the whole replay weighs as much as,
LOUDEST = 2.0  # and the most that a row of it may weigh
REPLAYED = 8000  # rows of the corpus that are replayed, so that learning never takes longer than a minute
STEPS = 100  # of L-BFGS, at most
ENOUGH = 1e-5  # share of the cost that a step must still win
BATCH = 64
STEP = 127.0  # of eight bits

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Lesson:
    """Rows to learn from, read once. n rows, C columns as in `Model`."""

    dense: Floats  # (n, width), around nought and of mean square length 1 whatever the encoder; of the first reader
    middle: Floats  # (width,), what was taken off
    unit: float  # what it was then divided by
    second: Floats  # (n, C), what a second reader adds where it is asked: no revision moves it
    words: sparse.csr_matrix  # (n, BUCKETS)
    before: Floats  # (n, C), raw scores of the model in use
    wanted: Floats  # (n, C), 0 or 1, of severity 0–4; of the replay what the model in use reads
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
        features = self.dense[rows] * np.float32(self.unit) + self.middle
        moved = features @ model.dense[: len(self.middle)] + model.bias
        return np.asarray(words + moved + self.second[rows], dtype=np.float32)


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
        what = f"Of {len(corrections)} corrections none is new to {model.name}."
        raise TrainingError(f"{what} Correct some entries first.")
    return _read(model, fresh, [*(s for s in corrections if mark(s) in known), *_replay(corpus)])


def _replay(corpus: Sequence[Sample]) -> list[Sample]:
    """The corpus without the fixed test set; of a large one the same part each time."""
    allowed = [sample for sample in corpus if not sample.fixed]
    if len(allowed) > REPLAYED:
        kept = sorted(range(len(allowed)), key=lambda i: (crc32(b"replay" + allowed[i].key.encode()), i))[:REPLAYED]
        return [allowed[i] for i in sorted(kept)]
    return allowed


def _read(model: Model, corrections: Sequence[Sample], replay: Sequence[Sample]) -> Lesson:
    texts = [sample.text for sample in (*corrections, *replay)]
    gists = [gist(text, model.encoder.dense) for text in texts]
    parts = [model.encoder.read(gists[i : i + BATCH]) for i in range(0, len(gists), BATCH)]
    read = np.concatenate([part.features for part in parts])
    width = model.encoder.first.width if isinstance(model.encoder, TwoReaders) else model.encoder.width
    features, second = read[:, :width], read[:, width:] @ model.dense[width:]
    vectors = np.concatenate([part.vectors for part in parts])[: len(corrections)]
    rows = bags(texts)
    words = sparse.csr_matrix((rows.values, rows.buckets, rows.starts), shape=(len(texts), BUCKETS))
    middle = features.mean(axis=0)
    dense = features - middle
    unit = float(np.sqrt((dense.astype(np.float64) ** 2).sum(axis=1).mean())) or 1.0
    dense /= np.float32(unit)
    slope, offset = _curves(model, [language(text) for text in texts])
    plain = words @ (model.words * model.scale) + features @ model.dense[:width] + model.bias
    before = np.asarray(plain + second, dtype=np.float32)
    wanted = sigmoid(slope * before + offset)
    wanted[:, -1] = before[:, -1]
    speaks = np.ones(wanted.shape, dtype=np.bool_)
    wanted[: len(corrections)], speaks[: len(corrections)] = _wanted(corrections, model.subtypes)
    return Lesson(
        dense, middle, unit, second, words, before, wanted, speaks, slope, offset, tuple(corrections), vectors
    )


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
    moved, words, bias = _move(lesson, rows, len(taught), heard)
    dense, width = model.dense.copy(), len(lesson.middle)
    dense[:width] = (dense[:width] + moved / np.float32(lesson.unit)).astype(np.float16)  # as it is stored
    bias = model.bias + bias - lesson.middle @ (dense - model.dense)[:width]
    weights = model.words[heard] * model.scale + words
    integers, scale = _requantised(model, heard, weights)
    kept = {key: value for key, value in model.card.items() if key not in ("name", "sha256")}
    measured = kept.get("measured", model.name)
    return replace(
        model,
        name=model.name.rpartition("-")[0] or model.name,
        dense=dense,
        words=integers,
        scale=scale,
        bias=bias.astype(np.float32),
        card={**kept, **about, "measured": measured},
    )


def _move(
    lesson: Lesson, rows: NDArray[np.int64], taught: int, heard: NDArray[np.int64]
) -> tuple[Floats, Floats, Floats]:
    """δ of the encoder's features (width, C), of the words heard (len(heard), C) and of the bias (C,)."""
    replayed = len(rows) - taught
    weight = np.where(np.arange(len(rows)) < taught, 1.0, min(LOUDEST, REPLAY / max(replayed, 1)))
    matter = _Matter(lesson.dense[rows], lesson.words[rows][:, heard].tocsr())
    last = lesson.before.shape[1] - 1
    moved = []
    for column in range(last + 1):
        slope = lesson.slope[rows, column]
        start = slope * lesson.before[rows, column] + lesson.offset[rows, column]
        says = weight * lesson.speaks[rows, column]
        cost = _squares if column == last else _log_loss
        moved.append(matter.move(slope, start, lesson.wanted[rows, column], says, cost))
    found = np.stack(moved, axis=1).astype(np.float32)
    width = lesson.dense.shape[1]
    return found[:width], found[width:-1], found[-1]


_Cost = Callable[[Matrix, Matrix], tuple[Matrix, Matrix]]


def _log_loss(u: Matrix, wanted: Matrix) -> tuple[Matrix, Matrix]:
    """Of a flag at score u, with its slope."""
    return np.logaddexp(0.0, u) - wanted * u, 0.5 * (1.0 + np.tanh(0.5 * u)) - wanted


def _squares(u: Matrix, wanted: Matrix) -> tuple[Matrix, Matrix]:
    """Half the squared error of severity, with its slope."""
    return (u - wanted) ** 2 / 2, u - wanted


class _Matter:
    """What the columns share: features (n, width) and words heard (n, heard) of the rows."""

    def __init__(self, dense: Floats, words: sparse.csr_matrix) -> None:
        self._dense, self._words, self._back = dense, words, words.T.tocsr()
        self._size = dense.shape[1] + words.shape[1] + 1

    def move(self, slope: Floats, start: Floats, wanted: Floats, weight: Matrix, cost: _Cost) -> Matrix:
        """δ of one column, (width + heard + 1,): of features, of words, of the bias."""
        width = self._dense.shape[1]
        target = wanted.astype(np.float64)

        def value(delta: Matrix) -> tuple[float, Matrix]:
            part = delta.astype(np.float32)
            added = self._dense @ part[:width] + self._words @ part[width:-1] + part[-1]
            losses, miss = cost(start + slope * added.astype(np.float64), target)
            back = (weight * slope * miss).astype(np.float32)
            gradient = np.concatenate([back @ self._dense, self._back @ back, [back.sum()]]) + RIDGE * delta
            return float(weight @ losses) + RIDGE / 2 * float(delta @ delta), gradient

        limits = {"maxiter": STEPS, "ftol": ENOUGH}
        found = minimize(value, np.zeros(self._size), jac=True, method="L-BFGS-B", options=limits)
        return np.asarray(found.x)


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
