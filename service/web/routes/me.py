"""One's own page: what one may do, the password, and where one is signed in."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from service.auth.access import Permission, permissions_of
from service.auth.door import session_token
from service.desk.accounts import WRONG, account, change_manners, change_password, sign_out_everywhere
from service.errors import Invalid, WatchfireError
from service.web.page import page
from service.web.routes.wishes import mine
from service.web.said import Said, flash, said
from service.web.shown.people import account_shown
from service.web.visit import Inside, Visit
from service.web.wishes import keep_wishes

router = APIRouter()
HERE = "/me"
DIFFER = "The two passwords are not the same."
Word = Annotated[str, Form()]


@router.get(HERE)
def show_me(visit: Inside) -> Response:
    """Who one is."""
    return _shown(visit)


@router.post(HERE + "/password")
def set_password(visit: Inside, current: Word = "", password: Word = "", again: Word = "") -> Response:
    """Another password. Other sessions end; this one goes on."""
    try:
        if password != again:
            raise Invalid(DIFFER)
        token = session_token(visit.request, visit.house.settings)
        change_password(visit.house, visit.reader, current, password, token)
    except WatchfireError as error:
        return _shown(visit, status=error.status, problem=said(visit, error, _why(error)), about="password")
    return RedirectResponse(f"{HERE}?done=password", 303)


@router.post(HERE + "/manners")
def set_manners(visit: Inside, language: Word = "", zone: Word = "") -> Response:
    """Language and time zone: kept with the account, and in this browser at once."""
    try:
        row = change_manners(visit.house, visit.reader, language, zone)
    except WatchfireError as error:
        return _shown(visit, status=error.status, problem=said(visit, error))
    response = RedirectResponse(f"{HERE}?done=manners", 303)
    keep_wishes(response, visit.request, replace(visit.wishes, language=row.locale or "", zone=row.zone or ""))
    return response


@router.post(HERE + "/sessions")
def end_others(visit: Inside) -> Response:
    """Sign out everywhere, here too."""
    if visit.reader.person_id is not None:
        sign_out_everywhere(visit.house, visit.reader, visit.reader.person_id)
    return RedirectResponse("/sign-in", 303)


def _why(error: WatchfireError) -> str | None:
    if error.what == DIFFER:
        return "people.differ"
    if error.what == WRONG:
        return "people.wrong_password"
    return "people.weak" if isinstance(error, Invalid) else None


def _shown(
    visit: Visit,
    *,
    status: int = 200,
    problem: Said | None = None,
    about: str = "",
) -> Response:
    scope = visit.reader
    held = account(visit.house, scope, scope.person_id) if scope.person_id is not None else None
    granted = permissions_of(scope)
    return page(
        visit,
        "me.html",
        status=status,
        here=HERE,
        held=account_shown(held, visit.telling, scope.person_id) if held is not None else None,
        may_do=[visit.say(f"people.may.{permission.value}") for permission in Permission if permission in granted],
        mine=mine(visit),
        about=about,
        problem=problem,
        flash=flash(visit),
    )
