"""/postures: places in crisis and what that changes; entering, prolonging, leaving; the situation room of a place."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from service.api.asked import asks_nothing
from service.api.house import Reader, TheHouse
from service.api.shapes.posture import (
    CrisisShape,
    LeaveGiven,
    PostureGiven,
    PostureShape,
    PosturesShape,
    ProlongGiven,
    RoomShape,
    crisis_shape,
    posture_shape,
    room_shape,
)
from service.api.shapes.situation_report import ReportGiven, SituationReportShape, report_shape
from service.desk.postures import (
    crises,
    crisis_of,
    enter_posture,
    leave_posture,
    past_postures,
    prolong_posture,
)
from service.desk.situation_reports import send_situation_report, situation_reports
from service.desk.situation_room import room_of

router = APIRouter(tags=["postures"], dependencies=[Depends(asks_nothing)])
Place = Annotated[str, Path(pattern=r"^[A-Za-z-]{2,40}$", description="ISO 3166 alpha-2, or the key of a region.")]


@router.get("/postures")
def postures(house: TheHouse, scope: Reader) -> PosturesShape:
    """What is in force where, and what was. Every other place is in normal life."""
    return PosturesShape(
        in_force=[crisis_shape(one) for one in crises(house, scope)],
        past=[posture_shape(row) for row in past_postures(house, scope)],
    )


@router.post("/postures", status_code=201, name="enter_posture")
def enter(house: TheHouse, scope: Reader, given: PostureGiven) -> CrisisShape:
    """Put a place into crisis. A 409 when it is in one already: prolong that."""
    row = enter_posture(house, scope, given.place, given.reason, given.until)
    return crisis_shape(crisis_of(house, scope, row.place))


@router.get("/postures/{place}", name="posture")
def one(house: TheHouse, scope: Reader, place: Place) -> CrisisShape:
    """The crisis of a place; a 404 in normal life."""
    return crisis_shape(crisis_of(house, scope, place))


@router.post("/postures/{place}/prolong", name="prolong_posture")
def prolong(house: TheHouse, scope: Reader, place: Place, given: ProlongGiven) -> CrisisShape:
    """Give a crisis another return date."""
    prolong_posture(house, scope, place, given.until, given.reason)
    return crisis_shape(crisis_of(house, scope, place))


@router.post("/postures/{place}/leave", name="leave_posture")
def leave(house: TheHouse, scope: Reader, place: Place, given: LeaveGiven) -> PostureShape:
    """Back to normal, with a closing note. A 409 while a level-1 alert of the place is open."""
    return posture_shape(leave_posture(house, scope, place, given.note))


@router.get("/postures/{place}/reports", name="posture_reports")
def reports(house: TheHouse, scope: Reader, place: Place) -> list[SituationReportShape]:
    """The last situation reports on the crisis of a place, the newest first; a 404 in normal life."""
    return [report_shape(row) for row in situation_reports(house, scope, place)]


@router.post("/postures/{place}/reports", status_code=201, name="send_posture_report")
def send_report(house: TheHouse, scope: Reader, place: Place, given: ReportGiven) -> SituationReportShape:
    """Send the situation report: the next one is counted from it. A 404 in normal life."""
    return report_shape(send_situation_report(house, scope, place, given.text))


@router.get("/postures/{place}/room", name="situation_room")
def room(house: TheHouse, scope: Reader, place: Place) -> RoomShape:
    """What is going on in a place: alerts, steps at work, reports, who answers, and what was done."""
    return room_shape(room_of(house, scope, place))
