"""How the desk speaks, looks and speaks up for a reader: one small page, and the choice of a theme on every page.

Language and zone are kept with the account of who has one, and go into this browser at once; all else, and everything
of who has no account of their own, is kept in this browser.
"""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from service.desk.accounts import change_manners, somebody
from service.desk.start import may_start
from service.desk.times import zones
from service.web.language import OWN_NAMES
from service.web.page import page
from service.web.said import flash
from service.web.visit import Inside, Outside, Visit, local
from service.web.wishes import BELL, DENSITY, LANGUAGE, SOUND, THEME, THEMES, ZONE, Wishes, keep_wishes, read_wishes

router = APIRouter()
HERE = "/me/desk"


@dataclass(frozen=True, slots=True)
class Mine:
    """The language and zone that the reader chose, "" for what the browser has, and whether an account keeps them.

    `otherwise` is what this browser was set to instead, for itself.
    """

    language: str
    zone: str
    account: bool
    otherwise: str = ""


@router.get(HERE)
def show_wishes(visit: Inside) -> Response:
    """The page."""
    return page(
        visit,
        "wishes.html",
        here=HERE,
        mine=mine(visit),
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
    wishes = read_wishes(asked)
    keep_with_account(visit, wishes)
    response = RedirectResponse(f"{HERE}?done={'manners' if has_account(visit) else 'wishes'}", 303)
    keep_wishes(response, visit.request, wishes)
    return response


def has_account(visit: Visit) -> bool:
    """Whether the reader has an account of their own; visitors of a demonstration share one, and change it not."""
    return visit.reader.person_id is not None and not visit.house.demo


def keep_with_account(visit: Visit, wishes: Wishes) -> None:
    """Language and zone, for who has an account to keep them with."""
    if has_account(visit):
        change_manners(visit.house, visit.reader, wishes.language, wishes.zone)


def mine(visit: Visit) -> Mine:
    """What the reader chose, wherever it is kept."""
    had = visit.wishes
    if not has_account(visit) or visit.reader.person_id is None:
        return Mine(had.language, had.zone, account=False)
    person = somebody(visit.house, visit.reader, visit.reader.person_id)
    language, zone = person.locale or had.language, person.zone or had.zone
    otherwise = [OWN_NAMES[had.language]] if had.language and had.language != language else []
    otherwise += [had.zone.replace("_", " ")] if had.zone and had.zone != zone else []
    return Mine(language, zone, account=True, otherwise=visit.say("web.joint.list").join(otherwise))


@router.post("/me/theme")
def set_theme(visit: Outside, theme: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "/") -> Response:
    """Choose a theme, before the door as well, and go back to where one was."""
    response = RedirectResponse(local(back), 303)
    keep_wishes(response, visit.request, replace(visit.wishes, theme=theme if theme in THEMES else "system"))
    return response
