"""Where the sites of an organisation lie: a map with each of them, that links to the list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from unicodedata import east_asian_width

from service.notify.text import clean, shorten
from service.store.tables import SiteRow
from service.web.shown.ground import Bar, Ground, across, ground, meets, scale_bar
from service.web.shown.row import Telling
from service.web.world import Box, Point, Shapes, line_of

WIDE, HIGH = 720.0, 313.2  # of the drawing; its shape is the world's, so that the whole of it fits
LABELS = 12  # sites that are named on it at most
LETTER, LARGE = 11.0, 20.0  # height of a name's letters in units of the drawing: on a screen, and on a telephone's
ASIDE = 8  # of a name from its square
SEEN = 6.0  # units below which a radius is no more than the square itself


@dataclass(frozen=True, slots=True)
class Mark:
    """One site on the map; `line` are the points of a route, "" for a single place.

    `named` is where its name has room: `always`, on a `wide` screen only, or "" nowhere.
    """

    id: int
    x: float
    y: float
    name: str
    kind: str
    left: bool
    line: str = ""
    radius: float = 0.0
    named: str = ""


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
    marks = {row.id: _mark(shapes, under, row, points) for row, points in drawn}
    named = _named([marks[row.id] for row in first[:LABELS]])
    return SiteMap(
        under=under,
        marks=tuple(replace(one, named=named.get(one.id, "")) for one in marks.values()),
        bar=scale_bar(shapes, under, first[0].points[0], telling),
        afar=len(placed) - len(drawn),
    )


def _inside(shapes: Shapes, point: Point) -> bool:
    return 0 <= point[0] <= shapes.wide and 0 <= point[1] <= shapes.high


def _mark(shapes: Shapes, under: Ground, row: SiteRow, points: Sequence[Point]) -> Mark:
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
        left=x > WIDE * 0.7,
        line=line_of(places),
        radius=round(radius, 1) if radius > SEEN else 0.0,
    )


def _named(marks: Sequence[Mark]) -> dict[int, str]:
    wide = _apart(marks, LETTER)
    return {one.id: "wide" for one in wide} | {one.id: "always" for one in _apart(wide, LARGE)}


def _apart(marks: Sequence[Mark], letter: float) -> list[Mark]:
    """Those whose names lie over no other's in letters of this height; the earlier go first."""
    found: dict[Box, Mark] = {}
    for one in marks:
        box = _written(one, letter)
        if not any(meets(box, other) for other in found):
            found[box] = one
    return list(found.values())


def _written(mark: Mark, letter: float) -> Box:
    """About what a name takes up: Chinese signs are as wide as high, other letters narrower."""
    wide = letter * sum(1.0 if east_asian_width(sign) in "WF" else 0.6 for sign in mark.name)
    left = mark.x - ASIDE - wide if mark.left else mark.x + ASIDE
    return left, mark.y + 4 - letter, left + wide, mark.y + 4
