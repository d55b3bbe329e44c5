"""Signing in and out, and the first account."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from service.auth.door import clear_session_cookie, cookie_form, session_token, set_session_cookie
from service.auth.invite import accept_invitation, find_invitation
from service.auth.sessions import DENIED, sign_in, sign_out
from service.desk.accounts import manners_of
from service.desk.start import is_first
from service.errors import Conflict, Invalid, Refused
from service.web.page import page
from service.web.said import said
from service.web.visit import Outside, local
from service.web.wishes import keep_wishes

router = APIRouter()
DIFFER = "The two passwords are not the same."


@router.get("/sign-in")
def ask_in(visit: Outside) -> Response:
    """The form; whoever is signed in goes straight on."""
    goal = local(visit.request.query_params.get("next"))
    if visit.scope is not None:
        return RedirectResponse(goal, 303)
    return page(visit, "sign_in.html", goal=goal, name="", problem=None)


@router.post("/sign-in")
def come_in(
    visit: Outside,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    goal: Annotated[str, Form()] = "/",
) -> Response:
    """Open a session."""
    house = visit.house
    try:
        cookie_form(visit.request, house.settings)  # an open line is refused before any password is looked at
        token = sign_in(house.store, name, password, house.clock())
    except Refused as error:
        key = "web.sign_in.denied" if error.what == DENIED else "web.sign_in.open_line"
        return page(
            visit,
            "sign_in.html",
            status=403,
            name=name,
            goal=local(goal),
            problem=said(visit, error, key),
            here="/sign-in",
        )
    response = RedirectResponse(local(goal), 303)
    set_session_cookie(response, visit.request, house.settings, token)
    language, zone = manners_of(house, token)
    had = visit.wishes
    keep_wishes(response, visit.request, replace(had, language=language or had.language, zone=zone or had.zone))
    return response


@router.post("/sign-out")
def go_out(visit: Outside) -> Response:
    """End the session."""
    house = visit.house
    token = session_token(visit.request, house.settings)
    if token is not None:
        sign_out(house.store, token, house.clock())
    response = RedirectResponse("/sign-in", 303)
    clear_session_cookie(response)
    return response


@router.get("/welcome/{token}")
def welcome(visit: Outside, token: str) -> Response:
    """The form of an invitation; NotFound when its link does not work any more."""
    find_invitation(visit.house.store, token, visit.now)
    return page(visit, "welcome.html", name="", problem=None)


@router.post("/welcome/{token}")
def join(
    visit: Outside,
    token: str,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Make the account and open its first session."""
    house = visit.house
    try:
        cookie_form(visit.request, house.settings)
        if password != again:
            raise Invalid(DIFFER)
        person = accept_invitation(house.store, token, name, password, house.clock())
    except (Refused, Invalid, Conflict) as error:
        return page(visit, "welcome.html", status=error.status, name=name, problem=said(visit, error, _why_not(error)))
    response = RedirectResponse("/start" if is_first(house, person) else "/", 303)
    set_session_cookie(response, visit.request, house.settings, sign_in(house.store, name, password, house.clock()))
    return response


def _why_not(error: Refused | Invalid | Conflict) -> str:
    if isinstance(error, Refused):
        return "web.sign_in.open_line"
    if isinstance(error, Conflict):
        return "web.welcome.taken"
    return "web.welcome.differ" if error.what == DIFFER else "web.welcome.weak"
