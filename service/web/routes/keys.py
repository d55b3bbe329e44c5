"""Keys of machines, and the organisations that people and keys belong to."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from service.auth.access import Permission, demand
from service.desk.accounts import members
from service.desk.keys import list_keys, make_key, revoke_key
from service.desk.people import add_organisation, change_organisation, list_organisations
from service.errors import Invalid, WatchfireError
from service.web.page import page
from service.web.routes.people import organisations_of, roles_of
from service.web.said import Said, flash, said
from service.web.shown.people import key_shown, organisation_shown
from service.web.visit import Inside, Number, Visit

router = APIRouter()
KEYS = "/people/keys"
ORGANISATIONS = "/people/organisations"
DAYS = ("30", "90", "365", "")
MARKS = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED")
Word = Annotated[str, Form()]


@router.get(KEYS)
def show_keys(visit: Inside) -> Response:
    """Every key, those that work first."""
    return _keys(visit)


@router.post(KEYS)
def make(visit: Inside, name: Word = "", role: Word = "", organisation: Word = "", days: Word = "") -> Response:
    """A key, shown in this answer and never again."""
    asked = {"name": name, "role": role, "organisation": organisation, "days": days}
    try:
        token = make_key(
            visit.house, visit.reader, name=name, role=role, organisation=organisation or None, lasts=_lasts(days)
        )[1]
    except WatchfireError as error:
        return _keys(visit, status=error.status, problem=said(visit, error), asked=asked)
    return _keys(visit, token=token)


@router.post(KEYS + "/{key_id}/revoke")
def revoke(visit: Inside, key_id: Number) -> Response:
    """A key opens nothing any more."""
    revoke_key(visit.house, visit.reader, key_id)
    return RedirectResponse(f"{KEYS}?done=key_revoked", 303)


def _lasts(days: str) -> timedelta | None:
    if not days:
        return None
    if not (days.isascii() and days.isdecimal() and len(days) < 6):
        raise Invalid(f"'{days[:20]}' is no number of days.", "Write it in digits.")
    return timedelta(days=int(days))


def _keys(
    visit: Visit,
    *,
    status: int = 200,
    problem: Said | None = None,
    asked: dict[str, str] | None = None,
    token: str = "",
) -> Response:
    rows = list_keys(visit.house, visit.reader)
    keys = [key_shown(row, organisation, visit.telling) for row, organisation in reversed(rows)]
    return page(
        visit,
        "people_keys.html",
        status=status,
        here=KEYS,
        living=[key for key in keys if key.state == "works"],
        past=[key for key in keys if key.state != "works"],
        roles=roles_of(visit),
        organisations=organisations_of(visit),
        lasting=DAYS,
        asked=asked or {"name": "", "role": "viewer", "organisation": "", "days": "365"},
        token=token,
        example=f"{visit.house.public_url.rstrip('/')}/api/v1/alerts",
        problem=problem,
        flash=flash(visit),
    )


@router.get(ORGANISATIONS)
def show_organisations(visit: Inside) -> Response:
    """The desk's own, and those that it serves."""
    return _organisations(visit)


@router.post(ORGANISATIONS)
def add(visit: Inside, key: Word = "", name: Word = "", clearance: Word = "") -> Response:
    """One more that is served."""
    asked = {"key": key, "name": name, "clearance": clearance}
    try:
        add_organisation(visit.house, visit.reader, key.strip().lower(), name, clearance or "TLP:GREEN")
    except WatchfireError as error:
        return _organisations(visit, status=error.status, problem=said(visit, error), asked=asked)
    return RedirectResponse(f"{ORGANISATIONS}?done=organisation_added", 303)


@router.post(ORGANISATIONS + "/{key}")
def change(visit: Inside, key: str, name: Word = "", clearance: Word = "") -> Response:
    """Another name, or another clearance."""
    try:
        change_organisation(visit.house, visit.reader, key, name, clearance)
    except WatchfireError as error:
        return _organisations(visit, status=error.status, problem=said(visit, error))
    return RedirectResponse(f"{ORGANISATIONS}?done=organisation_changed", 303)


def _organisations(
    visit: Visit, *, status: int = 200, problem: Said | None = None, asked: dict[str, str] | None = None
) -> Response:
    demand(visit.reader, Permission.ORGANISATIONS)
    counts = members(visit.house, visit.reader)
    rows = list_organisations(visit.house, visit.reader)
    return page(
        visit,
        "organisations.html",
        status=status,
        here=ORGANISATIONS,
        organisations=[organisation_shown(row, counts, visit.telling) for row in rows],
        marks=[(mark, visit.say(f"people.mark.{mark.removeprefix('TLP:').replace('+', '-')}")) for mark in MARKS],
        asked=asked or {"key": "", "name": "", "clearance": "TLP:GREEN"},
        problem=problem,
        flash=flash(visit),
    )
