"""Where a warning holds, as warning services write it: CAP geocodes and shapes, WMO numbers, GeoRSS and GML."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ingest.parsers.country import code, of_number
from ingest.parsers.draft import centre, point

# Names of geocodes → the country whose own they are.
NATIONAL = (
    (re.compile(r"^(?:same|ugc|fips6?|vtec|nws\w*)$", re.IGNORECASE), "US"),
    (re.compile(r"cap-cp|^layer:ec-msc|canada|\bclc\b", re.IGNORECASE), "CA"),
    (re.compile(r"^(?:warncellid|exclude_polygon_de|ags|ars)$", re.IGNORECASE), "DE"),
    (re.compile(r"^(?:amoc|bom)\b", re.IGNORECASE), "AU"),
    (re.compile(r"^(?:istat|comuni)", re.IGNORECASE), "IT"),
    (re.compile(r"^(?:jma|jis)", re.IGNORECASE), "JP"),
)
CODED = re.compile(r"[-.\s_]|(?<=^[A-Z]{2})(?=\d)")  # what follows a country's letters in ISO 3166-2
EUROPEAN = re.compile(r"^(?:emma_?id|nuts\d?|hasc)$", re.IGNORECASE)  # start with the country's two letters
EUROPES_OWN = {"UK": "GB", "EL": "GR"}  # what the European Union writes instead of ISO 3166
AUTHORITY = re.compile(r"(?<![\d.])2\.49\.0\.\d\.(\d{1,3})\.")  # WMO register: 2.49.0.0.<ISO 3166 number>.<authority>
NUMBER = r"[-+]?\d{1,4}(?:\.\d{1,12})?"
PAIR = re.compile(rf"({NUMBER})\s*,\s*({NUMBER})")
FLOAT = re.compile(NUMBER)
LONGEST = 50_000

Point = tuple[float, float]


def of_geocode(name: str, value: str) -> str | None:
    """Alpha-2 code of the country that a geocode lies in, None where its name does not say."""
    name, value = name.strip(), value.strip()
    if "3166" in name:
        return code(CODED.split(value.upper(), maxsplit=1)[0]) or code(value)
    if EUROPEAN.match(name):
        return code(EUROPES_OWN.get(value[:2].upper(), value[:2].upper()))
    return next((country for pattern, country in NATIONAL if pattern.search(name)), None)


def of_authority(*texts: str) -> str | None:
    """The country of the authority whose WMO number stands in an identifier or a sender."""
    found = next(filter(None, map(AUTHORITY.search, texts)), None)
    return of_number(found[1]) if found else None


def pairs(text: str) -> Iterator[Point]:
    """CAP: "latitude,longitude" pairs of a polygon or circle that are on Earth."""
    return filter(None, (point(*pair) for pair in PAIR.findall(text[:LONGEST])))


def countries_in_entry(entry: Mapping[str, Any]) -> Iterator[str]:
    """Countries of the CAP elements in a feed's entry."""
    for name, value in (("valuename", "value"), ("cap_valuename", "cap_value")):
        if found := of_geocode(str(entry.get(name) or ""), str(entry.get(value) or "")):
            yield found
    if found := of_authority(str(entry.get("cap_identifier") or ""), str(entry.get("id") or "")):
        yield found


def point_in_entry(entry: Mapping[str, Any]) -> Point | None:
    """The middle of a feed entry's GeoRSS circle, GML envelope or coordinates, CAP polygon or circle."""
    corners = f"{entry.get('gml_lowercorner') or ''} {entry.get('gml_uppercorner') or ''}"
    for text in (str(entry.get("georss_circle") or ""), corners):
        numbers = FLOAT.findall(text[:LONGEST])
        found = [point(*numbers[i : i + 2]) for i in range(0, len(numbers) - 1, 2)][:2]
        if middle := centre([one for one in found if one]):
            return middle
    if flipped := [(north, east) for east, north in PAIR.findall(str(entry.get("gml_coordinates") or "")[:LONGEST])]:
        return centre([one for one in (point(*pair) for pair in flipped) if one])
    return centre(list(pairs(f"{entry.get('cap_polygon') or ''} {entry.get('cap_circle') or ''}")))
