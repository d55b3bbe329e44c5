"""Sharp words of the field, in many languages, gathered under concepts (`signals.txt`).

A concept is one more feature for the model to learn: a language with little labelled text borrows what the others
taught. Found by looking up each word and its beginnings, so the cost does not grow with the list.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from scoring.words import Word, normalise, words

LIST = Path(__file__).with_name("signals.txt")
LONGEST_RUN = 12  # characters of an entry in scripts without blanks
SHORTEST_STEM = 2


class Pattern(NamedTuple):
    """One entry of the list: each of its words, exact or (True) as a beginning."""

    concept: str
    parts: tuple[tuple[str, bool], ...]

    def fits(self, found: Sequence[Word], at: int) -> bool:
        """Whether it stands at this word."""
        if at + len(self.parts) > len(found):
            return False
        pairs = zip(self.parts, found[at : at + len(self.parts)], strict=True)
        return all(word.key.startswith(key) if stem else word.key == key for (key, stem), word in pairs)


class Hint(NamedTuple):
    """An entry that by itself points to a category ("none": to none at all), perhaps to a sub-type (else "")."""

    words: str
    category: str
    subtype: str


@dataclass(frozen=True, slots=True)
class Signals:
    """The list, ready to be looked up. `version` changes when the list does."""

    exact: dict[str, list[Pattern]]  # by first word
    stems: dict[str, list[Pattern]]  # by first word, where that is a beginning
    runs: dict[str, list[str]]  # concepts by piece of unspaced text
    heads: frozenset[str]  # the first two characters of the runs
    hints: tuple[Hint, ...]
    kinds: dict[str, tuple[str, str]]  # concept → the category that it points to, and sub-type or ""
    version: str

    def in_words(self, found: Sequence[Word]) -> Iterator[Word]:
        """The concepts of spaced text, each with the place of its words."""
        for at, word in enumerate(found):
            for pattern in self._starting(word.key):
                if len(pattern.parts) == 1 or pattern.fits(found, at):
                    yield Word(pattern.concept, word.start, found[at + len(pattern.parts) - 1].end)

    def in_run(self, run: Word) -> Iterator[Word]:
        """The concepts of an unspaced run."""
        key, start = run.key, run.start
        for i in range(len(key) - 1):
            if key[i : i + 2] in self.heads:
                for j in range(i + 2, min(i + LONGEST_RUN, len(key)) + 1):
                    for concept in self.runs.get(key[i:j], ()):
                        yield Word(concept, start + i, start + j)

    def _starting(self, key: str) -> Iterator[Pattern]:
        yield from self.exact.get(key, ())
        for length in range(SHORTEST_STEM, len(key) + 1):
            yield from self.stems.get(key[:length], ())


@cache
def signals() -> Signals:
    """The shipped list, read once."""
    return parse(LIST.read_text(encoding="utf-8"))


def parse(text: str) -> Signals:
    """Read a list: a concept a line, in brackets what its entries point to; `#` begins a comment."""
    exact: dict[str, list[Pattern]] = defaultdict(list)
    stems: dict[str, list[Pattern]] = defaultdict(list)
    runs: dict[str, list[str]] = defaultdict(list)
    hints: list[Hint] = []
    kinds: dict[str, tuple[str, str]] = {}
    for concept, points, entry in _entries(text):
        found = list(words(normalise(entry)))
        if points:
            category, _, subtype = points.partition(" ")
            hints.append(Hint(entry.replace("*", ""), category, subtype))
            kinds[concept] = (category, subtype)
        if dense := [word.key for word in found if word.dense]:
            runs["".join(dense)].append(concept)
        elif found:
            parts = tuple((word.key, "*" in entry[word.end : word.end + 1]) for word in found)
            (stems if parts[0][1] else exact)[parts[0][0]].append(Pattern(concept, parts))
    heads = frozenset(run[:2] for run in runs)
    version = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Signals(dict(exact), dict(stems), dict(runs), heads, tuple(hints), kinds, version)


def _entries(text: str) -> Iterator[tuple[str, str, str]]:
    """Concept, what it points to or "", and entry."""
    for line in text.splitlines():
        head, colon, listed = line.partition(":")
        if colon and not line.startswith("#"):
            concept, _, points = head.partition("(")
            for entry in dict.fromkeys(map(str.strip, listed.split(","))):
                yield concept.strip(), points.strip(" )"), entry
