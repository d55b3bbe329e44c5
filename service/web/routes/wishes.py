"""How the desk looks and speaks up in this browser: its own small page, and the choice of a theme on every page."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from service.desk.start import may_start
from service.desk.times import zones
from service.web.page import page
from service.web.said import flash
from service.web.visit import Inside, Outside, local
from service.web.wishes import BELL, DENSITY, LANGUAGE, SOUND, THEME, THEMES, ZONE, keep_wishes, read_wishes

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
    asked = {LANGUAGE: language, ZONE: zone, THEME: theme, DENSITY: density, SOUND: sound, BELL: bell}
    response = RedirectResponse(f"{HERE}?done=wishes", 303)
    keep_wishes(response, visit.request, read_wishes(asked))
    return response


@router.post("/me/theme")
def set_theme(visit: Outside, theme: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "/") -> Response:
    """Choose a theme, before the door as well, and go back to where one was."""
    response = RedirectResponse(local(back), 303)
    keep_wishes(response, visit.request, replace(visit.wishes, theme=theme if theme in THEMES else "system"))
    return response
