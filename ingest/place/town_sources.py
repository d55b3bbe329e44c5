"""Which towns have an English and a Chinese name beyond doubt, and by what spellings they are found.

A Chinese name counts if CLDR gives it to the town of a time zone, if it stands both in our own list and among GeoNames'
spellings of the town, if it is our list's name of the capital and GeoNames knows it of no other town, or, in China, if
GeoNames has no other for a city of a million. Elsewhere GeoNames alone is no proof: it does not say what language a
spelling is of. No two towns of a country bear one Chinese name: the largest keeps it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from babel import Locale
from babel.core import get_global

from ingest.place import sources
from ingest.place.han import simplified

_HAN = re.compile(r"[\u3400-\u9fff·]{2,}")
_PART = tuple("省区镇县域郡府道州")  # the name of a province, a district or a borough
_MILLION = 1_000_000
_RIVAL = 6  # a town so many times smaller does not make the larger one's name doubtful
_ANGLO_SMALL = 1_000_000  # below, names of towns in the US and the like are surnames and other towns' names


def build(spellings: Callable[[sources.City], Iterable[str]], key: Callable[[str], str]) -> dict[str, dict[str, Any]]:
    """country → `names` (English → Chinese) and `spellings` (key → English)."""
    homes: dict[str, list[sources.City]] = {}
    for city in sources.cities():
        homes.setdefault(city.country, []).append(city)
    zones = _zones(key)
    return {
        code: made for code, towns in sorted(homes.items()) if (made := _country(code, towns, zones, spellings, key))
    }


def _country(
    code: str,
    towns: list[sources.City],
    zones: dict[tuple[str, str], str],
    spellings: Callable[[sources.City], Iterable[str]],
    key: Callable[[str], str],
) -> dict[str, Any]:
    ours = sources.additions("cities_zh").get(code, "").split()
    names: dict[str, str] = {}
    owners: dict[str, list[sources.City]] = {}
    for town in towns:
        forms = {key(form) for form in spellings(town)}
        chinese = zones.get((code, key(town.name))) or _chinese(town, towns, ours)
        if chinese and town.name not in names and chinese not in names.values():
            names[town.name] = chinese
            forms |= {chinese, *(name for name in ours if name in _han(town))}
        for form in forms:
            owners.setdefault(form, []).append(town)
    lands = _lands(code, key)  # Singapore and Panama are said as countries
    meant = {form: _clear(rivals) for form, rivals in sorted(owners.items()) if form not in lands}
    found = {form: town.name for form, town in meant.items() if town is not None and town.name in names}
    return {"names": names, "spellings": found} if names else {}


def _lands(code: str, key: Callable[[str], str]) -> set[str]:
    listed = [name for _, land, name in sources.spellings() if land == code]
    return {key(name) for name in (*listed, *sources.additions("names")["names"].get(code, ()))}


def _clear(rivals: list[sources.City]) -> sources.City | None:
    """The town that a spelling means, the capital or the largest; None where another of its size shares it."""
    largest = next((town for town in rivals if town.capital), rivals[0])
    if not largest.capital and any(other.population * _RIVAL >= largest.population for other in rivals[1:]):
        return None
    return None if largest.anglo and not largest.capital and largest.population < _ANGLO_SMALL else largest


def _chinese(town: sources.City, towns: list[sources.City], ours: list[str]) -> str:
    """The town's Chinese name, "" where it is not sure."""
    known = _han(town)
    listed = next((name for name in ours if name in known), "")
    if listed:
        return listed
    # Our list may begin with another town than the one that counts as the capital here: Bujumbura, not Gitega.
    if town.capital and ours and not any(ours[0] in _han(other) for other in towns):
        return ours[0]
    alone = {name.removesuffix("市") for name in known if not name.endswith(_PART)}
    sure = town.country == "CN" and town.population >= _MILLION and len(alone) == 1 == len(known)
    return next(iter(alone)) if sure else ""


def _han(town: sources.City) -> set[str]:
    return {simplified(name) for name in town.names if _HAN.fullmatch(name)}


def _zones(key: Callable[[str], str]) -> dict[tuple[str, str], str]:
    """(country, key of the English name) → Chinese name, of the towns that CLDR names time zones by."""
    chinese, english = Locale("zh").time_zones, Locale("en").time_zones
    return dict(_zone_names(chinese, english, get_global("zone_territories"), key))


def _zone_names(chinese: Any, english: Any, territories: Any, key: Callable[[str], str]) -> Iterator[Any]:
    for zone, told in chinese.items():
        name = told.get("city")
        country = territories.get(zone)
        if name and country:
            plain = english.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " ")
            yield (country, key(plain)), str(name)
