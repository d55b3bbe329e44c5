"""One event: how it was told, and what a person says of it over the machine."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.responses import RedirectResponse, Response

from service.auth.access import may_act
from service.desk.comments import read_mentions
from service.desk.event_view import event_view
from service.desk.events import merge_events, move_entries, split_event
from service.errors import Invalid, NotFound, WatchfireError
from service.notify.text import clean
from service.store.about_event import alerts_about
from service.store.pages import LARGEST
from service.store.read_alerts import live_like
from service.store.read_rest import get_event
from service.store.rulings import followed, owners_on
from service.web.event_detail import event_beside, event_talk, readable_of
from service.web.page import fragment, page
from service.web.said import Said, flash, said
from service.web.shown.event import event_shown
from service.web.visit import Inside, Number, Visit

router = APIRouter()
HERE = "/events"
LIKELY = 20  # events that are offered to merge into


@router.get("/events/{event_id}")
def show(visit: Inside, event_id: Number, passed: Annotated[int, Query(ge=0, le=LARGEST)] = 0) -> Response:
    """The event's page; one that was merged leads to where its reports are now."""
    with visit.house.store.read() as session:
        there = followed(session, event_id) if visit.reader.home else event_id
    if there != event_id:
        return RedirectResponse(f"/events/{there}", 303)
    return _page(visit, event_id, passed=passed)


@router.get("/events/{event_id}/comments")
def comments(visit: Inside, event_id: Number) -> Response:
    """What was said about its alerts, for open pages; by itself it is the event's page."""
    if not visit.fragment:
        return RedirectResponse(f"/events/{event_id}#comments", 303)
    with visit.house.store.read() as session:
        get_event(session, visit.reader, event_id)
        alerts = [one.id or 0 for one in readable_of(visit, alerts_about(session, visit.reader, event_id))]
        talk = event_talk(visit, session, alerts)
    read_mentions(visit.house, visit.reader, alerts)
    values: dict[str, Any] = {"talk": talk, "alert_id": alerts[0] if alerts else 0, "back": f"/events/{event_id}"}
    return fragment(visit, "comment_list.html", **values)


@router.post("/events/{event_id}/{deed}")
def change(
    visit: Inside,
    event_id: Number,
    deed: str,
    entries: Annotated[list[int] | None, Form()] = None,
    into: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    passed: Annotated[int, Form(ge=0, le=LARGEST)] = 0,
) -> Response:
    """Merge, split or move; on to the event that the reports are in now."""
    if deed not in ("merge", "split", "move"):
        raise NotFound("There is no such page.")
    try:
        there = _done(visit, event_id, deed, entries or [], into, reason)
    except WatchfireError as error:
        if error.status not in (404, 422):
            raise
        kept: dict[str, Any] = {"into": into, "reason": reason, "chosen": entries or [], "passed": passed}
        return _page(visit, event_id, said(visit, error), **kept)
    return RedirectResponse(f"/events/{there}?done={deed}", 303)


def _done(visit: Visit, event_id: int, deed: str, entries: list[int], into: str, reason: str) -> int:
    if deed == "split":
        return split_event(visit.house, visit.reader, event_id, entries, reason)
    number = into.strip().lstrip("#")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Invalid(visit.say("joining.which"), visit.say("joining.which.advice"))
    if deed == "merge":
        return merge_events(visit.house, visit.reader, event_id, int(number), reason)
    return move_entries(visit.house, visit.reader, event_id, entries, int(number), reason)


def _page(
    visit: Visit, event_id: int, problem: Said | None = None, *, into: str = "", reason: str = "",
    chosen: list[int] | None = None, passed: int = 0,
) -> Response:  # fmt: skip
    with visit.house.store.read() as session:
        view = event_view(session, visit.reader, event_id, visit.house.catalogue)
        may = visit.reader.home and may_act(visit.reader, owners_on(session, visit.reader, event_id))
        beside = event_beside(visit, session, view)
        like = live_like(session, visit.reader, view.event) if may else []
    read_mentions(visit.house, visit.reader, beside.talk_alerts)
    return page(
        visit,
        "event.html",
        status=422 if problem else 200,
        here=HERE,
        event=event_shown(view, visit.telling, passed),
        beside=beside,
        likely={one.event_id: clean(one.title) for one in like[:LIKELY]},
        may=may,
        problem=problem,
        into=into,
        reason=reason,
        chosen=chosen or [],
        flash=flash(visit),
    )
