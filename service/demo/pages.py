"""What the demonstration serves besides the desk: the outlets' feeds, the stories behind them, and the chat room."""

from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache, partial
from math import ceil
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from service.demo.feeds import edition
from service.demo.robots import TOKENS, Call
from service.demo.room import ChatRoom, outward
from service.demo.telling import Telling, in_print
from service.demo.world import World
from service.desk.house import House
from service.desk.subscriptions import feed_addresses
from service.errors import NotFound
from service.locale.accepted import LANGUAGES
from service.web.language import choose
from service.web.wishes import keep_wishes, read_wishes

PAGES = Path(__file__).parent / "pages"
FILES = ("chat.css", "chat.js", "chat.svg")
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
SHOWN = 150  # cards on the page; chat.json lists them all
MOST_BODY = 65_536
router = APIRouter(prefix="/demo")


@dataclass(frozen=True)
class Stage:
    """Where the story is played; `base` is the address that the demonstration is served at."""

    house: House
    world: World
    telling: Telling
    room: ChatRoom
    base: str
    feed_token: str

    @property
    def now(self) -> datetime:
        """The house's clock."""
        return self.house.clock()


def stage_of(request: Request) -> Stage:
    """The stage of the app that was asked."""
    found: Stage = request.app.state.stage
    return found


@router.get("/feeds/{name}")
def feed(request: Request, name: str) -> Response:
    """An outlet's feed, with validators."""
    stage = stage_of(request)
    outlet = stage.world.outlets.get(name)
    if outlet is None:
        raise NotFound(f"The demonstration has no outlet '{name}'.")
    made = edition(outlet, stage.telling, in_print(stage.world, stage.telling, name, stage.now), stage.base)
    headers = {"ETag": made.etag, "Last-Modified": format_datetime(made.modified, usegmt=True)}
    if _is_known(request, made.etag, made.modified):
        return Response(status_code=304, headers=headers)
    return Response(made.body, media_type=made.content_type, headers=headers)


def _is_known(request: Request, etag: str, modified: datetime) -> bool:
    """By If-None-Match; by If-Modified-Since only without it (RFC 9110, 13.2.2)."""
    asked = request.headers.get("if-none-match")
    if asked is not None:
        return etag in (part.strip().removeprefix("W/") for part in asked.split(","))
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return modified.replace(microsecond=0) <= since


@router.get("/story/{number}")
def story(request: Request, number: str) -> Response:
    """The page behind an item's link: the words, and that they are invented."""
    stage = stage_of(request)
    piece = stage.world.piece(number)
    standing = piece.version(stage.telling.elapsed(stage.now)) if piece is not None else None
    if piece is None or standing is None:
        raise NotFound(f"The demonstration has not told a story '{number}'.")
    return _page(
        request,
        "story.html",
        piece=piece,
        outlet=stage.world.outlets[piece.outlet],
        number=standing[0],
        version=standing[1],
        published=stage.telling.moment(piece.versions[0].at),
    )


@router.get("/chat")
def chat(request: Request, part: str = "") -> Response:
    """The chat room: the whole page, or with `part=cards` only its cards."""
    stage = stage_of(request)
    cards = stage.room.cards()
    return _page(
        request,
        "cards.html" if part == "cards" else "chat.html",
        cards=cards[:SHOWN],
        more=max(0, len(cards) - SHOWN),
        left=max(0, ceil((stage.telling.moment(stage.world.length) - stage.now).total_seconds() / 60)),
        feeds=feed_addresses(stage.base, stage.feed_token),
    )


@router.get("/chat.json")
def chat_json(request: Request) -> Response:
    """Every card that the room was sent, newest first."""
    return JSONResponse(
        {"items": [outward(card) for card in stage_of(request).room.cards()]}, headers={"Cache-Control": "no-store"}
    )


@router.post("/chat/hook/{kind}")
async def hook(request: Request, kind: str) -> Response:
    """Where the robots listen."""
    if kind not in TOKENS:
        raise NotFound(f"The chat room has no robots of the kind '{kind}'.")
    stage = stage_of(request)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY:
            return Response(status_code=413)
    headers = {name.lower(): value for name, value in request.headers.items()}
    call = Call(headers, dict(request.query_params), body, stage.now)
    reply = await run_in_threadpool(partial(stage.room.take, kind, call))
    return Response(reply.body, reply.status, media_type=reply.content_type)


@router.get("/{file}")
def page_file(file: str) -> Response:
    """Style and script of these pages."""
    if file not in FILES:
        raise NotFound("There is no such page of the demonstration.", "The chat room is at /demo/chat.")
    return FileResponse(PAGES / file, headers={"Cache-Control": "no-cache"})


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _page(request: Request, template: str, **values: Any) -> Response:
    stage = stage_of(request)
    wish, wishes = request.query_params.get("lang"), read_wishes(request.cookies)
    lang = choose(wish, wishes.language, request.headers.get("accept-language"))
    words = stage.house.catalogue
    html = (
        _templates()
        .get_template(template)
        .render(
            lang=lang,
            other=next(language for language in LANGUAGES if language != lang),
            t=partial(_say, stage, lang),
            country=lambda code: words.country(code, lang),
            roman=ROMAN,
            **values,
        )
    )
    response = HTMLResponse(html, headers={"Cache-Control": "no-store", "Vary": "Cookie, Accept-Language"})
    if wish in LANGUAGES:
        keep_wishes(response, request, replace(wishes, language=lang))
    return response


def _say(stage: Stage, lang: str, key: str, **values: Any) -> str:
    return stage.house.catalogue.say(f"demo.{key}", lang, **values)
