"""Of all the countries a text names, those where it happens: the title speaks first, then the first sentences."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.place.gazetteer import Kind
from scoring.locate_part import FAINT, Judged, Part
from scoring.locate_scan import Found, Scan
from scoring.locate_words import PlaceWords

TITLE, NEAR, FAR = 0, 1, 2
NEAR_END = 160  # characters of the text that are its first sentence or two
_SURE = {Part.AT: 0.95, Part.DOER: 0.8, Part.NAMED: 0.65, Part.SAYER: 0.55, Part.AGENT: 0.5, Part.ABROAD: 0.5}
_IN_TEXT = 0.9  # of that, when only the text says so
_PASSED_OVER = {Part.AT: 0.4, Part.DOER: 0.3, Part.NAMED: 0.25, Part.SAYER: 0.2, Part.AGENT: 0.15, Part.ABROAD: 0.15}
HELD = 0.5  # from here on a country counts


@dataclass(frozen=True, slots=True)
class Named:
    """One place name that counts: which countries, in what part, in which zone of the text."""

    found: Found
    codes: tuple[str, ...]
    part: Part
    weight: float
    zone: int


@dataclass(frozen=True, slots=True)
class Signs:
    """What the title says besides names: whether it is about sport, a sea, harm done by one to another, or an act
    that the first one does at home whomever it concerns (to expel, to summon)."""

    sport: bool
    sea: bool
    hostile: bool
    receives: bool


def signs(scan: Scan, judged: Sequence[Judged], title: int, words: PlaceWords) -> Signs:
    """The signs in the first `title` characters."""
    keys = [token.key for token in scan.tokens if token.start < title]
    plain, zh = scan.plain[:title], words.zh
    return Signs(
        any(key in words.sport for key in keys) or any(word in plain for word in zh["sport"]),
        any(
            found.name.kind is Kind.WATER and not found.name.countries and part is Part.AT and found.start < title
            for found, (part, _) in zip(scan.found, judged, strict=True)
        ),
        _is_hostile(keys, words) or any(word in plain for word in zh["hostile"]),
        any(key in words.receives for key in keys) or any(word in plain for word in zh["receives"]),
    )


def _is_hostile(keys: Sequence[str], words: PlaceWords) -> bool:
    return any(
        key in words.hostile and following not in words.not_hostile
        for key, following in pairwise([*keys, ""])
    )


def settle(named: Sequence[Named], told: Signs) -> frozenset[int]:
    """The numbers of those that say where it happens."""
    by_zone = [[number for number, one in enumerate(named) if one.zone == zone] for zone in (TITLE, NEAR, FAR)]
    title = by_zone[TITLE]
    placed = _of(named, title, Part.AT)
    if placed or told.sport:
        return frozenset(placed)
    if not told.sea:
        placed = _by_deed(named, title, told) or _best(named, title, (Part.DOER, Part.NAMED))
    if placed:
        return frozenset(placed)
    return frozenset(next(_from_text(named, by_zone, told), ()))


def _by_deed(named: Sequence[Named], title: Sequence[int], told: Signs) -> list[int]:
    if told.receives:
        return _best(named, title, (Part.DOER, Part.SAYER))[:1]
    return _targets(named, title) if told.hostile else []


def _from_text(named: Sequence[Named], by_zone: Sequence[list[int]], told: Signs) -> Iterator[list[int]]:
    """What to fall back on, best first, when the title names nobody, or only speakers and people abroad."""
    title, *rest = by_zone
    firm = (Part.AT,) if told.sea else (Part.AT, Part.DOER)
    loose = () if title or told.sea else (Part.NAMED, Part.SAYER, Part.ABROAD, Part.AGENT)
    for zone in rest:
        yield from filter(None, [_best(named, zone, firm)])
    if not told.sea:
        yield from filter(None, [_best(named, title, (Part.SAYER, Part.ABROAD, Part.AGENT))])
    for zone in rest:
        yield from filter(None, [_best(named, zone, loose)])


def _of(named: Sequence[Named], numbers: Iterable[int], part: Part) -> list[int]:
    return [number for number in numbers if named[number].part is part and named[number].weight > FAINT]


def _best(named: Sequence[Named], numbers: Sequence[int], parts: Iterable[Part]) -> list[int]:
    return next(filter(None, (_of(named, numbers, part) for part in parts)), [])


def _targets(named: Sequence[Named], title: Sequence[int]) -> list[int]:
    """Whom the harm is done to: those named after who does it."""
    first = next((number for number in title if named[number].part is not Part.AGENT), None)
    if first is None or named[first].part is Part.NAMED:
        return []
    doers = set(named[first].codes)
    after = [number for number in title if number > first and named[number].part in (Part.NAMED, Part.ABROAD)]
    return [number for number in after if not doers & set(named[number].codes)]


def confidence(one: Named, *, chosen: bool) -> float:
    """0–1: how sure that it happens there."""
    if not chosen:
        return _PASSED_OVER[one.part]
    sure = _SURE[one.part] * (1.0 if one.zone == TITLE else _IN_TEXT)
    return round(max(HELD, sure - (0.1 if one.found.name.kind in (Kind.MINOR, Kind.UNSURE, Kind.WEAK) else 0.0)), 3)
