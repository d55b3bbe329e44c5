"""Pages: templates filled in, whole or one block of them, with the frame that stands around every page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2_fragments import render_block
from sqlmodel import Session
from starlette.responses import HTMLResponse
from starlette.routing import Match

from rules.level import Level
from service.auth.access import Permission, allows, permissions_of
from service.desk.postures import places_in_crisis
from service.desk.start import Start, may_start, read_start
from service.locale.accepted import LANGUAGES
from service.locale.retold import retold
from service.notify.text import visible
from service.store.comments import unread_mentions
from service.store.guidelines import count_waiting
from service.store.log import last_line
from service.store.read_triage import Heard, PlaceCount, count_dead, count_open, heard
from service.store.stage import is_staged
from service.store.tables import PostureRow
from service.web.assets import asset
from service.web.language import OWN_NAMES
from service.web.nav import Nav, nav_of
from service.web.shown.posture import Mark, marks_of
from service.web.shown.times import Moment
from service.web.triage_aside import ViewShown, places_now, views
from service.web.visit import Visit
from service.web.wishes import keep_wishes

TEMPLATES = Path(__file__).parent / "templates"
PLACES_SHOWN = 12
CHAT = "/demo/chat"  # the pretend chat room, where there is one
PATIENCE = timedelta(minutes=5)
TRIAGE_WORDS = (
    *("done.snooze", "done.hand", "done.merge", "done.bulk", "chosen.one", "chosen.other", "here.one", "here.other"),
    *("here.joint", "nothing_unseen", "originals", "translations", "no_label", "no_event", "no_alert", "no_owner"),
)
# What scripts say by themselves; everything else comes ready from the server.
SCRIPT_WORDS = (
    "web.time.now",
    "web.time.past.minute",
    "web.time.past.hour",
    "web.time.past.day",
    "web.time.age.minute",
    "web.time.age.hour",
    "web.time.age.day",
    "web.time.future.minute",
    "web.time.future.hour",
    "web.time.future.day",
    "web.time.span.minute",
    "web.time.span.hour",
    "web.time.span.day",
    "web.deadline.left",
    "web.deadline.over",
    "web.deadline.now",
    "report_room.left",
    "report_room.over",
    "report_room.now",
    "web.live.new.one",
    "web.live.new.other",
    "web.live.lost",
    "web.live.back",
    "web.act.failed",
    "web.act.undo",
    "web.act.undone",
    "web.act.nothing_undone",
    "web.act.offline",
    "web.act.done.acknowledge",
    "web.act.done.respond",
    "web.act.done.resolve",
    "web.act.done.dismiss",
    "web.state.acknowledged",
    "web.state.responding",
    "web.state.resolved",
    "web.state.dismissed",
    "web.keys.none",
    "web.copied",
    *(f"web.check.{word}" for word in ("missing", "short", "early", "late", "number", "again", "after", "form")),
    *(f"web.level.{level}" for level in (1, 2, 3, 4)),
    "learning.saved",
    "learning.kept",
    "learning.undone",
    "comments.js.sent",
    "comments.js.kept",
    *(f"triage.js.{word}" for word in TRIAGE_WORDS),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A country with live alerts, in the rail."""

    code: str
    name: str
    level: int
    roman: str
    count: int


@dataclass(frozen=True, slots=True)
class Silence:
    """Why the picture may be old: no source at all, none that ever answered, or none since a time."""

    kind: str
    since: Moment | None


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page for somebody who is signed in. `line` is the log's, for going on live from here."""

    places: tuple[Place, ...]
    dead: int
    open: int
    late: int
    active: int
    silence: Silence | None
    may: frozenset[str]
    chat: bool
    nav: Nav
    line: int = 0
    start: Start | None = None  # of the guided start how far it is, for whom it is
    staged: bool = False  # whether the demonstration is on this real desk
    crises: int = 0  # how many places are in crisis
    views: tuple[ViewShown, ...] = ()
    unread: int = 0  # mentions of the reader in comments
    waiting: int = 0  # changes of the guideline to decide on, or decided on and not yet seen


@cache
def environment() -> Environment:
    """The templates: everything is escaped, and a name that is missing is an error and not an empty text.

    Nothing that is put into them holds a character that hides or turns text, whoever forgot to clean it before.
    """
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: visible(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    made.globals.update(asset=asset, own_names=OWN_NAMES)
    return made


def page(visit: Visit, template: str, block: str | None = None, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A whole page, or one block of it as a fragment."""
    context: dict[str, Any] = {**_common(visit), **values}
    if block is not None:
        html = render_block(environment(), template, block, **context)
    else:
        context["frame"] = frame(visit) if visit.scope is not None else None
        context["words"] = {key: visit.house.catalogue.texts(visit.lang).get(key, key) for key in SCRIPT_WORDS}
        html = environment().get_template(template).render(**context)
    return _answer(visit, html, status)


def fragment(visit: Visit, template: str, **values: Any) -> HTMLResponse:
    """A template that is a fragment by itself, such as one row."""
    context: dict[str, Any] = {**_common(visit), **values}
    return _answer(visit, environment().get_template(template).render(**context), 200)


def _common(visit: Visit) -> dict[str, Any]:
    return {
        "visit": visit,
        "lang": visit.lang,
        "gap": "" if visit.lang == "zh" else " ",  # behind a sentence or a colon: Chinese marks bring their own
        "demo": visit.house.demo,
        "t": sayer(visit),
        "tn": visit.count,
        "here": visit.here(),
        "crises_in": partial(crises_in, visit),
        "retold": partial(retold, visit.house.catalogue, lang=visit.lang),
    }


def sayer(visit: Visit) -> Callable[..., str]:
    """`visit.say` by a shorter way: a list of fifty alerts says more than a thousand things."""
    texts, say = visit.house.catalogue.texts(visit.lang), visit.say

    def t(key: str, **values: Any) -> str:
        text = texts.get(key) if not values else None
        return text if text is not None else say(key, **values)

    return t


def crises_in(visit: Visit, countries: Sequence[str]) -> tuple[Mark, ...]:
    """The crises in some of these countries; nothing for who is not of the desk. Asked by banners only."""
    with visit.house.store.read() as session:
        return marks_of(_crises(visit, session), countries, visit.telling)


def _crises(visit: Visit, session: Session) -> tuple[PostureRow, ...]:
    """Asked once a request, for the rail and for banners beside it."""
    held: tuple[PostureRow, ...] | None = getattr(visit.request.state, "crises", None)
    if held is None:
        visit.request.state.crises = held = places_in_crisis(session, visit.reader)
    return held


def _answer(visit: Visit, html: str, status: int) -> HTMLResponse:
    response = HTMLResponse(html, status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Vary"] = "HX-Request, HX-Target, Cookie, Accept-Language"
    response.headers["Content-Language"] = visit.lang
    if visit.request.query_params.get("lang") in LANGUAGES:
        keep_wishes(response, visit.request, replace(visit.wishes, language=visit.lang))
    return response


def frame(visit: Visit) -> Frame:
    """What the rail and the banner show."""
    scope = visit.reader
    with visit.house.store.read() as session:
        line = last_line(session)  # first: what happens meanwhile is rather told twice than never
        return replace(
            _moving(visit, session),
            line=line,
            start=read_start(session) if may_start(scope) else None,
            staged=scope.home and is_staged(session),
            crises=len(_crises(visit, session)),
            views=tuple(views(visit, session)),
            unread=unread_mentions(session, scope),
            waiting=count_waiting(session, scope, approves=allows(scope, Permission.RULES)) if scope.home else 0,
        )


def moving(visit: Visit) -> Frame:
    """What of it moves while a page stands, for fragments that are asked for again and again; the rest is left out."""
    with visit.house.store.read() as session:
        return _moving(visit, session)


def _moving(visit: Visit, session: Session) -> Frame:
    scope = visit.reader
    listening = heard(session, scope)
    waiting, late = count_open(session, scope, visit.now)
    may = frozenset(permission.value for permission in permissions_of(scope))
    return Frame(
        places=tuple(_place(visit, place) for place in places_now(visit, session)[:PLACES_SHOWN]),
        dead=count_dead(session, scope),
        open=waiting,
        late=late,
        active=listening.active if listening is not None else 0,
        silence=silence(visit, listening) if listening is not None else None,
        may=may,
        chat=visit.house.demo and _is_served(visit, CHAT),
        nav=nav_of(visit.here(), home=scope.home, may=may),
    )


def _is_served(visit: Visit, path: str) -> bool:
    asked = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    return any(route.matches(asked)[0] is Match.FULL for route in visit.request.app.routes)


def _place(visit: Visit, place: PlaceCount) -> Place:
    name = visit.telling.country(place.country)
    return Place(place.country, name, place.level, Level(place.level).roman, place.count)


def silence(visit: Visit, listening: Heard) -> Silence | None:
    """What to say when nothing has been heard: a quiet list must never look like a quiet world."""
    if listening.active == 0:
        return Silence("none", None)
    if listening.last is None:
        return Silence("never", None)
    if visit.now - listening.last > 2 * listening.shortest + PATIENCE:
        return Silence("since", visit.telling.moment(listening.last))
    return None
