"""/events/…: an event as it was told, and merging, splitting and moving by a person."""

from datetime import datetime

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from service.api.asked import Number, asks_nothing
from service.api.house import Reader, TheHouse
from service.desk.event_view import EventView, event_view
from service.desk.events import merge_events, move_entries, split_event
from service.store.rulings import followed

router = APIRouter(prefix="/events", tags=["entries"])
MOST = 500


class MergeGiven(BaseModel):
    """The event that takes everything in, and why."""

    model_config = ConfigDict(extra="forbid")

    into: int = Field(ge=1, le=2**53)
    reason: str = Field("", max_length=500)


class SplitGiven(BaseModel):
    """The entries that become an event of their own, and why."""

    model_config = ConfigDict(extra="forbid")

    entries: list[int] = Field(min_length=1, max_length=MOST)
    reason: str = Field("", max_length=500)


class MoveGiven(SplitGiven):
    """The entries, and the event that they belong to."""

    into: int = Field(ge=1, le=2**53)


class TitleShape(BaseModel):
    """The best title in one language; `gloss` when nobody told it in that language."""

    text: str
    language: str | None
    gloss: bool


class ToldShape(BaseModel):
    """One report: its severity, the highest so far, and how many had spoken independently by then."""

    entry: int
    source: str
    title: str
    language: str | None
    told_at: datetime
    severity: float
    gravest: float
    sources: int
    copy_of_another: bool
    latest: bool


class RulingShape(BaseModel):
    """What a person said: `merge`, `split` or `move` of entries from one event to another."""

    at: datetime
    actor: str
    deed: str
    event: int
    other: int
    entries: list[int]
    reason: str


class StoryShape(BaseModel):
    """An event as it was told, oldest first. `id` is where a merged event's entries are now."""

    id: int
    titles: dict[str, TitleShape]
    severity: float
    sources: int
    told: list[ToldShape]
    rulings: list[RulingShape]


class ChangedShape(BaseModel):
    """The event that the entries are in now."""

    event: int


@router.get("/{event_id}/story", dependencies=[Depends(asks_nothing)])
def story(house: TheHouse, scope: Reader, event_id: Number) -> StoryShape:
    """An event's titles, its reports in the order of time with severity as it developed, and what people ruled."""
    with house.store.read() as session:
        there = followed(session, event_id) if scope.home else event_id
        return _story(event_view(session, scope, there, house.catalogue))


@router.post("/{event_id}/merge", dependencies=[Depends(asks_nothing)])
def merge(house: TheHouse, scope: Reader, event_id: Number, given: MergeGiven) -> ChangedShape:
    """Give everything that an event holds to another; its alerts are closed as duplicates."""
    return ChangedShape(event=merge_events(house, scope, event_id, given.into, given.reason))


@router.post("/{event_id}/split", status_code=201, dependencies=[Depends(asks_nothing)])
def split(house: TheHouse, scope: Reader, event_id: Number, given: SplitGiven) -> ChangedShape:
    """Make a new event of some of an event's entries; the machine will not put them together again."""
    return ChangedShape(event=split_event(house, scope, event_id, given.entries, given.reason))


@router.post("/{event_id}/move", dependencies=[Depends(asks_nothing)])
def move(house: TheHouse, scope: Reader, event_id: Number, given: MoveGiven) -> ChangedShape:
    """Give some of an event's entries to another event."""
    return ChangedShape(event=move_entries(house, scope, event_id, given.entries, given.into, given.reason))


def _story(view: EventView) -> StoryShape:
    return StoryShape(
        id=view.number,
        titles={
            language: TitleShape(text=one.text, language=one.language, gloss=one.gloss)
            for language, one in view.titles.items()
        },
        severity=view.severity,
        sources=view.voices,
        told=[
            ToldShape(
                entry=line.entry.id or 0,
                source=line.source.key,
                title=line.entry.title,
                language=line.entry.language,
                told_at=line.entry.published_at or line.entry.first_seen_at,
                severity=line.severity,
                gravest=line.gravest,
                sources=line.voices,
                copy_of_another=line.copy,
                latest=line.entry.latest,
            )
            for line in view.lines
        ],
        rulings=[
            RulingShape(
                at=one.at,
                actor=one.actor,
                deed=one.deed,
                event=one.event_id,
                other=one.other_id,
                entries=one.entries,
                reason=one.reason,
            )
            for one in view.rulings
        ],
    )
