"""Text → hashed words: what a linear model reads besides the encoder's vector.

Languages with spaces give words, stems (the first six letters) and pairs of words; Han, kana, Thai and the like give
runs of one to three characters, Burmese of one to three syllables. Measured against character n-grams of words,
this is better by 0.02–0.04 in macro-F1 when blended with the encoder, and four times faster.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ingest.place.fold import fold
from ingest.place.han import simplified

BUCKETS = 1 << 16
LEDE = 120  # characters of the lede that are read
TITLE_WEIGHT = 2.0
STEM = 6
RUN = 3
DENSE_LEDE = 60  # of the encoder's lede where a character is about a token

_DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
_MARKS = "\u0300-\u036f\u064b-\u065f\u0670\u0900-\u0dff\u200c"
_TOKEN = re.compile(rf"[{_DENSE}]+|(?:[^\W\d_{_DENSE}]|[{_MARKS}])+|\d+")
_DENSE_CHARACTER = re.compile(f"[{_DENSE}]")
_SYLLABLE = re.compile("[\u1000-\u102a\u103f\u104c-\u109f](?:(?:[\u102b-\u103e]|\u1039.|[\u1000-\u1021]\u103a)*)|.")
_ARTICLE = re.compile("^(?:[وفبكل]?ال|لل)(?=..)")


@dataclass(frozen=True, slots=True)
class Text:
    """What the model reads of an entry."""

    title: str
    lede: str = ""
    language: str | None = None


class Gram(NamedTuple):
    """A feature and where it stands in the text it was read from."""

    key: str
    start: int
    end: int


class Bags(NamedTuple):
    """Hashed words of many texts: row i is `buckets[starts[i]:starts[i + 1]]` with `values`, each row of length 1."""

    buckets: NDArray[np.int64]
    values: NDArray[np.float32]
    starts: NDArray[np.int64]


def normalise(text: str) -> str:
    """Compatibility forms, case and traditional characters folded, so that spellings of a word meet."""
    return simplified(unicodedata.normalize("NFKC", text).casefold())


def gist(text: Text) -> str:
    """What the encoder reads: the title and the beginning of the lede, less of it in scripts that cost more."""
    lede = text.lede[:LEDE]
    if len(_DENSE_CHARACTER.findall(lede)) > len(lede) // 2:
        lede = lede[:DENSE_LEDE]
    return f"{text.title} {lede}".strip()


def grams(text: str) -> Iterator[Gram]:
    """The words, stems, pairs and runs of a text, with the places they were read from."""
    previous = Gram("^", 0, 0)
    for match in _TOKEN.finditer(text):
        token, start = match.group(), match.start()
        if _DENSE_CHARACTER.match(token):
            yield from _runs(token, start)
            previous = Gram("^", match.end(), match.end())
        else:
            word = Gram(_word(token), start, match.end())
            yield from _words(word, previous)
            previous = word


def bucket(key: str) -> int:
    """The bucket of a feature: stable over processes and machines."""
    return crc32(key.encode("utf-8", "surrogatepass")) % BUCKETS


def bag(text: Text) -> dict[int, float]:
    """Bucket → weight, of unit length; what stands in the title counts twice. Never empty."""
    weights = {bucket("^"): 1.0}
    for part, weight in ((text.lede[:LEDE], 1.0), (text.title, TITLE_WEIGHT)):
        for gram in grams(normalise(part)):
            weights[bucket(gram.key)] = weight
    norm = sum(weight * weight for weight in weights.values()) ** -0.5
    return {index: weight * norm for index, weight in weights.items()}


def bags(texts: Sequence[Text]) -> Bags:
    """The bags of many texts, laid end to end."""
    rows = [bag(text) for text in texts]
    lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    starts = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    total = int(starts[-1])
    buckets = np.fromiter((index for row in rows for index in row), dtype=np.int64, count=total)
    values = np.fromiter((value for row in rows for value in row.values()), dtype=np.float32, count=total)
    return Bags(buckets, values, starts)


def _word(token: str) -> str:
    if token[0].isdigit():
        return "0" * min(len(token), 4)
    return fold(_ARTICLE.sub("", token))


def _words(word: Gram, previous: Gram) -> Iterator[Gram]:
    key = word.key
    yield Gram(" " + key, word.start, word.end)
    yield Gram(f"{previous.key}_{key}", previous.start if previous.key != "^" else word.start, word.end)
    if len(key) > STEM:
        yield Gram(f" {key[:STEM]}*", word.start, word.end)


def _runs(token: str, start: int) -> Iterator[Gram]:
    units = _SYLLABLE.findall(token) if "\u1000" <= token[0] <= "\u109f" else token
    places = [start]
    for unit in units:
        places.append(places[-1] + len(unit))
    for size in range(1, RUN + 1):
        for i in range(len(units) - size + 1):
            yield Gram("".join(units[i : i + size]), places[i], places[i + size])
