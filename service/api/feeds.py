"""/feeds: a subscription as Atom and as JSON Feed, for whoever holds its token."""

import hashlib
from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from service.api.asked import Nothing
from service.api.digest import Digest, digest_of
from service.api.feed_forms import as_atom, as_json_feed
from service.api.house import house_of
from service.api.problem import explain, plain_problem
from service.auth.access import feed_scope
from service.auth.origin import demand_local
from service.auth.tokens import hash_token, is_token
from service.desk.house import House
from service.errors import WatchfireError
from service.store.people import home_organisation
from service.store.shares import shared_alerts, subscription_of_feed

router = APIRouter()
SHOWN = 50
BOTH = ["GET", "HEAD"]


class FeedAsked(Nothing):
    """In which language the feed speaks; titles of reports stay in theirs."""

    lang: Literal["zh", "en"] = "zh"


@router.api_route("/feeds/{token}/atom.xml", methods=BOTH, include_in_schema=False)
def atom(request: Request, token: str, asked: Annotated[FeedAsked, Query()]) -> Response:
    """Atom, RFC 4287."""
    address = f"feeds/{token}/atom.xml?lang={asked.lang}"
    return _answer(request, token, asked.lang, lambda digest: as_atom(digest, address), "application/atom+xml")


@router.api_route("/feeds/{token}/feed.json", methods=BOTH, include_in_schema=False)
def json_feed(request: Request, token: str, asked: Annotated[FeedAsked, Query()]) -> Response:
    """JSON Feed 1.1."""
    address = f"feeds/{token}/feed.json?lang={asked.lang}"
    return _answer(request, token, asked.lang, lambda digest: as_json_feed(digest, address), "application/feed+json")


def _answer(request: Request, token: str, lang: str, form: Callable[[Digest], bytes], media: str) -> Response:
    house = house_of(request)
    try:
        if house.demo:
            demand_local(request)
        digest = _read(house, token, lang)
    except WatchfireError as error:
        return explain(error, request)
    if digest is None:
        return plain_problem(request, 404)
    body = form(digest)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    # Readers may keep it, whoever stands between may not: the address is the key.
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=f"{media}; charset=utf-8", headers=headers)


def _read(house: House, token: str, lang: str) -> Digest | None:
    with house.store.read() as session:
        found = subscription_of_feed(session, hash_token(token)) if is_token(token) else None
        if found is None:
            return None
        subscription, organisation = found
        alerts = shared_alerts(session, feed_scope(subscription, organisation), subscription.id or 0, SHOWN)
        return digest_of(home_organisation(session), subscription, alerts, house.catalogue, lang, house.public_url)
