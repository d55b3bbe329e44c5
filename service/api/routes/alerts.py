"""/alerts: the list, one with all that belongs to it, and what people do to it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from service.api.asked import AlertsAsked, Number, asks_nothing
from service.api.house import Reader, TheHouse
from service.api.kept import listed_alerts
from service.api.shapes.alert import (
    AlertShape,
    AlertWhole,
    alert_shape,
    duty_shape,
    history_shape,
    hits_of,
    otherwise_of,
    quiet_of,
    report_shape,
)
from service.api.shapes.common import Listed
from service.api.shapes.delivery import delivery_shape
from service.desk.alerts import act_on
from service.desk.house import House
from service.squeezing import takes_gzip
from service.store.quiet import holding
from service.store.read_alerts import (
    AlertFilter,
    duties_of,
    get_alert,
    history_of,
    notices_of,
    reports_of,
)
from service.store.scope import Scope
from service.store.tables import Alert
from service.store.translations import of_entries, of_titles

router = APIRouter(prefix="/alerts", tags=["alerts"])
Step = Literal["acknowledge", "respond", "resolve", "dismiss"]


class StepGiven(BaseModel):
    """Why; a dismissal needs `false_alarm`, `duplicate` or `out_of_scope`, with words behind a colon if wanted."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field("", max_length=500)


@router.get("", name="list", response_model=Listed[AlertShape])
async def list_(request: Request, house: TheHouse, scope: Reader, asked: Annotated[AlertsAsked, Query()]) -> Response:
    """Alerts, the newest change first."""
    category = asked.category.value if asked.category is not None else None
    levels, countries = (tuple(sorted({*given})) for given in (asked.level, asked.country))
    wanted = AlertFilter(levels, asked.state, countries, category, changed_since=asked.changed_since)
    small = takes_gzip(request.headers.get("accept-encoding", ""))
    body = await listed_alerts(house, scope, wanted, limit=asked.limit, cursor=asked.cursor, small=small)
    headers = {"Vary": "Accept-Encoding"} | ({"Content-Encoding": "gzip"} if small else {})
    return Response(body, media_type="application/json", headers=headers)


@router.get("/{alert_id}", dependencies=[Depends(asks_nothing)])
def show(house: TheHouse, scope: Reader, alert_id: Number) -> AlertWhole:
    """One alert with its reports, duties, history and notices, as far as the reader may see them."""
    with house.store.read() as session:
        return _whole(session, house, scope, get_alert(session, scope, alert_id))


def _whole(session: Session, house: House, scope: Scope, alert: Alert) -> AlertWhole:
    lines = reports_of(session, scope, alert)
    made = of_entries(session, scope, [line.entry.id or 0 for line in lines])
    title = of_titles(session, scope, [alert.title]).get(alert.title)
    return AlertWhole(
        **alert_shape(alert, scope, house.catalogue, title).model_dump(),
        reports=[report_shape(line, house.catalogue, made.get(line.entry.id or 0)) for line in lines],
        duties=[duty_shape(duty) for duty in duties_of(session, scope, alert)],
        history=[history_shape(line) for line in history_of(session, scope, alert)],
        notices=[delivery_shape(notice) for notice in notices_of(session, scope, alert)],
        exposure=hits_of(alert, scope),
        counterfactuals=otherwise_of(alert, scope, house.catalogue),
        quiet=quiet_of(holding(session, [alert.id or 0], house.clock()).get(alert.id or 0), alert, scope),
    )


@router.post("/{alert_id}/{step}", dependencies=[Depends(asks_nothing)])
def act(
    house: TheHouse, scope: Reader, alert_id: Number, step: Step, given: Annotated[StepGiven | None, Body()] = None
) -> AlertShape:
    """Acknowledge, respond to, resolve or dismiss an alert; the same step again changes nothing."""
    alert = act_on(house, scope, alert_id, step, given.reason if given is not None else "")
    with house.store.read() as session:
        made = of_titles(session, scope, [alert.title])
    return alert_shape(alert, scope, house.catalogue, made.get(alert.title))
