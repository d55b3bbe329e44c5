"""Labelled text → model: linear weights, calibration on text that was held out, thresholds.

Deterministic: the same samples in the same order give the same weights. With `evaluate` the only part of the house
that knows scikit-learn; predicting needs numpy alone.
"""

from collections import Counter
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from scoring.calibrate import calibrate, clear_bars
from scoring.category import CATEGORIES, SUBTYPES
from scoring.encoder import DIMENSIONS, Encoder
from scoring.evaluate import evaluate_scores
from scoring.features import BUCKETS, bags, gist
from scoring.model import ANY, Calibration, Floats, Model, language, sigmoid
from scoring.sample import Sample

FOLDS = 5
STRENGTH = 1.0  # C of the logistic regressions; 0.3–4 differ by less than 0.01 on text set aside
SEEN = 2  # a word that stands in one sample only is left out: it is remembered, not learnt
LEAST_SUBTYPE = 12  # samples of a sub-type before it gets a column

Column = tuple[NDArray[np.float64], float]


class TrainingError(Exception):
    """The samples cannot make a model; the message says why."""


def train(samples: Sequence[Sample], encoder: Encoder, name: str = "watchfire", made: str = "") -> Model:
    """Learn from samples; `made` is the day that the card shows. Raises TrainingError for too little text."""
    labels = _labels(samples)
    _require(labels)
    features = _features(samples, encoder)
    subtypes = _subtypes(samples)
    wanted = np.hstack([labels, _flags(samples, subtypes)])
    held_out = _held_out(samples, features, wanted)
    split = len(CATEGORIES)
    calibrations = calibrate(held_out[:, :split], labels, [language(sample.text) for sample in samples])
    columns = [_fit(features, column) for column in wanted.T]
    words, scale = _quantise(np.stack([weights[DIMENSIONS:] for weights, _ in columns], axis=1))
    return Model(
        name=name,
        subtypes=subtypes,
        dense=np.stack([weights[:DIMENSIONS] for weights, _ in columns], axis=1).astype(np.float32),
        words=words,
        scale=scale,
        bias=np.array([bias for _, bias in columns], dtype=np.float32),
        subtype_bar=clear_bars(held_out[:, split:], wanted[:, split:]),
        calibrations=calibrations,
        card=_card(samples, _metrics(samples, held_out[:, :split], calibrations), made),
        encoder=encoder,
    )


def _labels(samples: Sequence[Sample]) -> NDArray[np.bool_]:
    rows = [[category in sample.labels for category in CATEGORIES] for sample in samples]
    return np.array(rows, dtype=np.bool_).reshape(len(samples), len(CATEGORIES))


def _require(labels: NDArray[np.bool_]) -> None:
    for category, column in zip(CATEGORIES, labels.T, strict=True):
        if column.sum() < FOLDS or (~column).sum() < FOLDS:
            raise TrainingError(
                f"There are {column.sum()} samples with {category} and {(~column).sum()} without; "
                f"at least {FOLDS} of each are needed. Add labelled text."
            )


def _features(samples: Sequence[Sample], encoder: Encoder) -> sparse.csr_matrix:
    texts = [sample.text for sample in samples]
    rows = bags(texts)
    words = sparse.csr_matrix((rows.values, rows.buckets, rows.starts), shape=(len(texts), BUCKETS))
    seen = np.asarray(words.getnnz(axis=0)) >= SEEN
    words = words @ sparse.diags(seen.astype(np.float32))
    vectors = encoder.encode([gist(text) for text in texts])
    return sparse.hstack([sparse.csr_matrix(vectors), words], format="csr")


def _subtypes(samples: Sequence[Sample]) -> tuple[str, ...]:
    counts = Counter(key for sample in samples for key in sample.subtypes)
    return tuple(key for key in SUBTYPES if counts[key] >= LEAST_SUBTYPE)


def _fit(features: sparse.csr_matrix, wanted: NDArray[np.bool_]) -> Column:
    """Weights over all features and the bias; classes weigh the same, so that rare ones are learnt too."""
    if wanted.all() or not wanted.any():
        return np.zeros(features.shape[1]), 5.0 if wanted.any() else -5.0
    fit = LogisticRegression(C=STRENGTH, solver="liblinear", class_weight="balanced", max_iter=300, random_state=0)
    fit.fit(features, wanted)
    return fit.coef_[0], float(fit.intercept_[0])


def _flags(samples: Sequence[Sample], subtypes: Sequence[str]) -> NDArray[np.bool_]:
    rows = [[key in sample.subtypes for key in subtypes] for sample in samples]
    return np.array(rows, dtype=np.bool_).reshape(len(samples), len(subtypes))


def _held_out(samples: Sequence[Sample], features: sparse.csr_matrix, wanted: NDArray[np.bool_]) -> Floats:
    """Scores of every sample by models that have not seen its group, shape (n, columns)."""
    folds = np.array([crc32(sample.group.encode()) % FOLDS for sample in samples])
    scores = np.zeros(wanted.shape, dtype=np.float32)
    for fold in range(FOLDS):
        inside, outside = folds != fold, folds == fold
        for column in range(wanted.shape[1]):
            weights, bias = _fit(features[inside], wanted[inside, column])
            scores[outside, column] = features[outside] @ weights + bias
    return scores


def _quantise(weights: NDArray[np.float64]) -> tuple[NDArray[np.int8], Floats]:
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
        "what": "Headlines and ledes written for this project; no text of others.",
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
