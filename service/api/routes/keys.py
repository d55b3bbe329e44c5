"""/keys: what machines come in with. For administrators; a subscriber's sees the own organisation's."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from service.api.asked import KeysAsked, Number, asks_nothing
from service.api.house import KeyKeeper, TheHouse
from service.api.shapes.common import Listed, listed
from service.api.shapes.staff import KeyGiven, KeyMade, KeyShape, key_shape
from service.desk.keys import make_key, one_key, page_through_keys, revoke_key

router = APIRouter(prefix="/keys", tags=["keys"])
ONCE = [Depends(asks_nothing)]


@router.get("", name="list")
def list_(house: TheHouse, scope: KeyKeeper, asked: Annotated[KeysAsked, Query()]) -> Listed[KeyShape]:
    """Keys in the order in which they were made, revoked and expired ones included; their secrets are not kept."""
    now = house.clock()
    page = page_through_keys(
        house, scope, working=asked.works, organisation=asked.organisation, limit=asked.limit, cursor=asked.cursor
    )
    return listed(page, lambda pair: key_shape(*pair, now))


@router.post("", status_code=201, dependencies=ONCE)
def make(house: TheHouse, scope: KeyKeeper, given: KeyGiven) -> KeyMade:
    """A new key; its token is answered this once."""
    lasts = timedelta(days=given.days) if given.days is not None else None
    row, token = make_key(house, scope, name=given.name, role=given.role, organisation=given.organisation, lasts=lasts)
    return KeyMade(**show(house, scope, row.id or 0).model_dump(), token=token)


@router.get("/{key_id}", dependencies=ONCE)
def show(house: TheHouse, scope: KeyKeeper, key_id: Number) -> KeyShape:
    """One key."""
    return key_shape(*one_key(house, scope, key_id), house.clock())


@router.post("/{key_id}/revoke", dependencies=ONCE)
def revoke(house: TheHouse, scope: KeyKeeper, key_id: Number) -> KeyShape:
    """A key opens nothing any more, at once; doing it twice changes nothing."""
    revoke_key(house, scope, key_id)
    return show(house, scope, key_id)
