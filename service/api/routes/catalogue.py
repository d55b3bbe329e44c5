"""/catalogue: public sources to choose from; /sources/discover: the feeds behind an address."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from ingest.catalogue.read import catalogue, choose
from service.api.asked import Nothing, asks_nothing
from service.api.house import Keeper, Reader, TheHouse
from service.api.shapes.catalogue import (
    BalanceShape,
    DiscoverGiven,
    DiscoveryShape,
    ListedShape,
    PackShape,
    TakeGiven,
    TakenShape,
    balance_shape,
    discovery_shape,
    listed_shape,
    pack_shape,
)
from service.api.shapes.common import Listed
from service.desk.catalogue import Of, balance_of, count_packs, get_pack, take, watched_addresses
from service.desk.trial import try_address

router = APIRouter(tags=["catalogue"])


class ListedAsked(Nothing):
    """Which sources of the catalogue."""

    pack: str = Field("", max_length=60, description="Key of a pack.")
    country: str = Field("", max_length=2, description="ISO 3166 alpha-2.")
    language: str = Field("", max_length=20, description="Such as fr; zh is also zh-Hant.")
    kind: str = Field("", max_length=30)


class BalanceAsked(Nothing):
    """The balance of what."""

    of: Of = "watched"


@router.get("/catalogue", name="list")
def list_(house: TheHouse, scope: Reader, asked: Annotated[ListedAsked, Query()]) -> Listed[ListedShape]:
    """The sources of the catalogue that fit, all at once. None of their addresses was tried by us."""
    if asked.pack:
        get_pack(asked.pack)
    watched = watched_addresses(house, scope)
    found = choose(catalogue(), **asked.model_dump())
    return Listed(items=[listed_shape(one, watched.get(one.feed.address)) for one in found])


@router.get("/catalogue/packs", dependencies=[Depends(asks_nothing)])
def packs(house: TheHouse, scope: Reader) -> Listed[PackShape]:
    """The packs, regions first."""
    return Listed(items=[pack_shape(one) for one in count_packs(watched_addresses(house, scope))])


@router.get("/catalogue/balance")
def balance(house: TheHouse, scope: Reader, asked: Annotated[BalanceAsked, Query()]) -> BalanceShape:
    """How evenly what is watched, or the catalogue, covers the countries and languages of the world."""
    return balance_shape(balance_of(house, scope, asked.of))


@router.post("/catalogue/take", dependencies=[Depends(asks_nothing)])
def take_(house: TheHouse, scope: Keeper, given: TakeGiven) -> TakenShape:
    """Watch sources of the catalogue."""
    taken = take(house, scope, given.keys, given.pack)
    return TakenShape(added=list(taken.added), known=list(taken.known))


@router.post("/sources/discover", dependencies=[Depends(asks_nothing)])
async def discover(house: TheHouse, scope: Keeper, given: DiscoverGiven) -> DiscoveryShape:
    """Look for feeds behind an address, at most a dozen requests; nothing is stored."""
    return discovery_shape(await try_address(house, scope, house.sender.client, given.address))
