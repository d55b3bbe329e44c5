"""The table of place names: loaded once, when first asked for, and only looked into by whole names."""

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import orjson

TABLE = Path(__file__).with_name("gazetteer.json.gz")


class PlaceTableMissing(RuntimeError):
    """The generated table is not there, or is not ours: set-up has not run."""


class Kind(StrEnum):
    """What a name is, which decides how much it says about where something happens."""

    COUNTRY = "c"
    DOUBTFUL = "w"  # a country's name that is a person or a word too: the words around must say that it is a place
    UNSURE = "u"  # the same of a town
    WEAK = "v"  # a town whose name is a common word: counts only right after a word for a place
    PEOPLE = "d"  # adjective or people, English: capital needed
    ADJECTIVE = "a"  # adjective or people of a language that writes them small
    CAPITAL = "k"
    CITY = "y"
    MINOR = "m"  # a small town or a province: counts where nothing surer is named, or its country is
    TINY = "t"  # a smaller town still, or one's name in another language: the last resort, right after a preposition
    REGION = "r"
    WATER = "s"
    SEAT = "i"  # White House, Kremlin: who acts
    BODY = "b"  # parliament, police: who acts, inside the own country
    INITIALS = "B"  # the same, capitals needed; read as BODY
    SHORT = "h"  # Chinese one-character names in company
    ACRONYM = "A"  # all capitals needed
    IF_NAMED = "q"  # counts only if the country is named besides
    NOWHERE = "x"  # hides the name inside it


@dataclass(frozen=True, slots=True)
class Name:
    """One name: its kind and its countries, likeliest first (several: shared waters, or towns of one name).

    `points` are the latitude and longitude in degrees of the town in each country; () where none is known.
    """

    kind: Kind
    countries: tuple[str, ...]
    points: tuple[tuple[float, float], ...] = ()
    initials: bool = False  # means what it does only when written in capitals


class Gazetteer:
    """`words` maps folded words joined by spaces to an index for `name`, `han` unspaced scripts' names.

    `small` holds the adjectives that are written without a capital, `stems` Russian names without their ending,
    `local` acronyms of one language by its code, `money` the nouns for money. `others` are the countries of lesser
    towns of one spelling. `first` maps a name's first word to the number of words of the
    longest name that begins with it (`first_small` among the adjectives alone), `lead` the first two characters to
    the lengths to try, longest first.
    """

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.words: Mapping[str, int] = raw["words"]
        self.small: Mapping[str, int] = raw["small"]
        self.stems: Mapping[str, int] = raw["stems"]
        self.local: Mapping[str, Mapping[str, int]] = raw["local"]
        self.han: Mapping[str, int] = raw["han"]
        self.money: Mapping[str, Mapping[str, int]] = raw["money"]
        self.others: Mapping[str, str] = raw["others"]
        self.first: Mapping[str, int] = _first(self.words, self.small)
        self.first_small: Mapping[str, int] = _first(self.small)
        self.lead: Mapping[str, tuple[int, ...]] = _lead(self.han)
        self._rows: list[list[Any]] = raw["values"]
        self._names: dict[int, Name] = {}

    def name(self, index: int) -> Name:
        """A value by its index; made when first asked for, since most of them never are."""
        name = self._names.get(index)
        if name is None:
            kind, codes, *numbers = self._rows[index]
            points = tuple(zip(numbers[::2], numbers[1::2], strict=True))
            initials = kind == Kind.INITIALS
            kind = Kind.BODY if initials else Kind(kind)
            name = self._names[index] = Name(kind, tuple(codes.split()), points, initials)
        return name


@cache
def table(path: Path = TABLE) -> dict[str, Any]:
    """The raw table. PlaceTableMissing when it has not been generated."""
    try:
        return dict(orjson.loads(gzip.decompress(path.read_bytes())))
    except (OSError, EOFError, zlib.error, orjson.JSONDecodeError) as error:
        raise PlaceTableMissing("The place table is missing. Run `make setup`.") from error


@cache
def places() -> Gazetteer:
    """The table ready for looking up. PlaceTableMissing when it has not been generated."""
    return Gazetteer(table())


def _first(*tables: Mapping[str, int]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for names in tables:
        for name in names:
            head, space, _ = name.partition(" ")
            count = name.count(" ") + 1 if space else 1
            if longest.get(head, 0) < count:
                longest[head] = count
    return longest


def _lead(names: Mapping[str, int]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = {}
    for name in names:
        lengths.setdefault(name[:2], set()).add(len(name))
    shared: dict[tuple[int, ...], tuple[int, ...]] = {}
    rows = ((head, tuple(sorted(found, reverse=True))) for head, found in lengths.items())
    return {head: shared.setdefault(row, row) for head, row in rows}
