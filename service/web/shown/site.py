"""Sites and partners as a page shows them, with a sketch of where they lie.

The sketch is an equirectangular one of our own: its land is the towns of our place table as dots, so that it carries no
border and no shape of anybody's, and asks nobody for tiles.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ingest.place.gazetteer import PlaceTableMissing, table
from service.desk.site_file import WORDS
from service.notify.text import clean, shorten
from service.store.exposure import hit_reason
from service.store.tables import PartnerRow, SiteRow
from service.web.shown.row import Telling

WIDE, HIGH = 720, 360  # of the sketch, in its own units
LEAST = 24.0  # degrees that it shows at least
ROOM = 1.35  # how much wider than the sites it is
LABELS = 12  # sites that are named on it; more would lie over each other
Box = tuple[float, float, float, float]  # west, south, east, north


@dataclass(frozen=True, slots=True)
class SiteShown:
    """One site in the list."""

    id: int
    name: str
    kind: str
    kind_key: str
    country: str
    where: str
    people: int
    criticality: str
    critical: int
    note: str
    active: bool


@dataclass(frozen=True, slots=True)
class PartnerShown:
    """One company in the list."""

    id: int
    name: str
    own: bool
    kind: str
    spellings: str
    country: str
    note: str
    active: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """One site on the sketch; `line` are the points of a route, "" for a single place."""

    id: int
    x: float
    y: float
    name: str
    kind: str
    label: bool
    left: bool
    line: str = ""
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Sketch:
    """The map: dots of land, lines of the grid with their degrees, and the sites."""

    wide: int
    high: int
    land: str
    dot: float
    meridians: tuple[tuple[float, str], ...]
    parallels: tuple[tuple[float, str], ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class HitShown:
    """One thing of one's own that an event touches."""

    text: str
    about: str
    link: str


def site_shown(row: SiteRow, telling: Telling) -> SiteShown:
    """A site in the reader's words."""
    return SiteShown(
        id=row.id or 0,
        name=shorten(clean(row.name), 120),
        kind=telling.say(f"exposure.kind.{row.kind}"),
        kind_key=row.kind,
        country=telling.country(row.country) if row.country else "",
        where=_where(row, telling),
        people=row.people,
        criticality=telling.say(f"exposure.criticality.{row.criticality}"),
        critical=row.criticality,
        note=shorten(clean(row.note), 300),
        active=row.active,
    )


def _where(row: SiteRow, telling: Telling) -> str:
    if not row.points:
        return telling.say("exposure.no_point")
    if len(row.points) > 1:
        return telling.say("exposure.points", count=len(row.points))
    return degrees(row.points[0])


def degrees(point: Sequence[float]) -> str:
    """`13.51° N 2.11° E`."""
    lat, lon = point
    return f"{abs(lat):.2f}° {'N' if lat >= 0 else 'S'} {abs(lon):.2f}° {'E' if lon >= 0 else 'W'}"


def partner_shown(row: PartnerRow, telling: Telling) -> PartnerShown:
    """A company in the reader's words."""
    return PartnerShown(
        id=row.id or 0,
        name=shorten(clean(row.name), 120),
        own=row.kind == "own",
        kind=telling.say(f"exposure.partner.{row.kind}"),
        spellings=" · ".join(shorten(clean(one), 60) for one in row.spellings),
        country=telling.country(row.country) if row.country else "",
        note=shorten(clean(row.note), 300),
        active=row.active,
    )


def site_asked(row: SiteRow) -> dict[str, str]:
    """A site as its form holds it."""
    alone = row.points[0] if len(row.points) == 1 else None
    return {
        "name": row.name,
        "kind": row.kind,
        "country": row.country or "",
        "latitude": f"{alone[0]:g}" if alone else "",
        "longitude": f"{alone[1]:g}" if alone else "",
        "route": "; ".join(f"{lat:g} {lon:g}" for lat, lon in row.points) if len(row.points) > 1 else "",
        "radius_km": f"{row.radius_km:g}",
        "people": str(row.people),
        "criticality": WORDS[row.criticality - 1],
        "note": row.note,
        "active": "yes" if row.active else "no",
    }


def partner_asked(row: PartnerRow) -> dict[str, str]:
    """A company as its form holds it."""
    return {
        "name": row.name,
        "kind": row.kind,
        "spellings": "; ".join(row.spellings),
        "country": row.country or "",
        "note": row.note,
        "active": "yes" if row.active else "no",
    }


def hits_shown(hits: Iterable[Mapping[str, Any]], telling: Telling) -> tuple[HitShown, ...]:
    """What an event touches, with the people there."""
    return tuple(_hit(hit, telling) for hit in hits)


def _hit(hit: Mapping[str, Any], telling: Telling) -> HitShown:
    facts = []
    if hit.get("kind") != "name":
        facts.append(telling.say(f"exposure.kind.{hit.get('kind')}"))
        if hit.get("people"):
            facts.append(telling.say("exposure.people_count", count=telling.words.number(hit["people"], telling.lang)))
        facts.append(telling.say(f"exposure.criticality.{hit.get('criticality', 2)}"))
        if hit.get("reach"):
            facts.append(telling.say("exposure.reach", km=f"{hit['reach']:.0f}"))
    elif hit.get("words") and hit.get("words") != hit.get("name"):
        facts.append(telling.say("notify.quote", words=clean(str(hit["words"]))).strip())
    text = shorten(clean(telling.words.reason_text(hit_reason(hit), telling.lang)), 160)
    anchor = "partner" if hit.get("kind") == "name" else "site"
    return HitShown(text, telling.say("web.joint.facts").join(facts), f"/sites#{anchor}-{hit.get('id')}")


def sketch(rows: Sequence[SiteRow]) -> Sketch | None:
    """Where the sites lie; None when no point is known."""
    placed = [row for row in rows if row.points]
    if not placed:
        return None
    box = _box([(lat, lon) for row in placed for lat, lon in row.points])
    scale = WIDE / (box[2] - box[0])
    step = next(step for step in (1, 2, 5, 10, 30) if step * scale >= 60 or step == 30)
    named = {row.id for row in sorted(placed, key=lambda row: (-row.criticality, -row.people, row.name))[:LABELS]}
    fine = 0.25 if scale > 14 else 1.0 if scale > 5 else 2.0
    return Sketch(
        wide=WIDE,
        high=HIGH,
        land=_land(tuple(round(edge, 3) for edge in box), fine),
        dot=round(min(4.0, max(2.5, fine * scale * 0.5)), 1),
        meridians=tuple((_x(lon, box), _lon(lon)) for lon in _lines(box[0], box[2], step)),
        parallels=tuple((_y(lat, box), _lat(lat)) for lat in _lines(box[1], box[3], step)),
        marks=tuple(_mark(row, box, row.id in named) for row in placed),
    )


def _box(points: Sequence[tuple[float, float]]) -> Box:
    """A window of the sketch's shape around all points, within the world."""
    south, north = min(lat for lat, _ in points), max(lat for lat, _ in points)
    west, east = min(lon for _, lon in points), max(lon for _, lon in points)
    wide = min(360.0, max(LEAST, (east - west) * ROOM, (north - south) * ROOM * WIDE / HIGH))
    high = wide * HIGH / WIDE
    middle_lat = min(90 - high / 2, max(-90 + high / 2, (south + north) / 2))
    middle_lon = min(180 - wide / 2, max(-180 + wide / 2, (west + east) / 2))
    return middle_lon - wide / 2, middle_lat - high / 2, middle_lon + wide / 2, middle_lat + high / 2


def _x(lon: float, box: Box) -> float:
    return round((lon - box[0]) / (box[2] - box[0]) * WIDE, 1)


def _y(lat: float, box: Box) -> float:
    return round((box[3] - lat) / (box[3] - box[1]) * HIGH, 1)


def _lines(low: float, high: float, step: int) -> list[int]:
    first = int(-(-low // step)) * step
    return list(range(first, int(high) + 1, step))


def _lon(lon: int) -> str:
    return "0°" if lon == 0 else f"{abs(lon)}°{'E' if lon > 0 else 'W'}"


def _lat(lat: int) -> str:
    return "0°" if lat == 0 else f"{abs(lat)}°{'N' if lat > 0 else 'S'}"


def _mark(row: SiteRow, box: Box, label: bool) -> Mark:
    places = [(_x(lon, box), _y(lat, box)) for lat, lon in row.points]
    x, y = places[len(places) // 2] if len(places) > 2 else places[0]
    scale = WIDE / (box[2] - box[0])
    return Mark(
        id=row.id or 0,
        x=x,
        y=y,
        name=shorten(clean(row.name), 40),
        kind=row.kind,
        label=label,
        left=x > WIDE * 0.7,
        line=" ".join(f"{one},{other}" for one, other in places) if len(places) > 1 else "",
        radius=round(row.radius_km / 111.2 * scale, 1) if row.radius_km / 111.2 * scale > 6 else 0.0,
    )


@lru_cache(maxsize=64)
def _land(box: Box, fine: float) -> str:
    """Dots where there are towns, as one path; empty where the place table was never made."""
    dots = {
        (_x(lon, box), _y(lat, box)) for lat, lon in _towns(fine) if box[1] < lat < box[3] and box[0] < lon < box[2]
    }
    return "".join(f"M{x:g} {y:g}h0" for x, y in sorted(dots))


@lru_cache(maxsize=3)
def _towns(fine: float) -> frozenset[tuple[float, float]]:
    try:
        rows = table()["values"]
    except PlaceTableMissing:
        return frozenset()
    found = set()
    for row in rows:
        numbers = row[2:]
        for lat, lon in zip(numbers[::2], numbers[1::2], strict=False):
            found.add((round(lat / fine) * fine, round(lon / fine) * fine))
    return frozenset(found)
