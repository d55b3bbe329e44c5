"""/guideline: what is in force, checking a text, versions on their way, and why an alert is graded as it is."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Request
from starlette.responses import Response

from rules.document import DocumentError
from rules.guideline import parse_guideline
from rules.schema import guideline_schema
from service.api.asked import Number, asks_nothing
from service.api.house import Reader, RuleMaker, TheHouse
from service.api.problem import faulty_text, told_fault
from service.api.shapes.guideline import (
    ApprovalGiven,
    CheckShape,
    GuidelineShape,
    ProposalGiven,
    ReasonGiven,
    SinceGiven,
    TextGiven,
    VersionShape,
    VersionsShape,
    faults_shape,
    guideline_shape,
    version_shape,
)
from service.desk.backtest import backtest_values
from service.desk.explain import explain_alert
from service.desk.guideline import approve, in_force, propose, roll_back, try_version, turn_down
from service.errors import Invalid
from service.lanes import slow
from service.store.guidelines import clause_matches, list_versions

router = APIRouter(tags=["guideline"])
PLAIN = [Depends(asks_nothing)]


@router.get("/guideline", dependencies=PLAIN)
def guideline(house: TheHouse, scope: Reader) -> GuidelineShape:
    """The guideline in force with its text, and when each clause last matched."""
    found = in_force(house, scope)
    with house.store.read() as session:
        matched = clause_matches(session, scope)
    return guideline_shape(found, matched)


@router.get("/guideline/schema", dependencies=PLAIN)
def schema(_scope: Reader) -> dict[str, Any]:
    """The JSON Schema of the guideline file."""
    return guideline_schema()


@router.post("/guideline/check", dependencies=PLAIN)
def check(request: Request, _scope: RuleMaker, given: TextGiven) -> CheckShape:
    """Every fault of a text, with line and advice; nothing is kept."""
    try:
        return CheckShape(ok=True, version=parse_guideline(given.text, "guideline").version, faults=[])
    except DocumentError as error:
        return CheckShape(ok=False, version=None, faults=faults_shape(error, partial(told_fault, request)))


@router.get("/guideline/versions", dependencies=PLAIN)
def versions(house: TheHouse, scope: Reader) -> VersionsShape:
    """Every version that was proposed here."""
    number = in_force(house, scope).number
    with house.store.read() as session:
        rows = list_versions(session, scope)
    return VersionsShape(in_force=number, items=[version_shape(row) for row in rows])


@router.post("/guideline/versions", status_code=201, dependencies=PLAIN, response_model=VersionShape)
def propose_version(
    request: Request, house: TheHouse, scope: RuleMaker, given: ProposalGiven
) -> VersionShape | Response:
    """Propose a text. One with faults is a 422 that names the first, and up to twenty in `errors`."""
    try:
        return version_shape(propose(house, scope, given.text, given.note))
    except DocumentError as error:
        refused = Invalid(f"The guideline has {len(error.every)} faults, the first: {error}", "Correct them.")
        return faulty_text(request, refused, error.every)


@router.post("/guideline/versions/{number}/backtest", dependencies=PLAIN)
@slow
def backtest(
    house: TheHouse, scope: RuleMaker, number: Number, given: Annotated[SinceGiven | None, Body()] = None
) -> dict[str, Any]:
    """Tell stored history again under this version, against the one in force."""
    return backtest_values(try_version(house, scope, number, given.since if given is not None else None))


@router.post("/guideline/versions/{number}/approve", dependencies=PLAIN)
def approve_version(
    house: TheHouse, scope: RuleMaker, number: Number, given: Annotated[ApprovalGiven | None, Body()] = None
) -> VersionShape:
    """Approve a proposal of somebody else, for now or for a later time."""
    return version_shape(approve(house, scope, number, given.effective_at if given is not None else None))


@router.post("/guideline/versions/{number}/reject", dependencies=PLAIN)
def reject_version(house: TheHouse, scope: RuleMaker, number: Number, given: ReasonGiven) -> VersionShape:
    """Reject a proposal; withdraw it when it is one's own."""
    return version_shape(turn_down(house, scope, number, given.reason))


@router.post("/guideline/versions/{number}/rollback", dependencies=PLAIN)
def rollback(house: TheHouse, scope: RuleMaker, number: Number, given: ReasonGiven) -> VersionShape:
    """Take up at once an earlier version that was in force."""
    return version_shape(roll_back(house, scope, number, given.reason))


@router.get("/alerts/{alert_id}/explanation", dependencies=PLAIN)
def explanation(house: TheHouse, scope: Reader, alert_id: Number) -> dict[str, Any]:
    """Why an alert is graded as it is, and for each other clause why not by that one."""
    return explain_alert(house, scope, alert_id).values()
