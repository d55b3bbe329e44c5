"""/situation: every country as it stands, and which are not heard."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field

from service.api.asked import Nothing, asks_nothing
from service.api.house import Reader, TheHouse
from service.api.shapes.situation import CountryStanding, SituationShape, situation_shape, standing_shape
from service.desk.situation import Hearing, gravest, world_of
from service.errors import NotFound

router = APIRouter(tags=["situation"])
Code = Annotated[str, Path(pattern=r"^[A-Z]{2}$", description="ISO 3166 alpha-2.")]


class SituationAsked(Nothing):
    """Which countries."""

    all: bool = Field(False, description="Quiet ones too.")


@router.get("/situation", name="situation")
def situation(house: TheHouse, scope: Reader, asked: Annotated[SituationAsked, Query()]) -> SituationShape:
    """Countries with live alerts, in crisis, with own sites or without data; with `all`, every country."""
    world = world_of(house, scope)
    told = gravest(world.countries.values())
    rest = [one for one in world.countries.values() if not one.is_told and (asked.all or one.hearing is Hearing.STALE)]
    return situation_shape(world, [*told, *rest])


@router.get("/situation/{country}", name="country_situation", dependencies=[Depends(asks_nothing)])
def one(house: TheHouse, scope: Reader, country: Code) -> CountryStanding:
    """One country; a 404 for what is none."""
    found = world_of(house, scope).countries.get(country)
    if found is None:
        raise NotFound(f"There is no country {country}.", "Use the two letters of ISO 3166.")
    return standing_shape(found)
