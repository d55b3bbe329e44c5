"""Turns of a title in which states and firms deal with each other: who is summoned where, who signs where, who buys."""

from collections.abc import Iterator

from ingest.place.gazetteer import Kind
from scoring.locate_part import ADJECTIVES, Judged, Part
from scoring.locate_scan import Scan
from scoring.locate_turn_title import TitleNames
from scoring.locate_turn_words import TurnWords, turn_words
from scoring.locate_words import place_words

_WARNINGS = frozenset(("warning", "warnings", "advice", "alert"))
_HEAD = 0.9  # weight of a name that opens the title before a colon
_BRUSSELS = "BE"


class Dealings(TitleNames):
    """The names of a title in a script with spaces; `keys` are the title's words."""

    def __init__(self, scan: Scan, judged: list[Judged], names: list[int], keys: list[str]) -> None:
        super().__init__(scan, judged, names)
        self.keys = keys
        self.words: TurnWords = turn_words()

    def turn(self) -> bool:
        """All turns; whether a body of many states does it, which is nobody's place."""
        if len(self.names) > 1:
            self._summoned()
            self._venue()
            self._orders()
            self._barred()
            self._advises()
        return self._by_outsider()

    def _first(self, words: frozenset[str]) -> int:
        return next((here for here, key in enumerate(self.keys) if key in words), -1)

    def _later(self, word: int) -> Iterator[int]:
        return (number for number in self.names if self._found(number).token > word)

    def _summoned(self) -> None:
        """`L'ambassadrice du Tchad convoquée au Quai d'Orsay`, `Envoy summoned to Baghdad`: by whom, and so where."""
        word = self._first(self.words.summoned)
        behind = self.keys[word + 1 : word + 2]
        if word < 0 or not behind or behind[0] not in self.words.summoned_to:
            return
        own = {code for number in self.names if self._found(number).token < word for code in self._codes(number)}
        seats = [number for number in self._later(word) if own.isdisjoint(self._codes(number))]
        if seats and own:
            self._only(seats[:1])

    def _venue(self) -> None:
        """`RDC : les deux camps signent à Doha`: who opens the title signs where the town is."""
        opener = self.names[0]
        if self.judged[opener] != (Part.AT, _HEAD) or self.words.signing.isdisjoint(self.keys):
            return
        towns = [number for number in self.names[1:] if self.judged[number] == (Part.AT, 1.0)]
        if towns and set(self._codes(opener)).isdisjoint(self._codes(towns[0])):
            self._only(towns[:1])

    def _orders(self) -> None:
        """`Germany's shipyard wins order from Brazilian navy`: it is built or paid for there."""
        word = self._first(self.words.wins)
        if word < 0 or self.words.orders.isdisjoint(self.keys[word : word + 6]):
            return
        own = {code for number in self.names if self._found(number).token < word for code in self._codes(number)}
        buyers = [number for number in self._later(word) if own.isdisjoint(self._codes(number))]
        if buyers and own:
            self._only(buyers[:1])

    def _barred(self) -> None:
        """`Georgian wine banned in Russia`: stopped imports happen to whose goods they are."""
        word, first = self._first(self.words.barred), self.names[0]
        name = self._found(first)
        theirs = (
            word > 0
            and name.name.kind in ADJECTIVES
            and not place_words().goods.isdisjoint(self.keys[name.token : word])
        )
        if theirs and any(set(self._codes(first)).isdisjoint(self._codes(number)) for number in self._later(word)):
            self._only([first])

    def _advises(self) -> None:
        """`Australia lifts travel warning for Sri Lanka`: it is about where one would go."""
        travel = "travel" in self.keys and not _WARNINGS.isdisjoint(self.keys)
        if not travel and self.words.advisories.isdisjoint(self.keys):
            return
        own = self._codes(self.names[0])
        there = [number for number in self.names[1:] if set(own).isdisjoint(self._codes(number))]
        if self._found(self.names[0]).token <= 1:
            self._only(there[:1])

    def _by_outsider(self) -> bool:
        """`EU sanctions Chinese refiners`, `Bruxelles sanctionne des généraux rwandais`."""
        verb = self._first(self.words.listing)
        if verb < 0 or self.words.firms.isdisjoint(self.keys) or any(self._is_place(number) for number in self.names):
            return False
        named = any(self._codes(number) == (_BRUSSELS,) and self._is_town(number) for number in self.names[:1])
        if not named and not self._outsider_before(verb):
            return False
        self._pass(self.names)
        return True

    def _is_place(self, number: int) -> bool:
        return self.judged[number] == (Part.AT, 1.0)

    def _is_town(self, number: int) -> bool:
        return self._found(number).name.kind is Kind.UNSURE

    def _outsider_before(self, verb: int) -> bool:
        tokens = self.scan.tokens[:verb]
        return any(token.key in self.words.outsiders and not token.raw.islower() for token in tokens)
