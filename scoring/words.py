"""Text → words as a model compares them, each with its place: case, accents, scripts and articles folded."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from ingest.place.fold import fold
from ingest.place.han import simplified

DIGITS = 4  # numbers are known by their length only, up to this
_DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
_MARKS = "\u0300-\u036f\u064b-\u065f\u0670\u0900-\u0dff\u200c"
_TOKEN = re.compile(rf"[{_DENSE}]+|(?:[^\W\d_{_DENSE}]|[{_MARKS}])+|\d+")
_DENSE_CHARACTER = re.compile(f"[{_DENSE}]")
_SYLLABLE = re.compile("[\u1000-\u102a\u103f\u104c-\u109f](?:(?:[\u102b-\u103e]|\u1039.|[\u1000-\u1021]\u103a)*)|.")
_ARTICLE = re.compile("^(?:[وفبكل]?ال|لل)(?=..)")


class Word(NamedTuple):
    """A folded word, or a run of a script that sets no blanks (`dense`), and where it stands."""

    key: str
    start: int
    end: int
    dense: bool = False


def normalise(text: str) -> str:
    """Compatibility forms, case and traditional characters folded, so that spellings of a word meet."""
    return simplified(unicodedata.normalize("NFKC", text).casefold())


def words(text: str) -> Iterator[Word]:
    """The words and runs of a normalised text, in order; runs are not cut."""
    for match in _TOKEN.finditer(text):
        token = match.group()
        dense = bool(_DENSE_CHARACTER.match(token))
        yield Word(token if dense else _key(token), match.start(), match.end(), dense)


def units(run: str) -> list[str]:
    """What a dense run is made of: syllables in Burmese, else characters."""
    return _SYLLABLE.findall(run) if "\u1000" <= run[0] <= "\u109f" else list(run)


def mostly_dense(text: str) -> bool:
    """Whether most characters belong to a script in which a character is about a token."""
    return len(_DENSE_CHARACTER.findall(text)) > len(text) // 2


def _key(token: str) -> str:
    if token[0].isdigit():
        return "0" * min(len(token), DIGITS)
    return fold(_ARTICLE.sub("", token)) or token
