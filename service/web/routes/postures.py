"""Postures: what is in force, entering, prolonging and leaving; and the situation room of a place."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Path
from starlette.responses import RedirectResponse, Response

from service.auth.access import Permission, allows
from service.desk.postures import crises, enter_posture, leave_posture, past_postures, prolong_posture
from service.desk.situation_reports import may_report, send_situation_report
from service.desk.situation_room import room_of
from service.desk.times import end_of_day, is_day, utc_time
from service.errors import Conflict, WatchfireError
from service.web.page import page
from service.web.said import Said, flash, said
from service.web.shown.posture import crisis_shown, default_day, past_shown, places
from service.web.shown.situation_reports import rhythm_shown
from service.web.shown.situation_room import room_shown
from service.web.visit import Inside, Visit

router = APIRouter()
HERE = "/postures"
Place = Annotated[str, Path(pattern=r"^[A-Za-z-]{2,40}$")]


@router.get(HERE)
def show_postures(visit: Inside) -> Response:
    """What is in force where, since when, by whom, why, until when, and what changes because of it."""
    return _shown(visit)


@router.post(HERE)
def enter(
    visit: Inside,
    place: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    until: Annotated[str, Form()] = "",
) -> Response:
    """Put a place into crisis."""
    try:
        enter_posture(visit.house, visit.reader, place, reason, _end_of(until))
    except WatchfireError as error:
        return _shown(visit, error, {"place": place, "reason": reason, "until": until})
    return RedirectResponse(f"{HERE}?done=posture_entered", 303)


@router.post(HERE + "/{place}/prolong")
def prolong(
    visit: Inside, place: Place, reason: Annotated[str, Form()] = "", until: Annotated[str, Form()] = ""
) -> Response:
    """Give a crisis another return date."""
    try:
        prolong_posture(visit.house, visit.reader, place, _end_of(until), reason)
    except WatchfireError as error:
        return _shown(visit, error, {"at": place, "reason": reason, "until": until, "deed": "prolong"})
    return RedirectResponse(f"{HERE}?done=posture_prolonged", 303)


@router.post(HERE + "/{place}/leave")
def leave(visit: Inside, place: Place, note: Annotated[str, Form()] = "") -> Response:
    """Back to normal."""
    try:
        leave_posture(visit.house, visit.reader, place, note)
    except WatchfireError as error:
        return _shown(visit, error, {"at": place, "note": note, "deed": "leave"})
    return RedirectResponse(f"{HERE}?done=posture_left", 303)


@router.get(HERE + "/{place}")
def to_room(visit: Inside, place: Place) -> Response:
    """Where a notice leads."""
    return RedirectResponse(f"{HERE}/{place}/room", 303)


@router.get(HERE + "/{place}/room")
def show_room(visit: Inside, place: Place) -> Response:
    """The situation room of a place."""
    return _room(visit, place)


@router.post(HERE + "/{place}/report")
def report(visit: Inside, place: Place, text: Annotated[str, Form()] = "") -> Response:
    """Send the situation report; what was typed is kept when it cannot be."""
    try:
        send_situation_report(visit.house, visit.reader, place, text)
    except WatchfireError as error:
        return _room(visit, place, error, text)
    return RedirectResponse(f"{HERE}/{place}/room?done=report_sent#report", 303)


def _room(visit: Visit, place: str, error: WatchfireError | None = None, typed: str = "") -> Response:
    found = room_of(visit.house, visit.reader, place)
    return page(
        visit,
        "room.html",
        "room" if visit.fragment == "room" else None,
        status=error.status if error is not None else 200,
        here=HERE,
        room=room_shown(found, visit.telling),
        rhythm=rhythm_shown(found.crisis, visit.telling) if found.crisis is not None else None,
        may=_may(visit),
        may_report=may_report(visit.reader),
        typed=typed,
        problem=_said(visit, error),
        flash=flash(visit),
    )


def _may(visit: Visit) -> bool:
    return allows(visit.reader, Permission.POSTURE)


def _end_of(day: str) -> datetime:
    """The end of a day in UTC; a time with its zone is taken as it is."""
    found = utc_time(day.strip(), "The return date is missing or no date.", "Give a day.")
    return end_of_day(found) if is_day(day.strip()) else found.astimezone(UTC)


def _shown(visit: Visit, error: WatchfireError | None = None, asked: dict[str, str] | None = None) -> Response:
    regions, countries = places(visit.telling)
    wish = visit.request.query_params.get("place", "")
    return page(
        visit,
        "postures.html",
        status=error.status if error is not None else 200,
        here=HERE,
        crises=[crisis_shown(one, visit.telling) for one in crises(visit.house, visit.reader)],
        past=[past_shown(one, visit.telling) for one in past_postures(visit.house, visit.reader)],
        regions=regions,
        countries=countries,
        may=_may(visit),
        asked={
            "place": wish,
            "reason": "",
            "until": default_day(visit.now),
            "at": "",
            "note": "",
            "deed": "",
            **(asked or {}),
        },
        least=(visit.now + timedelta(days=1)).date().isoformat(),
        problem=_said(visit, error),
        flash=flash(visit),
    )


def _said(visit: Visit, error: WatchfireError | None) -> Said | None:
    if error is None:
        return None
    return said(visit, error, "posture.kept_red" if isinstance(error, Conflict) and "level-1" in str(error) else None)
