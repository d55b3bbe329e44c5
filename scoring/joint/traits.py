"""What the joiner knows of an entry: read once from entry and assessment, compared many times."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np
import yaml
from numpy.typing import NDArray

from ingest.entry import Entry
from ingest.place.gazetteer import Kind
from scoring.assessment import Assessment
from scoring.category import CATEGORIES
from scoring.joint.figures import figures
from scoring.joint.sounds import sound_keys
from scoring.lede import opening
from scoring.locate_scan import Scan, scan
from scoring.signals import Signals, parse, signals
from scoring.words import mostly_dense, normalise, units, words

Floats = NDArray[np.float32]

THINGS = Path(__file__).with_name("things.txt")
MARKS = Path(__file__).with_name("marks.yaml")
BUCKETS = 1 << 16
LEDE = 160  # characters of the text that are compared, 80 where a character is about a token
STEM = 6
LEDE_WEIGHT = 0.5
_TOWNS = frozenset((Kind.CITY, Kind.CAPITAL, Kind.MINOR, Kind.UNSURE, Kind.WEAK))
_LANDS = frozenset((Kind.COUNTRY, Kind.PEOPLE, Kind.ADJECTIVE, Kind.CAPITAL, Kind.ACRONYM, Kind.SHORT, Kind.DOUBTFUL))
_CAPITAL = re.compile(r"\b[A-ZÀ-ÖØ-ÞА-ЯЁ][\w’'-]{2,}")
_TOLLS = frozenset(("severity.dead", "severity.injured", "severity.missing", "severity.taken", "severity.trapped"))


@dataclass(frozen=True, slots=True)
class Traits:
    """An entry as the joiner looks at it. Weighted sets are key → weight; `words` and `sounds` are of unit length each
    or empty. `vector` (512,) of unit length or zeros; `chances` (5,) the categories' probabilities."""

    key: str
    at: datetime
    source: str
    script: str
    vector: Floats
    chances: Floats
    subtypes: frozenset[str]
    where: frozenset[str]  # countries where it happens
    lands: frozenset[str]  # and those that are merely named
    points: tuple[tuple[float, float], ...]  # of towns, degrees
    words: Mapping[int, float]
    title: Mapping[int, float]
    sounds: Mapping[int, float]
    numbers: Mapping[float, float]
    sizes: frozenset[float]  # magnitudes: numbers with a decimal
    title_sizes: frozenset[float]
    title_points: tuple[tuple[float, float], ...]
    title_sounds: Mapping[int, float]
    rare: Mapping[int, float]  # words with their rarity as it is, not of unit length
    names: Mapping[int, float]  # capitalised words of the title
    rare_things: Mapping[int, float]
    things: Mapping[int, float]
    title_things: Mapping[int, float]
    apart: bool  # says that it is none of another happening
    again: bool  # says that it is one more of its kind


class Rarity:
    """How rare words and sounds are, from the counts of a background corpus: 0 for what every text has, 1 for the
    unknown. Shape of `counts`: (BUCKETS,)."""

    def __init__(self, counts: NDArray[np.integer], texts: int) -> None:
        top = np.log(texts + 1.0)
        self._weights: list[float] = ((top - np.log(counts + 1.0)) / top).astype(float).tolist()

    def of(self, bucket: int) -> float:
        """The weight of a bucket."""
        return self._weights[bucket]


def traits(entry: Entry, assessment: Assessment, rarity: Rarity, at: datetime | None = None) -> Traits:
    """Read an entry. About 0.5 ms, most of it for place names."""
    item = entry.item
    lede = lede_of(item.text)
    whole_text = f"{item.title}\n{lede}"
    plain, plain_title = normalise(f"{item.title}\n{item.text[:500]}"), normalise(item.title)
    seen = scan(whole_text, item.language)
    title = weighed(title_keys(item.title), rarity)
    below = weighed(title_keys(lede), rarity)
    whole = title | {key: LEDE_WEIGHT * weight for key, weight in below.items() if key not in title}
    things = weighed(thing_keys(whole_text), rarity)
    vector = np.frombuffer(assessment.vector, dtype=np.float16).astype(np.float32)
    where = frozenset(assessment.countries)
    return Traits(
        key=item.key,
        at=at or item.published or entry.first_seen,
        source=entry.source,
        script=_script(item.title),
        vector=vector if len(vector) else np.zeros(512, dtype=np.float32),
        chances=np.array([assessment.probabilities.get(c, 0.0) for c in CATEGORIES], dtype=np.float32),
        subtypes=frozenset(assessment.subtypes),
        where=where,
        lands=where | _lands(seen),
        points=_points(seen),
        words=unit(whole),
        title=unit(title),
        sounds=_sounds(whole_text, rarity),
        numbers=_numbers(whole_text, item.title, assessment),
        sizes=frozenset(_sizes(whole_text)),
        title_sizes=frozenset(_sizes(item.title)),
        title_points=_points(seen, len(item.title)),
        title_sounds=_sounds(item.title, rarity),
        rare={key: weight for key, weight in (title | below).items() if weight > 0.5},
        names=weighed(_names(item.title), rarity),
        rare_things=things,
        things=unit(things),
        title_things=unit(weighed(thing_keys(item.title), rarity)),
        apart=any(mark in plain for mark in _marks()["apart"]),
        again=any(mark in plain_title for mark in _marks()["again"]),
    )


def lede_of(text: str) -> str:
    """The part of a text that is compared."""
    lede = text[opening(text) :] if text else ""
    return lede[: LEDE // 2] if mostly_dense(lede[:LEDE]) else lede[:LEDE]


def title_keys(text: str) -> Iterator[int]:
    """The buckets of a text's words: stems, or pairs of characters in scripts without blanks."""
    for word in words(normalise(text)):
        if word.dense:
            parts = units(word.key)
            for i in range(len(parts) - 1):
                yield bucket(parts[i] + parts[i + 1])
        elif len(word.key) > 2 and not word.key[0].isdigit():
            yield bucket(word.key[:STEM])


def sound_buckets(text: str) -> Iterator[tuple[int, int]]:
    """The buckets of names' sounds, with the length of the key."""
    for key in sound_keys(text):
        yield bucket("~" + key), len(key)


def bucket(key: str) -> int:
    """Stable over processes and machines."""
    return crc32(key.encode("utf-8", "surrogatepass")) % BUCKETS


def weighed(keys: Iterator[int], rarity: Rarity) -> dict[int, float]:
    """Each key with its rarity."""
    return {key: rarity.of(key) for key in keys}


def unit(weights: Mapping[int, float]) -> dict[int, float]:
    """The same, of unit length."""
    norm = sum(weight * weight for weight in weights.values()) ** 0.5
    return {key: weight / norm for key, weight in weights.items()} if norm > 0 else {}


def _names(title: str) -> Iterator[int]:
    """The capitalised words of a title, the first left out: it has its capital anyhow."""
    for match in _CAPITAL.finditer(title):
        if match.start() > 0:
            yield from title_keys(match.group())


def _sounds(text: str, rarity: Rarity) -> dict[int, float]:
    return {key: rarity.of(key) * (1.0 if length > 3 else 0.6) for key, length in sound_buckets(text)}


def _script(title: str) -> str:
    """The script that most letters are of: latin, cyrillic, arabic, dense, other."""
    if mostly_dense(title):
        return "dense"
    counts = {"latin": 0, "cyrillic": 0, "arabic": 0, "other": 0}
    for char in title:
        if char.isalpha():
            name = "latin" if char < "\u0370" else "cyrillic" if "\u0400" <= char <= "\u052f" else "other"
            counts["arabic" if "\u0600" <= char <= "\u06ff" else name] += 1
    return max(counts, key=lambda name: counts[name])


def _lands(seen: Scan) -> frozenset[str]:
    return frozenset(
        code
        for one in seen.found
        if one.name.kind in _LANDS or one.name.kind in _TOWNS
        for code in one.name.countries[:1]
    )


def _points(seen: Scan, end: int = 1 << 30) -> tuple[tuple[float, float], ...]:
    """Where the towns lie that are named before the character `end`."""
    return tuple(
        dict.fromkeys(
            one.name.points[0] for one in seen.found if one.start < end and one.name.points and one.name.kind in _TOWNS
        )
    )


def _numbers(text: str, title: str, assessment: Assessment) -> dict[float, float]:
    """Numbers that say which happening it is, as they stand or as tolls in words; round ones say less."""
    found = {value: _telling(value) for value in figures(text)}
    for value in figures(title):
        found[value] = 1.3 * _telling(value)
    for reason in assessment.reasons:
        if reason.code in _TOLLS and reason.value:
            value = float(reason.value)
            found.setdefault(value, _telling(value))
    return found


def _telling(value: float) -> float:
    digits = len(f"{value:.10g}".strip("0").replace(".", ""))
    return 0.15 if value < 3 else 0.35 if value < 10 else 0.5 if digits < 2 else 0.8 if digits < 3 else 1.0


@cache
def _marks() -> Mapping[str, tuple[str, ...]]:
    listed = yaml.safe_load(MARKS.read_text(encoding="utf-8"))
    return {name: tuple(normalise(word) for word in some) for name, some in listed.items()}


@cache
def _things() -> Signals:
    return parse(THINGS.read_text(encoding="utf-8"))


def thing_keys(text: str) -> Iterator[int]:
    """The buckets of the things and concepts that a text names in any language."""
    plain = normalise(text)
    found = list(words(plain))
    spaced = [word for word in found if not word.dense]
    for table in (_things(), signals()):
        for hit in table.in_words(spaced):
            yield bucket("§" + hit.key)
        for word in found:
            if word.dense:
                for hit in table.in_run(word):
                    yield bucket("§" + hit.key)


def _sizes(text: str) -> Iterator[float]:
    for match in re.findall(r"(?<![\d.,])(\d[.,]\d)(?![\d.,])", normalise(text)):
        yield float(match.replace(",", "."))
