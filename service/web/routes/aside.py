"""Putting alerts aside, handing them over, many at once, saved views, who is here, and the search page."""

from collections.abc import Callable
from functools import partial
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Form
from starlette.responses import JSONResponse, RedirectResponse, Response

from service.desk.alerts import act_on
from service.desk.aside import each, hand_alert, snooze_alert, until_of, wake_alert
from service.desk.owners import known_owner
from service.desk.search import find
from service.desk.views import be_at, forget_view, keep_view
from service.errors import Invalid
from service.record.act import STEPS
from service.web.filters import read_filters
from service.web.page import page
from service.web.said import said
from service.web.shown.outside import outside
from service.web.triage import shown_rows
from service.web.visit import Inside, Number, Visit, address, local

router = APIRouter()
Text = Annotated[str, Form()]


@router.post("/alerts/bulk")
def do_to_many(
    visit: Inside,
    step: Text,
    ids: Annotated[list[int] | None, Form()] = None,
    reason: Text = "",
    note: Text = "",
    until: Text = "",
    time: Text = "",
    owner: Text = "",
    back: Text = "",
) -> Response:
    """One thing to many alerts; what could not be done is told, and the rest is done."""
    why = f"{reason}: {note}" if reason and note.strip() else reason or note
    outcome = each(ids or [], _deed(visit, step, why, time or until, owner))
    if visit.fragment:
        failed = {number: said(visit, error).text for number, error in outcome.failed.items()}
        told = visit.say("triage.bulk.some", done=len(outcome.done), failed=len(failed)) if failed else ""
        return JSONResponse({"done": list(outcome.done), "failed": failed, "said": told})
    return RedirectResponse(local(back, "/"), 303)


def _deed(visit: Visit, step: str, why: str, until: str, owner: str) -> Callable[[int], object]:
    house, reader = visit.house, visit.reader
    if step in STEPS:
        return lambda number: act_on(house, reader, number, step, why)
    if step == "snooze":
        till = until_of(until, visit.now)
        return lambda number: snooze_alert(house, reader, number, till, why)
    if step == "wake":
        return partial(wake_alert, house, reader)
    if step == "hand":
        key = known_owner(house.settings, owner)
        return lambda number: hand_alert(house, reader, number, key, why)
    raise Invalid(visit.say("triage.bulk.which"))


@router.post("/alerts/{alert_id}/snooze")
def snooze(
    visit: Inside, alert_id: Number, until: Text = "", time: Text = "", note: Text = "", back: Text = ""
) -> Response:
    """Put one aside until a time, or for minutes."""
    snooze_alert(visit.house, visit.reader, alert_id, until_of(time or until, visit.now), note)
    return _back(visit, back, alert_id)


@router.post("/alerts/{alert_id}/wake")
def wake(visit: Inside, alert_id: Number, back: Text = "") -> Response:
    """Bring one back."""
    wake_alert(visit.house, visit.reader, alert_id)
    return _back(visit, back, alert_id)


@router.post("/alerts/{alert_id}/hand")
def hand(visit: Inside, alert_id: Number, owner: Text = "", note: Text = "", back: Text = "") -> Response:
    """Make somebody else accountable."""
    hand_alert(visit.house, visit.reader, alert_id, known_owner(visit.house.settings, owner), note)
    return _back(visit, back, alert_id)


@router.post("/views")
def save(visit: Inside, name: Text = "", query: Text = "", shared: Text = "") -> Response:
    """Keep the filters of a list under a name. Only what filters know is kept of the query."""
    wanted = read_filters(_pairs(query))
    kept = address("", wanted.opened(False).query()).removeprefix("?")
    keep_view(visit.house, visit.reader, name, kept, shared=bool(shared))
    return RedirectResponse(wanted.opened(False).href(), 303)


@router.post("/views/{view_id}/remove")
def remove(visit: Inside, view_id: Number, back: Text = "") -> Response:
    """Forget a view."""
    forget_view(visit.house, visit.reader, view_id)
    return RedirectResponse(local(back, "/"), 303)


@router.post("/presence")
def presence(visit: Inside, alert: Text = "") -> Response:
    """A sign of somebody: which alert they have before them, none where it names none."""
    number = int(alert) if alert.isascii() and alert.isdigit() and len(alert) < 10 else None
    be_at(visit.house, visit.reader, number)
    return Response(status_code=204)


@router.get("/search")
def search(visit: Inside) -> Response:
    """Alerts in any state and reports that hold all the words."""
    words = " ".join(visit.request.query_params.get("q", "")[:200].split())
    filters = read_filters([("q", words), ("state", "all")])
    if not words:
        return page(visit, "search.html", here="/search", asked="", rows=(), reports=(), filters=filters, more=False)
    found = find(visit.house, visit.reader, words, limit=20)
    with visit.house.store.read() as session:
        rows = shown_rows(visit, session, found.alerts.items)
    told = visit.telling
    reports = [
        (outside(entry.title, entry.language), told.source(source.name), told.surely(entry.first_seen_at), event)
        for entry, source, event in found.reports
    ]
    return page(
        visit, "search.html", here="/search", asked=words, rows=rows, reports=reports, filters=filters,
        more=found.alerts.next is not None,
    )  # fmt: skip


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query[:2000].partition("?")[2] or query[:2000].lstrip("/?"))


def _back(visit: Visit, back: str, alert_id: int) -> Response:
    if visit.fragment:
        return Response(status_code=204)
    return RedirectResponse(local(back, f"/alerts/{alert_id}"), 303)
