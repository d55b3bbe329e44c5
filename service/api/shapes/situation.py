"""The situation as the API answers it."""

from datetime import datetime

from pydantic import BaseModel, Field

from service.desk.situation import Standing, World


class CountryStanding(BaseModel):
    """A country as it stands: `level` is null without a live alert; `weeks` are alerts opened in each of five weeks,
    this one last. `hearing` tells whether sources are heard: `heard`, `afar` (only those of its region or of the
    world), `stale` (all silent, the last answer at `heard_at`), `none`, or `untold` for other organisations."""

    country: str
    level: int | None
    alerts: dict[int, int] = Field(description="Live alerts by level.")
    weeks: list[int]
    events: int = Field(description="Events told of within seven days.")
    sites: int
    people: int
    posture: str
    hearing: str
    heard_at: datetime | None
    stale: bool


class SituationShape(BaseModel):
    """Countries that there is something to say of, the gravest first, or all. `heard_at`: the last good data."""

    items: list[CountryStanding]
    heard_at: datetime | None


def standing_shape(one: Standing) -> CountryStanding:
    """One country."""
    return CountryStanding(
        country=one.country,
        level=one.level,
        alerts=one.levels,
        weeks=list(one.weeks),
        events=one.events,
        sites=one.sites,
        people=one.people,
        posture="crisis" if one.crisis else "normal",
        hearing=one.hearing.value,
        heard_at=one.heard,
        stale=one.hearing.value == "stale",
    )


def situation_shape(world: World, standings: list[Standing]) -> SituationShape:
    """Some countries of the world."""
    return SituationShape(items=[standing_shape(one) for one in standings], heard_at=world.heard)
