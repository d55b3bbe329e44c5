"""The guided start: an address a step, so that back works and nothing needs a script."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from ingest.catalogue.packs import packs
from ingest.place.countries import CODES
from service.desk.start import (
    STEPS,
    choose_countries,
    demand_starter,
    end,
    how_far,
    name_and_place,
    passed,
    proposed,
    start_of,
)
from service.desk.times import zones
from service.errors import NotFound, WatchfireError
from service.store.exposure import list_sites
from service.store.people import home_organisation
from service.store.read_triage import beside
from service.web.routes.wishes import keep_with_account
from service.web.shown.row import row_of
from service.web.shown.start import begun_shown
from service.web.start_page import HERE, after, step_page
from service.web.visit import Inside, Visit
from service.web.wishes import LANGUAGE, ZONE, keep_wishes, read_wishes

router = APIRouter()
SITES = 3  # that can be given at once
Texts = Annotated[list[str] | None, Form()]


@router.get(HERE)
def go_on(visit: Inside) -> Response:
    """Take it up where it was left."""
    demand_starter(visit.reader)
    return _on(visit)


@router.get(HERE + "/first")
def show_first(visit: Inside) -> Response:
    """The first alert, or how far it is until there may be one."""
    found = how_far(visit.house, visit.reader)
    with visit.house.store.read() as session:
        extras = beside(session, visit.reader, found.alerts)
    rows = [row_of(alert, extras[alert.id or 0], visit.telling, ()) for alert in found.alerts]
    begun = begun_shown(found, visit.telling)
    return step_page(visit, "first", begun=begun, rows=rows, basic=[one.feed.key for one in proposed(())[0]])


@router.post(HERE + "/end")
def end_it(visit: Inside) -> Response:
    """Leave it for good: the desk begins."""
    end(visit.house, visit.reader)
    return RedirectResponse("/", 303)


@router.post(HERE + "/again")
def begin_again(visit: Inside) -> Response:
    """Go through it once more; what was set up stays."""
    end(visit.house, visit.reader, over=False)
    return RedirectResponse(f"{HERE}/{STEPS[0]}", 303)


@router.post(HERE + "/{step}/skip")
def skip(visit: Inside, step: str) -> Response:
    """Pass over a step."""
    if step not in STEPS:
        raise NotFound("There is no such page.")
    passed(visit.house, visit.reader, step, "skipped")
    return after(step)


@router.get(HERE + "/language")
def show_language(visit: Inside) -> Response:
    """In which language, and in whose time."""
    return step_page(visit, "language", zones=zones())


@router.post(HERE + "/language")
def set_language(visit: Inside, language: Annotated[str, Form()] = "", zone: Annotated[str, Form()] = "") -> Response:
    """Keep both, with the account and for this browser."""
    passed(visit.house, visit.reader, "language")
    response = after("language")
    asked = read_wishes({LANGUAGE: language, ZONE: zone})
    keep_with_account(visit, asked)
    keep_wishes(response, visit.request, replace(visit.wishes, language=asked.language, zone=asked.zone))
    return response


@router.get(HERE + "/organisation")
def show_organisation(visit: Inside) -> Response:
    """Who it is for, and where they have people and places."""
    return _organisation(visit)


@router.post(HERE + "/organisation")
def set_organisation(
    visit: Inside, name: Annotated[str, Form()] = "", town: Texts = None, country: Texts = None
) -> Response:
    """Name it, and add the places."""
    towns, codes = town or [], country or []
    sites = list(zip(towns, codes, strict=False))
    try:
        name_and_place(visit.house, visit.reader, name, sites)
    except WatchfireError as error:
        return _organisation(visit, error, name, sites)
    passed(visit.house, visit.reader, "organisation")
    return after("organisation")


@router.get(HERE + "/countries")
def show_countries(visit: Inside) -> Response:
    """Which countries matter."""
    start = start_of(visit.house)
    at_home = [country for _, country in _sites(visit) if country]
    regions = [(key, pack.called(visit.lang), len(pack.countries)) for key, pack in packs().items() if pack.is_region]
    return step_page(
        visit,
        "countries",
        countries=_countries(visit),
        chosen=start.countries or tuple(dict.fromkeys(at_home)),
        regions=regions,
    )


@router.post(HERE + "/countries")
def set_countries(visit: Inside, countries: Texts = None, regions: Texts = None) -> Response:
    """Remember them: sources are proposed and the subscription is made by them."""
    demand_starter(visit.reader)
    choose_countries(visit.house, visit.reader, countries or [], regions or [])
    return after("countries")


def _on(visit: Visit) -> Response:
    return RedirectResponse(f"{HERE}/{start_of(visit.house).next}", 303)


def _countries(visit: Visit) -> list[tuple[str, str]]:
    return sorted(((code, visit.telling.country(code)) for code in CODES), key=lambda pair: pair[1])


def _sites(visit: Visit) -> list[tuple[str, str | None]]:
    with visit.house.store.read() as session:
        return [(site.name, site.country) for site in list_sites(session, visit.reader)]


def _organisation(
    visit: Visit, error: WatchfireError | None = None, name: str = "", sites: list[tuple[str, str]] | None = None
) -> Response:
    with visit.house.store.read() as session:
        called = home_organisation(session).name
    blank = [*(sites or []), *[("", "")] * SITES][:SITES]
    return step_page(
        visit,
        "organisation",
        error,
        organisation=name or called,
        places=blank,
        countries=_countries(visit),
        known=[name for name, _ in _sites(visit)],
    )
