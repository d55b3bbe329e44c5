"""/sources: what is watched. The desk sees them, its administrators change them."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query

from service.api.asked import Number, SourcesAsked, asks_nothing
from service.api.house import Keeper, Reader, TheHouse
from service.api.shapes.common import Listed, listed
from service.api.shapes.source import (
    HealthShape,
    PauseGiven,
    SourceChange,
    SourceGiven,
    SourceShape,
    health_shape,
    source_shape,
)
from service.desk.source_change import change_source, look_now, remove_source
from service.desk.sources import add_source, pause_source, resume_source
from service.errors import Invalid
from service.store.read_rest import get_source
from service.store.read_sources import SourceFilter, filtered_sources

router = APIRouter(prefix="/sources", tags=["sources"])


@router.get("", name="list")
def list_(house: TheHouse, scope: Reader, asked: Annotated[SourcesAsked, Query()]) -> Listed[SourceShape]:
    """Sources with their health, in the order in which they were added."""
    now = house.clock()
    wanted = SourceFilter(asked.state, asked.kind, asked.country, asked.critical, asked.q.replace("\x00", ""))
    with house.store.read() as session:
        page = filtered_sources(session, scope, wanted, now, limit=asked.limit, cursor=asked.cursor)
    return listed(page, lambda row: source_shape(row, now))


@router.post("", status_code=201, dependencies=[Depends(asks_nothing)])
def add(house: TheHouse, scope: Keeper, given: SourceGiven) -> SourceShape:
    """Watch one more source; it is looked at at once."""
    return source_shape(add_source(house, scope, given.fields()), house.clock())


@router.get("/{source_id}", dependencies=[Depends(asks_nothing)])
def show(house: TheHouse, scope: Reader, source_id: Number) -> SourceShape:
    """One source."""
    with house.store.read() as session:
        return source_shape(get_source(session, scope, source_id), house.clock())


@router.get("/{source_id}/health", dependencies=[Depends(asks_nothing)])
def health(house: TheHouse, scope: Reader, source_id: Number) -> HealthShape:
    """Everything counted about one source."""
    with house.store.read() as session:
        return health_shape(get_source(session, scope, source_id), house.clock())


@router.patch("/{source_id}", dependencies=[Depends(asks_nothing)])
def change(house: TheHouse, scope: Keeper, source_id: Number, given: SourceChange) -> SourceShape:
    """Change what is given; everything else stays."""
    return source_shape(change_source(house, scope, source_id, given.fields()), house.clock())


@router.delete("/{source_id}", status_code=204, dependencies=[Depends(asks_nothing)])
def remove(house: TheHouse, scope: Keeper, source_id: Number) -> None:
    """Watch a source no more; its entries stay, and adding its address again brings it back."""
    remove_source(house, scope, source_id)


@router.post("/{source_id}/look", dependencies=[Depends(asks_nothing)])
def look(house: TheHouse, scope: Keeper, source_id: Number) -> SourceShape:
    """Have a source looked at by the next worker that is free."""
    return source_shape(look_now(house, scope, source_id), house.clock())


@router.post("/{source_id}/pause", dependencies=[Depends(asks_nothing)])
def pause(
    house: TheHouse, scope: Keeper, source_id: Number, given: Annotated[PauseGiven | None, Body()] = None
) -> SourceShape:
    """Look at a source no more, until a time or until it is resumed."""
    until = given.until if given is not None else None
    if until is not None and until.tzinfo is None:
        raise Invalid("The time of `until` has no zone.", "Write it as 2026-03-01T12:00:00Z.")
    return source_shape(pause_source(house, scope, source_id, until), house.clock())


@router.post("/{source_id}/resume", dependencies=[Depends(asks_nothing)])
def resume(house: TheHouse, scope: Keeper, source_id: Number) -> SourceShape:
    """Look at a source again, and now."""
    return source_shape(resume_source(house, scope, source_id), house.clock())
