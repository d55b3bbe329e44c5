"""Two entries → numbers that say whether they tell of one happening."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from scoring.joint.traits import Traits

NAMES = (
    "cosine", "cosine_high", "cosine_same_script", "cosine_other_script", "words", "words_same_script", "title_words",
    "same_script", "sounds", "sounds_other_script", "numbers", "sizes_apart", "point_shared", "points_apart",
    "where_shared", "where_apart", "land_shared", "lands_apart", "rare_land", "chances", "subtype_shared",
    "subtypes_apart", "hours", "days_over", "same_source", "cosine_where", "words_where", "sounds_where",
    "title_sizes_apart", "title_points_shared", "title_points_apart", "title_sounds", "title_sounds_apart", "things",
    "title_things", "things_other_script", "apart", "again", "numbers_things", "numbers_other_script", "sizes_shared",
    "cosine_things", "product", "rarest_word", "rarest_sound", "rarest_thing", "rare_words", "points_apart_unnamed",
    "chances_apart_unnamed", "where_apart_unnamed", "cosine_rare", "things_apart", "title_strange",
)  # fmt: skip
RARE = 0.6  # of a word that says something by itself
NEAR = 0.4  # degrees: suburbs
COMMON = frozenset(("US", "CN", "RU", "GB", "FR", "DE", "EU", "JP"))  # countries named in everything
Points = tuple[tuple[float, float], ...]


def features(a: Traits, b: Traits, cosine: float) -> list[float]:
    """One number for each of NAMES, in order; the same whichever comes first."""
    same = a.script == b.script
    cosine = max(cosine, 0.0)
    words = overlap(a.words, b.words)
    title = overlap(a.title, b.title)
    sounds = min(shared(a.sounds, b.sounds), 2.0)
    numbers = min(shared(a.numbers, b.numbers), 1.6)
    where = bool(a.where & b.where)
    lands = a.lands & b.lands
    hours = abs((a.at - b.at).total_seconds()) / 3600.0
    near = _near(a.points, b.points)
    title_near = _near(a.title_points, b.title_points)
    title_sounds = min(shared(a.title_sounds, b.title_sounds), 2.0)
    things = overlap(a.things, b.things)
    rare = [min(weight, b.rare[key]) for key, weight in a.rare.items() if key in b.rare]
    rarest_word = max(max(rare, default=0.0) - RARE, 0.0) * 2.5
    rarest_sound = max(max((w for k, w in a.sounds.items() if k in b.sounds), default=0.0) - RARE, 0.0) * 2.5
    rarest_thing = max((w for k, w in a.rare_things.items() if k in b.rare_things), default=0.0)
    named = rarest_word > 0.5 or rarest_sound > 0.4
    chances = _likeness(a, b)
    earlier, later = (a, b) if a.at <= b.at else (b, a)
    return [
        cosine,
        max(cosine - 0.55, 0.0),
        cosine if same else 0.0,
        cosine if not same else 0.0,
        words,
        words if same else 0.0,
        title,
        float(same),
        sounds,
        sounds if not same else 0.0,
        numbers,
        float(_parted(a.sizes, b.sizes)),
        float(near is True),
        float(near is False),
        float(where),
        float(bool(a.where and b.where) and not where),
        float(bool(lands)),
        float(bool(a.lands and b.lands) and not lands),
        float(bool(lands - COMMON)),
        chances,
        float(bool(a.subtypes & b.subtypes)),
        float(bool(a.subtypes and b.subtypes) and not a.subtypes & b.subtypes),
        math.log1p(hours) / 5.0,
        max(hours - 24.0, 0.0) / 48.0,
        float(a.source == b.source),
        cosine if where else 0.0,
        words if where else 0.0,
        sounds if where or lands else 0.0,
        float(_parted(a.title_sizes, b.title_sizes)),
        float(title_near is True),
        float(title_near is False),
        title_sounds,
        float(bool(a.title_sounds and b.title_sounds) and not title_sounds),
        things,
        overlap(a.title_things, b.title_things),
        things if not same else 0.0,
        float(a.apart or b.apart),
        float(later.again and not earlier.again),
        numbers * things,
        numbers if not same else 0.0,
        float(bool(a.sizes & b.sizes)),
        cosine * things,
        cosine * (things + words) * float(where or bool(lands)),
        rarest_word,
        rarest_sound,
        rarest_thing,
        min(sum(max(w - RARE, 0.0) for w in rare), 1.5),
        float(near is False and not named),
        (1.0 - chances) if not named else 0.0,
        float(bool(a.where and b.where) and not where and not named),
        cosine * max(rarest_word, rarest_sound),
        float(bool(a.title_things and b.title_things) and not things),
        float(same and bool(a.names and b.names) and not shared(a.names, b.names)),
    ]


def overlap(a: Mapping[int, float], b: Mapping[int, float]) -> float:
    """Cosine of two weighted sets of unit length."""
    if len(b) < len(a):
        a, b = b, a
    return sum(weight * b[key] for key, weight in a.items() if key in b)


def shared(a: Mapping[Any, float], b: Mapping[Any, float]) -> float:
    """The weight of what both have."""
    if len(b) < len(a):
        a, b = b, a
    return sum(weight for key, weight in a.items() if key in b)


def _parted(a: frozenset[float], b: frozenset[float]) -> bool:
    return bool(a and b) and not a & b


def _near(a: Points, b: Points) -> bool | None:
    """Whether a town of one is a town of the other; None where one names none."""
    if not a or not b:
        return None
    return any(abs(p[0] - q[0]) < NEAR and abs(p[1] - q[1]) < NEAR for p in a for q in b)


def _likeness(a: Traits, b: Traits) -> float:
    norm = float(np.linalg.norm(a.chances) * np.linalg.norm(b.chances))
    return float(float(a.chances @ b.chances) / norm) if norm > 0 else 0.0
