"""What a place name does in its sentence: where it happens, who acts, whom it is done to, or merely named."""

from ingest.place.gazetteer import Kind
from scoring.locate_han import unspaced
from scoring.locate_left import Behind
from scoring.locate_near import at_head, broken, others_before
from scoring.locate_part import ACROSS, ADJECTIVES, FAINT, FRAIL, Judged, Part
from scoring.locate_person import known
from scoring.locate_scan import Scan
from scoring.locate_words import Before, PlaceWords

TOWNS = FRAIL | {Kind.CITY, Kind.REGION}
_MISSIONS = frozenset(("embassy", "embassies", "consulate", "airlines", "airways", "посольства", "посольство"))
_OBJECT_REACH = 6  # words over which `attacks power plants in …` reaches its place
_ARABIC = "\u0600"  # from here on letters of languages that put no adjective before its noun
_THING = 0.55  # weight of an adjective whose noun we do not know; more likely a thing at home than its people are
_CRAFT = frozenset(("ship", "vessel", "boat", "tanker", "jet", "plane", "airliner"))
_BEHIND = frozenset(
    ("backed", "linked", "flagged", "bound", "sponsored", "aligned", "allied", "born")
)  # Rwanda-backed rebels
_CROWDS = frozenset(("protest", "protests", "rally", "rallies", "march", "marches", "riot", "riots", "protestas"))
_PLACING = frozenset(
    ("in", "at", "near", "inside", "en", "em", "no", "na", "nos", "nas", "dans", "au", "в", "на", "у", "في", "di")
)


def parts(scan: Scan, words: PlaceWords, before: Before) -> list[Judged]:
    """The part of every name that was found, and how surely (0–1), in order."""
    judged: list[Judged] = []
    for number, found in enumerate(scan.found):
        spaced = found.token >= 0
        one = _Sentence(scan, number, words, before).part(judged) if spaced else unspaced(scan, number, words, judged)
        judged.append(one)
    return judged


class _Sentence(Behind):
    """One name and the words around it, in scripts with spaces."""

    def part(self, earlier: list[Judged]) -> Judged:
        """Its part, given those of the names before it."""
        if self.found.name.kind is Kind.BODY:
            return self._first(earlier, 0.7)
        told = self._told_by_kind() or self._beside(earlier) or self._joined(earlier)
        if told:
            return told
        if self._lies_across():
            return Part.NAMED, ACROSS
        left = self._left()
        if self.found.name.kind in ADJECTIVES:
            return self._adjective(left, earlier)
        if left and left[0] is not Part.NAMED:
            return left
        right = self._right(earlier)
        if right and (right[0] is Part.AT or not left):
            return right
        return left or self._bare(earlier)

    def _lies_across(self) -> bool:
        """`Nigerian soldiers killed near the Cameroon border`: on their side of it."""
        border = bool(self.following) and self.following[0].key in self.words.frontiers and not self.possessive
        return border and self.found.name.kind is Kind.COUNTRY and others_before(self.scan, self.number)

    def _told_by_kind(self) -> Judged | None:
        kind = self.found.name.kind
        if kind is Kind.SEAT or kind is Kind.IF_NAMED:
            return self._speaker() or (Part.SAYER, 0.5)
        if self.following and self.following[0].key in _BEHIND and self.scan.gap(self.found.last) == "-":
            return Part.ABROAD, FAINT
        if self.following and self.following[0].key in _MISSIONS and kind not in TOWNS:
            return Part.ABROAD, 0.5
        return at_head(self.scan, self.found)

    def _beside(self, earlier: list[Judged]) -> Judged | None:
        """`Pantanal brasileño`, `طرابلس اللبنانية`: the adjective of the place before it."""
        if not self.number or self.found.name.kind not in ADJECTIVES:
            return None
        before = self.scan.found[self.number - 1]
        same = before.last + 1 == self.found.token and set(before.name.countries) & set(self.found.name.countries)
        return earlier[-1] if same else None

    def _joined(self, earlier: list[Judged]) -> Judged | None:
        """`in Mali and Niger`: the second does what the first does."""
        if not self.number or self.scan.found[self.number - 1].token < 0:
            return None
        last = self.scan.found[self.number - 1].last
        adjective = self.found.name.kind in ADJECTIVES and self.found.token > last + 2
        here = self._over_parts(self.found.token - adjective, last)
        if self.found.clitic in ("و", "ف") and here == last + 1:
            return self._like(earlier)
        if here == last + 2 and self._is_join(last + 1) and not self._cut(last, here):
            return self._like(earlier)
        plain = here == last + 1 and self.found.name.kind is self.scan.found[self.number - 1].name.kind
        return self._like(earlier) if plain and self.scan.gap(last).strip() in (",", "-", "–", "/", "،") else None

    def _is_join(self, here: int) -> bool:
        """`na` is and in Swahili, in it in Portuguese."""
        key = self.scan.tokens[here].key
        return key in self.words.joins and key not in self.before.where and key not in self.before.object

    def _over_parts(self, here: int, stop: int) -> int:
        """Back over `the western coast of`."""
        words = self.words
        while here - 1 > stop + 1 and not broken(self.scan.gap(here - 1)):
            key = self.scan.tokens[here - 1].key
            if key not in words.modifiers and key not in words.place_nouns and key not in self.before.object:
                break
            here -= 1
        return here

    def _like(self, earlier: list[Judged]) -> Judged | None:
        if self.found.name.kind in ADJECTIVES and self.scan.found[self.number - 1].name.kind not in ADJECTIVES:
            return None
        return earlier[-1] if earlier[-1][0] is not Part.SAYER else None

    def _cut(self, first: int, last: int) -> bool:
        return any(broken(self.scan.gap(here)) for here in range(first, last))

    def _right(self, earlier: list[Judged]) -> Judged | None:
        """What the words after make of it."""
        if not self.following:
            return None
        key, words = self.following[0].key, self.words
        if self.following[1:2] and self.following[1].key in _CRAFT:
            return Part.ABROAD, 0.3  # `Taiwan hospital ship docks in Palau`
        if key == "coast" and self.following[1:2] and self.following[1].key.startswith("guard"):
            return Part.ABROAD, 0.3
        if key in words.after_place:
            return Part.AT, 1.0
        if key in words.events and self._is_event(key):
            return (Part.NAMED, 0.4) if self._points_elsewhere() else (Part.AT, 0.8)
        speaker = self._speaker()
        if speaker:
            return self._first(earlier, 0.65) if self._is_local() else speaker
        if self._has_namesake():
            return Part.ABROAD, 0.3
        if key in words.home or key in words.acts:
            return self._first(earlier, 0.7)
        if key in words.abroad or key in words.outward:
            return Part.ABROAD, 0.3
        return None

    def _is_local(self) -> bool:
        """A province or its people speak at home, whatever a government speaks of."""
        return self.found.name.kind is Kind.REGION

    def _has_namesake(self) -> bool:
        """`Germany's Thyssen wins`: a firm or a man of the country, no place in it."""
        if not self.possessive or len(self.following) < 2 or known(self.following[0].key, self.words):
            return False
        first, second = self.following[:2]
        place = any(found.start == first.start for found in self.scan.found[self.number + 1 : self.number + 2])
        return first.raw[0].isupper() and not first.raw.isupper() and second.raw.islower() and not place

    def _is_event(self, key: str) -> bool:
        """`attacks` is a verb when what is attacked, or what is fired, comes next."""
        words = self.words
        if key in words.acts and self._has_object():
            return False
        return not (self.possessive and key in words.outward)

    def _has_object(self) -> bool:
        if len(self.following) > 1 and self.following[1].key in self.words.outward:
            return True
        after = self.scan.found[self.number + 1].token if self.number + 1 < len(self.scan.found) else -1
        if not 0 <= after - self.found.last <= _OBJECT_REACH:
            return False
        return after - self.found.last <= 3 or self.scan.tokens[after - 1].key in self.before.where

    def _points_elsewhere(self) -> bool:
        """`Russia's war in Ukraine`: the event is tied to the next name by a preposition."""
        if len(self.following) < 2 or self.number + 1 >= len(self.scan.found):
            return False
        preposition = self.following[1].key
        if self.following[0].key in _CROWDS and preposition in ("against", "over", "contra", "contre"):
            return False  # `Manila protests against Chinese dredging`
        near = 0 <= self.scan.found[self.number + 1].token - self.found.last <= 5
        return near and (
            preposition in self.before.where or preposition in ("on", "against", "with", "contra", "contre")
        )

    def _adjective(self, left: Judged | None, earlier: list[Judged]) -> Judged:
        """Afghan: the noun beside it decides; of one that we do not know it may be a thing or a man abroad."""
        if left and left[0] is Part.AGENT:
            return left
        nouns, words = self._nouns(), self.words
        for key in nouns:
            if key in words.folk:
                return self._as_folk(earlier)
            if key in words.abroad or key in words.outward:
                return Part.ABROAD, 0.3
            if key in words.frontiers and any(part is Part.DOER for part, _ in earlier):
                return Part.NAMED, 0.6  # `Kachin rebels on Chinese border`: their side of it
            if key in words.place_nouns:
                return Part.AT, 0.7
            if key in words.home or key in words.events:
                return self._first(earlier, 0.65) if not left or left[0] is Part.AT else (Part.NAMED, 0.6)
        if self._stands_at():
            return Part.AT, 0.7
        return self._speaker() or ((Part.NAMED, 0.5) if left else self._as_folk(earlier, _THING))

    def _nouns(self) -> list[str]:
        """The words beside an adjective that can be its noun, likeliest first."""
        keys = [token.key for token in self.following[:2]]
        if keys and (keys[0] in self.before.where or keys[0] in self.before.object or keys[0] in self.words.joins):
            keys = []
        if self.found.name.kind is Kind.ADJECTIVE:  # most languages put the noun first
            before = self._before(2)
            keys = before if before and self.scan.tokens[self.found.token].key[0] >= _ARABIC else [*before, *keys]
        return keys

    def _gap_before(self) -> str:
        return self.scan.gap(self.found.token - 1)

    def _stands_at(self) -> bool:
        """`en el Karakórum paquistaní`, `in Swiss Alps`: adjective and noun stand behind a preposition of place."""
        here = self.found.token
        if self.found.name.kind is Kind.ADJECTIVE and here and not broken(self._gap_before()):
            here -= self.scan.tokens[here - 1].key not in self.before.where  # the noun goes first
        while here and not broken(self.scan.gap(here - 1)):
            here -= 1
            key = self.scan.tokens[here].key
            if key in _PLACING or key not in self.words.modifiers:
                return key in _PLACING
        return False

    def _as_folk(self, earlier: list[Judged], weight: float = 0.5) -> Judged:
        part, weight = self._first(earlier, weight)
        return (Part.FOLK if part is Part.DOER else part), weight

    def _bare(self, earlier: list[Judged]) -> Judged:
        return self._first(earlier, 0.6)

    def _first(self, earlier: list[Judged], weight: float) -> Judged:
        """Who is named first in a clause does it; who comes later is named."""
        codes = self.found.name.countries
        for number in range(self.number - 1, -1, -1):
            other = self.scan.found[number]
            if other.token < 0 or self._cut(other.last, self.found.token):
                break
            if earlier[number][0] is not Part.NAMED and not set(codes) & set(other.name.countries):
                return Part.NAMED, weight
        return Part.DOER, weight
