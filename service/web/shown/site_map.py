"""Where the sites of an organisation lie: a map with each of them, that links to the list."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.notify.text import clean, shorten
from service.store.tables import SiteRow
from service.web.shown.ground import Bar, Ground, across, ground, scale_bar
from service.web.shown.row import Telling
from service.web.world import Point, Shapes, line_of

WIDE, HIGH = 720.0, 313.2  # of the drawing; its shape is the world's, so that the whole of it fits
LABELS = 12  # sites that are named on it; more would lie over each other
SEEN = 6.0  # units below which a radius is no more than the square itself


@dataclass(frozen=True, slots=True)
class Mark:
    """One site on the map; `line` are the points of a route, "" for a single place."""

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
class SiteMap:
    """The drawing; `afar` counts the sites that lie beyond the world's map, near the poles."""

    under: Ground
    marks: tuple[Mark, ...]
    bar: Bar | None
    afar: int


def site_map(shapes: Shapes | None, rows: Sequence[SiteRow], telling: Telling) -> SiteMap | None:
    """Where the sites lie; None when no point is known, or no shapes were made."""
    if shapes is None:
        return None
    placed = [(row, [shapes.at(lat, lon) for lat, lon in row.points]) for row in rows if row.points]
    drawn = [(row, points) for row, points in placed if all(_inside(shapes, one) for one in points)]
    if not drawn:
        return None
    places = [one for _, points in drawn for one in points]
    under = ground(shapes, places, WIDE, HIGH, [row.country for row, _ in drawn if row.country])
    first = sorted((row for row, _ in drawn), key=lambda row: (-row.criticality, -row.people, row.name))
    named = {row.id for row in first[:LABELS]}
    return SiteMap(
        under=under,
        marks=tuple(_mark(shapes, under, row, points, row.id in named) for row, points in drawn),
        bar=scale_bar(shapes, under, first[0].points[0], telling),
        afar=len(placed) - len(drawn),
    )


def _inside(shapes: Shapes, point: Point) -> bool:
    return 0 <= point[0] <= shapes.wide and 0 <= point[1] <= shapes.high


def _mark(shapes: Shapes, under: Ground, row: SiteRow, points: Sequence[Point], label: bool) -> Mark:
    places = [under.on(one) for one in points]
    middle = len(places) // 2 if len(places) > 2 else 0
    x, y = places[middle]
    radius = across(shapes, under, row.points[middle], row.radius_km)
    return Mark(
        id=row.id or 0,
        x=x,
        y=y,
        name=shorten(clean(row.name), 40),
        kind=row.kind,
        label=label,
        left=x > WIDE * 0.7,
        line=line_of(places),
        radius=round(radius, 1) if radius > SEEN else 0.0,
    )
