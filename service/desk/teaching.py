"""Teaching itself, and holding two models against each other: the part of a training that loads scikit-learn."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from scoring.contest import contest
from scoring.model import load
from scoring.revise import revise
from scoring.sample import Sample, read_samples
from service.desk.lesson import Lesson, Made, keep


def teach(lesson: Lesson) -> Made:
    """Learn here and now. TrainingError when there is nothing to learn from."""
    with threadpool_limits(limits=1):
        old = load(lesson.model)
        corpus = read_samples(lesson.corpus)
        fresh = revise(old, lesson.corrections, corpus, made=lesson.made)
        fixed = [sample for sample in corpus if sample.fixed]
        held = contest(old, fresh, fixed, lesson.corrections, corpus)
    return keep(lesson, fresh, old.name, held.as_dict())


def held_against(old: Path | None, fresh: Path | None, fixed: Sequence[Sample]) -> dict[str, Any]:
    """Two models (None: the shipped one) on text that none was trained on."""
    with threadpool_limits(limits=1):
        return contest(load(old), load(fresh), fixed, ()).as_dict()
