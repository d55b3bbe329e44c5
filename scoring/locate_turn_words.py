"""The turns of phrase by which a title moves to another country, read once from `indicators/place_turns.yaml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from ingest.place.fold import fold
from ingest.place.han import simplified
from ingest.place.text import words_of
from scoring.indicator_files import table

# Without a known language: those whose small words do not mislead in the others.
_DEFAULT = ("en", "ru", "ar")

Phrases = Mapping[str, tuple[tuple[str, ...], ...]]  # first word → phrases that begin with it


@dataclass(frozen=True, slots=True)
class TurnWords:
    """All lists, folded; `aside`, `after` by language, "" for an unknown one; see the file for what each is for."""

    aside: Mapping[str, Phrases]
    after: Mapping[str, Phrases]
    not_aside: frozenset[tuple[str, ...]]
    both: Phrases
    offers: Phrases
    not_after: frozenset[str]
    shows: frozenset[str]
    recalls: frozenset[str]
    charges: frozenset[str]
    denials: frozenset[str]
    ground: frozenset[str]
    plots: frozenset[str]
    victims: frozenset[str]
    outsiders: frozenset[str]
    asks: frozenset[str]
    listing: frozenset[str]
    firms: frozenset[str]
    courts: frozenset[str]
    trials: frozenset[str]
    court_of: frozenset[str]
    court_kinds: frozenset[str]
    own_people: frozenset[str]
    measures: frozenset[str]
    remittances: frozenset[str]
    evacuations: frozenset[str]
    left: frozenset[str]
    imposts: frozenset[str]
    sent_from: frozenset[str]
    protests: frozenset[str]
    crossings: frozenset[str]
    miles: frozenset[str]
    vessels: frozenset[str]
    summoned: frozenset[str]
    summoned_to: frozenset[str]
    signing: frozenset[str]
    wins: frozenset[str]
    orders: frozenset[str]
    barred: frozenset[str]
    advisories: frozenset[str]
    zh: Mapping[str, tuple[str, ...]]


@cache
def turn_words() -> TurnWords:
    """The lists of the shipped file."""
    raw = table("place_turns")
    made: dict[str, Any] = {part: _by_language(raw[part]) for part in ("aside", "after")}
    made |= {part: _phrases(raw[part]) for part in ("both", "offers")}
    made["not_aside"] = frozenset(_folded(phrase) for phrase in raw["not_aside"])
    made["zh"] = {key: tuple(simplified(word) for word in words) for key, words in raw["zh"].items()}
    for name in (field.name for field in fields(TurnWords) if field.name not in made):
        made[name] = frozenset(fold(word) for word in raw[name])
    return TurnWords(**made)


def _by_language(rows: Mapping[str, list[str]]) -> dict[str, Phrases]:
    unknown = [phrase for language in _DEFAULT for phrase in rows[language]]
    return {language: _phrases(phrases) for language, phrases in rows.items()} | {"": _phrases(unknown)}


def _phrases(phrases: Iterable[str]) -> Phrases:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        words = _folded(phrase)
        found.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(row, key=len, reverse=True)) for first, row in found.items()}


def _folded(phrase: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in words_of(phrase))
