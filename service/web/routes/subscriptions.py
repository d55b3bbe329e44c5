"""Subscriptions: what the reader's organisation follows."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from ingest.place.countries import CODES
from scoring.category import CATEGORIES
from service.desk.subscriptions import (
    create_subscription,
    feed_addresses,
    new_feed_token,
    remove_subscription,
    revoke_feed_token,
)
from service.errors import Invalid, WatchfireError
from service.store.pages import LARGEST
from service.store.read_rest import list_channels, list_subscriptions
from service.web.page import page
from service.web.said import Said, flash, said
from service.web.shown.rest import channel_name, subscription_shown
from service.web.shown.row import kinds_of
from service.web.visit import Inside, Number, Visit

router = APIRouter()
HERE = "/subscriptions"


@router.get(HERE)
def show_subscriptions(visit: Inside) -> Response:
    """The list, and the form for one more."""
    return _shown(visit)


@router.post(HERE)
def add_subscription(
    visit: Inside,
    name: Annotated[str, Form()] = "",
    countries: Annotated[list[str] | None, Form()] = None,
    categories: Annotated[list[str] | None, Form()] = None,
    least_level: Annotated[int, Form()] = 4,
    channel: Annotated[str, Form()] = "",
) -> Response:
    """Follow something."""
    asked = {"name": name, "countries": countries or [], "categories": categories or [], "least_level": least_level}
    try:
        create_subscription(
            visit.house,
            visit.reader,
            name=name,
            countries=countries or [],
            categories=categories or [],
            least_level=least_level,
            channel_id=_number(channel),
        )
    except WatchfireError as error:
        return _shown(visit, status=error.status, problem=said(visit, error), asked={**asked, "channel": channel})
    return RedirectResponse(f"{HERE}?done=subscription_added", 303)


@router.post(HERE + "/{subscription_id}/remove")
def drop_subscription(visit: Inside, subscription_id: Number) -> Response:
    """Follow it no more."""
    remove_subscription(visit.house, visit.reader, subscription_id)
    return RedirectResponse(f"{HERE}?done=subscription_removed", 303)


@router.post(HERE + "/{subscription_id}/token")
def make_token(visit: Inside, subscription_id: Number) -> Response:
    """Make feed addresses; shown in this answer and never again."""
    token = new_feed_token(visit.house, visit.reader, subscription_id)
    return _shown(visit, token=(subscription_id, feed_addresses(visit.house.public_url, token)))


@router.post(HERE + "/{subscription_id}/revoke")
def revoke_token(visit: Inside, subscription_id: Number) -> Response:
    """The feed addresses answer nobody any more."""
    revoke_feed_token(visit.house, visit.reader, subscription_id)
    return RedirectResponse(f"{HERE}?done=token_revoked", 303)


def _number(channel: str) -> int | None:
    if channel and not (channel.isascii() and channel.isdecimal() and int(channel[:20]) <= LARGEST):
        raise Invalid("There is no such channel.", "Choose one from the list.")
    return int(channel) if channel else None


def _shown(
    visit: Visit,
    *,
    status: int = 200,
    problem: Said | None = None,
    asked: dict[str, object] | None = None,
    token: tuple[int, dict[str, str]] | None = None,
) -> Response:
    telling = visit.telling
    with visit.house.store.read() as session:
        channels = [row for row in list_channels(session, visit.reader) if row.active]
        rows = [row for row in list_subscriptions(session, visit.reader) if row.active]
    by_number = {channel.id or 0: channel for channel in channels}
    return page(
        visit,
        "subscriptions.html",
        status=status,
        here=HERE,
        subscriptions=[subscription_shown(row, by_number, telling) for row in rows],
        channels=[(channel.id, channel_name(channel, telling)) for channel in channels],
        countries=sorted(((code, telling.country(code)) for code in CODES), key=lambda pair: pair[1]),
        kinds=kinds_of(CATEGORIES, telling),
        asked=asked or {"name": "", "countries": [], "categories": [], "least_level": 4, "channel": ""},
        token=token,
        problem=problem,
        flash=flash(visit),
    )
