"""Posture: a country or region in normal life or in crisis, and what a crisis changes. All of it hangs on one value.

    crisis ─► thresholds × factor · acknowledgement × factor · polling × factor · reports every … · roster by its tag

Entered by a person or by a rule, always with a return date. On that date the desk is asked, daily, until it prolongs or
leaves; a crisis lapses by itself only if the guideline says so, and it neither lapses nor is left while a level-1 alert
of the place is open. No factor is over 1: a crisis never makes anything calmer.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from yaml.nodes import Node

from ingest.catalogue.packs import packs
from ingest.place.countries import CODES
from rules.document import Document, line_of
from rules.level import LEVELS, NORMAL, POSTURES, Level

CRISIS = POSTURES[1]
LONGEST = timedelta(days=92)  # a crisis that lasts longer is prolonged by somebody who has looked at it
ASK_EVERY = timedelta(days=1)
RULES = "rules"  # the author of what a rule enters
FACTORS = ("thresholds", "acknowledge", "polling")
LEAST = 0.05
OPTIONAL = ("report_every", "roster", "enter", "lapses")


@dataclass(frozen=True, slots=True)
class Posture:
    """A crisis of a place: an ISO 3166 country, or the key of a region. It ends at `ended`, not at `until`."""

    place: str
    since: datetime
    until: datetime  # the return date, on which the desk is asked
    author: str
    reason: str = ""
    kind: str = CRISIS
    by_rule: bool = False
    ended: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it is in force."""
        return self.since <= now and (self.ended is None or now < self.ended)

    def covers(self, countries: Iterable[str]) -> bool:
        """Whether it is for one of these countries."""
        return not countries_of(self.place).isdisjoint(countries)


@dataclass(frozen=True, slots=True)
class Opening:
    """An alert that comes to this level opens a crisis in its country, for so long."""

    level: Level
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class PostureRule:
    """What a posture changes: factors of 1 or less on thresholds, acknowledgement times and polling intervals, how
    often a report is due (None: as ever), the tag of the routes that hold besides, and how it begins and ends."""

    thresholds: float = 1.0
    acknowledge: float = 1.0
    polling: float = 1.0
    report_every: timedelta | None = None
    roster: str = ""
    enter: tuple[Opening, ...] = ()
    lapses: bool = False


CALM = PostureRule()


class Due(StrEnum):
    """What the return date asks for."""

    NOTHING = "nothing"
    ASK = "ask"  # prolong or leave?
    LAPSE = "lapse"


@cache
def countries_of(place: str) -> frozenset[str]:
    """The countries of a place: of a region those that it holds, else the country itself."""
    found = packs().get(place)
    return frozenset(found.countries) if found is not None and found.is_region else frozenset((place,))


def is_place(place: str) -> bool:
    """Whether it is a country or a region that we know."""
    found = packs().get(place)
    return place in CODES or (found is not None and found.is_region)


def here(countries: Collection[str], postures: Iterable[Posture], now: datetime) -> tuple[Posture, ...]:
    """The postures in force in one of these countries, the oldest first."""
    found = (one for one in postures if one.kind != NORMAL and one.holds(now) and one.covers(countries))
    return tuple(sorted(found, key=lambda one: (one.since, one.place)))


def posture_of(countries: Collection[str], postures: Iterable[Posture], now: datetime) -> str:
    """The gravest posture of these countries."""
    return CRISIS if here(countries, postures, now) else NORMAL


def opening(
    level: Level | None,
    before: Level | None,
    countries: tuple[str, ...],
    rule: PostureRule,
    postures: Iterable[Posture],
    now: datetime,
) -> Posture | None:
    """The crisis that an alert opens in its main country by coming to a level; None where there is one already."""
    found = next((one for one in rule.enter if level is not None and level <= one.level), None)
    if found is None or not countries or (before is not None and before <= found.level):
        return None
    if here(countries[:1], postures, now):
        return None
    return Posture(countries[0], now, now + found.lasts, RULES, by_rule=True)


def due(posture: Posture, rule: PostureRule, asked: datetime | None, now: datetime, *, grave: bool) -> Due:
    """What is to be done about a posture's return date. `asked`: when the desk was last; `grave`: a level-1 alert of
    the place is open."""
    if now < posture.until or not posture.holds(now):
        return Due.NOTHING
    if rule.lapses and not grave:
        return Due.LAPSE
    return Due.ASK if asked is None or now - asked >= ASK_EVERY else Due.NOTHING


def posture_rule(document: Document, node: Node) -> PostureRule:
    """The `posture` of a guideline; every fault goes to the document."""
    root = document.table(node, "posture", (CRISIS,))
    found = document.table(root.get(CRISIS), CRISIS, FACTORS, OPTIONAL)
    factors = {name: _factor(document, found.get(name), name) for name in FACTORS}
    every = document.duration(found.get("report_every"), "report_every")
    if "report_every" in found and not every:
        _once(document, found["report_every"], "report_every is no time", "Give a time span, such as 6 h.")
    return PostureRule(
        **factors,
        report_every=every or None,
        roster=document.text(found.get("roster"), "roster", 40),
        enter=_openings(document, found.get("enter")),
        lapses=document.choice(found.get("lapses"), "value of lapses", ("true", "false")) == "true",
    )


def _factor(document: Document, node: Node | None, name: str) -> float:
    value = document.number(node, f"{name} of {CRISIS}", LEAST, 100)
    if value > 1:
        what = f"{name} {value:g} of {CRISIS} is over 1: a crisis would make things calmer"
        document.fault(node, what, f"It is a factor: give a number from {LEAST:g} to 1, such as 0.5 for half.")
    return min(value, 1.0) if node is not None else 1.0


def _openings(document: Document, node: Node | None) -> tuple[Opening, ...]:
    found: dict[Level, Opening] = {}
    for one in document.items(node, "enter"):
        told = document.table(one, "enter", ("level", "lasts"))
        level = document.choice(told.get("level"), "level", LEVELS)
        lasts = document.duration(told.get("lasts"), "lasts")
        if "lasts" in told and not timedelta() < lasts <= LONGEST:
            _once(document, told["lasts"], f"lasts is none or over {LONGEST.days} d", "Give a time such as 7 d.")
        if level in ("3", "4"):
            what = f"a crisis opens at level {level}: every usual alert would bring one"
            document.fault(told["level"], what, "Open it at level 1, or 2.")
        elif level and Level(int(level)) in found:
            document.fault(told["level"], f"level {level} stands twice", "Keep one of them.")
        elif level:
            found[Level(int(level))] = Opening(Level(int(level)), lasts)
    return tuple(found[level] for level in sorted(found))


def _once(document: Document, node: Node, what: str, advice: str) -> None:
    """A fault, unless the line has one already: that it is no time at all was said."""
    if all(line_of(node) != line for line, _, _ in document.faults):
        document.fault(node, what, advice)
