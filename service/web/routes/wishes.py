"""How the desk looks and speaks up in this browser: its own small page, and the choice of a theme on every page."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from service.desk.start import may_start
from service.web.language import COOKIE, LANGUAGES, YEAR
from service.web.page import page
from service.web.said import flash
from service.web.visit import DENSITY, Inside, Outside, Visit, local
from service.web.wishes import LEVELS, THEMES, Wishes, cookies_of, read_wishes, zones

router = APIRouter()
HERE = "/me/desk"


@router.get(HERE)
def show_wishes(visit: Inside) -> Response:
    """The page."""
    return page(
        visit,
        "wishes.html",
        here=HERE,
        zones=zones(),
        themes=THEMES,
        levels=LEVELS,
        start_here=may_start(visit.reader),
        flash=flash(visit),
    )


@router.post(HERE)
def set_wishes(
    visit: Inside,
    language: Annotated[str, Form()] = "",
    zone: Annotated[str, Form()] = "",
    theme: Annotated[str, Form()] = "",
    density: Annotated[str, Form()] = "",
    sound: Annotated[str, Form()] = "",
    bell: Annotated[str, Form()] = "",
) -> Response:
    """Keep what the form says."""
    asked = dict(zip(cookies_of(Wishes()), (theme, zone, sound, bell), strict=True))
    response = RedirectResponse(f"{HERE}?done=wishes", 303)
    keep(response, visit, read_wishes(asked))
    response.set_cookie(DENSITY, "compact" if density == "compact" else "roomy", max_age=YEAR, path="/", samesite="lax")
    if language in LANGUAGES:
        response.set_cookie(COOKIE, language, max_age=YEAR, path="/", samesite="lax")
    return response


@router.post("/me/theme")
def set_theme(visit: Outside, theme: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "/") -> Response:
    """Choose a theme, before the door as well, and go back to where one was."""
    response = RedirectResponse(local(back), 303)
    keep(response, visit, replace(visit.wishes, theme=theme if theme in THEMES else "system"))
    return response


def keep(response: Response, visit: Visit, wishes: Wishes) -> None:
    """Put wishes into the browser's cookies."""
    secure = visit.request.url.scheme == "https"
    for name, value in cookies_of(wishes).items():
        if value:
            response.set_cookie(name, value, max_age=YEAR, path="/", samesite="lax", secure=secure)
        else:
            response.delete_cookie(name, path="/", samesite="lax", secure=secure)
