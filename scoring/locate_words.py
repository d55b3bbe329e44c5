"""The word lists that tell a place of happening from an actor, read once from `indicators/place.yaml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from ingest.place.fold import fold
from ingest.place.han import simplified
from scoring.indicator_files import table

# Without a known language: those whose small words do not mislead in the others.
_DEFAULT = ("en", "fr", "es", "ru", "ar", "fa")
_KEYS = ("between", "where", "object", "agent", "owned")
_LISTS = (
    "modifiers", "after_place", "speech", "afar", "acts", "events", "outward", "home", "abroad", "place_nouns",
    "hostile", "not_hostile", "sport", "joins", "given", "matters", "receives", "not_opening", "folk", "talks", "harm",
    "travels", "frontiers", "bans", "goods", "exports", "flows", "custody", "deals", "based", "civic",
    "quantities", "streets",
)  # fmt: skip
_BEHIND = ("frontiers", "abroad", "outward", "talks", "place_nouns")
_MISLEADING = frozenset(("a", "o", "y", "el", "al", "no", "na", "nos", "nas", "ya", "wa", "di", "ke"))


@dataclass(frozen=True, slots=True)
class Before:
    """Words that stand before a place name, by what they make of it."""

    between: frozenset[str]
    where: frozenset[str]
    object: frozenset[str]
    agent: frozenset[str]
    owned: frozenset[str]
    telling: frozenset[str]  # all that stand before a name and say something of it, to pass over the rest at once


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """All lists, folded. `zh` tuples are for str.startswith and str.endswith; `contexts`: see the file."""

    before: Mapping[str, Before]
    modifiers: frozenset[str]
    after_place: frozenset[str]
    speech: frozenset[str]
    afar: frozenset[str]
    acts: frozenset[str]
    events: frozenset[str]
    outward: frozenset[str]
    home: frozenset[str]
    abroad: frozenset[str]
    place_nouns: frozenset[str]
    hostile: frozenset[str]
    not_hostile: frozenset[str]
    sport: frozenset[str]
    joins: frozenset[str]
    given: frozenset[str]
    matters: frozenset[str]
    receives: frozenset[str]
    not_opening: frozenset[str]
    folk: frozenset[str]
    talks: frozenset[str]
    harm: frozenset[str]
    travels: frozenset[str]
    frontiers: frozenset[str]
    bans: frozenset[str]
    goods: frozenset[str]
    exports: frozenset[str]
    flows: frozenset[str]
    custody: frozenset[str]
    deals: frozenset[str]
    based: frozenset[str]
    civic: frozenset[str]
    quantities: frozenset[str]
    streets: frozenset[str]
    zh: Mapping[str, tuple[str, ...]]
    contexts: Mapping[str, Mapping[str, frozenset[str]]]

    def before_in(self, language: str | None) -> Before:
        """The small words of a language, or those safe in most."""
        return self.before.get((language or "")[:2].lower(), self.before[""])


@cache
def place_words() -> PlaceWords:
    """The lists of the shipped file."""
    raw = table("place")
    nouns = _set(word for key in _BEHIND for word in raw[key])
    rows = {language: [_set(row.get(key, ())) for key in _KEYS] for language, row in raw["before"].items()}
    common = zip(*(rows[language] for language in _DEFAULT), strict=True)
    rows[""] = [frozenset().union(*sets) - _MISLEADING for sets in common]
    before = {
        language: Before(telling=nouns.union(*row[:-1]), **dict(zip(_KEYS, row, strict=True)))
        for language, row in rows.items()
    }
    zh = {key: tuple(simplified(word) for word in words) for key, words in raw["zh"].items()}
    contexts = {fold(name): {code: _set(words) for code, words in row.items()} for name, row in raw["contexts"].items()}
    return PlaceWords(before=before, zh=zh, contexts=contexts, **{key: _set(raw[key]) for key in _LISTS})


def _set(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in words)
