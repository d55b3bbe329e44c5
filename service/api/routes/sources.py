"""/sources: what is watched. The desk sees them, its administrators change them."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query

from service.api.asked import Number, Paged, asks_nothing
from service.api.house import Keeper, Reader, TheHouse
from service.api.shapes.common import Listed, listed
from service.api.shapes.source import PauseGiven, SourceGiven, SourceShape, source_shape
from service.desk.sources import add_source, pause_source, resume_source
from service.errors import Invalid
from service.store.read_rest import get_source, list_sources

router = APIRouter(prefix="/sources", tags=["sources"])


@router.get("", name="list")
def list_(house: TheHouse, scope: Reader, asked: Annotated[Paged, Query()]) -> Listed[SourceShape]:
    """Sources with their health, in the order in which they were added."""
    with house.store.read() as session:
        page = list_sources(session, scope, limit=asked.limit, cursor=asked.cursor)
    now = house.clock()
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
