"""The plans in force, and what is done about an alert by them."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from rules.level import Level
from service.desk.plans import read_plans
from service.desk.responses import act_on, plan_called, put_beside
from service.errors import NotFound
from service.store.responses import uses_of
from service.web.page import page
from service.web.shown.plan import plan_row, plan_shown
from service.web.visit import Inside, Number, Visit, local

router = APIRouter()
HERE = "/plans"


@router.get(HERE)
def show_plans(visit: Inside) -> Response:
    """Every plan, those for particular events apart from the general ones."""
    plans, uses = read_plans(visit.house.settings), _uses(visit)
    rows = [plan_row(plan, plans, uses, visit.telling) for plan in plans.plans]
    exact = visit.telling.words.exact_span
    waits = {name: exact(plans.remind[level], visit.lang) for name, level in zip(_NAMES, Level, strict=True)}
    return page(visit, "plans.html", here=HERE, rows=rows, version=plans.version, waits=waits)


@router.get(HERE + "/{key}")
def show_plan(visit: Inside, key: str) -> Response:
    """One plan, made to be printed."""
    uses = _uses(visit)
    plan, plans = plan_called(visit.house, key), read_plans(visit.house.settings)
    return page(visit, "plan.html", plan=plan_shown(plan, plans, uses, visit.telling), version=plans.version)


@router.post("/alerts/{alert_id}/response/steps/{step_id}")
def act_on_step(
    visit: Inside,
    alert_id: Number,
    step_id: Number,
    act: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
) -> Response:
    """Start, finish, skip, reopen or hand over a step; back to where it stands."""
    act_on(visit.house, visit.reader, alert_id, step_id, act, text)
    return RedirectResponse(_back(back, alert_id, f"step_{act}", f"step-{step_id}"), 303)


@router.post("/alerts/{alert_id}/response/plans")
def add_plan(
    visit: Inside, alert_id: Number, plan: Annotated[str, Form()] = "", back: Annotated[str, Form()] = ""
) -> Response:
    """Put another plan beside those at work."""
    put_beside(visit.house, visit.reader, alert_id, plan)
    return RedirectResponse(_back(back, alert_id, "plan_added", "response"), 303)


_NAMES = ("one", "two", "three", "four")


def _uses(visit: Visit) -> dict[str, int]:
    if not visit.reader.home:
        raise NotFound("There is no such page.")
    with visit.house.store.read() as session:
        return uses_of(session, visit.reader)


def _back(back: str, alert_id: int, done: str, anchor: str) -> str:
    path = local(back, f"/alerts/{alert_id}").partition("#")[0]
    return f"{path}{'&' if '?' in path else '?'}done={done}#{anchor}"
