"""Channels: the ways by which the reader's organisation is told."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from service.desk.addressee import people_of_the_roster
from service.desk.channels import channel_to_test, create_channel, remove_channel, test_channel
from service.errors import WatchfireError
from service.locale.accepted import LANGUAGES
from service.notify.channels import CHANNELS
from service.store.read_rest import list_channels
from service.web.page import page
from service.web.said import Said, flash, said
from service.web.shown.rest import channel_shown
from service.web.visit import Inside, Number, Visit

router = APIRouter()
HERE = "/channels"


@router.get(HERE)
def show_channels(visit: Inside) -> Response:
    """The list, and the form for one more."""
    return _shown(visit)


@router.post(HERE)
def add_channel(
    visit: Inside,
    kind: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    address: Annotated[str, Form()] = "",
    secret: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "zh",
    owner: Annotated[str, Form()] = "",
) -> Response:
    """One way more. A secret that was made up here is shown in this answer and never again."""
    asked = {"kind": kind, "name": name, "address": address, "language": language, "owner": owner}
    try:
        made = create_channel(
            visit.house,
            visit.reader,
            kind=kind,
            name=name,
            address=address,
            secret=secret or None,
            language=language,
            owner=owner or None,
        )
    except WatchfireError as error:
        return _shown(visit, status=error.status, problem=said(visit, error), asked=asked)
    if made.secret is not None:
        return _shown(visit, secret=(made.row.name, made.secret))
    return RedirectResponse(f"{HERE}?done=channel_added", 303)


@router.post(HERE + "/{channel_id}/test")
async def try_channel(visit: Inside, channel_id: Number) -> Response:
    """Send a test message now and tell how it went."""
    channel = await run_in_threadpool(channel_to_test, visit.house, visit.reader, channel_id)
    result = await test_channel(visit.house, visit.reader, channel)
    tested = (channel_id, result.ok, result.detail)
    return await run_in_threadpool(_shown, visit, tested=tested)


@router.post(HERE + "/{channel_id}/remove")
def drop_channel(visit: Inside, channel_id: Number) -> Response:
    """One way less."""
    try:
        remove_channel(visit.house, visit.reader, channel_id)
    except WatchfireError as error:
        return _shown(visit, status=error.status, problem=said(visit, error, "web.channels.in_use"))
    return RedirectResponse(f"{HERE}?done=channel_removed", 303)


def _shown(
    visit: Visit,
    *,
    status: int = 200,
    problem: Said | None = None,
    asked: dict[str, str] | None = None,
    secret: tuple[str, str] | None = None,
    tested: tuple[int, bool, str] | None = None,
) -> Response:
    with visit.house.store.read() as session:
        rows = [row for row in list_channels(session, visit.reader) if row.active]
    people = people_of_the_roster(visit.house, visit.reader)
    owners = [*(visit.telling.owners if visit.reader.home else {}), *people]
    return page(
        visit,
        "channels.html",
        status=status,
        here=HERE,
        channels=[channel_shown(row, visit.telling) for row in rows],
        channel_kinds=tuple(CHANNELS),
        channel_languages=LANGUAGES,
        owners=[(key, people.get(key) or visit.telling.owner(key)) for key in owners],
        asked=asked or {"kind": "webhook", "name": "", "address": "", "language": visit.lang, "owner": ""},
        secret=secret,
        tested=tested,
        problem=problem,
        flash=flash(visit),
    )
