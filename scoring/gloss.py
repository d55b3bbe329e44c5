"""A gloss: what is known for certain of a title in a language that its reader may not know.

It is no translation and guesses nothing: the language, where it happens, what kind of happening it was held to be, the
numbers that the title itself tells with what they count, and the sharp words of the field in it. Everything is a stable
code; whoever shows it has the words. What the title takes back, doubts or looks back at is said with it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from ingest.place.gazetteer import PlaceTableMissing
from ingest.place.text import UNSPACED
from ingest.place.town_names import town
from scoring.category import SUBTYPES, Category
from scoring.gloss_number import Bound, bound_of, money
from scoring.impact_severity import magnitude, measures, taken_back_by
from scoring.impact_toll import Count, toll
from scoring.impact_urgency import looks_back
from scoring.impact_words import Reading, key_of, read, table
from scoring.locate import Role, locate
from scoring.signals import signals
from scoring.words import normalise, words

LONGEST = 400  # characters of a title that are read
COUNTRIES, TOWNS, KINDS, SIGNS = 3, 2, 3, 3
_CHINESE = frozenset(("zh", "yue", "wuu", "lzh", "nan", "hak", "gan"))
_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_OTHER_EAST = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")  # kana and hangul: Han among them is no Chinese
_PARTED = re.compile(r"[,،，、]\s|[，、]")  # a comma that is none of a number
_CROWD = 1000  # fewer that are moved may be villages or households
_OF_PEOPLE = frozenset((Category.SECURITY, Category.POLITICAL))


class PartKind(StrEnum):
    """What a part of a gloss is."""

    LANGUAGE = "language"
    COUNTRY = "country"
    TOWN = "town"
    CATEGORY = "category"
    SUBTYPE = "subtype"
    COUNT = "count"
    MAGNITUDE = "magnitude"
    MONEY = "money"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is known.

    `code` is a language or country code, a town as `PE/Lima`, a category's or sub-type's key, what is counted (`dead`),
    a currency, or the key of a message such as `severity.curfew`. `value` is the number, None where there is none.
    """

    kind: PartKind
    code: str
    value: float | None = None
    bound: Bound = Bound.EXACT


@dataclass(frozen=True, slots=True)
class Gloss:
    """What is known, in the order in which it is said."""

    parts: tuple[Part, ...]


def foreign(title: str, language: str | None, reader: str) -> bool:
    """Whether a reader of `zh` or `en` may not know the language of a title.

    Where nobody said what it is, the script decides; Latin letters alone are taken for English.
    """
    base = base_of(language)
    if base:
        return (base in _CHINESE) != (reader == "zh") if reader == "zh" else base != "en"
    if not _LETTER.search(title):
        return False
    if reader == "zh":
        return not UNSPACED.search(title) or bool(_OTHER_EAST.search(title))
    letters = _LETTER.findall(title)
    return 2 * sum(bool(_LATIN.match(letter)) for letter in letters) < len(letters)


def base_of(language: str | None) -> str:
    """The first part of a language tag, `pt` of `pt-BR`; "" where none is known."""
    base = (language or "").replace("_", "-").split("-")[0].lower()
    return "" if base in ("und", "mul", "zxx") else base


def gloss(
    title: str,
    language: str | None,
    *,
    labels: Sequence[str] = (),
    subtypes: Sequence[str] = (),
    countries: Sequence[str] = (),
) -> Gloss | None:
    """What is known of a title; None where that is no more than its language and the names of categories.

    `labels`, `subtypes` and `countries` are those held to apply. Never raises on any text.
    """
    title = title[:LONGEST]
    held = tuple(Category(label) for label in labels if label in tuple(Category))
    reading = read(title, "")
    told = [
        *_places(title, language, countries),
        *_kinds(held, subtypes),
        *_counts(reading, held),
        *_measured(reading, held),
    ]
    told += _signs(reading, held, subtypes, is_quake=any(part.kind is PartKind.MAGNITUDE for part in told))
    if all(part.kind is PartKind.CATEGORY for part in told):
        return None
    base = base_of(language)
    return Gloss((*((Part(PartKind.LANGUAGE, base),) if base else ()), *told))


def _places(title: str, language: str | None, countries: Sequence[str]) -> Iterator[Part]:
    for country in countries[:COUNTRIES]:
        yield Part(PartKind.COUNTRY, country)
    found: dict[str, None] = {}
    try:
        for hit in locate(title, "", language) if countries else ():
            name = town(hit.country, hit.words) if hit.country in countries and hit.role == Role.WHERE else None
            if name:
                found[f"{hit.country}/{name}"] = None
    except PlaceTableMissing:
        return
    for code in list(found)[:TOWNS]:
        yield Part(PartKind.TOWN, code)


def _kinds(held: Sequence[Category], subtypes: Sequence[str]) -> Iterator[Part]:
    """Sub-types, and the categories of which none is known."""
    known = [key for key in subtypes if SUBTYPES.get(key) in held]
    parts = [Part(PartKind.SUBTYPE, key) for key in known]
    parts += [Part(PartKind.CATEGORY, label.value) for label in held if label not in {SUBTYPES[key] for key in known}]
    yield from parts[:KINDS]


def _counts(reading: Reading, held: Sequence[Category]) -> Iterator[Part]:
    """The victims that the title counts; a verb alone only where it cannot mean anything else."""
    if _OF_PEOPLE.isdisjoint(held):
        return
    for kind, count in toll(reading).items():
        if count.told and _counts_people(kind, count, reading):
            yield Part(PartKind.COUNT, kind, count.value, bound_of(count, reading))
        elif not count.told and _is_sure(count):
            yield Part(PartKind.COUNT, kind)


def _counts_people(kind: str, count: Count, reading: Reading) -> bool:
    """Whether the number belongs to its verb beyond doubt: no comma parts them, and no villages are evacuated."""
    if _PARTED.search(count.words):
        return False
    if kind != "displaced" or count.value >= _CROWD or UNSPACED.search(count.words):
        return True
    end = count.start + len(count.words)
    near = [key for key, (at, _) in zip(reading.keys, reading.spans, strict=True) if count.start <= at <= end + 1]
    return not _people().isdisjoint(near)


def _is_sure(count: Count) -> bool:
    words_ = count.words
    return bool(UNSPACED.search(words_)) or " ".join(key_of(word) for word in words_.split()) in _bare()


def _measured(reading: Reading, held: Sequence[Category]) -> Iterator[Part]:
    quake = magnitude(reading) if Category.SECURITY in held else None
    if quake is not None:
        yield Part(PartKind.MAGNITUDE, "magnitude", quake[0])
    at_stake = money(reading) if held else None
    if at_stake is not None:
        yield Part(PartKind.MONEY, at_stake.currency, at_stake.value, at_stake.bound)


def _signs(reading: Reading, held: tuple[Category, ...], subtypes: Sequence[str], *, is_quake: bool) -> Iterator[Part]:
    """What is done or declared, and how far it is taken back."""
    found = dict.fromkeys([*_done(reading, held), *_concepts(reading, subtypes)])
    said = {*(f"severity.{key}" for key in subtypes), *(("gloss.quake",) if is_quake else ())}
    codes = [code for code in found if code not in said][:SIGNS]
    for code in codes:
        yield Part(PartKind.SIGN, code)
    for code in _manner(reading, done=any(code.startswith("severity.") for code in found)) if held else ():
        yield Part(PartKind.SIGN, code)


def _done(reading: Reading, held: tuple[Category, ...]) -> Iterator[str]:
    for reason in measures(reading, held, taken_back_by(reading)):
        if reason.code in _sure():
            yield reason.code


def _concepts(reading: Reading, subtypes: Sequence[str]) -> Iterator[str]:
    wanted = {concept for key in subtypes for concept in _refining().get(key, ())}
    if not wanted:
        return
    known, spaced = signals(), []
    for word in words(normalise(reading.text)):
        if word.dense:
            yield from (f"gloss.{hit.key}" for hit in known.in_run(word) if hit.key in wanted)
        else:
            spaced.append(word)
    yield from (f"gloss.{hit.key}" for hit in known.in_words(spaced) if hit.key in wanted)


def _manner(reading: Reading, *, done: bool) -> Iterator[str]:
    """Taken back, denied, told with reservation, eased, only talked about, or long past."""
    if looks_back(reading) and (done or toll(reading)):
        yield "urgency.anniversary"
    denial = next((group for group in ("retraction", "denial") if reading.of(group)), "")
    if denial:
        yield "certainty.retracted" if denial == "retraction" else "certainty.denied"
    elif any(mark.sense.code != "light" for mark in reading.of("hedge")):
        yield "certainty.hedged"
    shifts = {mark.sense.code for mark in reading.of("shift")}
    if done and _is_eased(reading):
        yield "gloss.relief"
    elif done and "talk" in shifts:
        yield "gloss.talk"


def _is_eased(reading: Reading) -> bool:
    return not _eased().isdisjoint(reading.keys) or any(word in reading.plain for word in _eased() if word > "\u3000")


@cache
def _people() -> frozenset[str]:
    return frozenset(key_of(word) for phrase in table("toll")["people"] for word in phrase.split())


@cache
def _eased() -> frozenset[str]:
    return frozenset(map(key_of, table("gloss")["eased"]))


@cache
def _refining() -> Mapping[str, tuple[str, ...]]:
    return {key: tuple(concepts) for key, concepts in table("gloss")["concepts"].items()}


@cache
def _sure() -> frozenset[str]:
    return frozenset(f"severity.{code}" for code in table("gloss")["signs"])


@cache
def _bare() -> frozenset[str]:
    return frozenset(" ".join(key_of(word) for word in verb.split()) for verb in table("gloss")["bare"])
