"""What money is called in each land, from CLDR: `the naira slides` is about Nigeria, whoever says so."""

from collections.abc import Iterator
from functools import cache

from babel import Locale
from babel.core import get_global

from ingest.place import sources
from ingest.place.countries import CODES
from ingest.place.fold import fold
from ingest.place.text import words_of

_NOUN_LAST = ("en", "ru", "hi", "ur")  # Nigerian naira; elsewhere naira nigeriano
_SHORTEST, _SHORTEST_HAN = 4, 2


def notes() -> Iterator[tuple[str, str, str]]:
    """(language, country, word) of every currency whose noun no other land's money has in that language."""
    for language in sources.LANGUAGES:
        yield from _own(language)


def peoples() -> Iterator[tuple[str, str]]:
    """(country, adjective) out of the names of money in Hindi, of whose adjectives we have no list of our own."""
    for code, name in _names("hi"):
        if code in _issuers() and len(name.split()) == 2:
            yield _issuers()[code], name.split()[0]


def _own(language: str) -> Iterator[tuple[str, str, str]]:
    never = {fold(word) for word in sources.additions("money")["never"]}
    shortest = _SHORTEST_HAN if language.startswith("zh") else _SHORTEST
    for noun, codes in sorted(_nouns(language).items()):
        if codes <= _plain() and len(noun) >= shortest and fold(noun) not in never:
            yield language, _issuers()[min(codes)], noun


def _nouns(language: str) -> dict[str, set[str]]:
    """Noun → the currencies, of all times, that are called so."""
    found: dict[str, set[str]] = {}
    for code, name in _names(language):
        found.setdefault(_noun(name, language), set()).add(code)
    return found


@cache
def _plain() -> frozenset[str]:
    """Currencies whose English noun is one land's alone and no other word: so are their nouns in other languages."""
    never = set(sources.additions("money")["never"])
    nouns = {fold(noun): codes for noun, codes in _nouns("en").items()}
    alone = {
        min(codes) for noun, codes in nouns.items() if len(codes) == 1 and len(noun) >= _SHORTEST and noun not in never
    }
    return frozenset(alone & set(_issuers()))


def _noun(name: str, language: str) -> str:
    if language.startswith("zh"):
        return next((name.removeprefix(land) for land in _lands(language) if name.startswith(land)), "")
    words = words_of(name)
    return (words[-1] if language in _NOUN_LAST else words[0]) if len(words) > 1 else ""


def _names(language: str) -> Iterator[tuple[str, str]]:
    yield from sorted((code, str(name)) for code, name in Locale.parse(language).currencies.items() if "(" not in name)


@cache
def _lands(language: str) -> tuple[str, ...]:
    """What lands are called, longest first."""
    names = {str(name) for name in Locale.parse(language).territories.values()}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


@cache
def _issuers() -> dict[str, str]:
    """Currency in use → the one land whose it is."""
    users: dict[str, set[str]] = {}
    for land, rows in get_global("territory_currencies").items():
        for code, _, end, tender in rows:
            if end is None and tender and land in CODES:
                users.setdefault(code, set()).add(land)
    return {code: next(iter(lands)) for code, lands in users.items() if len(lands) == 1}
