"""What lies under a small map: a part of the world's shapes, and where a point of the earth is on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians

from service.web.shown.row import Telling
from service.web.world import Box, Point, Shapes, bounding, extent

LEAST = 90.0  # units of the world's map that are shown at least: about 1,800 km
MARGIN = 1.5
BARS = (5000, 2000, 1000, 500, 200, 100, 50)  # km
Bar = tuple[float, str]


@dataclass(frozen=True, slots=True)
class Ground:
    """`turn` lays the world's shapes under the drawing; `lands` are paths, and whether they are told apart."""

    turn: str
    lands: tuple[tuple[str, bool], ...]
    grid: str
    credit: str
    wide: float
    high: float
    box: Box

    def on(self, point: Point) -> Point:
        """Where a point of the world's map lies in the drawing."""
        return round((point[0] - self.box[0]) * self.scale, 1), round((point[1] - self.box[1]) * self.scale, 1)

    @property
    def scale(self) -> float:
        """Units of the drawing in one of the world's map."""
        return self.wide / (self.box[2] - self.box[0])

    def holds(self, point: Point) -> bool:
        """Whether a point of the drawing can be seen."""
        return 0 <= point[0] <= self.wide and 0 <= point[1] <= self.high


def ground(shapes: Shapes, points: Iterable[Point], wide: float, high: float, countries: Sequence[str]) -> Ground:
    """The part of the world around points of its map, in a drawing of this size."""
    box = shapes.part(bounding(points), LEAST, MARGIN, wide / high)
    turn = f"scale({wide / (box[2] - box[0]):.4f}) translate({-box[0]:g} {-box[1]:g})"
    return Ground(turn, _lands(shapes, box, countries), shapes.grid, shapes.credit, wide, high, box)


def across(shapes: Shapes, under: Ground, place: Sequence[float], km: float) -> float:
    """How long so many kilometres are in the drawing, along the parallel of a place (latitude, longitude), as far as
    the projection is true there."""
    latitude, longitude = place
    degrees = km / (111.32 * max(0.2, cos(radians(latitude))))
    return abs(shapes.at(latitude, longitude + degrees)[0] - shapes.at(latitude, longitude)[0]) * under.scale


def scale_bar(shapes: Shapes, under: Ground, place: Sequence[float], telling: Telling) -> Bar | None:
    """A scale for what lies around a place (latitude, longitude): its length and what that is."""
    for km in BARS:
        length = across(shapes, under, place, km)
        if 40 <= length <= 150:
            return round(length, 1), telling.say("eventmap.km", km=telling.words.number(km, telling.lang, "#,##0"))
    return None


def _lands(shapes: Shapes, box: Box, countries: Sequence[str]) -> tuple[tuple[str, bool], ...]:
    """The shapes that lie within the box, those told apart last."""
    found = [
        (path, code in countries)
        for code, path in shapes.countries.items()
        if (around := extent(path)) is None or meets(around, box)
    ]
    if shapes.other:
        found.append((shapes.other, False))
    return tuple(sorted(found, key=lambda one: one[1]))


def meets(one: Box, other: Box) -> bool:
    """Whether two boxes have a point in common."""
    return one[0] <= other[2] and one[2] >= other[0] and one[1] <= other[3] and one[3] >= other[1]
