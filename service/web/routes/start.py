"""The guided start: an address a step, so that back works and nothing needs a script."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from ingest.catalogue.packs import packs
from ingest.place.countries import CODES
from service.desk.catalogue import take, watched_addresses
from service.desk.channels import LANGUAGES
from service.desk.start import (
    STEPS,
    Start,
    choose_countries,
    demand_starter,
    end,
    follow,
    how_far,
    name_and_place,
    passed,
    proposed,
    start_of,
    try_channel,
)
from service.desk.trial import prefilled, try_address, watch_now
from service.errors import Invalid, NotFound, WatchfireError
from service.notify.channels import CHANNELS
from service.store.exposure import list_sites
from service.store.people import home_organisation
from service.store.read_rest import list_channels
from service.store.read_sources import SourceFilter, filtered_sources
from service.store.read_triage import beside
from service.web.language import COOKIE, YEAR
from service.web.language import LANGUAGES as SPOKEN
from service.web.page import page
from service.web.routes.wishes import keep
from service.web.said import Said, flash, said
from service.web.shown.rest import channel_shown
from service.web.shown.row import row_of
from service.web.shown.source import source_shown
from service.web.shown.start import begun_shown, groups_shown, steps_shown
from service.web.shown.trial import language_name
from service.web.visit import Inside, Visit
from service.web.wishes import Wishes, zones

router = APIRouter()
HERE = "/start"
SITES = 3  # that can be given at once
SHOWN = 40  # sources with how they do
TONGUES = ("zh", "en", "fr", "es", "pt", "ar", "ru")
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
    return _shown(visit, "first", begun=begun, rows=rows, basic=[one.feed.key for one in proposed(())[0]])


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
    return _after(step)


@router.get(HERE + "/language")
def show_language(visit: Inside) -> Response:
    """In which language, and in whose time."""
    return _shown(visit, "language", zones=zones())


@router.post(HERE + "/language")
def set_language(visit: Inside, language: Annotated[str, Form()] = "", zone: Annotated[str, Form()] = "") -> Response:
    """Keep both for this browser."""
    passed(visit.house, visit.reader, "language")
    response = _after("language")
    old = visit.wishes
    keep(response, visit, Wishes(old.theme, zone if zone in zones() else "", old.sound, old.bell))
    if language in SPOKEN:
        response.set_cookie(COOKIE, language, max_age=YEAR, path="/", samesite="lax")
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
    return _after("organisation")


@router.get(HERE + "/countries")
def show_countries(visit: Inside) -> Response:
    """Which countries matter."""
    start = start_of(visit.house)
    at_home = [country for _, country in _sites(visit) if country]
    regions = [(key, pack.called(visit.lang), len(pack.countries)) for key, pack in packs().items() if pack.is_region]
    return _shown(
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
    return _after("countries")


@router.get(HERE + "/sources")
def show_sources(visit: Inside, language: str = "") -> Response:
    """What to listen to: proposed, and how what is watched already does."""
    return _sources(visit, language=language if language in TONGUES else "")


@router.post(HERE + "/sources")
async def watch(visit: Inside, keys: Texts = None, address: Annotated[str, Form()] = "") -> Response:
    """Watch what was chosen and what is behind the address; all of it is looked at at once."""
    try:
        await _watch(visit, keys or [], address.strip())
    except WatchfireError as error:
        return await run_in_threadpool(_sources, visit, error, keys or [], address)
    return RedirectResponse(f"{HERE}/sources?done=watched", 303)


@router.post(HERE + "/sources/basic")
def watch_basic(visit: Inside) -> Response:
    """Watch what is watched where nobody chooses."""
    demand_starter(visit.reader)
    take(visit.house, visit.reader, [one.feed.key for one in proposed(())[0]])
    return RedirectResponse(f"{HERE}/first", 303)


async def _watch(visit: Visit, keys: list[str], address: str) -> None:
    demand_starter(visit.reader)
    if not keys and not address:
        raise Invalid("Nothing was chosen.", "Tick some sources, paste an address, or skip this step.")
    if address:  # the one that may fail goes first
        client = visit.house.sender.client
        trial = await try_address(visit.house, visit.reader, client, address)
        if not trial.discovery.candidates:
            raise Invalid(trial.discovery.sentence or "There is no feed at this address.", "Check the address.")
        best = trial.discovery.candidates[0]
        if best.address not in trial.watched:
            await watch_now(visit.house, visit.reader, client, prefilled(best, trial.listed))
    if keys:
        await run_in_threadpool(take, visit.house, visit.reader, keys)
    await run_in_threadpool(passed, visit.house, visit.reader, "sources")


@router.get(HERE + "/channel")
def show_channel(visit: Inside) -> Response:
    """How alerts arrive."""
    return _channel(visit)


@router.post(HERE + "/channel")
async def add_channel(
    visit: Inside,
    kind: Annotated[str, Form()] = "",
    address: Annotated[str, Form()] = "",
    secret: Annotated[str, Form()] = "",
    least_level: Annotated[int, Form()] = 4,
    language: Annotated[str, Form()] = "",
) -> Response:
    """Send a test message; only when it arrived are channel and subscription made."""
    asked = {"kind": kind, "address": address, "least_level": least_level, "language": language}
    try:
        result, used = await try_channel(visit.house, visit.reader, kind, address, secret)
        if not result.ok:
            return await run_in_threadpool(_channel, visit, asked=asked, failed=result.detail)
        made = await run_in_threadpool(_follow, visit, asked, used)
    except WatchfireError as error:
        return await run_in_threadpool(_channel, visit, error, asked=asked)
    told = (made.row.name, made.secret or (used if kind == "webhook" and not secret else ""))
    return await run_in_threadpool(_channel, visit, made=told)


def _follow(visit: Visit, asked: dict[str, Any], secret: str) -> Any:
    return follow(
        visit.house,
        visit.reader,
        kind=asked["kind"],
        name=visit.say("start.channel.name", kind=visit.say(f"web.channel.{asked['kind']}")),
        address=asked["address"],
        secret=secret,
        language=asked["language"] if asked["language"] in LANGUAGES else visit.lang,
        least_level=asked["least_level"],
        subscription=visit.say("start.channel.subscription"),
    )


def _on(visit: Visit) -> Response:
    return RedirectResponse(f"{HERE}/{start_of(visit.house).next}", 303)


def _after(step: str) -> Response:
    following = (*STEPS, "first")[STEPS.index(step) + 1]
    return RedirectResponse(f"{HERE}/{following}", 303)


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
    return _shown(
        visit,
        "organisation",
        error,
        organisation=name or called,
        places=blank,
        countries=_countries(visit),
        known=[name for name, _ in _sites(visit)],
    )


def _sources(
    visit: Visit,
    error: WatchfireError | None = None,
    keys: list[str] | None = None,
    address: str = "",
    *,
    language: str = "",
) -> Response:
    start = start_of(visit.house)
    with visit.house.store.read() as session:
        found = filtered_sources(session, visit.reader, SourceFilter(), visit.now, limit=SHOWN)
        rows = [source_shown(row, visit.telling) for row in found.items]
    world, local = proposed(start.countries, language)
    return _shown(
        visit,
        "sources",
        error,
        groups=groups_shown(world, local, watched_addresses(visit.house, visit.reader), visit.telling),
        ticked=keys,
        address=address,
        watched=rows,
        waits=any(row.state == "new" for row in rows),
        tongue=language,
        tongues=[(code, language_name(code, visit.telling)) for code in TONGUES],
        chosen=start.countries,
    )


def _channel(
    visit: Visit,
    error: WatchfireError | None = None,
    *,
    asked: dict[str, Any] | None = None,
    failed: str = "",
    made: tuple[str, str] | None = None,
) -> Response:
    with visit.house.store.read() as session:
        rows = [channel_shown(row, visit.telling) for row in list_channels(session, visit.reader) if row.active]
    return _shown(
        visit,
        "channel",
        error,
        asked=asked or {"kind": "feishu" if visit.lang == "zh" else "webhook", "address": "", "least_level": 4},
        kinds=tuple(CHANNELS),
        channels=rows,
        failed=failed,
        made=made,
        follows=[visit.telling.country(code) for code in start_of(visit.house).countries],
    )


def _shown(visit: Visit, step: str, error: WatchfireError | None = None, **values: Any) -> Response:
    demand_starter(visit.reader)
    start: Start = start_of(visit.house)
    problem: Said | None = said(visit, error) if error is not None else None
    values["failed"] = values.get("failed", "")
    status = error.status if error is not None else 422 if values["failed"] else 200
    return page(
        visit,
        f"start_{step}.html",
        "live" if visit.fragment == "start-live" else None,
        status=status,
        here=f"{HERE}/{step}",
        start=start,
        step=step,
        steps=steps_shown(start, step, visit.telling),
        back=_before(step),
        problem=problem,
        flash=flash(visit),
        **values,
    )


def _before(step: str) -> str:
    place = (*STEPS, "first").index(step)
    return f"{HERE}/{STEPS[place - 1]}" if place else ""
