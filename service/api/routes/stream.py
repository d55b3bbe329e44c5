"""/stream: changes of alerts as they happen, as Server-Sent Events.

Every event's id is the line of the log that it tells; a client that comes back with Last-Event-ID misses nothing.
`ready` comes first and gives an id to come back with; then `alert` events, and `presence` when colleagues come and go.
The end of a session ends its streams.
"""

import re
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from service.api.asked import Nothing
from service.api.house import Reader, TheHouse
from service.api.shapes.alert import AlertShape, alert_shape
from service.auth.door import visitor
from service.desk.house import House
from service.errors import NotFound, WatchfireError
from service.log import logger
from service.store.log import follow_log, last_line
from service.store.pages import LARGEST
from service.store.read_alerts import get_alert
from service.store.scope import Scope

router = APIRouter(tags=["stream"])
PATIENCE = 10.0  # seconds without news, after which the reader is looked at anew
BATCH = 100
log = logger(__name__)


class StreamAsked(Nothing):
    """Where to begin, for clients that cannot send Last-Event-ID; without either it begins now."""

    after: int | None = Field(None, ge=0, le=LARGEST)


class Change(BaseModel):
    """What happened to an alert, and the alert as it stands now."""

    id: int
    action: str
    alert: AlertShape


class Here(BaseModel):
    """Who of the reader's organisation has which alert open, by name; `me` is the reader."""

    people: dict[str, int]
    me: str


def starting_line(
    house: TheHouse,
    asked: Annotated[StreamAsked, Query()],
    last_event_id: Annotated[str | None, Header()] = None,
) -> int:
    """The line of the log behind which a stream begins."""
    with house.store.read() as session:
        newest = last_line(session)
    resumed = re.fullmatch(r"[0-9]{1,10}", last_event_id or "")
    said = int(resumed[0]) if resumed else asked.after
    # A line that is not there yet was counted in another database.
    return said if said is not None and said <= newest else newest


@router.get("/stream", response_class=EventSourceResponse)
async def stream(
    request: Request, house: TheHouse, scope: Reader, after: Annotated[int, Depends(starting_line)]
) -> AsyncIterator[ServerSentEvent]:
    """Changes of alerts that the reader may see, until the service stops or the reader may not any more."""
    yield ServerSentEvent(event="ready", id=str(after), raw_data="{}", retry=3000)
    reading: Scope | None = scope
    people: dict[str, int] = {}
    while reading is not None and not house.live.closing:
        try:
            changes, after = await run_in_threadpool(changes_after, house, reading, after)
            for change in changes:
                yield ServerSentEvent(event="alert", id=str(change.id), data=change)
            if (now_here := house.live.people(reading.organisation_id)) != people:
                people = now_here
                yield ServerSentEvent(event="presence", data=Here(people=people, me=reading.actor[:120]))
            await house.live.beyond(after, PATIENCE)
            reading = await run_in_threadpool(visitor, request)
        except WatchfireError as error:
            log.warning("a stream ends: %s", error)
            return


def changes_after(house: House, scope: Scope, after: int) -> tuple[list[Change], int]:
    """The changes behind a line that this reader may see, and the line up to which the log was read."""
    with house.store.read() as session:
        newest = last_line(session)
        lines = follow_log(session, scope, after, BATCH)
        changes = []
        for line in lines:
            try:
                alert = get_alert(session, scope, int(line.subject_id))
            except NotFound:  # a stricter mark has come over it since
                continue
            shape = alert_shape(alert, scope, house.catalogue)
            changes.append(Change(id=line.id or 0, action=line.action, alert=shape))
    last = lines[-1].id or after if lines else after
    return changes, last if len(lines) == BATCH else max(last, newest)
