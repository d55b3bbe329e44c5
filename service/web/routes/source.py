"""One source: everything about it, and what is done to it."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from service.desk.source_change import change_source, look_now, remove_source
from service.desk.sources import pause_source, resume_source
from service.errors import NotFound, WatchfireError
from service.store.read_rest import get_source
from service.store.read_sources import newest_of
from service.web.page import page
from service.web.said import Said, flash, said
from service.web.shown.source import source_page
from service.web.visit import Inside, Number, Visit, local

router = APIRouter()
HERE = "/sources"
PAUSES = (1, 8, 24, 168)  # hours that are offered
LONGEST = 10 * 365 * 24


@router.get(HERE + "/{source_id}")
def show_source(visit: Inside, source_id: Number) -> Response:
    """Everything about one source. A subscriber has no such page."""
    return _shown(visit, source_id)


@router.post(HERE + "/{source_id}")
def change(
    visit: Inside,
    source_id: Number,
    name: Annotated[str, Form()] = "",
    interval: Annotated[str, Form()] = "",
    reliability: Annotated[str, Form()] = "",
    zone: Annotated[str, Form()] = "",
    critical: Annotated[str, Form()] = "",
) -> Response:
    """Change what the form shows."""
    asked = {"name": name, "interval": interval, "reliability": reliability, "zone": zone}
    fields = {key: text.strip() for key, text in asked.items()} | {"critical": "true" if critical else "false"}
    try:
        change_source(visit.house, visit.reader, source_id, fields)
    except WatchfireError as error:
        return _shown(visit, source_id, status=error.status, problem=said(visit, error), asked=fields)
    return RedirectResponse(f"{HERE}/{source_id}?done=source_changed", 303)


@router.post(HERE + "/{source_id}/access")
def access(
    visit: Inside,
    source_id: Number,
    proxy: Annotated[str, Form()] = "",
    user: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    header: Annotated[str, Form()] = "",
    value: Annotated[str, Form()] = "",
    forget: Annotated[str, Form()] = "",
) -> Response:
    """Set how it is reached, or forget it. What is left empty stays as it is, and nothing that was typed comes back."""
    given = {"proxy": proxy.strip()} if proxy.strip() or forget == "proxy" else {}
    pairs = {"user": user.strip(), "password": password, "header": header.strip(), "value": value.strip()}
    given |= pairs if any(pairs.values()) or forget == "credentials" else {}
    try:
        change_source(visit.house, visit.reader, source_id, given)
    except WatchfireError as error:
        return _shown(visit, source_id, status=error.status, problem=said(visit, error))
    return RedirectResponse(f"{HERE}/{source_id}?done=source_changed", 303)


@router.post(HERE + "/{source_id}/look")
def look(visit: Inside, source_id: Number) -> Response:
    """Have it looked at by the next worker that is free."""
    try:
        look_now(visit.house, visit.reader, source_id)
    except WatchfireError as error:
        return _shown(visit, source_id, status=error.status, problem=said(visit, error))
    return RedirectResponse(f"{HERE}/{source_id}?done=source_look", 303)


@router.post(HERE + "/{source_id}/pause")
def pause(
    visit: Inside,
    source_id: Number,
    hours: Annotated[int, Form(ge=0, le=LONGEST)] = 0,
    back: Annotated[str, Form()] = "",
) -> Response:
    """Look at it no more for so many hours; 0 until somebody resumes it."""
    until = visit.now + timedelta(hours=hours) if hours else None
    pause_source(visit.house, visit.reader, source_id, until)
    return RedirectResponse(f"{local(back, HERE)}?done=source_paused", 303)


@router.post(HERE + "/{source_id}/resume")
def resume(visit: Inside, source_id: Number, back: Annotated[str, Form()] = "") -> Response:
    """Look at it again, now."""
    resume_source(visit.house, visit.reader, source_id)
    return RedirectResponse(f"{local(back, HERE)}?done=source_resumed", 303)


@router.post(HERE + "/{source_id}/remove")
def remove(visit: Inside, source_id: Number) -> Response:
    """Watch it no more."""
    remove_source(visit.house, visit.reader, source_id)
    return RedirectResponse(f"{HERE}?done=source_removed", 303)


def _shown(
    visit: Visit,
    source_id: int,
    *,
    status: int = 200,
    problem: Said | None = None,
    asked: dict[str, str] | None = None,
) -> Response:
    if not visit.reader.home:
        raise NotFound("There is no such page.")
    with visit.house.store.read() as session:
        row = get_source(session, visit.reader, source_id)
        newest = newest_of(session, visit.reader, source_id)
        shown = source_page(row, newest, visit.telling)
    current = {
        "name": row.name,
        "interval": str(row.interval_s),
        "reliability": row.reliability,
        "zone": row.zone or "",
        "critical": "true" if row.critical else "false",
    }
    return page(
        visit,
        "source.html",
        status=status,
        here=HERE,
        open=shown,
        asked=asked or current,
        pauses=PAUSES,
        problem=problem,
        flash=flash(visit),
    )
