"""Which country a name means that several bear: its company, the countries named beside it, the towns around it."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from ingest.place.fold import fold
from ingest.place.gazetteer import Kind, places
from scoring.locate_part import ADJECTIVES, FRAIL
from scoring.locate_scan import Found, Scan
from scoring.locate_words import PlaceWords

_SETTLING = frozenset((Kind.COUNTRY, Kind.CAPITAL, Kind.PEOPLE, Kind.ADJECTIVE, Kind.ACRONYM, Kind.REGION))
_SHARED = frozenset((Kind.SHORT, Kind.WATER))  # names of several countries at once
_TOWNS = FRAIL | {Kind.CITY, Kind.CAPITAL}
_AROUND = frozenset((Kind.CITY, Kind.REGION, Kind.MINOR))
_SHADDA = "\u0651"
# Brazilian papers name the state behind a town: Macau (RN). (AP) is a news agency.
_STATE = re.compile(r" \((?:A[CLM]|BA|CE|DF|ES|GO|M[ATSG]|P[ABREI]|R[JNSOR]|S[CPE]|TO)\)")


class Lands:
    """The countries of one text. `settled` are those named beyond doubt: they decide between towns of one name; where
    none does, the `homes` of its language do."""

    def __init__(self, seen: Scan, declared: Iterable[str], persons: frozenset[int], homes: frozenset[str]) -> None:
        self.seen, self.persons, self.homes = seen, persons, homes
        self.firm = frozenset(self._named(_SETTLING - ADJECTIVES)) | frozenset(declared)
        self.settled = self.firm | frozenset(self._named(_SETTLING & ADJECTIVES))

    def _named(self, kinds: frozenset[Kind]) -> Iterator[str]:
        for number, found in enumerate(self.seen.found):
            if found.name.kind in kinds and len(found.name.countries) == 1 and number not in self.persons:
                yield found.name.countries[0]

    @cached_property
    def around(self) -> frozenset[str]:
        """Countries of the towns and provinces that are named."""
        return frozenset(self._named(_AROUND))

    def of(self, found: Found, words: PlaceWords) -> tuple[str, ...]:
        """The countries that a name stands for in this text."""
        codes = found.name.countries
        if found.name.kind in _SHARED:
            return codes
        if _SHADDA in self.seen.text[found.start : found.end] and "OM" in codes:
            return ("JO",)  # عمّان is Amman, عُمان Oman
        if found.token >= 0 and _STATE.match(self.seen.text, found.end):
            return ("BR",)  # Macau (RN)
        told = by_company(self.seen, found, words)
        if told is not None:
            return (told,) if told else ()
        if found.name.kind is Kind.IF_NAMED:
            return tuple(code for code in codes if code in self.settled)[:1]
        if found.name.kind is Kind.CAPITAL and not self._also_named(found):
            others = tuple(code for code in codes[1:] if code in self.settled)[:1]
            return others or self._elsewhere(found, self.firm.difference(codes)) or codes[:1]
        told = next((code for code in codes if code in self.settled), None)
        if not told and len(codes) > 1:
            told = next((code for code in codes if code in self.around), None)
        return (told,) if told else self._elsewhere(found, self.firm) or self._at_home(found) or codes[:1]

    def _at_home(self, found: Found) -> tuple[str, ...]:
        """Of towns of one name one in a land of the text's language: `Santa Cruz` in a Spanish paper is no Philippine
        one."""
        codes = found.name.countries
        if found.name.kind not in _TOWNS or codes[0] in self.homes:
            return ()
        rivals = codes if found.name.kind is Kind.CITY else (*codes, *self._lesser(found))
        return next(((code,) for code in rivals if code in self.homes), ())

    def _also_named(self, found: Found) -> bool:
        """Whether the country of a capital is named by something else too."""
        own = found.name.countries[0]
        return any(own in one.name.countries[:1] for one in self.seen.found if one.start != found.start)

    def _elsewhere(self, found: Found, firm: frozenset[str]) -> tuple[str, ...]:
        """The land of a lesser town of that name, or of towns around it: Córdoba, Veracruz."""
        lesser = self._lesser(found) if found.name.kind in _TOWNS else ()
        codes = found.name.countries
        if not lesser and len(codes) < 2:
            return ()
        around = self.around - (set(codes) if len(codes) == 1 else set())
        meant = [code for code in lesser if code in firm] or [code for code in (*codes, *lesser) if code in around]
        return tuple(meant[:1])

    def _lesser(self, found: Found) -> tuple[str, ...]:
        if found.token < 0:
            key = self.seen.plain[found.start : found.end]
        else:
            key = " ".join(token.key for token in self.seen.tokens[found.token : found.last + 1])
        return tuple(places().others.get(key, "").split())


def by_company(seen: Scan, found: Found, words: PlaceWords) -> str | None:
    """What a name with several meanings means among these words: a country, "" for no place, None for no telling."""
    name = seen.text[found.start : found.end]
    contexts = words.contexts.get(fold(name) if found.token >= 0 else seen.plain[found.start : found.end])
    if not contexts:
        return None
    keys = {token.key for token in seen.tokens}
    return next((code for code, company in contexts.items() if _among(seen, company, keys)), None)


def _among(seen: Scan, company: frozenset[str], keys: set[str]) -> bool:
    return not company.isdisjoint(keys) or any(word > "\u3400" and word in seen.plain for word in company)
