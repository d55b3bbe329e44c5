"""The alert list, one alert, and what is done to it."""

from operator import itemgetter
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from service.desk.alerts import act_on
from service.desk.comments import read_mentions
from service.desk.views import look_at
from service.errors import Conflict, NotFound
from service.record.act import DISMISS_REASONS, STEPS
from service.web.alert_detail import detail
from service.web.filters import SINCE, Filters, read_filters
from service.web.page import fragment, moving, page
from service.web.triage import listing, one_row, tally
from service.web.triage_aside import groups, here_now
from service.web.visit import Inside, Number, Visit, local

router = APIRouter()


@router.get("/")
def show_list(visit: Inside) -> Response:
    """The list; with `cursor`, what follows further down."""
    query = visit.request.query_params
    if visit.fragment == "overview":
        return fragment(visit, "overview.html", frame=moving(visit))
    if visit.fragment == "levels":
        return fragment(visit, "pulse.html", list=tally(visit, read_filters(query.multi_items())), frame=moving(visit))
    if visit.fragment == "facets":
        filters = read_filters(query.multi_items())
        return fragment(visit, "facets.html", groups=groups(visit, filters), filters=filters)
    shown = listing(visit, read_filters(query.multi_items()), query.get("cursor"))
    block = {"list": "list", "older": "more"}.get(visit.fragment)
    return page(visit, "triage.html", block, list=shown, open=None, **_given(visit, shown.filters))


@router.get("/alerts/{alert_id}")
def show_alert(visit: Inside, alert_id: Number) -> Response:
    """One alert, beside the list it was opened from."""
    opened = detail(visit, alert_id)
    read_mentions(visit.house, visit.reader, [alert_id])
    look_at(visit.house, visit.reader, alert_id, opened.changed_at)
    query = visit.request.query_params
    if visit.fragment == "detail":
        return page(
            visit,
            "triage.html",
            "detail",
            open=opened,
            list=None,
            filters=read_filters(query.multi_items()),
            reasons=DISMISS_REASONS,
            here_too=here_now(visit, alert_id),
        )
    shown = listing(visit, read_filters(query.multi_items()), query.get("cursor"))
    given = _given(visit, shown.filters)
    here_too = here_now(visit, alert_id)
    return page(visit, "triage.html", list=shown, open=opened, filters=shown.filters, here_too=here_too, **given)


def _given(visit: Visit, filters: Filters) -> dict[str, Any]:
    """What the list needs besides its rows."""
    return {
        "reasons": DISMISS_REASONS,
        "times": SINCE,
        "groups": groups(visit, filters) if filters.facets else (),
        "owners": sorted(((key, visit.telling.owner(key) or key) for key in visit.telling.owners), key=itemgetter(1)),
    }


@router.get("/alerts/{alert_id}/row")
def show_row(visit: Inside, alert_id: Number) -> Response:
    """One row, for a list that is open elsewhere."""
    filters = read_filters(visit.request.query_params.multi_items())
    if not visit.fragment:
        return RedirectResponse(filters.href(f"/alerts/{alert_id}"), 303)
    return fragment(visit, "row_alone.html", row=one_row(visit, alert_id), filters=filters, chosen=None)


@router.post("/alerts/{alert_id}/{step}")
def take_step(
    visit: Inside,
    alert_id: Number,
    step: str,
    reason: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
) -> Response:
    """Acknowledge, respond, resolve or dismiss; back to where it was done."""
    if step not in STEPS:
        raise NotFound("There is no such page.")
    said = f"{reason}: {note}" if reason and note.strip() else reason or note
    try:
        act_on(visit.house, visit.reader, alert_id, step, said)
    except Conflict as error:
        state = one_row(visit, alert_id).state_name
        raise Conflict(visit.say("web.act.conflict", state=state)) from error
    if visit.fragment:
        return Response(status_code=204)
    return RedirectResponse(local(back, f"/alerts/{alert_id}"), 303)
