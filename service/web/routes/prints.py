"""Alerts and events for paper."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from service.desk.event_view import event_view
from service.web.alert_detail import detail
from service.web.event_detail import event_beside
from service.web.page import page
from service.web.shown.event import ALL, event_shown
from service.web.visit import Inside, Number, Visit

router = APIRouter()


@router.get("/alerts/{alert_id}/print")
def alert(visit: Inside, alert_id: Number) -> Response:
    """One alert with everything that its reader may see."""
    return _paper(visit, "alert_print.html", f"/alerts/{alert_id}", open=detail(visit, alert_id))


@router.get("/events/{event_id}/print")
def event(visit: Inside, event_id: Number) -> Response:
    """One event: how it was told, its alerts and what was said."""
    with visit.house.store.read() as session:
        view = event_view(session, visit.reader, event_id, visit.house.catalogue)
        beside = event_beside(visit, session, view)
    shown = event_shown(view, visit.telling, most=ALL)
    return _paper(visit, "event_print.html", f"/events/{event_id}", event=shown, beside=beside)


def _paper(visit: Visit, template: str, path: str, **values: Any) -> Response:
    address = f"{visit.house.public_url.rstrip('/')}{path}"
    return page(visit, template, printed=visit.telling.surely(visit.now), address=address, **values)
