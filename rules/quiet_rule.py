"""Quiet rule: what is told later, so that what must be heard at once is heard. A part of the guideline, as data.

Levels 1 and 2 are told at once, whatever stands here: no rule can be written that would hold them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from yaml.nodes import Node, ScalarNode

from rules.clause import LevelRule
from rules.document import Document, Words, line_of
from rules.level import LEVELS, Level

HELD = (Level.YELLOW, Level.BLUE)  # the levels that may wait
SAME = ("country", "category", "subtype")
ADDRESSEES = ("owner", "subscription")
WHILE_OPEN = "while open"
MOST = 100_000
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Inhibition:
    """An open alert of level `by` keeps changes at the levels `mutes` quiet that share all of `same` with it.

    `span` is how long after it came to its level; None: while it is open.
    """

    by: Level
    mutes: tuple[Level, ...]
    same: tuple[str, ...]
    span: timedelta | None
    why: Words
    line: int


@dataclass(frozen=True, slots=True)
class Storm:
    """So many alerts of the levels that may wait, opened within this span, are a storm."""

    alerts: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class RestraintRule:
    """What waits, and for how long. A level that a table leaves out does not wait for that reason."""

    inhibit: tuple[Inhibition, ...]
    cooldown: Mapping[Level, timedelta]  # after a person closed an alert of the same country and sub-type
    update: Mapping[Level, timedelta]  # least time between two changes of one alert that are told
    storm: Storm
    digest: timedelta  # how often what was held is told together
    budget: Mapping[str, int]  # notices of these levels a day and addressee, by one of ADDRESSEES
    why: Words

    @property
    def longest_cooldown(self) -> timedelta:
        """How far back closed alerts matter."""
        return max(self.cooldown.values(), default=timedelta())

    @property
    def inhibiting(self) -> frozenset[Level]:
        """The levels whose open alerts keep others quiet."""
        return frozenset(rule.by for rule in self.inhibit)


def restraint_rule(document: Document, node: Node | None, levels: Mapping[Level, LevelRule]) -> RestraintRule:
    """The `restraint` of a guideline; every fault goes to the document."""
    keys = ("cooldown", "update", "storm", "digest", "budget", "why")
    found = document.table(node, "restraint", keys, ("inhibit",))
    inhibit = tuple(_inhibition(document, one) for one in document.items(found.get("inhibit"), "inhibit"))
    rule = RestraintRule(
        inhibit=inhibit,
        cooldown=_spans(document, found.get("cooldown"), "cooldown"),
        update=_spans(document, found.get("update"), "update"),
        storm=_storm(document, found.get("storm")),
        digest=_span(document, found.get("digest"), "digest"),
        budget=_budget(document, found.get("budget")),
        why=document.words(found.get("why"), "why of restraint"),
    )
    _twice(document, inhibit)
    if found and not document.faults:
        _waits(document, found, rule, levels)
    return rule


def _inhibition(document: Document, node: Node) -> Inhibition:
    found = document.table(node, "inhibit", ("by", "mutes", "same", "why"), ("for",))
    by = document.choice(found.get("by"), "level", LEVELS)
    mutes = document.choices(found.get("mutes"), "mutes", "level", LEVELS)
    for level in mutes:
        if Level(int(level)) not in HELD:
            what = f"inhibit mutes level {level}, which is always told at once"
            document.fault(found["mutes"], what, "Levels 3 and 4 may be muted.")
        elif by and int(level) <= int(by):
            what = f"inhibit contradicts itself: level {by} mutes level {level}, which is not calmer"
            document.fault(found["mutes"], what, "A graver level mutes a calmer one.")
    return Inhibition(
        by=Level(int(by)) if by else Level.RED,
        mutes=tuple(Level(int(level)) for level in mutes),
        same=document.choices(found.get("same"), "same", "value of same", SAME),
        span=_while(document, found.get("for")),
        why=document.words(found.get("why"), "why of inhibit"),
        line=line_of(node),
    )


def _while(document: Document, node: Node | None) -> timedelta | None:
    if node is None or (isinstance(node, ScalarNode) and node.value.strip() == WHILE_OPEN):
        return None
    return _span(document, node, "for")


def _span(document: Document, node: Node | None, where: str) -> timedelta:
    before = len(document.faults)
    span = document.duration(node, where)
    if node is not None and not span and len(document.faults) == before:
        document.fault(node, f"{where} is zero", "Give a time span, such as 15 min, or leave it out.")
    return span


def _spans(document: Document, node: Node | None, where: str) -> Mapping[Level, timedelta]:
    held = tuple(str(int(level)) for level in HELD)
    found = document.table(node, where, (), held)
    return MappingProxyType(
        {Level(int(level)): _span(document, one, f"{where} of level {level}") for level, one in found.items()}
    )


def _storm(document: Document, node: Node | None) -> Storm:
    found = document.table(node, "storm", ("alerts", "within"))
    return Storm(_count(document, found.get("alerts"), "alerts"), _span(document, found.get("within"), "within"))


def _budget(document: Document, node: Node | None) -> Mapping[str, int]:
    found = document.table(node, "budget", ADDRESSEES)
    return MappingProxyType({key: _count(document, one, f"budget of {key}") for key, one in found.items()})


def _count(document: Document, node: Node | None, where: str) -> int:
    given = document.number(node, where, 1, MOST)
    if given != int(given):
        document.fault(node, f"{where} {given:g} is no whole number", "Give a count.")
    return int(given)


def _twice(document: Document, inhibit: tuple[Inhibition, ...]) -> None:
    for place, rule in enumerate(inhibit):
        for other in inhibit[:place]:
            wider = set(rule.mutes) <= set(other.mutes) and set(other.same) <= set(rule.same)
            longer = other.span is None or (rule.span is not None and rule.span <= other.span)
            if rule.by is other.by and wider and longer:
                what = f"this inhibit never decides: that of line {other.line} mutes all of it"
                document.fault(rule.line, what, "Keep one of them.")
                break


def _waits(
    document: Document, found: Mapping[str, Node], rule: RestraintRule, levels: Mapping[Level, LevelRule]
) -> None:
    """What would be told later than it must be answered."""
    if rule.cooldown.get(Level.YELLOW, timedelta()) > DAY:
        document.fault(
            found["cooldown"], "cooldown of level 3 is longer than a day", "A new case must not wait so long."
        )
    first = levels[Level.YELLOW].acknowledge
    for key, span in (("update", rule.update.get(Level.YELLOW, timedelta())), ("digest", rule.digest)):
        if span > first:
            what = f"{key} is longer than level 3 may go unacknowledged"
            document.fault(found[key], what, "Give a shorter time, or level 3 a longer one.")
