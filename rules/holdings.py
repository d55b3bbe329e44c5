"""Holdings: what organisations have abroad, laid out so that what an event touches is found at once.

Sites lie in a grid of cells of two degrees; lines (routes) lie in it in pieces of at most 50 km. An event asks the few
cells within its reach, so that the cost grows with what is near and not with what there is. Distances are great
circles on a sphere of 6,371 km (within 0.6 % of the earth).
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from rules.names import NameIndex

RADIUS = 6371.0088  # km
DEGREE = math.pi * RADIUS / 180  # km of latitude
CELL = 2  # degrees
PIECE = 50.0  # km: the longest piece of a line, short enough to be measured as if the ground were flat
ROUND = 360 // CELL
CRITICAL = {1: 0.4, 2: 0.7, 3: 1.0}  # how much a site of this criticality weighs
Point = tuple[float, float]  # latitude and longitude in degrees
Item = tuple["Site", Point, Point | None]


class SiteKind(StrEnum):
    """What is at stake there."""

    SITE = "site"
    PROJECT = "project"
    ROUTE = "route"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Site:
    """A place that matters to an organisation. `points` is one point, a line of several for a route, or () when only
    the country is known. `radius` in km belongs to the site itself; `criticality` is 1 low, 2 usual, 3 vital."""

    id: int
    organisation: int
    kind: SiteKind
    name: str
    country: str | None = None
    points: tuple[Point, ...] = ()
    radius: float = 0.0
    people: int = 0
    criticality: int = 2

    @property
    def importance(self) -> float:
        """0–1: the graver of its criticality and its people (10 weigh 0.35, 100 0.67, 1,000 and more 1)."""
        heads = min(1.0, math.log10(1 + max(0, self.people)) / 3)
        return max(CRITICAL[self.criticality], heads)


@dataclass(frozen=True, slots=True)
class Partner:
    """A company by name: one's own (`own`), or one that business depends on; `spellings` in any language."""

    id: int
    organisation: int
    own: bool
    name: str
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing of an organisation that an event touches.

    `why` is near, along (a route), country, somewhere (in a country, the place unknown), own or partner (named);
    `km` the distance where it is known, `reach` how far such events reach. `weight` 0–1 is its part in the exposure.
    """

    why: str
    id: int
    name: str
    kind: str
    weight: float
    km: float | None = None
    reach: float | None = None
    country: str | None = None
    people: int = 0
    criticality: int = 2
    words: str = ""  # of the report, where a name was found in one


class Holdings:
    """Sites and partners of one organisation, or of all; never changed after it is made."""

    def __init__(self, sites: Iterable[Site] = (), partners: Iterable[Partner] = ()) -> None:
        self.sites = tuple(sites)
        self.partners = tuple(partners)
        self._cells: dict[int, list[Item]] = {}
        self._countries: dict[str, list[Site]] = {}
        self._widest = 0.0
        self._parts: dict[int, Holdings] = {}
        for site in self.sites:
            self._lay(site)
        for there in self._countries.values():
            there.sort(key=lambda site: (-site.importance, site.id))
        self._owners = {code: frozenset(site.organisation for site in some) for code, some in self._countries.items()}
        called = [(one.name, *one.spellings) for one in self.partners]
        self._names = NameIndex((at, name) for at, names in enumerate(called) for name in names)
        self._split()

    def _lay(self, site: Site) -> None:
        self._widest = max(self._widest, site.radius)
        if site.country:
            self._countries.setdefault(site.country, []).append(site)
        for start, end in _pieces(site.points):
            middle = start if end is None else _middle(start, end)
            self._cells.setdefault(_cell(*middle), []).append((site, start, end))

    def _split(self) -> None:
        sites: dict[int, list[Site]] = {}
        partners: dict[int, list[Partner]] = {}
        for site in self.sites:
            sites.setdefault(site.organisation, []).append(site)
        for partner in self.partners:
            partners.setdefault(partner.organisation, []).append(partner)
        owners = sorted({*sites, *partners})
        self.organisations: tuple[int, ...] = tuple(owners)
        if len(owners) == 1:
            self._parts = {owners[0]: self}
        else:
            self._parts = {key: Holdings(sites.get(key, ()), partners.get(key, ())) for key in owners}

    @property
    def parts(self) -> Mapping[int, "Holdings"]:
        """The same by organisation."""
        return self._parts

    def of(self, organisation: int) -> "Holdings | None":
        """What one organisation has; None when it has nothing."""
        return self._parts.get(organisation)

    def near(self, point: Point, km: float) -> dict[int, tuple[Site, float]]:
        """Sites no further than `km` from a point: number → site and km (0 within its own radius)."""
        found: dict[int, tuple[Site, float]] = {}
        for site, start, end in self._within(point, km + self._widest + PIECE / 2):
            away = distance(point, start) if end is None else _from_piece(point, start, end)
            away = max(0.0, away - site.radius)
            if away <= km and (site.id not in found or away < found[site.id][1]):
                found[site.id] = (site, away)
        return found

    def _within(self, point: Point, km: float) -> Iterator[Item]:
        low, high, left, right = _window(point, km)
        for row in range(low, high + 1):
            for column in range(left, right + 1):
                yield from self._cells.get(row * ROUND + column % ROUND, ())

    def inside(self, country: str) -> list[Site]:
        """Sites in a country, the most important first."""
        return self._countries.get(country, [])

    def owners_in(self, country: str) -> frozenset[int]:
        """The organisations that have a site in a country."""
        return self._owners.get(country, frozenset())

    def named(self, title: str, text: str) -> tuple[tuple[Partner, str], ...]:
        """Partners whose names stand in a text, each with the words as they stand there."""
        return tuple((self.partners[at], words) for at, words in self._names.find(title, text))


NOTHING = Holdings()


def distance(one: Point, other: Point) -> float:
    """Great-circle distance in km."""
    lat1, lat2 = math.radians(one[0]), math.radians(other[0])
    across = math.radians(other[1] - one[1])
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(across / 2) ** 2
    return 2 * RADIUS * math.asin(min(1.0, math.sqrt(half)))


def _cell(lat: float, lon: float) -> int:
    return _row(lat) * ROUND + _column(lon)


def _row(lat: float) -> int:
    return int((min(90.0, max(-90.0, lat)) + 90) // CELL)


def _column(lon: float) -> int:
    return int(((lon + 180) % 360) // CELL) % ROUND


def _window(point: Point, km: float) -> tuple[int, int, int, int]:
    """Rows and columns of cells that a circle may touch; columns may run over the date line."""
    lat, lon = point
    low, high = lat - km / DEGREE, lat + km / DEGREE
    if high >= 89 or low <= -89 or km > 5000:
        return _row(low), _row(high), 0, ROUND - 1  # around a pole every longitude is near
    wide = math.degrees(math.asin(min(1.0, math.sin(km / RADIUS) / math.cos(math.radians(lat)))))
    left = math.floor((lon - wide + 180) / CELL)
    right = math.floor((lon + wide + 180) / CELL)
    return _row(low), _row(high), left, min(right, left + ROUND - 1)


def _pieces(points: tuple[Point, ...]) -> Iterator[tuple[Point, Point | None]]:
    if len(points) == 1:
        yield points[0], None
    for start, end in pairwise(points):
        count = max(1, math.ceil(distance(start, end) / PIECE))
        along = [_between(start, end, step / count) for step in range(count + 1)]
        yield from pairwise(along)


def _between(start: Point, end: Point, share: float) -> Point:
    """The point at a share of the way along the great circle."""
    if share <= 0 or start == end:
        return start
    if share >= 1:
        return end
    angle = distance(start, end) / RADIUS
    one, other = math.sin((1 - share) * angle) / math.sin(angle), math.sin(share * angle) / math.sin(angle)
    x, y, z = (one * a + other * b for a, b in zip(_vector(start), _vector(end), strict=True))
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


def _middle(start: Point, end: Point) -> Point:
    return _between(start, end, 0.5)


def _vector(point: Point) -> tuple[float, float, float]:
    lat, lon = math.radians(point[0]), math.radians(point[1])
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def _from_piece(point: Point, start: Point, end: Point) -> float:
    """Km from a point to a short piece of a line, on a flat map around the point."""
    ax, ay = _flat(point, start)
    bx, by = _flat(point, end)
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    share = 0.0 if length == 0 else min(1.0, max(0.0, -(ax * dx + ay * dy) / length))
    return math.hypot(ax + share * dx, ay + share * dy)


def _flat(origin: Point, other: Point) -> tuple[float, float]:
    across = (other[1] - origin[1] + 180) % 360 - 180
    squeeze = math.cos(math.radians((origin[0] + other[0]) / 2))
    return across * DEGREE * squeeze, (other[0] - origin[0]) * DEGREE
