"""Of all the countries a text names, those where it happens: the title speaks first, then the first sentences."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.place.gazetteer import Kind
from scoring.locate_near import DATELINE
from scoring.locate_part import ACROSS, ADJECTIVES, FAINT, FRAIL, Judged, Part
from scoring.locate_scan import Found, Scan, Token
from scoring.locate_words import PlaceWords

TITLE, NEAR, FAR = 0, 1, 2
_AT_HEAD = 0.9  # weight of `Myanmar: …`, beside which `to the border with China` does not count
_NO_HAN: Mapping[str, tuple[str, ...]] = {"sport": (), "harm": (), "hostile": (), "receives": ()}
_NEAR = 160  # characters of the text that are its first sentence or two; in Chinese a full stop ends the first
_SURE = {
    Part.AT: 0.95,
    Part.DOER: 0.8,
    Part.FOLK: 0.65,
    Part.NAMED: 0.65,
    Part.SAYER: 0.55,
    Part.AGENT: 0.5,
    Part.ABROAD: 0.5,
}
_IN_TEXT = 0.9  # of that, when only the text says so
_PASSED_OVER = {
    Part.AT: 0.4,
    Part.DOER: 0.3,
    Part.FOLK: 0.2,
    Part.NAMED: 0.25,
    Part.SAYER: 0.2,
    Part.AGENT: 0.15,
    Part.ABROAD: 0.15,
}
_TOWNS = FRAIL | {Kind.CITY, Kind.CAPITAL, Kind.REGION}
_ASHORE = 0.8  # weight of a place up to which the sea named beside it is the place
_SLACK = {Part.NAMED: 0.2, Part.FOLK: 0.04}  # of weight, within which names of one part count alike
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
    hostile: int  # where the word for it stands, -1 for none
    receives: bool


def signs(scan: Scan, judged: Sequence[Judged], title: int, words: PlaceWords, *, adrift: bool) -> Signs:
    """The signs in the first `title` characters; `adrift` when they say that it is far from any coast."""
    tokens = [token for token in scan.tokens if token.start < title]
    keys = [token.key for token in tokens]
    harm = any(key in words.harm for key in keys)  # a shooting before a match is no sport
    plain = scan.plain[:title]
    zh = words.zh if not plain.isascii() else _NO_HAN
    return Signs(
        (not harm and any(key in words.sport for key in keys)) or _han_sport(plain, zh),
        adrift
        or any(
            found.name.kind is Kind.WATER and not found.name.countries and part is Part.AT and found.start < title
            for found, (part, _) in zip(scan.found, judged, strict=True)
        ),
        _hostile_at(tokens, words, plain, zh["hostile"]),
        any(key in words.receives for key in keys) or any(word in plain for word in zh["receives"]),
    )


def _han_sport(plain: str, zh: Mapping[str, tuple[str, ...]]) -> bool:
    return any(word in plain for word in zh["sport"]) and not any(word in plain for word in zh["harm"])


def near_end(plain: str, title: int) -> int:
    """Where the first sentence or two of the text end."""
    stop = plain.find("。", title + 2)
    return min(title + _NEAR, stop) if stop > 0 else title + _NEAR


def _hostile_at(tokens: Sequence[Token], words: PlaceWords, plain: str, han: Iterable[str]) -> int:
    for here, token in enumerate(tokens):
        following = tokens[here + 1].key if here + 1 < len(tokens) else ""
        if token.key in words.hostile and following not in words.not_hostile:
            return token.start
    stopped = _trade_stop(tokens, words)
    return stopped if stopped >= 0 else min((plain.index(word) for word in han if word in plain), default=-1)


def _trade_stop(tokens: Sequence[Token], words: PlaceWords) -> int:
    """Where `suspends` stands in `suspends imports of Brazilian chicken`, -1 when nothing, or its own export, is
    stopped."""
    keys = [token.key for token in tokens]
    here = next((here for here, key in enumerate(keys) if key in words.bans), -1)
    if here < 0 or words.goods.isdisjoint(keys[here:]) or not words.exports.isdisjoint(keys):
        return -1
    return tokens[here].start


def settle(named: Sequence[Named], told: Signs) -> frozenset[int]:
    """The numbers of those that say where it happens."""
    by_zone = [[number for number, one in enumerate(named) if one.zone == zone] for zone in (TITLE, NEAR, FAR)]
    title = by_zone[TITLE]
    placed = (_host(named, title) if told.receives else []) or _surest(named, _of(named, title, Part.AT))
    if told.sea and all(named[number].weight <= _ASHORE for number in placed):
        placed = []  # `Two Philippine boats rammed near the shoal`
    if placed:
        return frozenset(placed)
    if not told.sea and not told.sport:
        placed = (_targets(named, title, told.hostile) if told.hostile >= 0 else []) or _acting(named, title)
    if placed and _loose(named[placed[0]]):
        placed = _of(named, _towns(named, title), Part.NAMED) or placed
    if placed and _loose(named[placed[0]]):
        placed = _from_home(named, by_zone[NEAR:]) or placed
    if placed:
        return frozenset(placed)
    return frozenset(next(filter(None, _from_text(named, by_zone, told)), ()))


def _acting(named: Sequence[Named], title: Sequence[int]) -> list[int]:
    """Who does something at home; who decides goes before a people named in passing: `Lusaka rejects Chinese offer`."""
    found = _best(named, title, (Part.DOER, Part.FOLK, Part.NAMED))
    passing = found and all(_in_passing(named[number]) for number in found)
    deciding = _of(named, title, Part.SAYER) or _of(named, title[:1], Part.ABROAD)
    return (deciding if passing else []) or found


def _in_passing(one: Named) -> bool:
    return one.part is Part.NAMED and (_is_adjective(one) or one.weight <= ACROSS)


def _surest(named: Sequence[Named], placed: list[int]) -> list[int]:
    """A `Chinese plant in Smederevo` stands where the town is; beside `Myanmar: …`, `the border with China` is one of
    its own."""
    towns = {code for number in placed for code in named[number].codes if not _is_adjective(named[number])}
    if not towns:
        return placed
    kept = [number for number in placed if not _is_adjective(named[number]) or _at_home(named[number], towns)]
    head = named[kept[0]]
    if head.found.start or head.weight != _AT_HEAD:
        return kept
    return [number for number in kept if named[number].weight > _AT_HEAD or _at_home(named[number], set(head.codes))]


def _is_adjective(one: Named) -> bool:
    return one.found.name.kind in ADJECTIVES


def _at_home(one: Named, towns: set[str]) -> bool:
    return not towns.isdisjoint(one.codes)


def _loose(one: Named) -> bool:
    """People and things of a country, that may be anywhere."""
    return one.part in (Part.FOLK, Part.ABROAD) or (one.part is Part.NAMED and one.found.name.kind in ADJECTIVES)


def _from_home(named: Sequence[Named], zones: Sequence[list[int]]) -> list[int]:
    """Where the text puts it: at a place, or before the police of a country."""
    for zone in zones:
        placed = _of(named, zone, Part.AT)
        if placed:
            return placed
    return [number for number in _of(named, zones[0], Part.DOER) if named[number].weight >= 0.65]


def _host(named: Sequence[Named], title: Sequence[int]) -> list[int]:
    """Who expels or summons, when the title begins with it."""
    return [number for number in title[:1] if named[number].part in (Part.DOER, Part.SAYER)]


def _from_text(named: Sequence[Named], by_zone: Sequence[list[int]], told: Signs) -> Iterator[list[int]]:
    """What to fall back on, best first, when the title names nobody, or only speakers and people abroad."""
    title, *rest = by_zone
    placeless = told.sea or told.sport
    firm = (Part.AT,) if placeless else (Part.AT, Part.DOER)
    yield from (_best(named, zone, firm) for zone in (rest[:1] if placeless else rest))
    if placeless:
        if told.sport and not told.sea:
            yield _home_ground(named, title)
            yield from (_written_at(named, zone) for zone in by_zone[:2])
        return
    if all(named[number].part is Part.ABROAD for number in title):
        yield _told_in_text(named, rest[0])
        if told.receives:
            return  # diplomats sent home: by whom is not told
    yield _best(named, title, (Part.SAYER, Part.ABROAD, Part.AGENT))
    if not title:
        yield from (_best(named, _towns(named, zone), (Part.NAMED, Part.SAYER)) for zone in rest)
        yield from (_best(named, zone, (Part.SAYER,)) for zone in rest)
        yield _of_one_land(named, rest[0])


def _home_ground(named: Sequence[Named], zone: Sequence[int]) -> list[int]:
    """In sport the one land whose towns are named in clubs' names; not where another
    land or its people are named beside them: `Barcelona's Gabonese winger`."""
    lands = {code for number in zone for code in named[number].codes}
    return _towns(named, zone) if len(lands) == 1 else []


def _written_at(named: Sequence[Named], zone: Iterable[int]) -> list[int]:
    return [number for number in zone if (named[number].part, named[number].weight) == DATELINE]


def _towns(named: Sequence[Named], zone: Iterable[int]) -> list[int]:
    """A country named in passing in the text alone is the place one time in five, a town two times in three."""
    return [number for number in zone if named[number].found.name.kind in _TOWNS]


def _of_one_land(named: Sequence[Named], near: Sequence[int]) -> list[int]:
    """People and things of a land, where the first sentence names no other."""
    found = [
        number for number in near if named[number].part in (Part.FOLK, Part.ABROAD) and _is_adjective(named[number])
    ]
    return found if len({code for number in near for code in named[number].codes}) == 1 else []


def _told_in_text(named: Sequence[Named], near: Sequence[int]) -> list[int]:
    """The one country whose towns and bodies the text names, where the title only has people or firms of another."""
    found = [number for number in near if named[number].part is Part.NAMED and not _is_adjective(named[number])]
    return found if len({code for number in found for code in named[number].codes}) == 1 else []


def _of(named: Sequence[Named], numbers: Iterable[int], part: Part) -> list[int]:
    return [number for number in numbers if named[number].part is part and named[number].weight > FAINT]


def _best(named: Sequence[Named], numbers: Sequence[int], parts: Iterable[Part]) -> list[int]:
    found = next(filter(None, (_of(named, numbers, part) for part in parts)), [])
    return _firmest(named, found) if len(found) > 1 else found


def _firmest(named: Sequence[Named], found: list[int]) -> list[int]:
    """Of people and things of several countries those of the surer one: `Cambodian compound raided; Chinese workers
    freed`; of names in passing not the one whose event points elsewhere: `Israeli strike on southern Lebanon`."""
    slack = _SLACK.get(named[found[0]].part, 1.0)
    least = max(named[number].weight for number in found) - slack
    return [number for number in found if named[number].weight >= least]


def _targets(named: Sequence[Named], title: Sequence[int], at: int) -> list[int]:
    """Whom the harm is done to: who stands behind the word for it, or, when all stand on one side, behind the first."""
    actors = [number for number in title if named[number].part is not Part.AGENT]
    before = [number for number in actors if named[number].found.start < at]
    after = actors[len(before) :]
    doer, rest = (before[-1], after) if before and after else (actors[0], actors[1:]) if actors else (-1, [])
    if doer < 0 or named[doer].part is Part.NAMED:
        return []
    doers = set(named[doer].codes)
    parts = (Part.NAMED, Part.ABROAD, Part.DOER)
    return [
        number
        for number in rest
        if named[number].part in parts and _counts(named[number]) and not doers & set(named[number].codes)
    ]


def _counts(one: Named) -> bool:
    return one.weight > (ACROSS if one.part is Part.NAMED else FAINT)


def confidence(one: Named, *, chosen: bool) -> float:
    """0–1: how sure that it happens there."""
    if not chosen:
        return _PASSED_OVER[one.part]
    sure = _SURE[one.part] * (1.0 if one.zone == TITLE else _IN_TEXT)
    return round(max(HELD, sure - (0.1 if one.found.name.kind in FRAIL else 0.0)), 3)
