"""What the pages of the guided start share: the line of steps around each, and where each leads."""

from typing import Any

from starlette.responses import RedirectResponse, Response

from service.desk.start import STEPS, Start, demand_starter, start_of
from service.errors import WatchfireError
from service.web.page import page
from service.web.said import Said, flash, said
from service.web.shown.start import steps_shown
from service.web.visit import Visit

HERE = "/start"


def step_page(visit: Visit, step: str, error: WatchfireError | None = None, **values: Any) -> Response:
    """One step, with the line of all of them above it."""
    demand_starter(visit.reader)
    start: Start = start_of(visit.house)
    problem: Said | None = said(visit, error) if error is not None else None
    values["failed"] = values.get("failed", "")
    status = error.status if error is not None else 422 if values["failed"] else 200
    return page(
        visit,
        f"start_{step}.html",
        "live" if visit.fragment == "start-live" else None,
        status=status,
        here=f"{HERE}/{step}",
        start=start,
        step=step,
        steps=steps_shown(start, step, visit.telling),
        back=_before(step),
        problem=problem,
        flash=flash(visit),
        **values,
    )


def _before(step: str) -> str:
    place = (*STEPS, "first").index(step)
    return f"{HERE}/{STEPS[place - 1]}" if place else ""


def after(step: str) -> Response:
    """On to the next step."""
    following = (*STEPS, "first")[STEPS.index(step) + 1]
    return RedirectResponse(f"{HERE}/{following}", 303)
