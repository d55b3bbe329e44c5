"""The steps of the guided start that reach out: sources, each looked at as it is added, and a channel, tried first."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from service.desk.catalogue import take, watched_addresses
from service.desk.start import demand_starter, follow, passed, proposed, start_of, try_channel
from service.desk.trial import prefilled, try_address, watch_now
from service.errors import Invalid, WatchfireError
from service.locale.accepted import LANGUAGES
from service.notify.channels import CHANNELS
from service.store.read_rest import list_channels
from service.store.read_sources import SourceFilter, filtered_sources
from service.web.shown.rest import channel_shown
from service.web.shown.source import source_shown
from service.web.shown.start import groups_shown
from service.web.shown.trial import language_name
from service.web.start_page import HERE, step_page
from service.web.visit import Inside, Visit

router = APIRouter()
SHOWN = 40  # sources with how they do
TONGUES = ("zh", "en", "fr", "es", "pt", "ar", "ru")
Texts = Annotated[list[str] | None, Form()]


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
    return step_page(
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
    return step_page(
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
