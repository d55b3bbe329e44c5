"""How the machine does, and what is set, in the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from service.desk.setup import Setting, Setup
from service.desk.system import Curve, Part, Status
from service.desk.vital import GRAVEST, Line, Vital
from service.desk.vital_words import line_name, size_told, told
from service.notify.text import clean
from service.web.shown.row import Telling
from service.web.shown.times import Moment

ON_TIME = ("runs", "soon")
HEIGHT, WIDTH, GAP = 30, 4, 1


@dataclass(frozen=True, slots=True)
class VitalShown:
    """One line in words. `original` is the program's own sentence, in English."""

    key: str
    state: str
    state_name: str
    name: str
    text: str
    advice: str
    href: str
    original: str


@dataclass(frozen=True, slots=True)
class PartShown:
    """Lines that belong together."""

    key: str
    name: str
    state: str
    lines: tuple[VitalShown, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """Half an hour. `look` is plain, peak, or blind where nobody measured."""

    x: int
    y: float
    height: float
    look: str
    title: str


@dataclass(frozen=True, slots=True)
class CurveShown:
    """A figure over the day: bars, what it is now, the highest (of room: the lowest), and how much was measured."""

    key: str
    name: str
    bars: tuple[Bar, ...]
    width: int
    now: str
    peak: str
    told: str
    measured: bool


@dataclass(frozen=True, slots=True)
class StatusShown:
    """Everything."""

    at: Moment
    state: str
    state_name: str
    told: str
    counts: tuple[tuple[str, str, int], ...]
    parts: tuple[PartShown, ...]


def status_shown(found: Status, telling: Telling) -> StatusShown:
    """Everything that was looked at."""
    states = [line.state.value for line in found.lines]
    counts = tuple(
        (state, telling.say(f"system.state.{state}"), states.count(state)) for state in GRAVEST if state in states
    )
    state = found.state.value
    return StatusShown(
        at=telling.surely(found.at),
        state=state,
        state_name=telling.say(f"system.state.{state}"),
        told=telling.say(f"system.all.{state}"),
        counts=counts,
        parts=tuple(_part(part, telling) for part in found.parts),
    )


def _part(part: Part, telling: Telling) -> PartShown:
    """The gravest first; what regularly runs on time is told in one line."""
    calm = [line for line in part.lines if line.key == "tick" and line.code in ON_TIME]
    lines = [vital_shown(line, telling) for line in part.lines if line not in calm]
    if calm:
        names = telling.say("web.joint.list").join(line_name(line, telling.words, telling.lang) for line in calm)
        lines.append(
            VitalShown(
                "ticks",
                "well",
                telling.say("system.state.well"),
                telling.say("system.name.ticks"),
                telling.say("system.tick.on_time", names=names),
                "",
                "",
                "",
            )
        )
    lines.sort(key=lambda line: GRAVEST.index(Vital(line.state)))
    return PartShown(part.key, telling.say(f"system.part.{part.key}"), part.state.value, tuple(lines))


def vital_shown(line: Line, telling: Telling) -> VitalShown:
    """One line in words."""
    said = told(line, telling.now, telling.words, telling.lang)
    return VitalShown(
        key=line.key,
        state=line.state.value,
        state_name=telling.say(f"system.state.{line.state.value}"),
        name=said.name,
        text=clean(said.text),
        advice=said.advice,
        href=line.href,
        original=clean(line.original),
    )


def curves_shown(curves: Sequence[Curve], telling: Telling) -> list[CurveShown]:
    """Figures over the same half hours, whose times are told once: telling one costs 0.1 ms."""
    first = curves[0] if curves else None
    steps = range(len(first.values)) if first is not None else range(0)
    times = [telling.surely(first.since + place * first.step).exact for place in steps] if first is not None else []
    return [curve_shown(curve, times, telling) for curve in curves]


def curve_shown(curve: Curve, times: Sequence[str], telling: Telling) -> CurveShown:
    """A figure as bars from zero to the day's highest."""
    known = [value for value in curve.values if value is not None]
    top = max(known, default=0)
    bars = tuple(_bar(place, value, top, times[place], curve.key, telling) for place, value in enumerate(curve.values))
    name = telling.say(f"system.curve.{curve.key}")
    peak = min(known, default=0) if curve.key == "free" else top
    now = _figure(curve.key, curve.now, telling) if curve.now is not None else ""
    told = telling.say(
        "system.curve.told" if known else "system.curve.none", name=name, peak=_figure(curve.key, peak, telling)
    )
    return CurveShown(
        curve.key,
        name,
        bars,
        len(curve.values) * (WIDTH + GAP) - GAP,
        now,
        _figure(curve.key, peak, telling) if known else "",
        told,
        bool(known),
    )


def _bar(place: int, value: int | None, top: int, at: str, key: str, telling: Telling) -> Bar:
    joint = telling.say("notify.colon")
    if value is None:
        return Bar(place * (WIDTH + GAP), 0, HEIGHT, "blind", f"{at}{joint}{telling.say('system.curve.blind')}")
    height = round(max((HEIGHT - 1) * value / top, 1 if value else 0), 1) if top else 0
    look = "trouble" if value and key in ("behind", "sources") else "plain"
    return Bar(place * (WIDTH + GAP), HEIGHT - height, height, look, f"{at}{joint}{_figure(key, value, telling)}")


def _figure(key: str, value: int, telling: Telling) -> str:
    if key == "free":
        return size_told(value, telling.words, telling.lang)
    if key == "behind" and value:
        return telling.words.span(timedelta(seconds=value), telling.lang)
    return telling.words.number(value / 100 if key == "load" else value, telling.lang)


@dataclass(frozen=True, slots=True)
class SettingShown:
    """One variable."""

    variable: str
    about: str
    value: str
    state: str  # value, set, unset
    default: bool
    english: bool  # the words are the program's own


@dataclass(frozen=True, slots=True)
class CautionShown:
    """What the operator should look at."""

    text: str
    advice: str
    grave: bool
    variables: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class ChosenShown:
    """What was chosen on the desk."""

    name: str
    value: str
    href: str


@dataclass(frozen=True, slots=True)
class SetupShown:
    """All of it."""

    groups: tuple[tuple[str, str, tuple[SettingShown, ...], int], ...]
    cautions: tuple[CautionShown, ...]
    chosen: tuple[ChosenShown, ...]


def setup_shown(found: Setup, telling: Telling) -> SetupShown:
    """Everything that is set."""
    return SetupShown(
        tuple(
            (group, telling.say(f"setup.group.{group}"), shown, sum(not one.default for one in shown))
            for group, shown in ((group, settings_shown(some, telling)) for group, some in found.groups)
        ),
        tuple(
            CautionShown(
                telling.say(f"setup.warn.{one.key}"),
                telling.say(f"setup.warn.{one.key}.do"),
                one.grave,
                tuple(f"WATCHFIRE_{name.upper()}" for name in one.names),
                one.href,
            )
            for one in found.warnings
        ),
        tuple(
            ChosenShown(telling.say(f"setup.chosen.{one.key}"), _chosen(one.key, one.value, telling), one.href)
            for one in found.chosen
        ),
    )


def _chosen(key: str, value: str, telling: Telling) -> str:
    if key == "link":
        return telling.say("setup.link.made" if value else "setup.link.none")
    if not value:
        return telling.say(f"setup.chosen.{key}.none")
    return clean(value) if key in ("house", "model") else telling.say("setup.version", number=value)


def settings_shown(settings: Sequence[Setting], telling: Telling) -> tuple[SettingShown, ...]:
    """Variables; one that no catalogue describes speaks the program's own words."""
    shown = []
    for one in settings:
        key = f"setup.about.{one.name}"
        known = telling.words.has(key)
        state = ("set" if one.is_set else "unset") if one.secret else "value" if one.is_set else "unset"
        shown.append(
            SettingShown(
                one.variable,
                telling.say(key) if known else one.about,
                clean(one.value),
                state,
                one.origin == "default",
                not known,
            )
        )
    return tuple(shown)
