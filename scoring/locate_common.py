"""What a language tells of places: words spelt like one, and its lands; read from `indicators/place_common.yaml`."""

from collections.abc import Mapping
from functools import cache

from ingest.place.fold import fold
from scoring.indicator_files import table

_NONE: frozenset[str] = frozenset()


def homes(language: str | None) -> frozenset[str]:
    """The lands where a language other than English is written; none of the others."""
    return _homes().get((language or "")[:2].lower(), _NONE)


def common_words(language: str) -> frozenset[str]:
    """Those of a language by its ISO 639 code, each as `spelling` gives it; none of an unknown one."""
    return _words().get(language, _NONE)


def spelling(raw: str, key: str) -> str:
    """How a word is looked up among them: a Latin one as written, so that Pará is none of them, others by their key."""
    return raw.lower() if key[:1] < "\u0400" else key


@cache
def _homes() -> Mapping[str, frozenset[str]]:
    return {language: frozenset(codes) for language, codes in table("place_common")["homes"].items()}


@cache
def _words() -> Mapping[str, frozenset[str]]:
    rows: Mapping[str, list[str]] = table("place_common")["words"]
    return {language: frozenset(spelling(word, fold(word)) for word in words) for language, words in rows.items()}
