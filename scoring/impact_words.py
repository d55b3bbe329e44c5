"""The indicator words of all languages, and where they stand in a text.

One lexicon holds every phrase of `indicators/*.yaml` with what it stands for; one pass over a text finds them all.
Words are compared folded, a star ends a stem; Chinese and Burmese phrases are found wherever they stand.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ingest.place.fold import fold
from ingest.place.han import simplified
from ingest.place.text import UNSPACED, WORD
from scoring.indicator_files import table

LEDE = 400  # characters of the text that are read: title and lede carry the news
_NUMBER = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d+)*"
_TOKEN = re.compile(f"{_NUMBER}|{WORD.pattern}")
_ARTICLE = re.compile("^(?:[وفبكل]?ال|لل)(?=..)")
_HEAD = 120  # characters that stand for the title where there is none
_AND = "و"  # Arabic writes it together with the next word
_STEM = 3  # letters by which stems are looked up
_DIGITS = {
    ord(digit): str(value)
    for zero in ("\u0660", "\u06f0", "\u0966", "\uff10", "\u1040")
    for value, digit in enumerate(chr(ord(zero) + step) for step in range(10))
}


@dataclass(frozen=True, slots=True)
class Sense:
    """What a phrase stands for: a group (`least`, `hedge` …) and its code within it."""

    group: str
    code: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A phrase found: characters `start` to `end` of the text; `token` and `last` number its words, -1 in Chinese."""

    sense: Sense
    start: int
    end: int
    token: int = -1
    last: int = -1


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with its words and marks. `title` is the length of the title; offsets count title + newline + lede."""

    text: str
    plain: str  # simplified Chinese, western digits; same offsets
    title: int
    keys: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    marks: Mapping[str, tuple[Mark, ...]]

    def of(self, group: str) -> tuple[Mark, ...]:
        """The marks of one group, those of Chinese last."""
        return self.marks.get(group, ())

    def words(self, mark: Mark) -> str:
        """The verbatim words of a mark."""
        return self.text[mark.start : mark.end]

    def in_title(self, mark: Mark) -> bool:
        """Whether a mark stands in the title, or in the first words of a text that has none."""
        return mark.start < (self.title or _HEAD)

    def gap(self, number: int) -> str:
        """What stands between a word and the next."""
        return self.text[self.spans[number][1] : self.spans[number + 1][0]]


_Pattern = tuple[tuple[str, ...], Sense]


class Lexicon:
    """Phrases by their first word, first letters, or first character."""

    def __init__(self, entries: Iterable[tuple[str, Sense]]) -> None:
        self._exact: dict[str, list[_Pattern]] = {}
        self._stems: dict[str, list[_Pattern]] = {}
        self._dense: dict[str, list[tuple[str, Sense]]] = {}
        for phrase, sense in entries:
            self._add(phrase, sense)
        for patterns in self._dense.values():
            patterns.sort(key=lambda entry: -len(entry[0]))

    def _add(self, phrase: str, sense: Sense) -> None:
        if UNSPACED.match(phrase):
            plain = simplified(phrase)
            self._dense.setdefault(plain[0], []).append((plain, sense))
            return
        words = tuple(_folded(word) for word in re.findall(rf"(?:{WORD.pattern}|\d+)\*?", phrase))
        shelf, head = (self._stems, words[0][:_STEM]) if words[0].endswith("*") else (self._exact, words[0])
        shelf.setdefault(head, []).append((words, sense))

    def find(self, keys: tuple[str, ...], spans: tuple[tuple[int, int], ...], plain: str) -> list[Mark]:
        """Every phrase that stands in a text."""
        found = []
        for number, key in enumerate(keys):
            for word in (key, key[1:]) if key[0] == _AND and len(key) > _STEM else (key,):
                for words, sense in (*self._exact.get(word, ()), *self._stems.get(word[:_STEM], ())):
                    last = number + len(words) - 1
                    if last < len(keys) and _fits(words, (word, *keys[number + 1 : last + 1])):
                        found.append(Mark(sense, spans[number][0], spans[last][1], number, last))
        return found if plain.isascii() else found + self._find_dense(plain)

    def _find_dense(self, plain: str) -> list[Mark]:
        found = []
        for run in UNSPACED.finditer(plain):
            for place in range(*run.span()):
                for phrase, sense in self._dense.get(plain[place], ()):
                    if plain.startswith(phrase, place):
                        found.append(Mark(sense, place, place + len(phrase)))
        return found


def _fits(words: tuple[str, ...], keys: tuple[str, ...]) -> bool:
    for word, key in zip(words, keys, strict=True):
        if key != word and not (word[-1] == "*" and key.startswith(word[:-1])):
            return False
    return True


def _folded(word: str) -> str:
    bare = word.removesuffix("*")
    return key_of(bare) + word[len(bare) :]


def key_of(word: str) -> str:
    """How a word is compared: folded, without the Arabic article."""
    key = fold(word) or word
    return _ARTICLE.sub("", key) if "\u0620" <= key[0] <= "\u06ff" else key


def read(title: str, text: str) -> Reading:
    """A title and the first of its text, with every indicator word in them."""
    whole = f"{title}\n{text[:LEDE]}" if text else title
    plain = whole if whole.isascii() else simplified(whole).translate(_DIGITS)
    matches = list(_TOKEN.finditer(plain))
    keys = tuple([key_of(match.group()) for match in matches])
    spans = tuple([match.span() for match in matches])
    marks: dict[str, list[Mark]] = {}
    for mark in lexicon().find(keys, spans, plain):
        marks.setdefault(mark.sense.group, []).append(mark)
    return Reading(whole, plain, len(title), keys, spans, {group: tuple(found) for group, found in marks.items()})


@cache
def lexicon() -> Lexicon:
    """All phrases of all languages."""
    return Lexicon([*_toll(), *_measures(), *_manner(), *_own()])


def _toll() -> Iterator[tuple[str, Sense]]:
    for code, lists in table("toll").items():
        if code in ("dead", "injured", "missing", "taken", "displaced"):
            for side in ("before", "after"):
                yield from ((phrase, Sense(f"toll.{side}", code)) for phrase in lists[side])
    for code in ("no_toll", "running"):
        yield from ((phrase, Sense(code, code)) for phrase in table("toll")[code])


def _measures() -> Iterator[tuple[str, Sense]]:
    for group in ("least", "shift"):
        for code, row in table("measures")[group].items():
            yield from ((phrase, Sense(group, code)) for phrase in row["words"])
            for side in ("unless", "with"):
                yield from ((phrase, Sense(side, code)) for phrase in row.get(side, ()))


def _manner() -> Iterator[tuple[str, Sense]]:
    manner = table("manner")
    for group in ("hedge", "urgency"):
        for code, row in manner[group].items():
            yield from ((phrase, Sense(group, code)) for phrase in row["words"])
    for group in ("denial", "part", "retraction", "fresh"):
        yield from ((phrase, Sense(group, group)) for phrase in manner[group]["words"])


def _own() -> Iterator[tuple[str, Sense]]:
    for home, groups in table("own").items():
        for code, phrases in groups.items():
            yield from ((phrase, Sense(f"own.{home}", code)) for phrase in phrases)
