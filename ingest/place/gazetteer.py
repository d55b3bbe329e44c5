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
    REGION = "r"
    WATER = "s"
    SEAT = "i"  # White House, Kremlin: who acts
    SHORT = "h"  # Chinese one-character names in company
    ACRONYM = "A"  # all capitals needed
    IF_NAMED = "q"  # counts only if the country is named besides
    NOWHERE = "x"  # hides the name inside it


@dataclass(frozen=True, slots=True)
class Name:
    """One name: its kind and its countries, likeliest first (several: shared waters, or towns of one name)."""

    kind: Kind
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """`words` maps folded words joined by spaces to an index into `values`, `han` unspaced scripts' names.

    `small` holds the adjectives that are written without a capital. `first` maps a name's first word to the number
    of words of the longest name that begins with it, `lead` a first character to the lengths to try, longest first.
    """

    values: tuple[Name, ...]
    words: Mapping[str, int]
    small: Mapping[str, int]
    han: Mapping[str, int]
    first: Mapping[str, int]
    lead: Mapping[str, tuple[int, ...]]


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
    raw = table()
    values = tuple(Name(Kind(kind), tuple(codes.split())) for kind, codes in raw["values"])
    return Gazetteer(
        values, raw["words"], raw["small"], raw["han"], _first(raw["words"], raw["small"]), _lead(raw["han"])
    )


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
        lengths.setdefault(name[0], set()).add(len(name))
    return {head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()}
