"""/entries and /events: what came in, and what it tells of."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from service.api.asked import EntriesAsked, Number, Paged, asks_nothing
from service.api.house import Reader, TheHouse
from service.api.shapes.common import Listed, listed
from service.api.shapes.entry import (
    EntryShape,
    EventShape,
    EventWhole,
    WhyShape,
    entry_shape,
    event_shape,
    why_shape,
)
from service.desk.why import why
from service.store.read_rest import get_event, list_entries, list_events

router = APIRouter(tags=["entries"])


@router.get("/entries")
def entries(house: TheHouse, scope: Reader, asked: Annotated[EntriesAsked, Query()]) -> Listed[EntryShape]:
    """Entries with their newest assessment, the newest first."""
    with house.store.read() as session:
        page = list_entries(
            session, scope, source=asked.source, event=asked.event, limit=asked.limit, cursor=asked.cursor
        )
    return listed(page, lambda row: entry_shape(row, house.catalogue))


@router.get("/entries/{entry_id}/why", dependencies=[Depends(asks_nothing)])
def why_so(house: TheHouse, scope: Reader, entry_id: Number) -> WhyShape:
    """Why the machine said what it said of an entry: reasons, where they stand in its text, and examples like it."""
    return why_shape(why(house, scope, entry_id), house.catalogue)


@router.get("/events")
def events(house: TheHouse, scope: Reader, asked: Annotated[Paged, Query()]) -> Listed[EventShape]:
    """Events, the newest first."""
    with house.store.read() as session:
        page = list_events(session, scope, limit=asked.limit, cursor=asked.cursor)
    return listed(page, lambda event: event_shape(event, house.catalogue))


@router.get("/events/{event_id}", dependencies=[Depends(asks_nothing)])
def event(house: TheHouse, scope: Reader, event_id: Number) -> EventWhole:
    """One event with its newest entries."""
    with house.store.read() as session:
        found = get_event(session, scope, event_id)
        page = list_entries(session, scope, event=event_id)
    rows = [entry_shape(row, house.catalogue) for row in page.items]
    return EventWhole(**event_shape(found, house.catalogue).model_dump(), entries=rows)
