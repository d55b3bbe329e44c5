"""Stand-ins for the teacher: a model that differs by a hair, and a contest that went as a test wants it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from scoring.model import load
from service.desk.lesson import Lesson, Made, Teacher, keep


def line(kind: str, language: str, category: str, old: float, fresh: float, n: int = 40) -> dict[str, Any]:
    """One line of a contest."""
    gain = fresh - old
    return {
        "set": kind,
        "language": language,
        "category": category,
        "old": old,
        "fresh": fresh,
        "difference": gain,
        "low": gain - 0.05,
        "high": gain + 0.05,
        "n": n,
    }


def contest(better: bool) -> dict[str, Any]:
    """A contest as it is kept."""
    gain = 0.2 if better else -0.02
    about = {"gain": gain, "low": gain - 0.05, "high": gain + 0.05, "n": 40}
    code = "contest.better" if better else "contest.no_gain"
    return {
        "better": better,
        "sentence": {"code": code, "values": about | ({"fixed": 0.001} if better else {})},
        "rows": [
            line("fixed", "all", "macro", 0.72, 0.721, 900),
            line("fixed", "zh", "macro", 0.74, 0.741, 300),
            line("corrections", "all", "macro", 0.5, 0.5 + gain),
            line("corrections", "all", "legal", 0.4, 0.4 + gain),
        ],
    }


def teacher(better: bool = True, seen: list[Lesson] | None = None, step: float = 0.001) -> Teacher:
    """Somebody who teaches in no time."""

    def teach(lesson: Lesson) -> Made:
        if seen is not None:
            seen.append(lesson)
        old = load(lesson.model)
        fresh = replace(old, bias=(old.bias + step * len(lesson.corrections)).astype(np.float32), card=_card(old.card))
        return keep(lesson, fresh, old.name, contest(better))

    return teach


def _card(card: Mapping[str, Any]) -> dict[str, Any]:
    return {key: card[key] for key in ("data", "metrics", "limits")} | {"made": "2026-03-01"}
