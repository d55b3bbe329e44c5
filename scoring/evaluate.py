"""How well a model reads: precision, recall and F1 by category and language, and whether its numbers mean it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.category import CATEGORIES
from scoring.model import Floats, Model, language
from scoring.sample import Sample

BATCH = 64
BINS = 10
LEAST_ROWS = 20  # of a language, before it is reported by itself

Flags = NDArray[np.bool_]


def evaluate(samples: Sequence[Sample], model: Model) -> dict[str, Any]:
    """The report, ready for JSON: `all`, then `languages`; see `evaluate_scores`."""
    parts = [model.predict([s.text for s in samples[i : i + BATCH]]) for i in range(0, len(samples), BATCH)]
    if not parts:
        return {"model": model.name, "samples": 0, "languages": {}}
    report = evaluate_scores(
        samples,
        np.concatenate([part.probabilities for part in parts]),
        np.concatenate([part.labels for part in parts]),
    )
    open_rows = np.concatenate([part.uncertain.any(axis=1) for part in parts])
    return {"model": model.name, **report, "left_open": _rounded(open_rows.mean())}


def evaluate_scores(samples: Sequence[Sample], probabilities: Floats, held: Flags) -> dict[str, Any]:
    """macro-F1 over the five categories, each category's precision, recall and F1, calibration error, and how
    often "nothing applies" was right; over all samples and for each language with at least 20."""
    wanted = np.array([[category in sample.labels for category in CATEGORIES] for sample in samples], dtype=np.bool_)
    spoken = np.array([language(sample.text) for sample in samples])
    languages = {
        key: _measure(wanted[spoken == key], probabilities[spoken == key], held[spoken == key])
        for key in sorted(set(spoken.tolist()))
        if (spoken == key).sum() >= LEAST_ROWS
    }
    return {**_measure(wanted, probabilities, held), "languages": languages}


def _measure(wanted: Flags, probabilities: Floats, held: Flags) -> dict[str, Any]:
    categories = {
        category.value: _category(wanted[:, i], held[:, i]) | {"ece": _ece(wanted[:, i], probabilities[:, i])}
        for i, category in enumerate(CATEGORIES)
    }
    judged = [numbers["f1"] for numbers in categories.values() if numbers["positives"]]
    none_held, none_wanted = ~held.any(axis=1), ~wanted.any(axis=1)
    return {
        "samples": len(wanted),
        "macro_f1": _rounded(np.mean(judged)) if judged else None,
        "ece": _ece(wanted.ravel(), probabilities.ravel()),
        "none_precision": _rounded((none_held & none_wanted).sum() / max(none_held.sum(), 1)),
        "none_recall": _rounded((none_held & none_wanted).sum() / max(none_wanted.sum(), 1)),
        "categories": categories,
    }


def _category(wanted: Flags, held: Flags) -> dict[str, Any]:
    hits = int((wanted & held).sum())
    precision, recall = hits / max(int(held.sum()), 1), hits / max(int(wanted.sum()), 1)
    return {
        "positives": int(wanted.sum()),
        "precision": _rounded(precision),
        "recall": _rounded(recall),
        "f1": _rounded(2 * hits / max(int(held.sum()) + int(wanted.sum()), 1)),
    }


def _ece(wanted: Flags, probabilities: Floats) -> float:
    """Expected calibration error over ten bins of equal width."""
    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    gaps = [
        abs(probabilities[bins == i].mean() - wanted[bins == i].mean()) * (bins == i).mean()
        for i in range(BINS)
        if (bins == i).any()
    ]
    return _rounded(sum(gaps))


def _rounded(value: float | np.floating[Any]) -> float:
    return round(float(value), 4)
