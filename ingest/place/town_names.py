"""Towns that the table knows by an English and a Chinese name both, found by any spelling of theirs."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from ingest.place.fold import fold
from ingest.place.gazetteer import table
from ingest.place.han import simplified
from ingest.place.text import UNSPACED, words_of

_PREFIXES = ("ب", "ل", "ك", "و", "ف")  # Arabic writes in, to, as, and, so together with the name


def town(country: str, words: str) -> str | None:
    """The English name of the town of a country that these words are, in any language; None for any other words.

    None too where two towns of that country share the spelling. PlaceTableMissing before set-up.
    """
    spellings = _of(country).get("spellings", {})
    found = next((spellings[key] for key in _forms(spelling(words)) if key in spellings), None)
    return str(found) if found else None


def town_name(country: str, english: str, language: str) -> str:
    """What a town is called in Chinese or English; the English name where no other is known."""
    if language != "zh":
        return english
    return str(_of(country).get("names", {}).get(english, english))


def spelling(words: str) -> str:
    """How the words of a name are compared."""
    if UNSPACED.search(words):
        return simplified(words).replace(" ", "")
    return " ".join(fold(word) for word in words_of(words))


def _forms(key: str) -> tuple[str, ...]:
    """The key, and in Arabic the same without what is written together with a name."""
    if not "\u0620" <= key[:1] <= "\u06ff":
        return (key,)
    bare = key[1:] if key[:1] in _PREFIXES else key
    return (key, bare, key.removeprefix("ال"), bare.removeprefix("ال"))


@cache
def _of(country: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = table().get("towns", {}).get(country, {})
    return found
