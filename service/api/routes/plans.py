"""/plans and /alerts/{id}/response: the plans in force, what works by them, and what people do to its steps."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Depends, Path
from pydantic import BaseModel, ConfigDict, Field

from service.api.asked import Number, asks_nothing
from service.api.house import Reader, TheHouse
from service.api.shapes.common import Listed
from service.api.shapes.response import (
    PlanShape,
    PlanWhole,
    ResponseShape,
    StepShape,
    plan_shape,
    plan_whole,
    response_shape,
    step_shape,
)
from service.desk.house import House
from service.desk.plans import read_plans
from service.desk.responses import act_on, plan_called, put_beside
from service.errors import NotFound
from service.store.read_alerts import get_alert
from service.store.responses import read_response, response_log, uses_of
from service.store.scope import Scope

router = APIRouter(tags=["plans"])
Act = Literal["start", "done", "skip", "reopen", "hand"]
PlanKey = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,60}$")]


class ActGiven(BaseModel):
    """The result of a finished step, the reason of a skipped one, the key of the owner that one is handed to."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field("", max_length=1000)


class PlanGiven(BaseModel):
    """The plan whose steps are to stand beside those at work."""

    model_config = ConfigDict(extra="forbid")

    plan: str = Field(max_length=60)


@router.get("/plans", name="list", dependencies=[Depends(asks_nothing)])
def list_(house: TheHouse, scope: Reader) -> Listed[PlanShape]:
    """The plans in force, in the order of the file; only for the desk."""
    _demand_home(scope)
    plans = read_plans(house.settings)
    with house.store.read() as session:
        uses = uses_of(session, scope)
    return Listed(items=[plan_shape(plan, plans, uses) for plan in plans.plans])


@router.get("/plans/{plan_key}", name="show", dependencies=[Depends(asks_nothing)])
def show(house: TheHouse, scope: Reader, plan_key: PlanKey) -> PlanWhole:
    """One plan with its steps."""
    _demand_home(scope)
    plan = plan_called(house, plan_key)
    with house.store.read() as session:
        uses = uses_of(session, scope)
    return plan_whole(plan, read_plans(house.settings), uses)


@router.get("/alerts/{alert_id}/response", name="response", dependencies=[Depends(asks_nothing)])
def show_response(house: TheHouse, scope: Reader, alert_id: Number) -> ResponseShape:
    """The response to an alert; only the desk's own people see it."""
    return _response(house, scope, alert_id)


@router.post("/alerts/{alert_id}/response/plans", name="add", dependencies=[Depends(asks_nothing)])
def add(house: TheHouse, scope: Reader, alert_id: Number, given: Annotated[PlanGiven, Body()]) -> ResponseShape:
    """Put another plan's steps beside those at work."""
    put_beside(house, scope, alert_id, given.plan)
    return _response(house, scope, alert_id)


@router.post("/alerts/{alert_id}/response/steps/{step_id}/{act}", name="step", dependencies=[Depends(asks_nothing)])
def step(
    house: TheHouse,
    scope: Reader,
    alert_id: Number,
    step_id: Number,
    act: Act,
    given: Annotated[ActGiven | None, Body()] = None,
) -> StepShape:
    """Start, finish (with its result), skip (with a reason), reopen or hand over a step."""
    found = act_on(house, scope, alert_id, step_id, act, given.text if given is not None else "")
    return step_shape(found, house.clock())


def _response(house: House, scope: Scope, alert_id: int) -> ResponseShape:
    with house.store.read() as session:
        alert = get_alert(session, scope, alert_id)
        found = read_response(session, scope, alert)
        if found is None:
            raise NotFound(f"No plan is at work on alert {alert_id}.", "`watchfire response add` starts one.")
        return response_shape(*found, response_log(session, scope, alert), house.clock())


def _demand_home(scope: Scope) -> None:
    if not scope.home:
        raise NotFound("There are no plans.", "They are the desk's own.")
