"""Who only talks, and what two lands share: read from the names that count, once their parts are known."""

import re
from collections.abc import Iterable, Sequence

from ingest.place.countries import country
from ingest.place.gazetteer import Kind
from scoring.locate_part import ADJECTIVES, FRAIL, Part
from scoring.locate_scan import Found, Scan, Token
from scoring.locate_settle import TITLE, Named
from scoring.locate_turn_words import Phrases, turn_words
from scoring.locate_words import place_words

_STATES = frozenset((Kind.COUNTRY, Kind.CAPITAL, Kind.SEAT, Kind.ACRONYM, Kind.UNSURE, Kind.DOUBTFUL, Kind.BODY))
_TOWNS = FRAIL - {Kind.UNSURE} | {Kind.CITY}
_SPOKEN = frozenset((Part.SAYER, Part.DOER, Part.NAMED, Part.AGENT))
_OPENS = 4  # characters before the name that opens a title: an article
_ACRONYM = 5  # letters; longer ones are words of their own, whatever their case
_BESIDE_HAN = 7  # characters in which 互相指责 may follow a name
_CLAUSE = re.compile(r"[;；:：،,，—]| - ")


class Talk:
    """The words of a title and its text, folded; `head` is the title's length."""

    def __init__(self, scan: Scan, named: Sequence[Named], head: int) -> None:
        self.named, self.words = named, turn_words()
        self.tokens = [token for token in scan.tokens if token.start < head]
        self.title = [token.key for token in self.tokens]
        self.rest = [token.key for token in scan.tokens if token.start >= head]
        self.plain_title, self.plain_rest = scan.plain[:head], scan.plain[head:]
        self.han = not scan.plain.isascii() and any(one.found.token < 0 for one in named)
        self.named_in_title = [one for one in named if one.zone == TITLE]

    def nowhere(self) -> bool:
        """Governments that accuse, deny or ask each other, or an outsider that asks one, with nothing on the ground."""
        named = self.named_in_title
        if named and self._denies():
            return not self._has("victims", self.title + self.rest, self.plain_title + self.plain_rest)
        if named and self._offers():
            return not self._grounded()
        if not named or self._title_has("own_people") or self._summons():
            return False
        asked = self._outsider_asks()
        if asked and self._title_has("measures"):
            return True
        if any(one.part is Part.AT for one in named):
            return False
        if asked:
            return not self._grounded()
        states = [one for one in named if _speaks(one)]
        talking = len({one.codes[0] for one in states}) == 2 and any(self._charges(one.found) for one in states)
        return talking and not self._grounded() and not self._title_has("imposts")

    def _offers(self) -> bool:
        """`Paris says it is open to talks`, `普京：愿在莫斯科会见`: who speaks first, and of what may come."""
        first, *rest = self.named_in_title
        if first.part is not Part.SAYER or first.found.start or not all(map(_is_state, rest)):
            return False
        told = self.han and any(word in self.plain_title for word in self.words.zh["offers"])
        return told or _holds(self.title, self.words.offers)

    def _denies(self) -> bool:
        """`Le Rwanda nie toute présence en RDC`: a government, of something in another land."""
        first, *rest = self.named_in_title
        if first.part not in (Part.SAYER, Part.DOER) or first.found.start > _OPENS or not self._title_has("denials"):
            return False
        return any(self._denied(first, one) for one in rest) and not any(map(_is_town, rest))

    def _denied(self, first: Named, other: Named) -> bool:
        between = self.plain_title[first.found.end : other.found.start]
        elsewhere = set(other.codes).isdisjoint(first.codes) and other.found.name.kind not in _TOWNS
        return elsewhere and not _CLAUSE.search(between)

    def blamed(self) -> list[int]:
        """Who charges another with harm on the ground suffers it, unless the title or the text says where."""
        title = [number for number, one in enumerate(self.named) if one.zone == TITLE]
        states = [number for number in title if _speaks(self.named[number])]
        harm = self._title_has("ground") and not self._title_has("plots")
        placed = any(self.named[number].part is Part.AT or _is_town(self.named[number]) for number in title)
        if not harm or not states or placed:
            return []
        if len({self.named[number].codes[0] for number in states}) != 2 or not self._charges(
            self.named[states[0]].found
        ):
            return []
        told = [number for number, one in enumerate(self.named) if one.zone != TITLE and one.part is Part.AT]
        return told or states[:1]

    def _summons(self) -> bool:
        words = place_words()
        receives = self.han and any(word in self.plain_title for word in words.zh["receives"])
        return receives or not words.receives.isdisjoint(self.title)

    def _outsider_asks(self) -> bool:
        """Whether a body of many states asks for something; UN is one, `un` is not, nor one that is asked about."""
        first = next((here for here, token in enumerate(self.tokens) if self._is_outsider(token)), -1)
        if first >= 0 and not self.words.asks.isdisjoint(self.title[first:]):
            return True
        first = min((self.plain_title.find(word) for word in self._han_outsiders()), default=-1)
        return first >= 0 and any(word in self.plain_title[first:] for word in self.words.zh["asks"])

    def _is_outsider(self, token: Token) -> bool:
        return token.key in self.words.outsiders and (len(token.key) > _ACRONYM or not token.raw.islower())

    def _han_outsiders(self) -> Iterable[str]:
        return (word for word in self.words.zh["outsiders"] if self.han and word in self.plain_title)

    def _charges(self, found: Found) -> bool:
        """Whether the word for a charge stands beside a name of the first clause: `X bans imports; Y calls it unfair`
        is more than talk."""
        if _CLAUSE.search(self.plain_title[: found.start]):
            return False
        if found.token < 0:
            beside = _CLAUSE.split(self.plain_title[found.end : found.end + _BESIDE_HAN], maxsplit=1)[0]
            return any(word in beside for word in self.words.zh["charges"])
        around = self.title[max(0, found.token - 2) : found.token] + self.title[found.last + 1 : found.last + 3]
        joined = found.last + 3 < len(self.title) and self.title[found.last + 3] in self.words.charges
        return joined or not self.words.charges.isdisjoint(around)

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


def _is_state(one: Named) -> bool:
    """Whether a name is a state or its capital, whatever its part: `愿在莫斯科会见`."""
    return one.found.name.kind in _STATES or _is_capital(one)


def _is_town(one: Named) -> bool:
    return one.found.name.kind is Kind.REGION or (one.found.name.kind in _TOWNS and not _speaks(one))


def _is_capital(one: Named) -> bool:
    """Whether a town is, or may be, a capital: of its names in other languages the point is not known."""
    points = one.found.name.points
    return one.found.name.kind is Kind.CITY and (not points or country(one.codes[0]).point in points)


def _holds(keys: Sequence[str], phrases: Phrases) -> bool:
    return any(
        tuple(keys[here : here + len(row)]) == row for here, key in enumerate(keys) for row in phrases.get(key, ())
    )
