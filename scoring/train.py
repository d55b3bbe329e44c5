"""Labelled text → model: linear weights, calibration on text that was held out, thresholds.

Deterministic: the same samples in the same order give the same weights. With `evaluate` the only part of the house
that knows scikit-learn; predicting needs numpy alone.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression, Ridge

from scoring.calibrate import calibrate, clear_bars
from scoring.category import CATEGORIES, SUBTYPES
from scoring.encoder import Encoder
from scoring.evaluate import evaluate_scores
from scoring.features import BUCKETS, Text, bags, gist
from scoring.model import ANY, Calibration, Floats, Model, language, sigmoid
from scoring.sample import Sample, TrainingError
from scoring.signals import Hint, signals

FOLDS = 5
STRENGTH = 1.0  # C of the logistic regressions; 0.3–4 differ by less than 0.01 on text set aside
SEEN = 2  # a word that stands in one sample only is left out: it is remembered, not learnt
HINT = 0.05  # what an entry of the word list weighs against a sample: it speaks where no sample does
LEAST_SUBTYPE = 12  # samples of a sub-type before it gets a column

Column = tuple[NDArray[np.float64], float]


def train(
    samples: Sequence[Sample],
    encoder: Encoder,
    name: str = "watchfire",
    made: str = "",
    hints: Sequence[Hint] | None = None,
) -> Model:
    """Learn from samples; `made` is the day that the card shows, `hints` the word list (None: the shipped one).

    The rows of the fixed test set are left out. Raises TrainingError for too little text.
    """
    samples = [sample for sample in samples if not sample.fixed]
    labels = _labels(samples)
    _require(labels)
    subtypes = _subtypes(samples)
    wanted = np.hstack([labels, _flags(samples, subtypes)])
    features, seen = _features([sample.text for sample in samples], encoder)
    listed = _hints(signals().hints if hints is None else hints, encoder, seen, subtypes)
    held_out = _held_out(samples, features, wanted, listed)
    split = len(CATEGORIES)
    calibrations = calibrate(held_out[:, :split], labels, [language(sample.text) for sample in samples])
    columns = [_fit(features, wanted[:, i], listed.of(i)) for i in range(wanted.shape[1])]
    columns.append(_fit_severity(features, samples))
    wide = encoder.width
    words, scale = quantise(np.stack([weights[wide:] for weights, _ in columns], axis=1))
    return Model(
        name=name,
        subtypes=subtypes,
        dense=np.stack([weights[:wide] for weights, _ in columns], axis=1).astype(np.float32),
        words=words,
        scale=scale,
        bias=np.array([bias for _, bias in columns], dtype=np.float32),
        subtype_bar=clear_bars(held_out[:, split:], wanted[:, split:]),
        calibrations=calibrations,
        card=_card(samples, _metrics(samples, held_out[:, :split], calibrations), made),
        encoder=encoder,
    )


def _labels(samples: Sequence[Sample]) -> NDArray[np.bool_]:
    return _matrix([[category in sample.labels for category in CATEGORIES] for sample in samples], len(CATEGORIES))


def _flags(samples: Sequence[Sample], subtypes: Sequence[str]) -> NDArray[np.bool_]:
    return _matrix([[key in sample.subtypes for key in subtypes] for sample in samples], len(subtypes))


def _require(labels: NDArray[np.bool_]) -> None:
    for category, column in zip(CATEGORIES, labels.T, strict=True):
        if column.sum() < FOLDS or (~column).sum() < FOLDS:
            raise TrainingError(
                f"There are {column.sum()} samples with {category} and {(~column).sum()} without; "
                f"at least {FOLDS} of each are needed. Add labelled text."
            )


class _Hints(NamedTuple):
    """The word list as weak samples. `speaks` (m, columns): an entry without sub-type says nothing of sub-types."""

    features: sparse.csr_matrix
    wanted: NDArray[np.bool_]
    speaks: NDArray[np.bool_]

    def of(self, column: int) -> tuple[sparse.csr_matrix, NDArray[np.bool_]]:
        """The hints for a column."""
        rows = self.speaks[:, column]
        return self.features[rows], self.wanted[rows, column]


def _hints(listed: Sequence[Hint], encoder: Encoder, seen: NDArray[np.bool_], subtypes: Sequence[str]) -> _Hints:
    features, _ = _features([Text(hint.words) for hint in listed], encoder, seen)
    columns = (*CATEGORIES, *subtypes)
    wanted = [[key in (hint.category, hint.subtype) for key in columns] for hint in listed]
    speaks = [[key in CATEGORIES or bool(hint.subtype) for key in columns] for hint in listed]
    return _Hints(features, _matrix(wanted, len(columns)), _matrix(speaks, len(columns)))


def _features(
    texts: Sequence[Text], encoder: Encoder, seen: NDArray[np.bool_] | None = None
) -> tuple[sparse.csr_matrix, NDArray[np.bool_]]:
    """Rows of features and words, (n, width + BUCKETS), and which buckets count: those given, else those seen often."""
    rows = bags(texts)
    words = sparse.csr_matrix((rows.values, rows.buckets, rows.starts), shape=(len(texts), BUCKETS))
    if seen is None:
        seen = np.asarray(words.getnnz(axis=0)) >= SEEN
    vectors = sparse.csr_matrix(encoder.read([gist(text, encoder.dense) for text in texts]).features)
    return sparse.hstack([vectors, words @ sparse.diags(seen.astype(np.float32))], format="csr"), seen


def _subtypes(samples: Sequence[Sample]) -> tuple[str, ...]:
    counts = Counter(key for sample in samples for key in sample.subtypes)
    return tuple(key for key in SUBTYPES if counts[key] >= LEAST_SUBTYPE)


def _fit(
    features: sparse.csr_matrix, wanted: NDArray[np.bool_], hints: tuple[sparse.csr_matrix, NDArray[np.bool_]]
) -> Column:
    """Weights over all features and the bias; classes weigh the same, so that rare ones are learnt too."""
    if wanted.all() or not wanted.any():
        return np.zeros(features.shape[1]), 5.0 if wanted.any() else -5.0
    more, hinted = hints
    weights = np.concatenate([np.ones(len(wanted)), np.full(len(hinted), HINT)])
    fit = LogisticRegression(C=STRENGTH, solver="liblinear", class_weight="balanced", tol=1e-3, random_state=0)
    fit.fit(sparse.vstack([features, more], format="csr"), np.concatenate([wanted, hinted]), sample_weight=weights)
    return fit.coef_[0], float(fit.intercept_[0])


def _fit_severity(features: sparse.csr_matrix, samples: Sequence[Sample]) -> Column:
    """Weights and bias of the severity that people gave, 0–4; all nought where nobody gave any."""
    rated = [i for i, sample in enumerate(samples) if sample.severity is not None]
    if not rated:
        return np.zeros(features.shape[1]), 0.0
    fit = Ridge(alpha=1.0, solver="lsqr").fit(features[rated], [float(samples[i].severity or 0) for i in rated])
    return fit.coef_, float(fit.intercept_)


def _held_out(
    samples: Sequence[Sample], features: sparse.csr_matrix, wanted: NDArray[np.bool_], hints: _Hints
) -> Floats:
    """Scores of every sample by models that have not seen its group, shape (n, columns)."""
    folds = np.array([crc32(sample.group.encode()) % FOLDS for sample in samples])
    scores = np.zeros(wanted.shape, dtype=np.float32)
    for fold in range(FOLDS):
        inside, outside = folds != fold, folds == fold
        for column in range(wanted.shape[1]):
            weights, bias = _fit(features[inside], wanted[inside, column], hints.of(column))
            scores[outside, column] = features[outside] @ weights + bias
    return scores


def _matrix(rows: list[list[bool]], columns: int) -> NDArray[np.bool_]:
    return np.array(rows, dtype=np.bool_).reshape(len(rows), columns)


def quantise(weights: NDArray[np.float64]) -> tuple[NDArray[np.int8], Floats]:
    """Eight bits a weight with one scale a column: a quarter of the size, and no measurable loss."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127.0
    return np.rint(weights / scale).astype(np.int8), scale.astype(np.float32)


def _metrics(samples: Sequence[Sample], scores: Floats, calibrations: dict[str, Calibration]) -> dict[str, object]:
    fits = [calibrations.get(language(sample.text), calibrations[ANY]) for sample in samples]
    slope, offset, high = (np.stack([getattr(fit, part) for fit in fits]) for part in ("slope", "offset", "high"))
    probabilities = sigmoid(slope * scores + offset)
    return evaluate_scores(samples, probabilities, probabilities >= high)


def _card(samples: Sequence[Sample], metrics: dict[str, object], made: str) -> dict[str, object]:
    spoken = Counter(language(sample.text) for sample in samples)
    tags = Counter(label.value for sample in samples for label in sample.labels)
    data = {
        "what": "Headlines and ledes written for this project, and its list of words; no text of others.",
        "samples": len(samples),
        "languages": dict(sorted(spoken.items())),
        "categories": {category.value: tags[category.value] for category in CATEGORIES},
    }
    return {"made": made, "data": data, "metrics": {"held_out": metrics}, "limits": LIMITS}


LIMITS = (
    "Held-out figures are on text of the same hands and flatter the model: expect less on real feeds. "
    "Reads the title and the first 120 characters of the lede. The encoder knows no Persian, Urdu, Hindi, Bengali, "
    "Swahili, Vietnamese or Burmese: there only words carry the judgement."
)
