"""A small map of one event: where reports place it, as rings by severity, and what of one's own lies near, as squares.

Everything that stands on the map stands in the list beside it, under the same number or letter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import dist
from typing import Any

from service.notify.text import clean, shorten
from service.store.events import point_of
from service.store.exposure import hit_reason
from service.store.rows import place_of
from service.store.tables import AssessmentRow, EntryRow, SiteRow
from service.web.shown.ground import Bar, Ground, ground, scale_bar
from service.web.shown.row import Telling
from service.web.world import Point, Shapes, capital, line_of

WIDE, HIGH = 640.0, 320.0  # of the drawing
MOST_SPOTS, MOST_SITES = 9, 12
NAME = 60
NEAR = 0.12  # degrees within which two reports mean one place


@dataclass
class Spot:
    """A place: how many reports name it, the gravest severity of them, and whether only the country is known."""

    latitude: float
    longitude: float
    name: str
    severity: float
    vague: bool
    reports: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class RingShown:
    """A place on the map and in the list. `known`: it is more than the country's capital standing for the country."""

    number: int
    x: float
    y: float
    radius: float
    name: str
    about: str
    known: bool


@dataclass(frozen=True, slots=True)
class SquareShown:
    """A site on the map and in the list; `line` are the points of a route, and without `x` it is in the list only."""

    letter: str
    x: float | None
    y: float | None
    line: str
    people: bool
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class EventMap:
    """The drawing; `bar` is a scale: its length and what that is."""

    under: Ground
    level: int
    rings: tuple[RingShown, ...]
    squares: tuple[SquareShown, ...]
    bar: Bar | None
    told: str


def spots_of(
    rows: Iterable[tuple[EntryRow, AssessmentRow | None]], countries: Sequence[str], telling: Telling
) -> list[Spot]:
    """Where the reports place it, the most named first; without any point, the capitals of its countries."""
    found: list[Spot] = []
    for entry, made in rows:
        severity = made.severity if made is not None else 0.0
        if (declared := point_of(entry)) is not None:
            _add(found, *declared, "", severity, entry.id or 0, vague=False)
        for place in (place_of(values) for values in (made.places if made is not None else ())):
            if place.point is not None:
                name = clean(place.words) if place.town else telling.country(place.country)
                _add(found, *place.point, name, severity, entry.id or 0, vague=not place.town)
    if not found:
        for code in countries:
            if (point := capital(code)) is not None:
                _add(found, *point, telling.country(code), 0.5, 0, vague=True)
    if any(not one.vague for one in found):
        found = [one for one in found if not one.vague]
    return sorted(found, key=lambda one: (-len(one.reports), -one.severity))[:MOST_SPOTS]


def _add(
    found: list[Spot], latitude: float, longitude: float, name: str, severity: float, entry: int, *, vague: bool
) -> None:
    for one in found:
        if abs(one.latitude - latitude) < NEAR and abs(one.longitude - longitude) < NEAR:
            one.name, one.vague = one.name or name, one.vague and vague
            break
    else:
        one = Spot(latitude, longitude, name, 0.0, vague)
        found.append(one)
    one.severity = max(one.severity, severity)
    if entry:
        one.reports.add(entry)


def event_map(
    shapes: Shapes | None,
    spots: Sequence[Spot],
    hits: Sequence[Mapping[str, Any]],
    sites: Mapping[int, SiteRow],
    level: int,
    countries: Sequence[str],
    telling: Telling,
) -> EventMap | None:
    """The map of an event; None where nothing is known to be anywhere, or no shapes were made."""
    if shapes is None or not spots:
        return None
    places = [shapes.at(spot.latitude, spot.longitude) for spot in spots]
    near = [hit for hit in hits if hit.get("kind") != "name"][:MOST_SITES]
    drawn = {number: [shapes.at(lat, lon) for lat, lon in row.points] for number, row in sites.items()}
    under = ground(shapes, [*places, *_close(places, near, drawn)], WIDE, HIGH, countries)
    rings = tuple(
        _ring(number, spot, *under.on(at), telling)
        for number, (spot, at) in enumerate(zip(spots, places, strict=True), 1)
    )
    squares = tuple(
        _square(place, hit, sites.get(number), drawn.get(number, ()), places[0], under, telling)
        for place, (number, hit) in enumerate((_number(hit), hit) for hit in near)
    )
    return EventMap(
        under=under,
        level=level,
        rings=rings,
        squares=squares,
        bar=scale_bar(shapes, under, (spots[0].latitude, spots[0].longitude), telling),
        told=telling.say("eventmap.told", places=telling.say("notify.list_joint").join(one.name for one in rings)),
    )


def _number(hit: Mapping[str, Any]) -> int:
    number = hit.get("id")
    return number if isinstance(number, int) else 0


def _close(
    places: Sequence[Point],
    near: Sequence[Mapping[str, Any]],
    drawn: Mapping[int, Sequence[Point]],
) -> list[Point]:
    """Of each site the point nearest to where it happens: a long route does not make the map a continent's."""
    several = (drawn.get(_number(hit)) for hit in near)
    return [_nearest(points, places[0]) for points in several if points]


def _nearest(points: Sequence[Point], place: Point) -> Point:
    return min(points, key=lambda at: dist(at, place))


def _ring(number: int, spot: Spot, x: float, y: float, telling: Telling) -> RingShown:
    told = []
    if spot.vague:
        told.append(telling.say("eventmap.vague"))
    if spot.reports:
        count = len(spot.reports)
        told.append(telling.say(f"eventmap.reports.{'one' if count == 1 else 'other'}", count=count))
        told.append(telling.say("joining.severity", severity=round(100 * spot.severity)))
    name = shorten(spot.name, NAME) or telling.say("eventmap.declared")
    joint = telling.say("web.joint.facts")
    return RingShown(number, x, y, round(9 + 13 * spot.severity, 1), name, joint.join(told), known=not spot.vague)


def _square(
    place: int,
    hit: Mapping[str, Any],
    row: SiteRow | None,
    points: Sequence[Point],
    first: Point,
    under: Ground,
    telling: Telling,
) -> SquareShown:
    places = [under.on(one) for one in points]
    inside = [at for at in places if under.holds(at)]
    x, y = _nearest(inside, under.on(first)) if inside else (None, None)
    text = shorten(clean(telling.words.reason_text(hit_reason(hit), telling.lang)), 160)
    people = row is not None and row.kind == "people"
    return SquareShown("ABCDEFGHIJKL"[place], x, y, line_of(places), people, text, f"/sites#site-{hit.get('id')}")
