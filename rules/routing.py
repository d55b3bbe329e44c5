"""Routing: a tree that says who answers for what. Children refine their parents; the walk ends where none fits.

At levels 1–2 the `central` owner is accountable and takes temporary command, at levels 3–4 the `local` one. Of the
children that name a lead the first that fits is followed; all that name only support are heard. The root has a central
owner, so that every alert finds somebody, whatever happens below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from rules.decision import Duty
from rules.hours import Hours
from rules.level import Level
from scoring.category import Category

KEPT = 4096  # of how many countries and organisations a route remembers where they may go
CENTRAL = (Level.RED, Level.ORANGE)  # levels under the central lead


@dataclass(frozen=True, slots=True)
class When:
    """What a route is for; an empty field asks for nothing. Regions are written out as their countries, sites are
    names in small letters."""

    organisations: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    levels: tuple[Level, ...] = ()
    sites: tuple[str, ...] = ()
    hours: tuple[Hours, ...] = ()
    zone: str = "UTC"
    roster: str = ""  # a tag: it holds only in a posture whose guideline names the tag

    def covers(self, other: "When") -> bool:
        """Whether whatever fits the other one fits this one too."""
        pairs = (
            (self.organisations, other.organisations),
            (self.countries, other.countries),
            (self.categories, other.categories),
            (self.levels, other.levels),
            (self.sites, other.sites),
        )
        wide = all(not mine or (bool(theirs) and set(theirs) <= set(mine)) for mine, theirs in pairs)
        wide = wide and self.roster in ("", other.roster)
        return wide and (not self.hours or (self.hours == other.hours and self.zone == other.zone))

    def excludes(self, other: "When") -> str:
        """The field in which nothing can fit both, "" if there is none."""
        for name in ("organisations", "countries", "levels"):
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine and theirs and not set(mine) & set(theirs):
                return name
        return "roster" if self.roster and other.roster and self.roster != other.roster else ""


@dataclass(frozen=True, slots=True)
class Route:
    """One node of the tree. Empty owners are those of its parent."""

    name: str
    when: When = When()
    central: str = ""
    local: str = ""
    support: tuple[str, ...] = ()
    children: tuple["Route", ...] = ()
    line: int = 0
    _ways: dict[tuple[str, str], tuple["Route", ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False, hash=False
    )

    @property
    def leads(self) -> bool:
        """Whether it is a way to follow, and not only a voice more."""
        return bool(self.central or self.local or self.children)

    def ways(self, country: str, organisation: str) -> tuple["Route", ...]:
        """The children that may be for a country, and for an organisation if one is named, in order: of a wide tree
        only these are asked."""
        key = (country, organisation)
        if key not in self._ways:
            if len(self._ways) >= KEPT:
                self._ways.clear()
            wide = self.ways(country, "") if organisation else self.children
            self._ways[key] = tuple(child for child in wide if _may_fit(child.when, country, organisation))
        return self._ways[key]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an owner is sought for: one country, or "" when none is known; `sites` by rules.exposure.sites_of."""

    level: Level
    country: str = ""
    categories: tuple[Category, ...] = ()
    organisation: str = ""
    sites: tuple[str, ...] = ()
    roster: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Who answers, and by which routes they were found, from the root down."""

    central: str
    local: str = ""
    support: tuple[str, ...] = ()
    path: tuple[str, ...] = ()

    def accountable(self, level: Level) -> str:
        """Who it is that must act."""
        return self.central if level in CENTRAL or not self.local else self.local


def fits(when: When, asked: Asked, now: datetime) -> bool:
    """Whether a route is for what is asked."""
    return (
        (not when.organisations or asked.organisation in when.organisations)
        and (not when.countries or asked.country in when.countries)
        and (not when.categories or any(key in when.categories for key in asked.categories))
        and (not when.levels or asked.level in when.levels)
        and when.roster in ("", asked.roster)
        and (not when.sites or any(site in when.sites for site in asked.sites))
        and (not when.hours or any(window.covers(now, when.zone) for window in when.hours))
    )


def _may_fit(when: When, country: str, organisation: str) -> bool:
    return (not when.countries or country in when.countries) and (
        not organisation or not when.organisations or organisation in when.organisations
    )


def find(root: Route, asked: Asked, now: datetime) -> Found:
    """Down the tree to whoever answers."""
    found, node = Found(root.central, root.local, root.support, (root.name,)), root
    while True:
        open_to = [child for child in node.ways(asked.country, asked.organisation) if fits(child.when, asked, now)]
        for child in open_to:
            if not child.leads:
                found = replace(found, support=_joined(found.support, child.support))
        follow = next((child for child in open_to if child.leads), None)
        if follow is None:
            return found
        found = Found(
            follow.central or found.central,
            follow.local or found.local,
            _joined(found.support, follow.support),
            (*found.path, follow.name),
        )
        node = follow


def route(
    root: Route, asked: Asked, countries: Sequence[str], now: datetime, by: datetime, clause: str
) -> tuple[Duty, ...]:
    """One accountable duty first, then the supporting ones: of the main country, then of the others.

    As without a tree: at level 3 the central owner supports, at level 4 only who is local.
    """
    every = [find(root, replace(asked, country=code), now) for code in countries or ("",)]
    first = every[0].accountable(asked.level)
    support = [found.local for found in every if found.local]
    support += [key for found in every for key in found.support]
    if asked.level is Level.YELLOW:
        support += [found.central for found in every]
    if asked.level in CENTRAL:
        support += [found.central for found in every[1:]]
    return (
        Duty(first, "accountable", by, clause),
        *(Duty(key, "support", by, clause) for key in dict.fromkeys(support) if key != first),
    )


def named(root: Route) -> frozenset[str]:
    """Every owner that the tree names."""
    below = frozenset[str]().union(*(named(child) for child in root.children)) if root.children else frozenset()
    return below | {key for key in (root.central, root.local, *root.support) if key}


def names_organisation(root: Route, key: str) -> bool:
    """Whether any route is for this organisation by name."""
    return key in root.when.organisations or any(names_organisation(child, key) for child in root.children)


def _joined(one: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *more)))
