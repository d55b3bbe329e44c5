"""The last step of making weights: calibration and bars, from lessons that were kept back, with the weights as they are
stored."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scoring.calibrate import calibrate, clear_bars
from scoring.category import CATEGORIES
from scoring.features import gist
from scoring.model import Floats, Model, language
from scoring.tuning.lessons import GUIDED, Lesson

BATCH = 64


def settled(model: Model, held: Sequence[Lesson]) -> Model:
    """The model with calibration and bars from lessons that it did not learn from."""
    raw = _scores(model, held)
    guided = np.array([lesson.hand == GUIDED for lesson in held])
    told = np.array([lesson.kinds for lesson in held])
    labels = np.array([[category in lesson.sample.labels for category in CATEGORIES] for lesson in held])
    kinds = np.array([[key in lesson.sample.subtypes for key in model.subtypes] for lesson in held])
    spoken = np.array([language(lesson.sample.text) for lesson in held])
    split = len(CATEGORIES)
    judged = guided if guided.any() else ~guided
    fits = calibrate(raw[judged, :split], labels[judged], spoken[judged].tolist())
    return replace(model, calibrations=fits, subtype_bar=clear_bars(raw[told, split:-1], kinds[told]))


def _scores(model: Model, held: Sequence[Lesson]) -> Floats:
    texts = [lesson.sample.text for lesson in held]
    parts = [texts[i : i + BATCH] for i in range(0, len(texts), BATCH)]
    read = [model.encoder.read([gist(text, model.encoder.dense) for text in part]).features for part in parts]
    return np.concatenate([model.scores(part, features) for part, features in zip(parts, read, strict=True)])
