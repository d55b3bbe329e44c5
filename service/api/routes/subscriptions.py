"""/subscriptions: what the reader's organisation follows. /me: who is asking."""

from fastapi import APIRouter, Depends

from service.api.asked import Number, asks_nothing
from service.api.house import Reader, Subscriber, TheHouse
from service.api.shapes.common import Listed
from service.api.shapes.subscription import (
    MeShape,
    SubscriptionGiven,
    SubscriptionShape,
    TokenShape,
    me_shape,
    subscription_shape,
)
from service.desk.subscriptions import (
    create_subscription,
    feed_addresses,
    new_feed_token,
    remove_subscription,
    revoke_feed_token,
)
from service.store.people import organisation_by_id
from service.store.read_rest import list_subscriptions

router = APIRouter(tags=["subscriptions"], dependencies=[Depends(asks_nothing)])


@router.get("/me")
def me(house: TheHouse, scope: Reader) -> MeShape:
    """Who is asking, for which organisation, and what they may do."""
    with house.store.read() as session:
        return me_shape(scope, organisation_by_id(session, scope.organisation_id), house.demo)


@router.get("/subscriptions", name="list")
def list_(house: TheHouse, scope: Reader) -> Listed[SubscriptionShape]:
    """The organisation's subscriptions."""
    with house.store.read() as session:
        return Listed(items=[subscription_shape(row) for row in list_subscriptions(session, scope)])


@router.post("/subscriptions", status_code=201)
def add(house: TheHouse, scope: Subscriber, given: SubscriptionGiven) -> SubscriptionShape:
    """Follow countries and categories; alerts that stand already are told at once."""
    return subscription_shape(create_subscription(house, scope, **given.model_dump()))


@router.delete("/subscriptions/{subscription_id}", status_code=204)
def remove(house: TheHouse, scope: Subscriber, subscription_id: Number) -> None:
    """Follow no more."""
    remove_subscription(house, scope, subscription_id)


@router.post("/subscriptions/{subscription_id}/token", status_code=201)
def token(house: TheHouse, scope: Subscriber, subscription_id: Number) -> TokenShape:
    """A new token for the subscription's feeds, answered this once; the one before stops."""
    made = new_feed_token(house, scope, subscription_id)
    addresses = feed_addresses(house.public_url, made)
    return TokenShape(token=made, atom=addresses["atom"], json_feed=addresses["json"])


@router.delete("/subscriptions/{subscription_id}/token", status_code=204)
def revoke(house: TheHouse, scope: Subscriber, subscription_id: Number) -> None:
    """The subscription's feeds answer nobody any more."""
    revoke_feed_token(house, scope, subscription_id)
