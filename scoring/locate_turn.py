"""Turns of a title that change whose place it is: causes and side clauses, courts, listings, shows, money sent home.

Each takes the parts that the words beside the names gave (`locate_role`) and changes those that the turn decides. In
Chinese the same turns are read by `locate_turn_han`.
"""

import re
from collections.abc import Iterator

from ingest.place.gazetteer import Kind
from scoring.locate_near import broken
from scoring.locate_part import ADJECTIVES, FAINT, Judged, Part
from scoring.locate_scan import Found, Scan
from scoring.locate_turn_han import turned_han
from scoring.locate_turn_state import Dealings
from scoring.locate_turn_title import FAR_OUT, TitleNames
from scoring.locate_turn_words import Phrases, turn_words

_TOWNS = frozenset((Kind.CITY, Kind.CAPITAL, Kind.REGION))
_NUMBER = re.compile(r"(\d{1,3}(?:[.,\u00a0 ]\d{3})+|\d+)\s*(?:nautical |sea )?$")
_ARTICLES = frozenset(("the", "la", "el", "le", "los", "las", "les", "o", "a", "l"))


def turned(
    scan: Scan, judged: list[Judged], head: int, language: str | None, persons: frozenset[int]
) -> tuple[list[Judged], bool]:
    """The parts as the title's turns leave them, and whether it is far out at sea.

    `head` is the title's length, `persons` are the numbers of the names that people bear.
    """
    lands = [number for number, one in enumerate(scan.found) if one.start < head and one.name.countries]
    names = [number for number in lands if number not in persons]
    spaced = [number for number in names if scan.found[number].token >= 0]
    unspaced = [number for number in names if scan.found[number].token < 0]
    adrift = bool(spaced) and _Title(scan, judged, spaced, head, (language or "")[:2].lower()).turn()
    if unspaced:
        adrift = turned_han(scan, judged, unspaced, head, turn_words().zh) or adrift
    return judged, adrift


class _Title(TitleNames):
    """The names of a title and its words."""

    def __init__(self, scan: Scan, judged: list[Judged], names: list[int], head: int, tongue: str) -> None:
        super().__init__(scan, judged, names)
        self.words = turn_words()
        self.keys = [token.key for token in scan.tokens if token.start < head]
        known = tongue if tongue in self.words.aside else ""
        self.aside, self.after = self.words.aside[known], self.words.after[known]
        self.english = tongue in ("en", "")

    def turn(self) -> bool:
        """All turns, those last that leave but one place; whether it is far out at sea."""
        if len(self.names) > 1:
            self._remittances()
            self._evacuations()
            self._clauses(self.aside, firm=True)
            self._clauses(self.after, firm=False)
            self._memories()
            self._protests()
            self._listing()
        outsider = Dealings(self.scan, self.judged, self.names, self.keys).turn()
        self._courts()
        return self._far_out() or outsider

    def _clauses(self, markers: Phrases, *, firm: bool) -> None:
        """`because of the crisis in Spain`: the crisis is there, what it does is where the rest says."""
        for at, stop in self._marked(markers):
            inside = [number for number in self.names if at < self._found(number).token < stop]
            outside = [number for number in self.names if number not in inside]
            clause = self.keys[at:stop]
            if not inside or not self.words.victims.isdisjoint(clause):
                continue
            if self._holds(outside, inside, firm=firm or not self.words.imposts.isdisjoint(clause)):
                self._pass(inside)

    def _marked(self, markers: Phrases) -> Iterator[tuple[int, int]]:
        """Where a marker stands, and where its clause ends."""
        for here, key in enumerate(self.keys):
            phrases = markers.get(key)
            if not phrases or not any(tuple(self.keys[here : here + len(row)]) == row for row in phrases):
                continue
            if tuple(self.keys[here : here + 2]) in self.words.not_aside:
                continue
            if here and self.keys[here - 1] in self.words.not_after:
                continue
            yield here, self._end(here)

    def _end(self, here: int) -> int:
        """The number of the word after the clause; a clause that opens the title ends at its comma."""
        for word in range(here, len(self.keys) - 1):
            gap = self.scan.gap(word)
            if broken(gap) or (not here and "," in gap):
                return word + 1
        return len(self.keys)

    def _holds(self, outside: list[int], inside: list[int], *, firm: bool) -> bool:
        """Whether the rest of the title says where it happens, and somewhere else."""
        away = {code for number in inside for code in self._codes(number)}
        return any(away.isdisjoint(self._codes(number)) and self._says_where(number, firm=firm) for number in outside)

    def _says_where(self, number: int, *, firm: bool) -> bool:
        (part, weight), kind = self.judged[number], self._found(number).name.kind
        if part is Part.AT:
            return weight > FAINT
        if not firm:
            return False
        if part is Part.DOER:
            return kind not in ADJECTIVES or weight >= 0.65
        return part is Part.NAMED and kind in _TOWNS and weight > FAINT

    def _memories(self) -> None:
        """`Melbourne exhibition recalls fall of Saigon`."""
        if self.words.shows.isdisjoint(self.keys):
            return
        for here, key in enumerate(self.keys):
            if key in self.words.recalls:
                later = [number for number in self.names if self._found(number).token > here]
                earlier = [number for number in self.names if number not in later]
                if later and self._holds(earlier, later, firm=True):
                    self._pass(later)

    def _remittances(self) -> None:
        """Money arrives where it is sent to, and that is where its absence is felt."""
        word = next((here for here, key in enumerate(self.keys) if key in self.words.remittances), -1)
        asides = list(self._marked(self.aside)) if word >= 0 else []
        for number in self.names if word >= 0 else ():
            found = self._found(number)
            sent = found.token and self.keys[found.token - 1] in self.words.sent_from
            if found.token > word and not sent and not any(at < found.token < stop for at, stop in asides):
                self.judged[number] = (Part.AT, 0.9)

    def _evacuations(self) -> None:
        """`Turkey evacuates 200 nationals from Sudan`: it happens where they are taken from."""
        word = next((here for here, key in enumerate(self.keys) if key in self.words.evacuations), -1)
        for number in self.names if word >= 0 else ():
            found = self._found(number)
            left = found.token > word + 1 and self.keys[found.token - 1] in self.words.left
            if left and found.name.kind not in ADJECTIVES:
                self.judged[number] = (Part.AT, 0.9)

    def _protests(self) -> None:
        """`…, Paris protests`: at the end of a clause it is what a government does."""
        for number in self.names[1:]:
            found = self._found(number)
            after = found.last + 1
            closes = after + 1 >= len(self.keys) or self.scan.gap(after)[:1] != " "
            part, weight = self.judged[number]
            firm = (part is Part.AT and weight >= 0.9) or (part is Part.DOER and found.name.kind in ADJECTIVES)
            if after < len(self.keys) and self.keys[after] in self.words.protests and closes and not firm:
                self.judged[number] = (Part.SAYER, FAINT)

    def _listing(self) -> None:
        """`Washington blacklists Turkish shippers`: a state's own decision; against a whole country it is another."""
        verb = next((here for here, key in enumerate(self.keys) if key in self.words.listing), -1)
        if verb < 0 or self.words.firms.isdisjoint(self.keys):
            return
        doer = next((number for number in self.names if self._decides(number, verb)), None)
        if doer is not None:
            self._only([doer])

    def _decides(self, number: int, verb: int) -> bool:
        found, (part, weight) = self._found(number), self.judged[number]
        if part is Part.AGENT:
            return True
        if found.token > verb:
            return False
        state = found.name.kind not in ADJECTIVES or weight >= 0.6
        return state and part in (Part.DOER, Part.SAYER, Part.AT, Part.ABROAD)

    def _courts(self) -> None:
        """`Frankfurt court jails Gambian for killings in Banjul`."""
        seats = [number for number in self.names if self._at_court(self._found(number))]
        if seats:
            self._only(seats)

    def _at_court(self, found: Found) -> bool:
        if self._court_behind(found):
            return True
        here = found.token - 1
        if here < 0 or broken(self.scan.gap(here)):
            return False
        if not self.english and self.keys[here] in self.words.courts and self.keys[here] not in self.words.trials:
            return True
        return self._court_before(here, adjective=found.name.kind in ADJECTIVES)

    def _court_behind(self, found: Found) -> bool:
        """`London High Court`, `Лондонский суд`: the noun stands behind, in English up to two words later."""
        if not self.english and self.keys[found.last][0] < "\u0400":
            return False  # `Ankara juge` is a verb
        for here in range(found.last, min(found.last + 3, len(self.keys) - 1)):
            key = self.keys[here + 1]
            if broken(self.scan.gap(here)) or "," in self.scan.gap(here):
                return False
            if key in self.words.courts:
                return self.english or here == found.last
            if key not in self.words.court_kinds:
                return False
        return False

    def _court_before(self, here: int, *, adjective: bool) -> bool:
        """`cour d'assises de Bruxelles`, `суд в Мюнхене`."""
        while here > 0 and self.keys[here] in _ARTICLES and self.keys[here] not in self.words.court_of:
            here -= 1
        if adjective or self.keys[here] not in self.words.court_of:
            return False
        of = self.keys[here] in ("of", "de", "du", "d", "des", "do", "da")
        for back in range(here - 1, max(-1, here - 4), -1):
            if broken(self.scan.gap(back)):
                return False
            if self.keys[back] in self.words.courts:
                return not (of and self.keys[back] in self.words.trials)
        return False

    def _far_out(self) -> bool:
        """`250 miles off Newfoundland`: the coast is only what it is measured from."""
        if self.words.vessels.isdisjoint(self.keys):
            return False
        for number in self.names:
            found = self._found(number)
            for here in range(max(0, found.token - 4), found.token):
                if self.keys[here] in self.words.miles and self._number_before(here) >= FAR_OUT:
                    self._pass(self.names)
                    return True
        return False

    def _number_before(self, here: int) -> int:
        told = _NUMBER.search(self.scan.text[: self.scan.tokens[here].start])
        return int(re.sub(r"\D", "", told.group(1))) if told else 0
