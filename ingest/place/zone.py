"""The time zone of a country: that of its capital, from the zone table that comes with `tzdata`."""

import re
from functools import cache
from importlib.resources import files

from ingest.place.countries import country
from ingest.place.gazetteer import PlaceTableMissing

_PLACED = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")


@cache
def zone_of(code: str) -> str | None:
    """IANA name of the zone of a country's capital; None when nobody knows it."""
    found = _zones().get(code.upper(), ())
    if len(found) < 2:
        return found[0][1] if found else None
    try:
        capital = country(code).point
    except (KeyError, PlaceTableMissing):
        capital = None
    if capital is None:
        return found[0][1]
    return min(found, key=lambda zone: _apart(zone[0], capital))[1]


@cache
def _zones() -> dict[str, list[tuple[tuple[float, float], str]]]:
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    found: dict[str, list[tuple[tuple[float, float], str]]] = {}
    for line in table.splitlines():
        if not line.startswith("#"):
            code, point, name, *_ = line.split("\t")
            found.setdefault(code, []).append((_degrees(point), name))
    return found


def _degrees(point: str) -> tuple[float, float]:
    """`+0519-00402` (ISO 6709) in degrees."""
    found = _PLACED.fullmatch(point)
    if found is None:
        return 0.0, 0.0
    parts = found.groups(default="0")
    return _number(*parts[:4]), _number(*parts[4:])


def _number(sign: str, degrees: str, minutes: str, seconds: str) -> float:
    return (-1 if sign == "-" else 1) * (int(degrees) + int(minutes) / 60 + int(seconds) / 3600)


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    # Zones run from north to south: who lies on the same meridian has the same time.
    return abs(one[0] - other[0]) + 2 * abs(one[1] - other[1])
