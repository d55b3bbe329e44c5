"""Lesser towns of a name that a larger one bears: Córdoba of Veracruz. They count where their country is named too."""

from collections.abc import Iterable

from ingest.place import sources
from ingest.place.building import UNSPACED, Table, key_of
from ingest.place.gazetteer import Kind
from ingest.place.towns import city_spellings

_TOWNS = {kind.value for kind in (Kind.CAPITAL, Kind.CITY, Kind.MINOR, Kind.UNSURE, Kind.TINY)}
_WELL_KNOWN = 100_000  # from here on a town is meant by its other names too, and competes with capitals


def rivals(table: Table) -> None:
    """Note the lands of lesser towns beside the spellings that the table has."""
    owners = _owners()
    for city in sources.cities():
        shared = owners.get(key_of(city.name), {})
        for key in {key_of(city.name), *map(key_of, filter(_foreign, city_spellings(city)))}:
            value = table.han.get(key) or table.words.get(key)
            if value is None or value[0] not in _TOWNS:
                continue
            known = str(value[1]).split()
            least = _WELL_KNOWN if value[0] == Kind.CAPITAL else 0
            found = [code for code, people in shared.items() if people >= least and code not in known]
            if found and city.country in known:
                table.others[key] = " ".join(found)


def _foreign(name: str) -> bool:
    return bool(UNSPACED.search(name)) or name[0] > "\u02ff"


def _owners() -> dict[str, dict[str, int]]:
    """Latin spelling → country → people of its largest town so called, largest first; no land whose towns are named
    after others."""
    found: dict[str, dict[str, int]] = {}
    for city in sources.cities():
        for key in set() if city.anglo else set(map(key_of, _called(city))):
            found.setdefault(key, {}).setdefault(city.country, city.population)
    return found


def _called(city: sources.City) -> Iterable[str]:
    yield city.name
    if city.population >= _WELL_KNOWN:
        yield from (name for name in city.names if name[0].isupper() and name[0] < "\u0250" and len(name) > 3)
