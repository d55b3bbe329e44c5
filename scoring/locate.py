"""Which countries a text names, and in which of them it happens.

A country that only acts or speaks is not where it happens: `US sanctions Iranian banks` happens in Iran. Names are
found in a table (`ingest.place`), their role read from the words around them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ingest.place.gazetteer import Kind
from scoring.locate_role import Judged, Role, role
from scoring.locate_scan import Found, Scan, scan
from scoring.locate_words import PlaceWords, place_words

LEDE = 500  # characters of the text that are read
_OF_KIND = {
    Kind.REGION: 0.9,
    Kind.CAPITAL: 0.9,
    Kind.CITY: 0.8,
    Kind.DOUBTFUL: 0.8,
    Kind.UNSURE: 0.8,
    Kind.WEAK: 0.7,
    Kind.WATER: 0.7,
}
_ALL_OF = frozenset((Kind.SHORT, Kind.WATER))
_IN_DOUBT = frozenset((Kind.DOUBTFUL, Kind.UNSURE, Kind.WEAK))
_SETTLING = frozenset((Kind.COUNTRY, Kind.CAPITAL, Kind.PEOPLE, Kind.ADJECTIVE, Kind.ACRONYM, Kind.REGION))
_NEAR, _NEAR_END, _FAR = 0.6, 160, 0.4  # what a hit in the text counts: in its first characters, and later
_MENTION = 0.4  # of a mention, next to names that say where


@dataclass(frozen=True, slots=True)
class Hit:
    """One country named in a text. `start` counts characters of title + newline + text; -1 and `words` "" when the
    document declared it. `weight` 0–1 says how much it speaks for where the thing happens."""

    country: str
    words: str
    start: int
    role: str
    weight: float


def locate(title: str, text: str, language: str | None, declared: tuple[str, ...] = ()) -> tuple[Hit, ...]:
    """Every country that a text names, in reading order, those that the document declares first.

    `language` is the ISO 639 code if known: it decides which small words are prepositions. Raises PlaceTableMissing
    when the place table has not been generated.
    """
    hits = [Hit(code, "", -1, Role.WHERE, 1.0) for code in declared]
    whole = f"{title}\n{text[:LEDE]}" if text else title
    seen = scan(whole, language)
    if not seen.found:
        return tuple(hits)
    words = place_words()
    before = words.before_in(language)
    judged = [role(seen, number, words, before) for number in range(len(seen.found))]
    settled = _settled(seen, declared)
    for number, (found, verdict) in enumerate(zip(seen.found, judged, strict=True)):
        if found.name.kind in _IN_DOUBT and not _trusted(seen, number, verdict, settled, words):
            continue
        codes = _countries_of(seen, found, settled, words)
        hits += [_hit(seen, found, code, verdict, len(title)) for code in codes]
    return tuple(hits)


def countries(hits: Iterable[Hit]) -> tuple[str, ...]:
    """Where it happens, best first; if no words say where, the best of the countries mentioned; else who acts."""
    totals: dict[str, dict[str, float]] = {role: {} for role in Role}
    for hit in hits:
        weights = totals[hit.role]
        weights[hit.country] = weights.get(hit.country, 0.0) + hit.weight
    where, mention = totals[Role.WHERE], totals[Role.MENTION]
    if not where:
        return _ranked(mention or totals[Role.ACTOR], 0.7)
    both = {code: where.get(code, 0.0) + _MENTION * mention.get(code, 0.0) for code in {**where, **mention}}
    return _ranked(both, 0.5)


def _ranked(weights: Mapping[str, float], share: float) -> tuple[str, ...]:
    """Those with at least a share of the heaviest's weight, heaviest first, then by the order they were named in."""
    floor = max(weights.values(), default=0.0) * share
    return tuple(sorted((code for code, weight in weights.items() if weight >= floor), key=lambda c: -weights[c]))


def _settled(seen: Scan, declared: tuple[str, ...]) -> frozenset[str]:
    """Countries that are named beyond doubt: they decide between towns of one name."""
    sure = {
        found.name.countries[0]
        for found in seen.found
        if found.name.kind in _SETTLING and len(found.name.countries) == 1
    }
    return frozenset(sure | set(declared))


def _trusted(seen: Scan, number: int, verdict: Judged, settled: frozenset[str], words: PlaceWords) -> bool:
    """Whether a name that is often a person or a word is a place here: its surroundings or its country say so."""
    found = seen.found[number]
    if found.name.countries[0] in settled or (verdict[0] is Role.WHERE and verdict[1] == 1.0):
        return True
    if found.name.kind is Kind.WEAK:
        return False
    if verdict[0] is Role.WHERE or verdict[1] >= 0.6:
        return True
    if _by_company(seen, found, words):
        return True
    beside = [other for other in (number - 1, number + 1) if 0 <= other < len(seen.found)]
    return any(
        seen.found[other].name.kind is Kind.COUNTRY and _apart(seen.found[other], found) <= 2 for other in beside
    )


def _apart(one: Found, other: Found) -> int:
    """How many words lie between two names; a large number in unspaced scripts."""
    if one.token < 0 or other.token < 0:
        return 99
    return max(other.token - one.last, one.token - other.last) - 1


def _countries_of(seen: Scan, found: Found, settled: frozenset[str], words: PlaceWords) -> tuple[str, ...]:
    """The countries that a name stands for in this text."""
    codes = found.name.countries
    if found.name.kind in _ALL_OF:
        return codes
    told = _by_company(seen, found, words)
    if told is not None:
        return (told,) if told else ()
    if found.name.kind is Kind.IF_NAMED:
        return tuple(code for code in codes if code in settled)[:1]
    if len(codes) > 1:
        return next(((code,) for code in codes if code in settled), codes[:1])
    return codes


def _by_company(seen: Scan, found: Found, words: PlaceWords) -> str | None:
    """What a name with several meanings means among these words: a country, "" for no place, None for no telling."""
    contexts = words.contexts.get(seen.text[found.start : found.end].lower())
    if not contexts:
        return None
    keys = {token.key for token in seen.tokens}
    return next((code for code, company in contexts.items() if not company.isdisjoint(keys)), None)


def _hit(seen: Scan, found: Found, code: str, verdict: Judged, title: int) -> Hit:
    kind, weight = verdict
    if found.start > title:
        weight *= _NEAR if found.start <= title + _NEAR_END else _FAR
    weight *= _OF_KIND.get(found.name.kind, 1.0)
    return Hit(code, seen.text[found.start : found.end], found.start, kind, round(weight, 3))
