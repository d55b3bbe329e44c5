"""Two entries → numbers that say whether they tell of one happening."""

import math
from operator import mul
from typing import NamedTuple

from scoring.joint.crowd import Crowd
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
    "place_shared", "places_apart", "places_apart_script", "points_far", "crowd", "crowd_kind", "kind_alone",
    "crowd_cosine", "crowd_things", "toll_same", "toll_grows", "toll_shrinks",
    "place_things", "place_kind", "places_apart_kind", "title_places_apart", "place_numbers",
    "kind_cosine", "alone_cosine",
)  # fmt: skip
RARE = 0.6  # of a word that says something by itself
NEAR = 0.4  # degrees: suburbs
FAR = 3.0  # degrees, of latitude and longitude together
COMMON = frozenset(("US", "CN", "RU", "GB", "FR", "DE", "EU", "JP"))  # countries named in everything
Points = tuple[tuple[float, float], ...]


class _Words(NamedTuple):
    """What two entries' words share: likeness of all and of the titles, the rarest, rare ones' sum, and any name."""

    whole: float
    title: float
    rarest: float
    rare: float
    name: bool


class _Things(NamedTuple):
    whole: float
    title: float
    rarest: float


class _Sounds(NamedTuple):
    whole: float
    title: float
    rarest: float


def features(a: Traits, b: Traits, cosine: float, crowd: Crowd) -> list[float]:
    """One number for each of NAMES, in order; the same whichever comes first. About 20 µs."""
    same = a.script == b.script
    cosine = max(cosine, 0.0)
    words, sounds, things = _words(a, b), _sounds(a, b), _things(a, b)
    numbers = min(sum([a.numbers[key] for key in a.numbers.keys() & b.numbers.keys()]), 1.6)
    both, lands = a.where & b.where, a.lands & b.lands
    where, where_apart = bool(both), bool(a.where and b.where) and not both
    hours = abs((a.at - b.at).total_seconds()) / 3600.0
    near, title_near = _near(a.points, b.points), _near(a.title_points, b.title_points)
    rarest_word = max(words.rarest - RARE, 0.0) * 2.5
    rarest_sound = max(sounds.rarest - RARE, 0.0) * 2.5
    named = rarest_word > 0.5 or rarest_sound > 0.4
    chances = sum(map(mul, a.chances, b.chances))
    kinds = a.subtypes & b.subtypes
    earlier, later = (a, b) if a.at <= b.at else (b, a)
    crowded = crowd.share(both) if both else 0.0
    kind_crowd = crowd.share([f"{land}/{kind}" for land in both for kind in kinds]) if both and kinds else 0.0
    place = not a.places.isdisjoint(b.places)
    places_apart = bool(a.places and b.places) and not place
    alone = bool(both and kinds) and kind_crowd == 0.0
    grown = _grown(earlier, later)
    # One row in the order of NAMES; a truth value counts as 0 or 1.
    return [
        cosine, max(cosine - 0.55, 0.0), cosine if same else 0.0, 0.0 if same else cosine,
        words.whole, words.whole if same else 0.0, words.title, same,
        sounds.whole, 0.0 if same else sounds.whole, numbers, _parted(a.sizes, b.sizes),
        near is True, near is False, where, where_apart,
        bool(lands), bool(a.lands and b.lands) and not lands, bool(lands - COMMON), chances,
        bool(kinds), bool(a.subtypes and b.subtypes) and not kinds, math.log1p(hours) / 5.0,
        max(hours - 24.0, 0.0) / 48.0, a.source == b.source,
        cosine if where else 0.0, words.whole if where else 0.0, sounds.whole if where or lands else 0.0,
        _parted(a.title_sizes, b.title_sizes), title_near is True, title_near is False,
        sounds.title, a.title_sounds and b.title_sounds and not sounds.title,
        things.whole, things.title, 0.0 if same else things.whole,
        a.apart or b.apart, later.again and not earlier.again, numbers * things.whole, 0.0 if same else numbers,
        bool(a.sizes & b.sizes), cosine * things.whole,
        cosine * (things.whole + words.whole) if where or lands else 0.0,
        rarest_word, rarest_sound, things.rarest, min(words.rare, 1.5),
        near is False and not named, 0.0 if named else 1.0 - chances, where_apart and not named,
        cosine * max(rarest_word, rarest_sound), a.title_things and b.title_things and not things.whole,
        same and a.names and b.names and not words.name,
        place, places_apart, places_apart and same, near is False and _far(a.points, b.points),
        crowded, kind_crowd, alone, crowded * cosine, crowded * things.whole,
        any(rate == 1.0 for rate in grown), any(1.0 < rate <= 6.0 for rate in grown),
        bool(grown) and all(rate < 0.7 for rate in grown),
        things.whole if place else 0.0, place and bool(kinds), places_apart and bool(kinds),
        bool(a.title_places and b.title_places) and a.title_places.isdisjoint(b.title_places) and not title_near,
        numbers if place else 0.0, cosine if kinds and where else 0.0, cosine if alone else 0.0,
    ]  # fmt: skip


def _words(a: Traits, b: Traits) -> _Words:
    whole = title = rarest = rare = 0.0
    name = False
    for key in a.words.keys() & b.words.keys():
        mine, theirs = a.words[key], b.words[key]
        whole += mine.whole * theirs.whole
        title += mine.title * theirs.title
        if mine.rarity > RARE:
            rarest = max(rarest, mine.rarity)
            rare += mine.rarity - RARE
        name = name or (mine.name and theirs.name)
    return _Words(whole, title, rarest, rare, name)


def _sounds(a: Traits, b: Traits) -> _Sounds:
    whole = title = rarest = 0.0
    for key in a.sounds.keys() & b.sounds.keys():
        weight, in_title = a.sounds[key]
        whole += weight
        rarest = max(rarest, weight)
        if in_title and b.sounds[key][1]:
            title += weight
    return _Sounds(min(whole, 2.0), min(title, 2.0), rarest)


def _things(a: Traits, b: Traits) -> _Things:
    whole = title = rarest = 0.0
    for key in a.things.keys() & b.things.keys():
        mine, theirs = a.things[key], b.things[key]
        whole += mine.whole * theirs.whole
        title += mine.title * theirs.title
        rarest = max(rarest, mine.rarity)
    return _Things(whole, title, rarest)


def _grown(earlier: Traits, later: Traits) -> list[float]:
    """By what each toll that both tell has grown."""
    if not earlier.tolls or not later.tolls:
        return []
    return [later.tolls[code] / max(value, 1.0) for code, value in earlier.tolls.items() if code in later.tolls]


def _parted(a: frozenset[float], b: frozenset[float]) -> bool:
    return bool(a and b) and not a & b


def _near(a: Points, b: Points) -> bool | None:
    """Whether a town of one is a town of the other; None where one names none."""
    if not a or not b:
        return None
    return any(abs(p[0] - q[0]) < NEAR and abs(p[1] - q[1]) < NEAR for p in a for q in b)


def _far(a: Points, b: Points) -> bool:
    return all(abs(p[0] - q[0]) + abs(p[1] - q[1]) > FAR for p in a for q in b)
