"""What the words before a place name make of it, in scripts with spaces."""

from scoring.locate_near import broken, following, key_at
from scoring.locate_part import ADJECTIVES, FAINT, Judged, Part
from scoring.locate_scan import Scan
from scoring.locate_words import Before, PlaceWords

# How far to look back over "the war-torn north-eastern" for the word that counts.
_LOOK_BACK = 4
_CYRILLIC = "\u0400"
_ARTICLE = 3  # letters; longer modifiers are directions
_OF = frozenset(("of", "de", "del", "du", "des", "d", "do", "da", "dos", "das", "von", "cua", "ya", "wa"))
_INTO = frozenset(("в", "во", "на"))
_TOWARDS = frozenset(("a", "al", "to", "para", "à", "ke", "الي", "الى", "for", "до", "hasta", "pour"))
_WITH = frozenset(("with", "con", "avec", "com", "с", "со", "مع", "dengan"))
_ASIDE = 0.4  # weight of whom a deal is with, and of where an actor sits: less than any other name's
ACROSS = 0.35  # the same of what lies across a border
_NEAR = frozenset(("frente", "junto", "cerca", "perto", "pres", "proche", "рядом", "недалеко", "неподалеку", "вблизи"))


class Behind:
    """One name, and the words that it stands behind."""

    def __init__(self, scan: Scan, number: int, words: PlaceWords, before: Before) -> None:
        self.scan, self.number, self.words, self.before = scan, number, words, before
        self.found = scan.found[number]
        self.following, self.possessive = following(scan, self.found)

    def _left(self) -> Judged | None:
        """What the words before make of it."""
        if self.found.clitic in ("ب", "ل", "ك"):
            return (Part.AT, 1.0) if self.found.clitic == "ب" else (Part.NAMED, 0.6)
        if not self.before.owned.isdisjoint(self._before(2)):
            return Part.ABROAD, 0.3
        here = self.found.token
        for _ in range(_LOOK_BACK):
            if here == 0 or broken(self.scan.gap(here - 1)):
                break
            here -= 1
            told = self._by_word(here)
            if told:
                return told
            if self.scan.tokens[here].key not in self.words.modifiers:
                break
        return None

    def _by_word(self, here: int) -> Judged | None:
        """What one word before makes of it."""
        key, before, words = self.scan.tokens[here].key, self.before, self.words
        if key in before.between:
            return Part.DOER, 0.8
        if key in _INTO and not words.flows.isdisjoint(
            token.key for token in self.scan.tokens[max(0, here - 4) : here]
        ):
            return Part.NAMED, 0.6
        if key in before.where:
            if here and key_at(self.scan, here - 1) in words.based:
                return Part.NAMED, _ASIDE
            return (Part.NAMED, 0.5) if self._is_matter() else (Part.AT, 1.0)
        if key in before.object:
            if here and key in _OF and key_at(self.scan, here - 1) in words.quantities:
                return None  # `thousands of Canadians`
            if here and key in _TOWARDS and key_at(self.scan, here - 1) in words.travels:
                return Part.AT, 0.95
            if key in _WITH and self._after(here, self.words.frontiers) and self._others_before():
                return Part.NAMED, ACROSS
            if key in _WITH and self._after(here, self.words.deals):
                return Part.NAMED, _ASIDE
            return (Part.ABROAD, 0.3) if self._is_matter() else self._of(here)
        if key in words.outward and here + 1 == self.found.token and self._aims_elsewhere():
            return Part.ABROAD, 0.3
        if key >= _CYRILLIC and here + 1 == self.found.token and key in words.abroad and not self._is_adjective():
            return Part.ABROAD, 0.3  # посол Польши, سفير إيران: what stands before owns nothing, it is owned
        if key in before.agent and self.scan.gap(here).isspace():  # not `more than 11,000 Icelanders`
            held = here and key_at(self.scan, here - 1) in words.custody
            return (Part.AT, 0.95) if held else (Part.AGENT, 0.3)
        if self.found.name.kind in ADJECTIVES:
            return None
        return (Part.DOER, 0.65) if key in words.talks else (Part.AT, 0.9) if key in words.place_nouns else None

    def _after(self, here: int, words: frozenset[str]) -> bool:
        """`a free-trade treaty with …`, `its border with …`: the other side, who is elsewhere."""
        return any(token.key in words for token in self.scan.tokens[max(0, here - _LOOK_BACK) : here])

    def _others_before(self) -> bool:
        """Whether another land, or its people, are named before."""
        codes = set(self.found.name.countries)
        return any(codes.isdisjoint(other.name.countries) for other in self.scan.found[: self.number])

    def _aims_elsewhere(self) -> bool:
        """`Serangan Israel ke Doha`, `удар Израиля по Дохе`: right behind the attacker stands at whom."""
        after = self.scan.found[self.number + 1 : self.number + 2]
        if not after or not self.following or not 1 < after[0].token - self.found.last <= 3:
            return False
        key = self.following[0].key
        return key in self.before.object or key in self.before.where or key in _TOWARDS

    def _is_adjective(self) -> bool:
        return self.found.name.kind in ADJECTIVES

    def _is_matter(self) -> bool:
        """`in Congo bribery case`: a matter that bears the country's name, wherever it is dealt with."""
        return not self.possessive and any(token.key in self.words.matters for token in self.following[:3])

    def _of(self, here: int) -> Judged:
        """`north of Mali` is a part of it, `the government of Mali` does what it does; else it is only named."""
        owner = key_at(self.scan, here - 1) if here and not broken(self.scan.gap(here - 1)) else ""
        if owner in _NEAR:
            return Part.AT, 0.9
        if owner and key_at(self.scan, here) in _OF:
            if owner in self.words.talks:
                return Part.DOER, 0.65
            if owner in self.words.place_nouns or (owner in self.words.modifiers and len(owner) > _ARTICLE):
                return Part.AT, 0.9
            if owner in self.words.abroad:
                return Part.ABROAD, 0.3
            if owner in self.words.home:
                return self._speaker() or (Part.DOER, 0.65)
        return Part.NAMED, 0.65

    def _speaker(self) -> Judged | None:
        keys = [token.key for token in self.following]
        if not any(key in self.words.speech or key in self.words.afar for key in keys):
            return None
        return Part.SAYER, FAINT if any(key in self.words.afar for key in keys) else 0.5

    def _before(self, count: int) -> list[str]:
        """The keys of up to so many words before, nearest first, as far as the clause and the phrase reach."""
        keys: list[str] = []
        here = self.found.token
        while here and len(keys) < count and not broken(self.scan.gap(here - 1)):
            here -= 1
            if self.scan.tokens[here].key in self.before.where:
                break
            keys.append(self.scan.tokens[here].key)
        return keys
