"""The table of names while it is being built: four maps from a folded spelling to what it stands for."""

import re
from collections.abc import Iterable

from ingest.place import forms
from ingest.place.fold import fold
from ingest.place.gazetteer import Kind
from ingest.place.han import simplified
from ingest.place.text import words_of

UNSPACED = re.compile(r"[\u1000-\u109f\u3400-\u9fff]")
# What wins when one spelling means several things.
_RANK = "xAwcadrkiBbshqyuvmt"

Value = tuple[str | float, ...]  # kind, countries, then a latitude and a longitude for each town


class Table:
    """Names gathered so far; a spelling keeps the strongest kind that was given to it."""

    def __init__(self) -> None:
        self.words: dict[str, Value] = {}
        self.small: dict[str, Value] = {}
        self.stems: dict[str, Value] = {}
        self.han: dict[str, Value] = {}
        self.money: dict[str, dict[str, Value]] = {}  # by language
        self.others: dict[str, str] = {}  # spelling of a town → lands of lesser towns of that name
        self.held: set[Value] = set()  # values that no spelling of every language has

    def add(self, name: str, kind: Kind, codes: Iterable[str], points: Iterable[tuple[float, float]] = ()) -> None:
        """One spelling. Names that fold to nothing, or to a bare letter, are left out."""
        value: Value = (kind.value, " ".join(codes), *(part for point in points for part in point))
        key = key_of(name)
        shelf = self.words
        if UNSPACED.search(name):
            shelf = self.han
        elif kind is Kind.ADJECTIVE:
            shelf = self.small
        elif kind in (Kind.MINOR, Kind.TINY) and "\u0400" <= key[:1] <= "\u04ff" and " " not in key:
            shelf, key = self.stems, forms.russian_stem(key)
        elif kind is Kind.NOWHERE and name.islower():
            self.small.setdefault(key, value)  # `barrio chino` has no capital
        known = shelf.get(key, value)
        if len(key) < 2:
            return
        if key in shelf and _RANK.index(str(known[0])) <= _RANK.index(kind.value):
            shelf[key] = _pointed(known, value)
            return
        shelf[key] = _pointed(value, known)

    def add_money(self, language: str, noun: str, code: str) -> None:
        """The noun for a land's money, written small in most languages."""
        value: Value = (Kind.BODY.value, code)
        self.held.add(value)
        plural = noun + "s" if noun.isascii() else noun
        for form in forms.russian(noun) if language == "ru" else (noun, plural):
            self.money.setdefault(language[:2], {})[key_of(form)] = value

    def shelves(self) -> dict[str, dict[str, Value]]:
        """The four maps by name."""
        return {"words": self.words, "small": self.small, "stems": self.stems, "han": self.han}

    def values(self) -> list[Value]:
        """Every distinct value, in order."""
        return sorted(self.held.union(*(shelf.values() for shelf in self.shelves().values())))


def _pointed(value: Value, other: Value) -> Value:
    """A region that is called after its town lies where the town does: Zinder, Kano, Lugansk."""
    lacks = value[0] == Kind.REGION.value and len(value) == 2 and len(other) > 2 and value[1] == other[1]
    return (*value, *other[2:4]) if lacks else value


def key_of(name: str) -> str:
    """How a name is looked up: its words folded and joined by spaces; Chinese simplified."""
    if UNSPACED.search(name):
        return simplified(name).replace(" ", "")
    return " ".join(fold(word) for word in words_of(name))
