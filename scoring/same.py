"""Is this entry a copy of another one, and how like is it to the events that are open?

What decides on the event is `scoring.joint`. `join` here, by likeness alone, is held against it: its tests
(`tests/scoring/test_same.py`, the coup in `tests/demo/test_understood.py`) say what the joiner in use does not reach.
Its bars were measured on invented happenings told in up to six languages (`tests/scoring/happenings.jsonl`): tellings
of one happening lie at cosine 0.44–0.9 (median 0.66), of two of the same kind in the same country at 0.46 at most.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from ingest.entry import Entry
from ingest.place.gazetteer import Kind
from scoring.assessment import Assessment
from scoring.locate_scan import scan
from scoring.words import normalise, units, words

WINDOW = timedelta(hours=72)
KIND_BAR = 0.47  # a sub-type in common
FIELD_BAR = 0.56  # only a category in common
# A happening that a country has one of at a time: country and kind say more than the words. From the first rumour to
# the second day tellings of one coup in six languages lie at 0.28–0.46 to the rumour.
SINGLE_BAR = 0.2
NOWHERE_BAR = 0.62  # one side names no country
NUMBER_BONUS = 0.1  # the same telling number, 64 dead and 64 dead
PLACE_MALUS = 0.15  # towns of the same script, none in common
SINGLE = frozenset(("coup", "regime_change"))
LOCAL = frozenset((Kind.CITY, Kind.REGION, Kind.UNSURE))

TITLE_LIKE = 0.8
LEDE_LIKE = 0.6
LEDE = 300  # characters of the text that are compared
LEAST_SHINGLES = 12

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open event as it stands. `vector`: float16 bytes, unit length, as in Assessment; b"" when there is none."""

    event: str
    vector: bytes
    countries: tuple[str, ...]
    categories: tuple[str, ...]
    subtypes: tuple[str, ...]
    title: str
    language: str | None
    last_seen: datetime


def join(assessment: Assessment, entry: Entry, candidates: Sequence[Candidate], now: datetime) -> str | None:
    """The event that the entry belongs to: the likest above its bar, None when there is none.

    A denial joins like any other telling: "no coup" belongs to the rumour of the coup.
    """
    open_ones = [one for one in candidates if abs(now - one.last_seen) <= WINDOW and _comparable(assessment, one)]
    if not open_ones:
        return None
    likeness = cosines(assessment.vector, open_ones)
    margins = [
        (float(cosine) - bar, one)
        for cosine, one in zip(likeness, open_ones, strict=True)
        if (bar := _bar(assessment, entry, one)) <= cosine + NUMBER_BONUS + PLACE_MALUS
    ]
    fitting = [(margin + _details(entry, one), one.event) for margin, one in margins]
    best = max(fitting, default=(-1.0, ""), key=lambda pair: pair[0])
    return best[1] if best[0] >= 0 else None


def same_origin(a_title: str, a_text: str, b_title: str, b_text: str) -> bool:
    """Whether one is a copy of the other: nearly the same title with the same numbers, or nearly the same lede."""
    if _numbers(a_title) == _numbers(b_title) and _overlap(_pieces(a_title, 1), _pieces(b_title, 1)) >= TITLE_LIKE:
        return True
    a_lede, b_lede = _pieces(a_text[:LEDE], 3), _pieces(b_text[:LEDE], 3)
    return min(len(a_lede), len(b_lede)) >= LEAST_SHINGLES and _overlap(a_lede, b_lede) >= LEDE_LIKE


def _comparable(assessment: Assessment, one: Candidate) -> bool:
    """The same country, or none known on one side; and a category in common."""
    if assessment.countries and one.countries and not set(assessment.countries) & set(one.countries):
        return False
    return bool({*assessment.labels, *assessment.uncertain} & set(one.categories))


def cosines(vector: bytes, candidates: Sequence[Candidate]) -> NDArray[np.float32]:
    """Cosine of the vector with each candidate's (len(candidates),), 0 where either has none, in one product."""
    if not vector:
        return np.zeros(len(candidates), dtype=np.float32)
    blank = bytes(len(vector))
    rows = b"".join(one.vector if len(one.vector) == len(vector) else blank for one in candidates)
    stacked = np.frombuffer(rows, dtype=np.float16).reshape(len(candidates), -1).astype(np.float32)
    return np.asarray(stacked @ np.frombuffer(vector, dtype=np.float16).astype(np.float32), dtype=np.float32)


def _bar(assessment: Assessment, entry: Entry, one: Candidate) -> float:
    if not (assessment.countries and one.countries):
        return NOWHERE_BAR
    shared = set(assessment.subtypes) & set(one.subtypes)
    if shared & SINGLE:
        return SINGLE_BAR
    return KIND_BAR if shared else FIELD_BAR


def _details(entry: Entry, one: Candidate) -> float:
    """What numbers and towns in the titles add to the likeness, or take from it."""
    bonus = NUMBER_BONUS if _telling(entry.item.title) & _telling(one.title) else 0.0
    mine, theirs = _towns(entry.item.title, entry.item.language), _towns(one.title, one.language)
    apart = mine and theirs and not mine & theirs and _script(mine) == _script(theirs)
    return bonus - (PLACE_MALUS if apart else 0.0)


def _telling(title: str) -> set[str]:
    """Numbers that say which happening it is: of two digits or more, no years."""
    return {number for number in _numbers(title) if len(number) > 1 and not _YEAR.fullmatch(number)}


def _numbers(title: str) -> set[str]:
    return {number.replace(",", ".") for number in _NUMBER.findall(normalise(title))}


def _towns(title: str, language: str | None) -> set[str]:
    seen = scan(title, language)
    return {normalise(title[one.start : one.end]) for one in seen.found if one.name.kind in LOCAL}


def _script(names: set[str]) -> bool:
    return all(name.isascii() for name in names)


def _pieces(text: str, size: int) -> set[str]:
    """Words, or in scripts without blanks characters, as runs of `size` (there of one more)."""
    found: list[str] = []
    dense = False
    for word in words(normalise(text)):
        dense = dense or word.dense
        found += units(word.key) if word.dense else [word.key]
    width = size + 1 if dense else size
    return {" ".join(found[i : i + width]) for i in range(max(len(found) - width + 1, 1))} - {""}


def _overlap(a: set[str], b: set[str]) -> float:
    return len(a & b) / len(a | b) if a and b else 0.0
