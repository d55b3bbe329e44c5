"""What the words before a place name make of it, in scripts with spaces."""

from ingest.place.gazetteer import Kind
from scoring.locate_near import broken, following, key_at, others_before
from scoring.locate_part import ACROSS, ADJECTIVES, FAINT, TOWNS, Judged, Part
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
_FROM = "asal"
_LOCAL = TOWNS | {Kind.REGION}  # people and things of a town are at home
_BESIDE = frozenset(("dekat", "near", "у", "возле", "около", "вблизи", "قرب"))
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
        owners = self.before.owned.intersection(self._before(2))
        if owners and (self.found.name.kind not in _LOCAL or _FROM in owners):
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
        key, before = self.scan.tokens[here].key, self.before
        if key not in before.telling:
            return None
        if key in before.between:
            return Part.DOER, 0.8
        if key in _INTO and not self.words.flows.isdisjoint(self._keys(here, _LOOK_BACK)):
            return Part.NAMED, 0.6
        if key in before.where:
            return self._by_place(here)
        if key in before.object:
            return self._by_object(here)
        return self._by_noun(here) or self._by_agent(here) or (None if self._is_adjective() else self._by_home(key))

    def _by_place(self, here: int) -> Judged:
        """Behind `in`: there, but for `based in` and `in Congo bribery case`."""
        if here and key_at(self.scan, here - 1) in self.words.based:
            return Part.NAMED, _ASIDE
        return (Part.NAMED, 0.5) if self._is_matter() else (Part.AT, 1.0)

    def _by_object(self, here: int) -> Judged | None:
        """Behind `of`, `to`, `with`, `against`."""
        key, owner = key_at(self.scan, here), key_at(self.scan, here - 1) if here else ""
        if key in _OF and owner in self.words.quantities:
            return None  # `thousands of Canadians`
        if key in _TOWARDS and owner in self.words.travels:
            return Part.AT, 0.95
        aside = self._across(here) if key in _WITH else None
        return aside or ((Part.ABROAD, 0.3) if self._is_matter() else self._of(here))

    def _across(self, here: int) -> Judged | None:
        """`a free-trade treaty with …`, `its border with …`: the other side, who is elsewhere."""
        before = self._keys(here, _LOOK_BACK)
        if not self.words.frontiers.isdisjoint(before) and others_before(self.scan, self.number):
            return Part.NAMED, ACROSS
        return None if self.words.deals.isdisjoint(before) else (Part.NAMED, _ASIDE)

    def _by_noun(self, here: int) -> Judged | None:
        """Right behind a border, an attack, an envoy."""
        key, words = key_at(self.scan, here), self.words
        if here + 1 != self.found.token:
            return None
        if key in words.frontiers and self._beside_border(here):
            return Part.NAMED, ACROSS
        owned = key >= _CYRILLIC and key in words.abroad and not self._is_adjective()
        if owned or (key in words.outward and self._aims_elsewhere()):
            return Part.ABROAD, 0.3  # посол Польши, سفير إيران: what stands before owns nothing, it is owned
        return None

    def _by_agent(self, here: int) -> Judged | None:
        if key_at(self.scan, here) not in self.before.agent or not self.scan.gap(here).isspace():
            return None  # `more than 11,000 Icelanders`
        held = here and key_at(self.scan, here - 1) in self.words.custody
        return (Part.AT, 0.95) if held else (Part.AGENT, 0.3)

    def _by_home(self, key: str) -> Judged | None:
        if key in self.words.talks:
            return Part.DOER, 0.65
        return (Part.AT, 0.9) if key in self.words.place_nouns else None

    def _keys(self, here: int, count: int) -> list[str]:
        return [token.key for token in self.scan.tokens[max(0, here - count) : here]]

    def _beside_border(self, here: int) -> bool:
        """`dekat perbatasan Papua Nugini`, `у границы Эстонии`: on this side of it, where another land is named."""
        return here > 0 and key_at(self.scan, here - 1) in _BESIDE and others_before(self.scan, self.number)

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
        if self.found.name.kind in _LOCAL:
            return False  # `in Paris genocide trial`: a court sits in a town
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
