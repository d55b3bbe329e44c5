"""A gloss: what is known for certain of a title in a language that its reader may not know.

It is no translation and guesses nothing: the language, where it happens, what kind of happening it was held to be, the
numbers that the title itself tells with what they count, and the sharp words of the field in it. Everything is a stable
code; whoever shows it has the words. What the title takes back, doubts or looks back at is said with it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ingest.place.gazetteer import PlaceTableMissing
from ingest.place.text import UNSPACED
from ingest.place.town_names import town
from scoring.category import SUBTYPES, Category
from scoring.gloss_number import Bound, money
from scoring.gloss_people import sure_counts
from scoring.gloss_sign import signs
from scoring.impact_severity import magnitude
from scoring.impact_toll import Count, toll
from scoring.impact_words import Reading, read
from scoring.locate import Role, locate

LONGEST = 400  # characters of a title that are read
COUNTRIES, TOWNS, KINDS = 3, 2, 3
_CHINESE = frozenset(("zh", "yue", "wuu", "lzh", "nan", "hak", "gan"))
_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_OTHER_EAST = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")  # kana and hangul: Han among them is no Chinese
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
    counts = toll(reading)
    told = [*_places(title, language, countries), *_kinds(held, subtypes), *_counted(reading, counts, held)]
    is_quake = any(part.kind is PartKind.MAGNITUDE for part in told)
    told += [Part(PartKind.SIGN, code) for code in signs(reading, counts, held, subtypes, is_quake=is_quake)]
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


def _counted(reading: Reading, counts: Mapping[str, Count], held: Sequence[Category]) -> Iterator[Part]:
    """Victims, a magnitude, and the sum at stake."""
    if not _OF_PEOPLE.isdisjoint(held):
        for kind, value, bound in sure_counts(reading, counts):
            yield Part(PartKind.COUNT, kind, value, bound)
    quake = magnitude(reading) if Category.SECURITY in held else None
    if quake is not None:
        yield Part(PartKind.MAGNITUDE, "magnitude", quake[0])
    at_stake = money(reading) if held else None
    if at_stake is not None:
        yield Part(PartKind.MONEY, at_stake.currency, at_stake.value, at_stake.bound)
