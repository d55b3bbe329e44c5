"""Headlines that nobody has read, with what models make of them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from scoring.category import CATEGORIES
from scoring.model import Model
from scoring.second import Gate, TwoReaders
from scoring.tuning.lessons import Lesson, unread


def guessed(outside: Path, teachers: Sequence[Model]) -> list[Lesson]:
    """Unread headlines with what teachers make of them together: the mean of their log odds, and of their severity."""
    found = unread(outside)
    sums = np.zeros((len(found), len(CATEGORIES) + 1))
    for teacher in teachers:
        for i in range(0, len(found), 64):
            said = teacher.predict([lesson.sample.text for lesson in found[i : i + 64]])
            sure = np.clip(said.probabilities.astype(np.float64), 1e-4, 1 - 1e-4)
            sums[i : i + 64] += np.column_stack([np.log(sure / (1 - sure)), said.severity])
    means = sums / len(teachers)
    means[:, :-1] = 1 / (1 + np.exp(-means[:, :-1]))
    return [replace(lesson, guess=tuple(row)) for lesson, row in zip(found, means.tolist(), strict=True)]


def curious(model: Model) -> Model:
    """A model that asks its second reader, if it has one, about every text."""
    readers = model.encoder
    if not isinstance(readers, TwoReaders):
        return model
    return replace(model, encoder=TwoReaders(readers.first, readers.graph, wide_open(readers.gate)))


def wide_open(gate: Gate) -> Gate:
    """A gate at which nothing is sure."""
    return gate._replace(least=np.full_like(gate.least, -np.inf), most=np.full_like(gate.most, np.inf))
