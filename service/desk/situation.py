"""The situation: every country as it stands, and where nothing is known and nothing has been heard.

A country's own sources say whether it is heard; where it has none, those of its region, else those of the whole world.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ingest.catalogue.packs import packs, region_of
from ingest.health import State
from ingest.place.countries import CODES
from rules.level import LEVELS, NORMAL, Level
from rules.plan import Plan
from rules.posture import CRISIS, countries_of
from scoring.category import CATEGORIES, Category
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.desk.plans import read_plans
from service.desk.postures import places_in_crisis
from service.desk.rosters import Answering, who
from service.errors import NotFound
from service.store.country import Advice, advice_about, sources_about
from service.store.exposure import list_sites
from service.store.read_triage import Beside, beside
from service.store.scope import Scope
from service.store.situation import (
    WEEKS,
    Happening,
    Watch,
    events_told,
    happenings,
    last_heard,
    live_levels,
    newest_changes,
    opened_by_category,
    opened_weekly,
    watches,
)
from service.store.situation_room import alerts_of_place
from service.store.tables import Alert, SiteRow, SourceRow

ANSWER = frozenset((State.OK, State.MOVED, State.DEGRADED, State.QUIET))
ASKED = (Level.RED, Level.YELLOW)  # who answers under central and under local command
RECENT = timedelta(days=7)
HISTORY = 12  # weeks of a country's trend by category
CHANGES = 9  # on the wall


class Hearing(StrEnum):
    """How well a country is heard: unknown never looks like quiet."""

    HEARD = "heard"
    AFAR = "afar"  # only by sources of its region or of the world
    STALE = "stale"  # its sources are all silent
    NONE = "none"  # no source tells of it
    UNTOLD = "untold"  # the reader is not told about sources


@dataclass(frozen=True, slots=True)
class Standing:
    """A country as it stands. `levels` counts its live alerts, `weeks` those opened in each week, this one last."""

    country: str
    levels: dict[int, int]
    weeks: tuple[int, ...]
    events: int
    sites: int
    people: int
    crisis: bool
    hearing: Hearing
    heard: datetime | None  # when one of its sources last answered

    @property
    def level(self) -> int | None:
        """The gravest level of its live alerts."""
        return min(self.levels, default=None)

    @property
    def alerts(self) -> int:
        """How many are live."""
        return sum(self.levels.values())

    @property
    def is_told(self) -> bool:
        """Whether there is anything to say of it, besides that it is quiet."""
        return bool(self.levels or self.crisis or self.sites)


@dataclass(frozen=True, slots=True)
class World:
    """All countries by code, what happens where, and one's own sites."""

    countries: dict[str, Standing]
    happenings: tuple[Happening, ...]
    sites: tuple[SiteRow, ...]
    heard: datetime | None


@dataclass(frozen=True, slots=True)
class CountryPage:
    """Everything about one country, with the world around it."""

    world: World
    standing: Standing
    region: str | None
    alerts: tuple[Alert, ...]
    extras: dict[int, Beside]
    trend: dict[str, tuple[int, ...]]
    advice: tuple[Advice, ...]
    sources: tuple[SourceRow, ...]
    sites: tuple[SiteRow, ...]
    answering: tuple[tuple[Level, Answering], ...]
    plans: tuple[tuple[Category, Plan], ...]


def world_of(premises: Premises, scope: Scope) -> World:
    """The situation for a reader; a handful of queries, whatever the number of countries."""
    demand(scope, Permission.READ)
    now = premises.clock()
    with premises.store.read() as session:
        crisis = {code for row in places_in_crisis(session, scope) for code in countries_of(row.place)}
        levels, weeks = live_levels(session, scope), opened_weekly(session, scope, now)
        events = events_told(session, scope, now - RECENT)
        ears = Ears(watches(session, scope, now)) if scope.home else None
        found, heard = tuple(happenings(session, scope)), last_heard(session, scope)
        sites = tuple(row for row in list_sites(session, scope) if row.active)
    own: dict[str, list[SiteRow]] = {}
    for row in sites:
        own.setdefault(row.country or "", []).append(row)
    standings = {}
    for code in CODES:
        hearing, since = ears.of(code) if ears is not None else (Hearing.UNTOLD, None)
        here = own.get(code, [])
        standings[code] = Standing(
            country=code,
            levels=levels.get(code, {}),
            weeks=weeks.get(code, (0,) * WEEKS),
            events=events.get(code, 0),
            sites=len(here),
            people=sum(row.people for row in here),
            crisis=code in crisis,
            hearing=hearing,
            heard=since,
        )
    return World(standings, found, sites, heard)


class Ears:
    """What sources cover, asked by country."""

    def __init__(self, found: Iterable[Watch]) -> None:
        self._own: dict[str, list[Watch]] = {}
        self._wide: dict[str, list[Watch]] = {}
        for one in found:
            if one.state is State.PAUSED:
                continue
            if one.country:
                self._own.setdefault(one.country, []).append(one)
            else:
                self._wide.setdefault(one.region or "", []).append(one)

    def of(self, country: str) -> tuple[Hearing, datetime | None]:
        """How well a country is heard, and when one of the sources that count for it last answered."""
        own = self._own.get(country)
        if own:
            good = any(one.state in ANSWER for one in own)
            return Hearing.HEARD if good else Hearing.STALE, _last(own)
        wide = [*self._wide.get(region_of(country) or "-", ()), *self._wide.get("", ())]
        if not wide:
            return Hearing.NONE, None
        good = any(one.state in ANSWER for one in wide)
        return Hearing.AFAR if good else Hearing.STALE, _last(wide)


def _last(found: Sequence[Watch]) -> datetime | None:
    return max((one.last for one in found if one.last is not None), default=None)


def country_of(premises: Premises, scope: Scope, country: str) -> CountryPage:
    """One country with everything about it; NotFound for what is none."""
    world = world_of(premises, scope)
    if country not in world.countries:
        raise NotFound(f"There is no country {country[:40]}.", "Use the two letters of ISO 3166.")
    standing, region = world.countries[country], region_of(country)
    now = premises.clock()
    with premises.store.read() as session:
        alerts = [one for one in alerts_of_place(session, scope, country) if one.source_id is None]
        extras = beside(session, scope, alerts)
        trend = opened_by_category(session, scope, now, (country,), HISTORY)
        advice = tuple(advice_about(session, scope, country))
        sources = tuple(sources_about(session, scope, country, region))
    return CountryPage(
        world=world,
        standing=standing,
        region=region,
        alerts=tuple(alerts),
        extras=extras,
        trend=trend,
        advice=advice,
        sources=sources,
        sites=tuple(row for row in world.sites if row.country == country),
        answering=tuple((level, who(premises, scope, country, (), level)) for level in ASKED) if scope.home else (),
        plans=_plans(premises, standing, alerts) if scope.home else (),
    )


def _plans(premises: Premises, standing: Standing, alerts: Sequence[Alert]) -> tuple[tuple[Category, Plan], ...]:
    """What would start at level I, by category, and those of its gravest alerts first."""
    plans, posture = read_plans(premises.settings), CRISIS if standing.crisis else NORMAL
    kinds = list(dict.fromkeys([*(key for one in alerts for key in one.categories), *CATEGORIES]))
    found: list[tuple[Category, Plan]] = []
    for kind in (Category(key) for key in kinds if key in CATEGORIES):
        subtypes = next((one.subtypes for one in alerts if kind in one.categories), [])
        plan = plans.best(Level.RED, [kind], subtypes, [standing.country], posture)
        if plan is not None and all(plan.key != other.key for _, other in found):
            found.append((kind, plan))
    return tuple(found)


def region_standings(premises: Premises, scope: Scope, region: str) -> tuple[World, tuple[Standing, ...]]:
    """The world, and the countries of a region; NotFound for what is none."""
    pack = packs().get(region)
    if pack is None or not pack.is_region:
        raise NotFound(f"There is no region {region[:40]}.", "Take a key from the catalogue, such as africa-west.")
    world = world_of(premises, scope)
    return world, tuple(world.countries[code] for code in pack.countries if code in world.countries)


def changes(premises: Premises, scope: Scope) -> list[Alert]:
    """What changed last, for the wall."""
    demand(scope, Permission.READ)
    with premises.store.read() as session:
        return newest_changes(session, scope, CHANGES)


def gravest(standings: Iterable[Standing]) -> list[Standing]:
    """Those that there is something to say of: by level, then how many, then own people there."""
    told = [one for one in standings if one.is_told]
    return sorted(told, key=_rank)


def _rank(one: Standing) -> tuple[object, ...]:
    worst = one.level or len(LEVELS) + 1
    return worst, not one.crisis, *(-one.levels.get(level, 0) for level in range(1, 5)), -one.people, one.country
