"""Names of companies in a text, in any script, without taking a part of a word for one.

- Words with gaps between them (Latin, Cyrillic, Arabic …): whole words in a row, case and accents aside. A name that is
  written with a capital is not found in small letters, and one of four letters or fewer only as it is written, or in
  capitals when it has four: `BP` is not `bp`, `Total` is not `total`.
- Scripts without gaps (Han, Kana, Hangul, Thai): anywhere, the longest known name at each place, so that a name within
  another one is not found there; traditional characters are read as simplified ones. A name of two such characters
  needs a border on either side, or a word for a company behind it: 中远 is not in 中远期.
- Forms of companies (`Ltd`, `S.A.`, 有限公司) at the end may be left out, where enough is left.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.place.fold import fold
from ingest.place.han import simplified

LONGEST = 4000  # characters of a text that are read
KEPT = 4096  # texts whose names are remembered
WORD = re.compile(r"[^\W_]+")
SOLID = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
FORMS = frozenset((
    "ab", "ag", "as", "asa", "bhd", "bv", "co", "company", "corp", "corporation", "cv", "gmbh", "inc", "incorporated",
    "jsc", "kg", "kgaa", "kk", "limited", "llc", "llp", "lp", "ltd", "ltda", "nv", "ojsc", "oy", "oyj", "pjsc", "plc",
    "pt", "pte", "pty", "pvt", "sa", "sab", "sae", "sal", "sarl", "sas", "sdn", "sl", "spa", "srl", "zao", "ao", "oao",
    "ooo", "пао", "оао", "ооо", "зао", "ао",
))  # fmt: skip
SPLIT_FORMS = (("s", "p", "a"), ("s", "r", "l"), ("l", "l", "c"), ("s", "a"), ("b", "v"), ("n", "v"), ("a", "s"))
HAN_FORMS = ("股份有限公司", "有限责任公司", "有限公司", "股份公司", "株式会社")
COMPANY = re.compile("集团|公司|股份|银行|控股|海运|重工|建工|建设|能源|矿业|石油|电力|汽车|科技")
EXACT = 4  # letters: names no longer than this are found only as they are written


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A name of words: folded, with the way it is written and whose it is."""

    words: tuple[str, ...]
    written: str
    whose: int

    def fits(self, there: str) -> bool:
        """Whether the words as they stand in a text are written like a name."""
        letters = sum(char.isalnum() for char in self.written)
        if letters <= EXACT and there != self.written and not (letters == EXACT and there == self.written.upper()):
            return False
        return not (self.written[:1].isupper() and there[:1].islower())


class NameIndex:
    """Finds many names at once. Names are given as (whose, name); `whose` is any number."""

    def __init__(self, names: Iterable[tuple[int, str]]) -> None:
        self._spoken: dict[str, list[_Spoken]] = {}
        self._solid: dict[str, list[tuple[str, int]]] = {}
        self._seen: dict[tuple[str, str], tuple[tuple[int, str], ...]] = {}
        for whose, name in names:
            for form in forms_of(name):
                self._add(whose, form)
        for some in self._solid.values():
            some.sort(key=lambda one: -len(one[0]))

    def _add(self, whose: int, name: str) -> None:
        if SOLID.search(name):
            plain = simplified(name)
            some = self._solid.setdefault(plain[:2], [])
            if len(plain) > 1 and (plain, whose) not in some:
                some.append((plain, whose))
            return
        words = tuple(_folded(word) for word in WORD.findall(name))
        if sum(map(len, words)) > 1:
            self._spoken.setdefault(words[0], []).append(_Spoken(words, name, whose))

    def find(self, title: str, text: str) -> tuple[tuple[int, str], ...]:
        """Whose names stand in a text, each once with its words as they stand there, in the order of `whose`."""
        if not self._spoken and not self._solid:
            return ()
        key = (title, text)
        if key not in self._seen:
            if len(self._seen) >= KEPT:
                self._seen.clear()
            found: dict[int, str] = {}
            for part in (title, text[:LONGEST]):
                for whose, words in (*self._in_words(part), *self._in_solid(part)):
                    found.setdefault(whose, words)
            self._seen[key] = tuple(sorted(found.items()))
        return self._seen[key]

    def _in_words(self, text: str) -> Iterator[tuple[int, str]]:
        if not self._spoken:
            return
        places = list(WORD.finditer(text))
        folded = [_folded(place[0]) for place in places]
        for number, word in enumerate(folded):
            for name in self._spoken.get(word, ()):
                last = number + len(name.words)
                if tuple(folded[number:last]) == name.words:
                    there = text[places[number].start() : places[last - 1].end()]
                    if name.fits(there):
                        yield name.whose, there

    def _in_solid(self, text: str) -> Iterator[tuple[int, str]]:
        if not self._solid or not text:
            return
        plain, at = simplified(text), 0
        while at < len(plain) - 1:
            here = [one for one in self._solid.get(plain[at : at + 2], ()) if plain.startswith(one[0], at)]
            longest = len(here[0][0]) if here else 0
            if longest and (longest > 2 or _stands_alone(plain, at)):
                yield from ((whose, text[at : at + longest]) for name, whose in here if len(name) == longest)
                at += longest
            else:
                at += 1


def forms_of(name: str) -> list[str]:
    """A name, and the same without the form of the company where enough of it is left."""
    name = " ".join(name.split())
    if SOLID.search(name):
        form = next((form for form in HAN_FORMS if name.endswith(form)), "")
        short = name.removesuffix(form).strip()
        return [name, short] if form and len(short) > 2 else [name]
    places = list(WORD.finditer(name))
    words = [_folded(place[0]) for place in places]
    kept = _without_form(words)
    if kept == len(words) or sum(map(len, words[:kept])) <= EXACT:
        return [name]
    return [name, name[: places[kept - 1].end()]]


def _without_form(words: list[str]) -> int:
    kept, before = len(words), 0
    while kept != before and kept > 1:
        before = kept
        split = next((form for form in SPLIT_FORMS if tuple(words[:kept][-len(form) :]) == form), None)
        if words[kept - 1] in FORMS:
            kept -= 1
        elif split is not None and kept > len(split):
            kept -= len(split)
    return kept


def _folded(word: str) -> str:
    return fold(word.lower())


def _stands_alone(plain: str, at: int) -> bool:
    behind = at + 2
    if COMPANY.match(plain, behind):
        return True
    before_ok = at == 0 or not SOLID.match(plain[at - 1])
    return before_ok and (behind >= len(plain) or not SOLID.match(plain[behind]))
