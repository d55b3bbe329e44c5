"""/search, /views, and putting alerts aside: snoozed, brought back, handed over, many at once."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import Response

from service.api.asked import Nothing, Number, asks_nothing
from service.api.house import Reader, TheHouse
from service.api.shapes.alert import AlertShape, alert_shape
from service.desk.alerts import act_on
from service.desk.aside import MOST_AT_ONCE, each, hand_alert, snooze_alert, wake_alert
from service.desk.owners import known_owner
from service.desk.search import LONGEST, find
from service.desk.views import forget_view, keep_view
from service.store.facets import count_facets
from service.store.personal import views_of
from service.store.read_alerts import AlertFilter
from service.store.tables import SavedView
from service.store.translations import of_titles

router = APIRouter(tags=["alerts"])
Deed = Literal["acknowledge", "respond", "resolve", "dismiss"]


class SearchAsked(Nothing):
    """Words in Chinese or English that must all be there, and how much of each kind to answer."""

    q: str = Field(min_length=1, max_length=LONGEST)
    limit: int = Field(20, ge=1, le=100)
    cursor: str | None = Field(None, max_length=300, description="`next` of the answer before, unchanged.")


class FoundReport(BaseModel):
    """A report that holds the words, and the event that it belongs to, if any."""

    entry_id: int
    title: str
    language: str | None
    source: str
    link: str | None
    first_seen_at: datetime
    event_id: int | None


class FoundShape(BaseModel):
    """Alerts in any state, the newest change first (`next` for more), and the newest reports (with the first answer
    only)."""

    alerts: list[AlertShape]
    next: str | None
    reports: list[FoundReport]


class FacetsShape(BaseModel):
    """How many alerts there are by each value of each filter. Of states, `live` is all that is neither closed nor
    snoozed."""

    level: dict[str, int]
    state: dict[str, int]
    country: dict[str, int]
    category: dict[str, int]
    owner: dict[str, int]
    letter: dict[str, int]


class FacetsAsked(Nothing):
    """Words that narrow what is counted."""

    q: str = Field("", max_length=LONGEST)


class SnoozeGiven(BaseModel):
    """Until when, and why."""

    model_config = ConfigDict(extra="forbid")

    until: AwareDatetime
    reason: str = Field("", max_length=500)


class SnoozedShape(BaseModel):
    """Until when: one of level 1 or 2 comes back by its deadline at the latest."""

    until: datetime


class HandGiven(BaseModel):
    """To which owner, by the key in the owners file, and why."""

    model_config = ConfigDict(extra="forbid")

    owner: str = Field(max_length=120)
    reason: str = Field("", max_length=500)


class ManyGiven(BaseModel):
    """One step for many alerts."""

    model_config = ConfigDict(extra="forbid")

    ids: list[int] = Field(min_length=1, max_length=MOST_AT_ONCE)
    step: Deed
    reason: str = Field("", max_length=500)


class ManyShape(BaseModel):
    """Which were done, and why not the others, by number."""

    done: list[int]
    failed: dict[int, str]


class ViewGiven(BaseModel):
    """Filters as in the address of the list, such as `level=1&country=NE`, under a name."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=60)
    query: str = Field("", max_length=1000)
    shared: bool = False


class ViewShape(BaseModel):
    """A saved view, of its maker alone or shared with their organisation."""

    id: int
    name: str
    query: str
    shared: bool
    actor: str
    created_at: datetime


@router.get("/search")
def search(house: TheHouse, scope: Reader, asked: Annotated[SearchAsked, Query()]) -> FoundShape:
    """Alerts and reports by words, as far as the reader may see them."""
    found = find(house, scope, asked.q, limit=asked.limit, cursor=asked.cursor)
    with house.store.read() as session:
        made = of_titles(session, scope, [alert.title for alert in found.alerts.items])
    reports = [
        FoundReport(
            entry_id=entry.id or 0,
            title=entry.title,
            language=entry.language,
            source=source.key,
            link=entry.link,
            first_seen_at=entry.first_seen_at,
            event_id=event,
        )
        for entry, source, event in found.reports
    ]
    alerts = [alert_shape(alert, scope, house.catalogue, made.get(alert.title)) for alert in found.alerts.items]
    return FoundShape(alerts=alerts, next=found.alerts.next, reports=reports)


@router.get("/facets")
def facets(house: TheHouse, scope: Reader, asked: Annotated[FacetsAsked, Query()]) -> FacetsShape:
    """Counts of alerts by level, state, country, category, owner and best source."""
    with house.store.read() as session:
        found = count_facets(session, scope, AlertFilter(words=asked.q), house.clock())
    return FacetsShape(**{name: getattr(found, name) for name in FacetsShape.model_fields})


@router.post("/alerts/many", dependencies=[Depends(asks_nothing)])
def many(house: TheHouse, scope: Reader, given: ManyGiven) -> ManyShape:
    """One step for many alerts, each by itself: what fails for one is no matter of the others."""
    outcome = each(given.ids, lambda number: act_on(house, scope, number, given.step, given.reason))
    return ManyShape(done=list(outcome.done), failed={one: str(error) for one, error in outcome.failed.items()})


@router.post("/alerts/{alert_id}/snooze", dependencies=[Depends(asks_nothing)])
def snooze(house: TheHouse, scope: Reader, alert_id: Number, given: SnoozeGiven) -> SnoozedShape:
    """Put an alert aside; it comes back by itself, at once when it is raised."""
    return SnoozedShape(until=snooze_alert(house, scope, alert_id, given.until, given.reason))


@router.post("/alerts/{alert_id}/wake", status_code=204, dependencies=[Depends(asks_nothing)])
def wake(house: TheHouse, scope: Reader, alert_id: Number) -> Response:
    """Bring a snoozed alert back at once; nothing happens to one that is not."""
    wake_alert(house, scope, alert_id)
    return Response(status_code=204)


@router.post("/alerts/{alert_id}/hand", status_code=204, dependencies=[Depends(asks_nothing)])
def hand(house: TheHouse, scope: Reader, alert_id: Number, given: HandGiven) -> Response:
    """Make somebody else accountable for an alert, and tell them."""
    hand_alert(house, scope, alert_id, known_owner(house.settings, given.owner), given.reason)
    return Response(status_code=204)


@router.get("/views", dependencies=[Depends(asks_nothing)])
def views(house: TheHouse, scope: Reader) -> list[ViewShape]:
    """The reader's own views and those shared in their organisation, by name."""
    with house.store.read() as session:
        return [_view(row) for row in views_of(session, scope)]


@router.post("/views", status_code=201, dependencies=[Depends(asks_nothing)])
def save(house: TheHouse, scope: Reader, given: ViewGiven) -> ViewShape:
    """Keep filters under a name; the reader's view of that name is replaced."""
    return _view(keep_view(house, scope, given.name, given.query.lstrip("?"), shared=given.shared))


@router.delete("/views/{view_id}", status_code=204, dependencies=[Depends(asks_nothing)])
def forget(house: TheHouse, scope: Reader, view_id: Number) -> Response:
    """Remove a view of the reader's own."""
    forget_view(house, scope, view_id)
    return Response(status_code=204)


def _view(row: SavedView) -> ViewShape:
    return ViewShape(
        id=row.id or 0, name=row.name, query=row.query, shared=row.shared, actor=row.actor, created_at=row.created_at
    )
