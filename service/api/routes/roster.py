"""/roster: who is on duty, who would answer, swaps, the file in force; and how an alert is pressed for an answer."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.responses import Response

from rules.level import Level
from rules.roster_check import Finding
from scoring.category import Category
from service.api.asked import Number, asks_nothing, known_country
from service.api.house import Reader, TheHouse, house_of
from service.api.problem import Fault, explain, faulty_text
from service.api.shapes.common import Listed
from service.api.shapes.roster import (
    AnsweringShape,
    CalendarShape,
    LapsedShape,
    OwnerCalendar,
    PressingShape,
    RosterChecked,
    RosterGiven,
    RosterShape,
    SwapGiven,
    SwapShape,
    answering_shape,
    finding_shape,
    lapsed_shape,
    pressing_shape,
    roster_shape,
    span_shape,
    swap_shape,
)
from service.desk.pressing import pressing
from service.desk.rosters import (
    FaultyRoster,
    GraveRoster,
    add_swap,
    calendar,
    cancel_swap,
    check_text,
    import_roster,
    morning,
    roster_in_force,
    who,
)
from service.errors import NotFound
from service.locale.accepted import preferred
from service.locale.finding import finding_text
from service.store.read_alerts import get_alert

router = APIRouter(tags=["roster"])


class CalendarAsked(BaseModel):
    """From when on, and how many days."""

    model_config = ConfigDict(extra="forbid")

    start: datetime | None = Field(None, description="With its zone; now if not given.")
    days: int = Field(14, ge=1, le=92)

    @field_validator("start")
    @classmethod
    def _aware(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("it has no zone; end it with Z or an offset")
        return value


class WhoAsked(BaseModel):
    """For which alert."""

    model_config = ConfigDict(extra="forbid")

    level: int = Field(ge=1, le=4, description="1 is the gravest.")
    country: str | None = Field(None, description="ISO 3166 alpha-2.")
    category: Category | None = None

    @field_validator("country")
    @classmethod
    def _country(cls, value: str | None) -> str | None:
        return known_country(value)


@router.get("/roster")
def shown(house: TheHouse, scope: Reader, asked: Annotated[CalendarAsked, Query()]) -> CalendarShape:
    """Who is on duty when; a span without a person is a gap."""
    start = asked.start or house.clock()
    found = calendar(house, scope, start, start + timedelta(days=asked.days))
    owners = [
        OwnerCalendar(owner=owner, zone=found.rosters.rosters[owner].zone, spans=[span_shape(one) for one in spans])
        for owner, spans in found.owners
    ]
    return CalendarShape(
        start=found.start,
        end=found.end,
        owners=owners,
        without=list(found.without),
        swaps=[swap_shape(row) for row in found.swaps],
    )


@router.get("/roster/who", name="who")
def would_answer(house: TheHouse, scope: Reader, asked: Annotated[WhoAsked, Query()]) -> AnsweringShape:
    """Who would answer for such an alert now, in the order in which they are asked."""
    kinds = [asked.category] if asked.category is not None else []
    return answering_shape(who(house, scope, asked.country or "", kinds, Level(asked.level)))


@router.get("/roster/file", dependencies=[Depends(asks_nothing)])
def file(house: TheHouse, scope: Reader) -> RosterShape:
    """The roster in force, as it is written."""
    found = roster_in_force(house, scope)
    if found is None:
        raise NotFound("There is no roster yet.", "Put one in force.")
    return roster_shape(found)


@router.put("/roster/file", dependencies=[Depends(asks_nothing)], response_model=RosterShape)
def put(request: Request, house: TheHouse, scope: Reader, given: RosterGiven) -> RosterShape | Response:
    """Put a roster in force. A faulty one is refused with its faults in `errors`, and the one in force stays."""
    try:
        return roster_shape(import_roster(house, scope, given.text, note=given.note)[0])
    except FaultyRoster as error:
        return faulty_text(request, error, error.faults)
    except GraveRoster as error:
        return explain(error, request, [_grave(one, request) for one in error.findings])


def _grave(one: Finding, request: Request) -> Fault:
    language = preferred(request.headers.get("accept-language", ""))
    return Fault(where="text", name=f"line {one.line}", detail=finding_text(one, house_of(request).catalogue, language))


@router.post("/roster/check", dependencies=[Depends(asks_nothing)], response_model=RosterChecked)
def check(request: Request, house: TheHouse, scope: Reader, given: RosterGiven) -> RosterChecked | Response:
    """Check a roster without putting it in force."""
    try:
        _, findings = check_text(house, scope, given.text, "roster.yaml")
    except FaultyRoster as error:
        return faulty_text(request, error, error.faults)
    return RosterChecked(findings=[finding_shape(one) for one in findings])


@router.post("/roster/swaps", status_code=201, dependencies=[Depends(asks_nothing)])
def swap(house: TheHouse, scope: Reader, given: SwapGiven) -> SwapShape:
    """Let somebody stand in for a while."""
    return swap_shape(add_swap(house, scope, **given.model_dump()))


@router.delete("/roster/swaps/{number}", status_code=204, dependencies=[Depends(asks_nothing)])
def unswap(house: TheHouse, scope: Reader, number: Number) -> None:
    """Take a swap back."""
    cancel_swap(house, scope, number)


@router.get("/roster/morning", dependencies=[Depends(asks_nothing)])
def morning_list(house: TheHouse, scope: Reader) -> Listed[LapsedShape]:
    """Alerts that nobody answered to the end of their escalation."""
    return Listed(items=[lapsed_shape(alert, row) for alert, row in morning(house, scope)])


@router.get("/alerts/{alert_id}/escalation", dependencies=[Depends(asks_nothing)])
def escalation(house: TheHouse, scope: Reader, alert_id: Number) -> PressingShape:
    """Who was told of an alert, who answered, and what comes next and when. The desk's own."""
    with house.store.read() as session:
        found = pressing(session, house, scope, get_alert(session, scope, alert_id))
    if found is None:
        raise NotFound(
            f"Alert {alert_id} has no escalation that you may see.", "It may belong to another organisation."
        )
    return pressing_shape(found)
