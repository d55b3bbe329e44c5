"""What the joiner knows of an entry: read once from entry and assessment, compared many times."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
import yaml
from numpy.typing import NDArray

from ingest.entry import Entry
from scoring.assessment import Assessment
from scoring.category import CATEGORIES
from scoring.joint.figures import figures
from scoring.joint.places import lands_of, names_of, points_of
from scoring.joint.sounds import sound_keys
from scoring.lede import opening
from scoring.locate_scan import scan
from scoring.signals import Signals, parse, signals
from scoring.words import Word as Token
from scoring.words import mostly_dense, normalise, units, words

Floats = NDArray[np.float32]

THINGS = Path(__file__).with_name("things.txt")
MARKS = Path(__file__).with_name("marks.yaml")
BUCKETS = 1 << 16
LEDE = 160  # characters of the text that are compared, 80 where a character is about a token
STEM = 6
RARE = 0.62  # rarity from which a word or a name leads to candidates
LEDE_WEIGHT = 0.5
_CAPITAL = re.compile(r"\b[A-ZÀ-ÖØ-ÞА-ЯЁ][\w’'-]{2,}")
_TOLLS = frozenset(("severity.dead", "severity.injured", "severity.missing", "severity.taken", "severity.trapped"))


class Word(NamedTuple):
    """A word's or thing's weight in two sets of unit length (in all that is compared, in the title: 0 where it is not
    there), how rare it is, and whether it is a capitalised word of the title."""

    whole: float
    title: float
    rarity: float
    name: bool = False


@dataclass(frozen=True, slots=True)
class Traits:
    """An entry as the joiner looks at it. `words`, `sounds` and `things` are by bucket.
    `vector` (512,) and `chances` (5, of the categories' probabilities) are of unit length or zeros."""

    key: str
    at: datetime
    source: str
    script: str
    vector: Floats
    chances: tuple[float, ...]
    subtypes: frozenset[str]
    where: frozenset[str]  # countries where it happens
    lands: frozenset[str]  # and those that are merely named
    points: tuple[tuple[float, float], ...]  # of towns, degrees
    words: Mapping[int, Word]
    sounds: Mapping[int, tuple[float, bool]]  # weight, and whether in the title
    things: Mapping[int, Word]
    numbers: Mapping[float, float]
    sizes: frozenset[float]  # magnitudes: numbers with a decimal
    title_sizes: frozenset[float]
    title_points: tuple[tuple[float, float], ...]
    leads: tuple[int, ...]  # rare words and sounds of the title, by which candidates are found
    title_sounds: bool  # whether the title has any
    title_things: bool
    names: bool
    places: frozenset[str]  # sounds and points of towns and regions, capitals left out: they act for their country
    title_places: frozenset[str]
    tolls: Mapping[str, float]  # people dead, injured, missing, taken
    apart: bool  # says that it is none of another happening
    again: bool  # says that it is one more of its kind
    text: str = ""  # title, line end, lede: what a closer look reads


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
    title_sounds = _sounds(item.title, rarity)
    sounds = title_sounds | _sounds(lede, rarity)
    above, below = tokens(item.title), tokens(lede)
    words, names = _words(item.title, above, below, rarity)
    things = _things_of(above, below, rarity)
    vector = np.frombuffer(assessment.vector, dtype=np.float16).astype(np.float32)
    where = frozenset(assessment.countries)
    return Traits(
        key=item.key,
        at=at or item.published or entry.first_seen,
        source=entry.source,
        script=_script(item.title),
        vector=vector if len(vector) else np.zeros(512, dtype=np.float32),
        chances=_chances(assessment),
        subtypes=frozenset(assessment.subtypes),
        where=where,
        lands=where | lands_of(seen),
        points=points_of(seen),
        words=words,
        sounds={key: (weight, key in title_sounds) for key, weight in sounds.items()},
        things=things,
        numbers=_numbers(item.title, lede, assessment),
        sizes=frozenset(_sizes(whole_text)),
        title_sizes=frozenset(_sizes(item.title)),
        title_points=points_of(seen, len(item.title)),
        leads=_leads(words, title_sounds, rarity),
        title_sounds=bool(title_sounds),
        title_things=any(thing.title for thing in things.values()),
        names=names,
        places=frozenset(names_of(seen)),
        title_places=frozenset(names_of(seen, len(item.title))),
        tolls=_tolls(assessment),
        apart=any(mark in plain for mark in _marks()["apart"]),
        again=any(mark in plain_title for mark in _marks()["again"]),
        text=whole_text if lede else item.title,
    )


def lede_of(text: str) -> str:
    """The part of a text that is compared."""
    lede = text[opening(text) :] if text else ""
    return lede[: LEDE // 2] if mostly_dense(lede[:LEDE]) else lede[:LEDE]


def _words(title: str, above: Sequence[Token], below: Sequence[Token], rarity: Rarity) -> tuple[dict[int, Word], bool]:
    """The words of title and lede, and whether the title has names that are none of its first word."""
    first, rest = weighed(title_keys(above), rarity), weighed(title_keys(below), rarity)
    whole = unit(first | {key: LEDE_WEIGHT * weight for key, weight in rest.items() if key not in first})
    heard, names = unit(first), set(_names(title))
    found = {key: Word(weight, heard.get(key, 0.0), rarity.of(key), key in names) for key, weight in whole.items()}
    return found, bool(names)


def _things_of(above: Sequence[Token], below: Sequence[Token], rarity: Rarity) -> dict[int, Word]:
    first = weighed(thing_keys(above), rarity)
    weights = first | weighed(thing_keys(below), rarity)
    heard = unit(first)
    return {key: Word(weight, heard.get(key, 0.0), weights[key]) for key, weight in unit(weights).items()}


def _leads(words: Mapping[int, Word], title_sounds: Mapping[int, float], rarity: Rarity) -> tuple[int, ...]:
    keys = [key for key, word in words.items() if word.title] + list(title_sounds)
    return tuple(dict.fromkeys(key for key in keys if rarity.of(key) >= RARE))


def _tolls(assessment: Assessment) -> dict[str, float]:
    return {one.code: float(one.value) for one in assessment.reasons if one.code in _TOLLS and one.value}


def _chances(assessment: Assessment) -> tuple[float, ...]:
    plain = [assessment.probabilities.get(category, 0.0) for category in CATEGORIES]
    norm = sum(chance * chance for chance in plain) ** 0.5
    return tuple(chance / norm for chance in plain) if norm > 0 else tuple(plain)


def title_keys(found: Iterable[Token]) -> Iterator[int]:
    """The buckets of words: stems, or pairs of characters in scripts without blanks."""
    for word in found:
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
    yield from title_keys(tokens(" ".join(one.group() for one in _CAPITAL.finditer(title) if one.start() > 0)))


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


def _numbers(title: str, lede: str, assessment: Assessment) -> dict[float, float]:
    """Numbers that say which happening it is, as they stand or as tolls in words; round ones say less."""
    found = {value: _telling(value) for value in figures(lede)}
    found |= {value: 1.3 * _telling(value) for value in figures(title)}
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


def thing_keys(found: Sequence[Token]) -> Iterator[int]:
    """The buckets of the things and concepts that words name in any language."""
    spaced = [word for word in found if not word.dense]
    for table in (_things(), signals()):
        for hit in table.in_words(spaced):
            yield bucket("§" + hit.key)
        for word in found:
            if word.dense:
                for hit in table.in_run(word):
                    yield bucket("§" + hit.key)


def tokens(text: str) -> list[Token]:
    """A text's words, for `title_keys` and `thing_keys`."""
    return list(words(normalise(text)))


def _sizes(text: str) -> Iterator[float]:
    for match in re.findall(r"(?<![\d.,])(\d[.,]\d)(?![\d.,])", normalise(text)):
        yield float(match.replace(",", "."))
