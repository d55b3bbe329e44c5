"""Who only talks, and what two lands share: read from the names that count, once their parts are known."""

import re
from collections.abc import Iterable, Sequence

from ingest.place.countries import country
from ingest.place.fold import fold
from ingest.place.gazetteer import Kind
from ingest.place.text import words_of
from scoring.locate_part import ADJECTIVES, Part
from scoring.locate_scan import Scan
from scoring.locate_settle import TITLE, Named
from scoring.locate_turn_words import Phrases, turn_words

_STATES = frozenset((Kind.COUNTRY, Kind.CAPITAL, Kind.SEAT, Kind.ACRONYM, Kind.UNSURE, Kind.DOUBTFUL, Kind.BODY))
_SPOKEN = frozenset((Part.SAYER, Part.DOER, Part.NAMED, Part.AGENT))
_CLAUSE = re.compile(r"[;；:：،,，—]| - ")


class Talk:
    """The words of a title and its text, folded; `head` is the title's length."""

    def __init__(self, scan: Scan, named: Sequence[Named], head: int) -> None:
        self.named, self.words = named, turn_words()
        self.title = [token.key for token in scan.tokens if token.start < head]
        self.rest = [token.key for token in scan.tokens if token.start >= head]
        self.plain_title, self.plain_rest = scan.plain[:head], scan.plain[head:]
        self.han = not scan.plain.isascii() and any(one.found.token < 0 for one in named)
        self.named_in_title = [one for one in named if one.zone == TITLE]

    def nowhere(self) -> bool:
        """Governments that accuse, deny or ask each other, or an outsider that asks one, with nothing on the ground."""
        named = self.named_in_title
        if not named or any(one.part is Part.AT for one in named) or self._title_has("own_people"):
            return False
        if self._title_has("outsiders") and self._title_has("asks"):
            return self._title_has("measures") or not self._grounded()
        states = {one.codes[0] for one in named if _speaks(one)}
        return len(states) == 2 and self._opens_with_a_charge() and not self._grounded()

    def _opens_with_a_charge(self) -> bool:
        """Whether the first clause is the charge: `X bans imports; Y calls it a breach` is more than talk."""
        first = _CLAUSE.split(self.plain_title, maxsplit=1)[0]
        if self.han:
            return any(word in first for word in self.words.zh["charges"])
        return not self.words.charges.isdisjoint(fold(word) for word in words_of(first))

    def shared(self, chosen: frozenset[int]) -> frozenset[int]:
        """The other side of a crossing, where the text tells what happens there too."""
        if not chosen or not self._title_has("crossings"):
            return frozenset()
        placed = {code for number in chosen for code in self.named[number].codes}
        told = {code for one in self.named if one.zone != TITLE and one.part is Part.AT for code in one.codes}
        both = _holds(self.title + self.rest, self.words.both) or any(
            word in self.plain_title + self.plain_rest for word in self.words.zh["both"]
        )
        return frozenset(
            number
            for number, one in enumerate(self.named)
            if placed.isdisjoint(one.codes) and self._other_side(one, told, both=both)
        )

    def _other_side(self, one: Named, told: set[str], *, both: bool) -> bool:
        if one.zone == TITLE:
            return (both or not told.isdisjoint(one.codes)) and one.found.name.kind not in ADJECTIVES
        return both and one.part in (Part.AT, Part.DOER) and one.found.name.kind not in ADJECTIVES

    def _grounded(self) -> bool:
        ground = self._title_has("ground") and not self._title_has("plots")
        return ground or self._has("victims", self.rest, self.plain_rest)

    def _title_has(self, words: str) -> bool:
        return self._has(words, self.title, self.plain_title)

    def _has(self, words: str, keys: Iterable[str], plain: str) -> bool:
        listed: frozenset[str] = getattr(self.words, words)
        return not listed.isdisjoint(keys) or (self.han and any(word in plain for word in self.words.zh[words]))


def _speaks(one: Named) -> bool:
    """A government, or what is its: its minister, its foreign office."""
    if one.found.name.kind in ADJECTIVES:
        return one.part is Part.SAYER or (one.part in (Part.DOER, Part.NAMED) and one.weight >= 0.6)
    return (one.found.name.kind in _STATES or _is_capital(one)) and one.part in _SPOKEN


def _is_capital(one: Named) -> bool:
    """Whether a town is, or may be, a capital: of its names in other languages the point is not known."""
    points = one.found.name.points
    return one.found.name.kind is Kind.CITY and (not points or country(one.codes[0]).point in points)


def _holds(keys: Sequence[str], phrases: Phrases) -> bool:
    return any(
        tuple(keys[here : here + len(row)]) == row for here, key in enumerate(keys) for row in phrases.get(key, ())
    )
