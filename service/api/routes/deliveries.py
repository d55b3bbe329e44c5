"""/deliveries: what was told to whom, whether it arrived, and what is held back."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from service.api.asked import DeliveriesAsked, NoticeNumber, asks_nothing
from service.api.house import Dispatcher, Reader, TheHouse
from service.api.shapes.common import Listed, listed
from service.api.shapes.delivery import (
    DeliveryShape,
    DeliveryWhole,
    LoadShape,
    LoadsShape,
    RetriedShape,
    attempt_shape,
    delivery_shape,
)
from service.desk.deliveries import retry_delivery, retry_like, send_held
from service.desk.interruptions import load_of_today
from service.store.read_alerts import attempts_of
from service.store.read_rest import get_notice, list_notices

router = APIRouter(prefix="/deliveries", tags=["deliveries"])


@router.get("", name="list")
def list_(house: TheHouse, scope: Reader, asked: Annotated[DeliveriesAsked, Query()]) -> Listed[DeliveryShape]:
    """Deliveries, the newest first; `state=dead` lists the dead letters."""
    with house.store.read() as session:
        page = list_notices(
            session, scope, state=asked.state, within=asked.within, limit=asked.limit, cursor=asked.cursor
        )
    return listed(page, lambda row: delivery_shape(*row))


@router.get("/load", dependencies=[Depends(asks_nothing)])
def load(house: TheHouse, scope: Reader) -> LoadsShape:
    """Who has been interrupted how often today, what is held for them, and what a day bears."""
    return LoadsShape(items=[LoadShape(**asdict(one)) for one in load_of_today(house, scope)])


@router.get("/{notice_id}", dependencies=[Depends(asks_nothing)])
def show(house: TheHouse, scope: Reader, notice_id: NoticeNumber) -> DeliveryWhole:
    """One delivery with every try."""
    with house.store.read() as session:
        notice = get_notice(session, scope, notice_id)
        tries = attempts_of(session, scope, [notice])
    return DeliveryWhole(
        **delivery_shape(notice).model_dump(), tries=[attempt_shape(one) for one in tries.get(notice.id, ())]
    )


@router.post("/{notice_id}/retry", dependencies=[Depends(asks_nothing)])
def retry(house: TheHouse, scope: Dispatcher, notice_id: NoticeNumber) -> DeliveryShape:
    """Send a dead letter again."""
    return delivery_shape(retry_delivery(house, scope, notice_id))


@router.post("/{notice_id}/retry/like", dependencies=[Depends(asks_nothing)])
def retry_all(house: TheHouse, scope: Dispatcher, notice_id: NoticeNumber) -> RetriedShape:
    """Send a dead letter and all of its channel and cause again, at most 500 at once."""
    return RetriedShape(count=retry_like(house, scope, notice_id))


@router.post("/{notice_id}/send", dependencies=[Depends(asks_nothing)])
def send(house: TheHouse, scope: Dispatcher, notice_id: NoticeNumber) -> DeliveryShape:
    """Send a held notice now, instead of in a digest."""
    return delivery_shape(send_held(house, scope, notice_id))
