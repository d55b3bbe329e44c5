"""The map as it is drawn: countries by their gravest level, events as rings, own sites as squares."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rules.level import Level
from service.desk.situation import Hearing, Standing, World
from service.notify.text import clean, shorten
from service.store.situation import Happening
from service.web.shown.row import Telling
from service.web.world import Box, Shapes, bounding, capital, line_of

NEAR = 16.0  # units within which rings are drawn as one
LEAST_WIDE = 420.0  # units that a part of the map shows at least
RATIO = 2.0  # of a part of the map
ROOM = 1.25
NARROW = 2.2


@dataclass(frozen=True, slots=True)
class Land:
    """A country: `look` is level-1 to level-4, quiet, afar, stale or none; `dot` where it is too small to be seen."""

    code: str
    path: str
    dot: tuple[float, float] | None
    look: str
    stale: bool
    crisis: bool
    title: str


@dataclass(frozen=True, slots=True)
class Ring:
    """Live events at one point: the gravest level there, how many, and where it leads."""

    x: float
    y: float
    level: int
    count: int
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Square:
    """An own site; `line` are the points of a route."""

    x: float
    y: float
    name: str
    people: bool
    line: str = ""


@dataclass(frozen=True, slots=True)
class MapShown:
    """Everything that is drawn. `box` is the part that is shown; `grain` how much larger it is drawn than the whole."""

    box: str
    grain: float
    grid: str
    other: str
    credit: str
    lands: tuple[Land, ...]
    rings: tuple[Ring, ...]
    squares: tuple[Square, ...]
    part: bool
    here: Land | None = None  # the country that it is all about

    @property
    def outlined(self) -> tuple[Land, ...]:
        """Countries in crisis."""
        return tuple(one for one in self.lands if one.crisis)


def map_shown(shapes: Shapes, world: World, telling: Telling, around: Collection[str] = ()) -> MapShown:
    """The whole world, or the part around some countries."""
    box = _box(shapes, around) if around else (0.0, 0.0, float(shapes.wide), float(shapes.high))
    wide = box[2] - box[0]
    # A part of the map is drawn smaller on the page than the whole is: what stands on it is to be seen all the same.
    grain = wide / shapes.wide * (NARROW if len(around) == 1 else 1.0)
    codes = [*shapes.countries, *(code for code in shapes.dots if code not in shapes.countries)]
    lands = tuple(_land(shapes, world.countries[code], telling) for code in codes)
    return MapShown(
        box=f"{box[0]:g} {box[1]:g} {wide:g} {box[3] - box[1]:g}",
        grain=round(grain, 3),
        grid=shapes.grid,
        other=shapes.other,
        credit=shapes.credit,
        lands=lands,
        rings=_rings(shapes, world.happenings, telling, NEAR * grain),
        squares=tuple(_squares(shapes, world)),
        part=bool(around),
        here=next((land for land in lands if len(around) == 1 and land.code in around), None),
    )


def look_of(one: Standing) -> str:
    """How a country is filled: what is not known never looks like what is quiet."""
    if one.level is not None:
        return f"level-{one.level}"
    looks = {Hearing.STALE: "stale", Hearing.NONE: "none", Hearing.AFAR: "afar"}
    return looks.get(one.hearing, "quiet")


def told_of(one: Standing, telling: Telling) -> str:
    """A country in one line."""
    told = []
    if one.level is not None:
        told.append(telling.say(f"web.level.{one.level}"))
        told.append(telling.words.say(_plural("situation.alerts", one.alerts), telling.lang, count=one.alerts))
    else:
        told.append(telling.say("situation.no_alert"))
    if one.crisis:
        told.append(telling.say("posture.crisis"))
    if silence := silence_of(one, telling):
        told.append(silence)
    name = telling.country(one.country)
    return f"{name}{telling.say('notify.colon')}{telling.say('web.joint.facts').join(told)}"


def silence_of(one: Standing, telling: Telling) -> str:
    """What to say where nothing is heard; "" where something is."""
    if one.hearing is Hearing.NONE:
        return telling.say("situation.no_source")
    if one.hearing is not Hearing.STALE:
        return ""
    since = telling.moment(one.heard)
    return telling.say("situation.stale", when=since.exact) if since else telling.say("situation.never")


def silence_in_short(one: Standing, telling: Telling) -> str:
    """The same in a word or two, for a line that says more."""
    if one.hearing is Hearing.NONE:
        return telling.say("situation.no_source_short")
    return telling.say("situation.stale_short") if one.hearing is Hearing.STALE else ""


def _plural(key: str, count: int) -> str:
    return f"{key}.{'one' if count == 1 else 'other'}"


def _land(shapes: Shapes, one: Standing, telling: Telling) -> Land:
    return Land(
        code=one.country,
        path=shapes.countries.get(one.country, ""),
        dot=shapes.dots.get(one.country),
        look=look_of(one),
        stale=one.hearing is Hearing.STALE,
        crisis=one.crisis,
        title=told_of(one, telling),
    )


def _rings(shapes: Shapes, found: Sequence[Happening], telling: Telling, near: float) -> tuple[Ring, ...]:
    """The gravest come first, so that each ring bears the gravest level of those that it stands for."""
    groups: list[tuple[float, float, list[Happening]]] = []
    for one in found:
        point = one.point or (capital(one.countries[0]) if one.countries else None)
        if point is None:
            continue
        x, y = shapes.at(*point)
        close = next((group for group in groups if abs(group[0] - x) < near and abs(group[1] - y) < near), None)
        if close is not None:
            close[2].append(one)
        else:
            groups.append((x, y, [one]))
    return tuple(_ring(x, y, some, telling) for x, y, some in reversed(groups))


def _ring(x: float, y: float, some: list[Happening], telling: Telling) -> Ring:
    first = some[0]
    title = f"{Level(first.level).roman} {shorten(clean(first.title), 100)}"
    if len(some) > 1:
        title += telling.say("situation.and_more", count=len(some) - 1)
    alone = f"/alerts/{first.alert}"
    return Ring(x, y, first.level, len(some), alone if len(some) == 1 else f"/situation/{first.countries[0]}", title)


def _squares(shapes: Shapes, world: World) -> list[Square]:
    found = []
    for row in world.sites:
        if not row.points:
            continue
        points = [shapes.at(lat, lon) for lat, lon in row.points]
        found.append(Square(*points[0], shorten(clean(row.name), 80), row.kind == "people", line_of(points)))
    return found


def _box(shapes: Shapes, around: Collection[str]) -> Box:
    """A part of the map around these countries, of one form whatever theirs, within the picture."""
    boxes = [box for code in around if (box := shapes.bounds(code)) is not None]
    if not boxes:
        return 0.0, 0.0, float(shapes.wide), float(shapes.high)
    corners = [corner for left, top, right, bottom in boxes for corner in ((left, top), (right, bottom))]
    left, top, right, bottom = shapes.part(bounding(corners), LEAST_WIDE, ROOM, RATIO)
    return round(left), round(top), round(right), round(bottom)
