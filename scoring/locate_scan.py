"""Find the place names of a text: words by the longest phrase, unspaced scripts by the longest match."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ingest.place.fold import fold
from ingest.place.forms import russian_stem
from ingest.place.gazetteer import Gazetteer, Kind, Name, places
from ingest.place.han import simplified
from ingest.place.text import UNSPACED, WORD
from scoring.locate_common import common_words, spelling
from scoring.locate_part import TOWNS

# What may stand between the words of one name: a space, a hyphen, an apostrophe, the full stop of an abbreviation.
_JOINTS = frozenset((" ", "-", "'", "’", ".", ". ", "\u00a0", "\u2011", "–", " - ", " — "))
# Languages that write adjectives small; in English "chinos" are trousers.
_SMALL = frozenset(("es", "fr", "pt", "ru", "ar", ""))
_SHORT_ENOUGH = frozenset((Kind.COUNTRY, Kind.CAPITAL, Kind.CITY, Kind.REGION))  # بجدة, بغزة
_ALONE = frozenset((Kind.SEAT, Kind.SHORT))
_BEFORE_DAY = "0123456789０１２３４５６７８９一二三四五六七八九十今昨当本近连明次即同节假生每往终整抗"


class Token(NamedTuple):
    """One word: folded, as written, and where. A tuple, since making one costs a third."""

    key: str
    raw: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """A name in the text. `token` and `last` are its words' numbers, -1 in unspaced scripts.

    `clitic` is the Arabic preposition, or the word for and, that is written together with it, if any.
    """

    name: Name
    start: int
    end: int
    token: int = -1
    last: int = -1
    clitic: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found in a text, in its order, with what is needed to look around it."""

    text: str
    plain: str  # simplified Chinese, same offsets
    tokens: tuple[Token, ...]
    found: tuple[Found, ...]

    def gap(self, number: int) -> str:
        """What stands between one word and the next."""
        return self.text[self.tokens[number].end : self.tokens[number + 1].start]


def scan(text: str, language: str | None) -> Scan:
    """All place names in a text, those that hide a name inside them left out. PlaceTableMissing before set-up."""
    table = places()
    plain = simplified(text)
    tokens = tuple([Token(fold(match.group()), match.group(), *match.span()) for match in WORD.finditer(text)])
    tongue = (language or "")[:2].lower()
    small = table.small if tongue in _SMALL else {}
    extra = (small, table.local.get(tongue, {}), table.money.get(tongue, {}))
    found = list(_Words(tokens, text, table, extra, common_words(tongue)).names())
    if not text.isascii():
        found += _in_runs(plain, table)
        found.sort(key=lambda one: one.start)
    return Scan(text, plain, tokens, tuple(found))


# Adjectives written small, and of one language its acronyms and its nouns for money.
Extra = tuple[Mapping[str, int], Mapping[str, int], Mapping[str, int]]


class _Words:
    """Names in scripts with spaces."""

    def __init__(
        self, tokens: tuple[Token, ...], text: str, table: Gazetteer, extra: Extra, common: frozenset[str]
    ) -> None:
        self.tokens, self.text, self.table, self.common = tokens, text, table, common
        self.small, self.local, self.money = extra
        self.first_small = table.first_small if self.small else {}
        self.shouting = text.isupper()
        self.flat = text.islower()
        self.heading = tokens[0].raw if tokens and text[tokens[0].end :].startswith((" (", ", ")) else ""

    def names(self) -> Iterator[Found]:
        first, number, end = self.table.first, 0, len(self.tokens)
        while number < end:
            key = self.tokens[number].key
            longest = first.get(key, 0)
            hit = self._phrase(number, key, longest) if longest and self._may_begin(number, key) else None
            if hit is None and self.local and key in self.local:
                hit = self._phrase(number, key, 1)
            if hit is None and key in self.money:
                hit = self._found(self.money[key], number, number)
            if hit is None and key[:1] > "\u03ff":
                hit = self._after_clitic(number, key) if key[0] > "\u061f" else self._by_stem(number, key)
            number = hit.last + 1 if hit else number + 1
            if hit and hit.name.kind is not Kind.NOWHERE:
                yield hit

    def _found(self, index: int, first: int, last: int) -> Found:
        return Found(self.table.name(index), self.tokens[first].start, self.tokens[last].end, first, last)

    def _may_begin(self, number: int, key: str) -> bool:
        """Whether a name can begin here: most small words that begin one stand before small words."""
        if not self.tokens[number].raw[:2].islower() or self.flat or key in self.first_small:
            return True
        return any(not token.raw[0].islower() for token in self.tokens[number + 1 : number + 3])

    def _phrase(self, number: int, key: str, longest: int) -> Found | None:
        """The longest name that begins here, `key` standing for the first word."""
        keys, last = [key], number
        while len(keys) < longest and last + 1 < len(self.tokens) and self._joined(last):
            last += 1
            keys.append(self.tokens[last].key)
        while keys:
            name = self._look_up(" ".join(keys), self._spelt(number, last))
            if name:
                return Found(name, self.tokens[number].start, self.tokens[last].end, number, last)
            keys.pop()
            last -= 1
        return None

    def _is_word(self, key: str, raw: str) -> bool:
        """Whether it is a word of the language: `Para`, but not `Pará`."""
        return " " not in key and spelling(raw, key) in self.common

    def _spelt(self, first: int, last: int) -> str:
        """The first word as written, or the first with a capital: golfo de Guinea, franja de Gaza."""
        raw = self.tokens[first].raw
        if first == last or not raw[:2].islower():
            return raw
        return next((token.raw for token in self.tokens[first + 1 : last + 1] if token.raw[0].isupper()), raw)

    def _joined(self, last: int) -> bool:
        return self.text[self.tokens[last].end : self.tokens[last + 1].start] in _JOINTS

    def _look_up(self, key: str, raw: str) -> Name | None:
        capital = not raw[:2].islower() or self.flat
        index = self.table.words.get(key) if capital else None
        if index is not None and not self._is_word(key, raw):
            name = self.table.name(index)
            if self._as_written(name, raw):
                return name
        index = self.small.get(key)
        if index is None and raw.isupper() and not self.shouting:
            index = self.local.get(key)
        return None if index is None else self.table.name(index)

    def _as_written(self, name: Name, raw: str) -> bool:
        """Acronyms need capitals; a short town in capitals is an acronym of something else: ATI, BALI."""
        kind = name.kind
        if kind is Kind.ACRONYM or name.initials:
            return raw.isupper() and not (self.shouting and len(raw) < 3)
        capitals = raw.isupper() and not self.shouting and raw != self.heading  # ROME (AP)
        return not (capitals and 1 < len(raw) < 5 and kind in TOWNS)

    def _by_stem(self, number: int, key: str) -> Found | None:
        """A small Russian town in any case."""
        token = self.tokens[number]
        if key in self.common:
            return None
        index = self.table.stems.get(russian_stem(key)) if token.raw[0].isupper() or self.flat else None
        return None if index is None else self._found(index, number, number)

    def _after_clitic(self, number: int, key: str) -> Found | None:
        """Arabic writes and, in, to, as and so together with the next word: وبمالي, للصين."""
        for rest, clitic in _clitics(key):
            longest = self.table.first.get(rest, 0)
            hit = self._phrase(number, rest, longest) if longest else None
            if hit and clitic == "ك" and hit.name.kind is not Kind.COUNTRY:
                continue  # كبيرا is large, not `like Beira`
            if hit and (len(rest) > 3 or not clitic or hit.name.kind in _SHORT_ENOUGH):
                return Found(hit.name, hit.start, hit.end, hit.token, hit.last, clitic)
        return None


def _clitics(key: str) -> Iterator[tuple[str, str]]:
    for conjunction in ("", "و", "ف"):
        if not key.startswith(conjunction):
            continue
        rest = key[len(conjunction) :]
        if conjunction and len(rest) > 2:
            yield rest, conjunction
        if rest.startswith("لل") and len(rest) > 4:
            yield "ال" + rest[2:], "ل"
        elif rest[:1] in ("ب", "ل", "ك") and len(rest) > (3 if rest[0] == "ب" else 4):
            yield rest[1:], rest[0]


def _in_runs(plain: str, table: Gazetteer) -> list[Found]:
    """Names in Chinese and Burmese runs."""
    found: list[Found] = []
    for run in UNSPACED.finditer(plain):
        position, end = run.span()
        while position < end:
            hit = _longest(plain, position, table)
            if hit is None or _is_day(plain, hit) or _yields(plain, hit, table):
                position += 1
                continue
            position = hit.end
            if hit.name.kind is not Kind.NOWHERE:
                found.append(hit)
    return found


def _longest(plain: str, position: int, table: Gazetteer) -> Found | None:
    for length in table.lead.get(plain[position : position + 2], ()):
        index = table.han.get(plain[position : position + length])
        if index is not None:
            return Found(table.name(index), position, position + length)
    return None


def _is_day(plain: str, hit: Found) -> bool:
    """日 after a number is a day of the month, not Japan."""
    japan_by_name = plain.startswith("日本", hit.start) and hit.end - hit.start > 2
    return plain[hit.start] == "日" and not japan_by_name and plain[hit.start - 1 : hit.start] in _DAYS


_DAYS = frozenset(_BEFORE_DAY)


def _yields(plain: str, hit: Found, table: Gazetteer) -> bool:
    """A short form gives way to a whole name that begins with its second character: 以巴黎, 对美国."""
    if hit.name.kind not in _ALONE or hit.end - hit.start != 2 or hit.end >= len(plain):
        return False
    after = _longest(plain, hit.start + 1, table)
    return after is not None and after.end > hit.end - 1 and after.name.kind not in _ALONE and after.end > hit.end
