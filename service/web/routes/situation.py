"""The situation: the world on a map with a list beside it, one country, one region, and the wall of the duty room."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import RedirectResponse, Response

from rules.level import LEVELS, Level
from service.desk.situation import Hearing, Standing, World, changes, country_of, gravest, region_standings, world_of
from service.store.read_alerts import count_levels
from service.store.read_triage import beside, count_open
from service.web.page import page
from service.web.shown.row import row_of
from service.web.shown.situation import country_shown, line_shown, regions_shown
from service.web.shown.world import MapShown, map_shown
from service.web.visit import Inside, Visit
from service.web.world import shapes

router = APIRouter()
HERE = "/situation"
ON_WALL = 12  # countries
OLD = timedelta(minutes=10)  # good data that a duty room should not take for the present
MOST_BLIND = 24  # countries without data that are named; more are in the list of all
Code = Annotated[str, Path(pattern=r"^[A-Za-z]{2}$")]
Key = Annotated[str, Path(pattern=r"^[a-z-]{2,40}$")]


@router.get(HERE)
def show_situation(visit: Inside) -> Response:
    """The world: what stands at which level where, and where nothing is known."""
    world = world_of(visit.house, visit.reader)
    standings = list(world.countries.values())
    told = gravest(standings)
    quiet = [one for one in standings if not one.is_told]
    listed = [one for one in told if one.levels or one.sites]
    blind = [line_shown(one, visit.telling) for one in quiet if one.hearing is Hearing.STALE]
    return page(
        visit,
        "situation.html",
        "situation" if visit.fragment == "situation" else None,
        here=HERE,
        map=_map(visit, world),
        lines=[line_shown(one, visit.telling) for one in listed],
        calm_crises=[line_shown(one, visit.telling) for one in told if one not in listed],
        blind=blind[:MOST_BLIND],
        more_blind=max(0, len(blind) - MOST_BLIND),
        silent=sum(one.hearing is Hearing.STALE for one in standings),
        unheard=sum(one.hearing is Hearing.NONE for one in standings),
        regions=regions_shown(quiet, visit.telling),
        rest=len(quiet),
        figures=_figures(standings),
        heard=visit.telling.moment(world.heard),
    )


@router.get(HERE + "/wall")
def show_wall(visit: Inside) -> Response:
    """The same for a screen that nobody touches."""
    world = world_of(visit.house, visit.reader)
    alerts = changes(visit.house, visit.reader)
    with visit.house.store.read() as session:
        extras = beside(session, visit.reader, alerts)
        waiting, late = count_open(session, visit.reader, visit.now)
        counts = count_levels(session, visit.reader, visit.now)  # as over the list: alarms about sources too
    standings = list(world.countries.values())
    return page(
        visit,
        "situation_wall.html",
        "wall" if visit.fragment == "wall" else None,
        here=HERE,
        map=_map(visit, world),
        levels=[(int(each), Level(int(each)).roman, counts[int(each)]) for each in LEVELS],
        lines=[line_shown(one, visit.telling) for one in gravest(standings) if one.levels or one.sites][:ON_WALL],
        waiting=waiting,
        late=late,
        crises=sum(one.crisis for one in standings),
        silent=sum(one.hearing is Hearing.STALE for one in standings),
        rows=[row_of(one, extras[one.id or 0], visit.telling, ()) for one in alerts],
        heard=visit.telling.moment(world.heard),
        old=world.heard is not None and visit.now - world.heard >= OLD,
        now=visit.telling.surely(visit.now),
    )


@router.get(HERE + "/region/{region}")
def show_region(visit: Inside, region: Key) -> Response:
    """The countries of a region."""
    world, standings = region_standings(visit.house, visit.reader, region)
    told = gravest(standings)
    rest = sorted((one for one in standings if one not in told), key=lambda one: visit.telling.country(one.country))
    return page(
        visit,
        "situation_region.html",
        here=HERE,
        region=region,
        name=visit.telling.words.place(region, visit.lang),
        map=_map(visit, world, [one.country for one in standings]),
        lines=[line_shown(one, visit.telling) for one in (*told, *rest)],
        figures=_figures(standings),
    )


@router.get(HERE + "/{country}")
def show_country(visit: Inside, country: Code) -> Response:
    """One country with everything about it."""
    if country != country.upper():
        return RedirectResponse(f"{HERE}/{country.upper()}", 303)
    found = country_of(visit.house, visit.reader, country)
    return page(
        visit,
        "situation_country.html",
        here=HERE,
        one=country_shown(found, visit.telling),
        map=_map(visit, found.world, [country]),
    )


def _map(visit: Visit, world: World, around: list[str] | None = None) -> MapShown | None:
    found = shapes(visit.house.settings)
    return map_shown(found, world, visit.telling, around or ()) if found is not None else None


def _figures(standings: list[Standing] | tuple[Standing, ...]) -> dict[str, int]:
    return {
        "countries": sum(bool(one.levels) for one in standings),
        "crises": sum(one.crisis for one in standings),
        "people": sum(one.people for one in standings if one.levels),
    }
