"""Entries and events as the API answers them."""

from datetime import datetime

from pydantic import BaseModel

from service.api.shapes.common import GlossShape, ReasonShape, gloss_shape, reasons_of
from service.desk.why import Why
from service.locale.catalogue import Catalogue
from service.store.tables import AssessmentRow, EntryRow, Event, SourceRow


class AssessmentShape(BaseModel):
    """What the machine says of an entry; scores run 0–1."""

    model: str
    made_at: datetime
    probabilities: dict[str, float]
    labels: list[str]
    uncertain: list[str]
    subtypes: list[str]
    countries: list[str]
    severity: float
    urgency: float
    certainty: float
    concern: bool
    hedged: bool
    denied: bool
    reasons: list[ReasonShape]


class EntryShape(BaseModel):
    """One item as published. Its three times are kept apart: happened, published, first seen.

    An `archived` one was imported: `first_seen_at` is then its own date, and it alerted nobody.
    """

    id: int
    source: str
    source_name: str
    reliability: str
    sharing: str
    key: str
    revision: int
    latest: bool
    title: str
    text: str
    link: str | None
    language: str | None
    gloss: GlossShape
    occurred_at: datetime | None
    published_at: datetime | None
    updated_at: datetime | None
    first_seen_at: datetime
    date_quality: str
    status: str
    archived: bool
    countries: list[str]
    latitude: float | None
    longitude: float | None
    assessment: AssessmentShape | None


class SpanShape(BaseModel):
    """Characters `start` to `end` of the title or the text carried reason number `reason` (counted from 0)."""

    part: str
    start: int
    end: int
    reason: int


class ExampleShape(BaseModel):
    """A labelled text that reads like an entry; `likeness` runs to 1."""

    title: str
    language: str
    labels: list[str]
    likeness: float


class WhyShape(BaseModel):
    """What the machine says of an entry, where in its text the reasons stand, and what it reads most like."""

    entry: int
    assessment: AssessmentShape
    spans: list[SpanShape]
    examples: list[ExampleShape]


class EventShape(BaseModel):
    """Entries that report the same happening."""

    id: int
    title: str
    language: str | None
    gloss: GlossShape
    countries: list[str]
    categories: list[str]
    subtypes: list[str]
    sharing: str
    opened_at: datetime
    last_at: datetime


class EventWhole(EventShape):
    """An event with its newest entries; `GET /entries?event=` pages through all of them."""

    entries: list[EntryShape]


def entry_shape(row: tuple[EntryRow, SourceRow, AssessmentRow | None], catalogue: Catalogue) -> EntryShape:
    """One entry with its source and newest assessment."""
    entry, source, made = row
    return EntryShape(
        id=entry.id or 0,
        source=source.key,
        source_name=source.name,
        reliability=entry.reliability,
        sharing=entry.sharing,
        key=entry.key,
        revision=entry.revision,
        latest=entry.latest,
        title=entry.title,
        text=entry.text,
        link=entry.link,
        language=entry.language,
        gloss=gloss_shape(entry.title, entry.language, catalogue, *_held(made)),
        occurred_at=entry.occurred_at,
        published_at=entry.published_at,
        updated_at=entry.updated_at,
        first_seen_at=entry.first_seen_at,
        date_quality=entry.date_quality,
        status=entry.status,
        archived=entry.archived,
        countries=entry.countries,
        latitude=entry.latitude,
        longitude=entry.longitude,
        assessment=_assessment(made, catalogue) if made is not None else None,
    )


def _held(made: AssessmentRow | None) -> tuple[list[str], ...]:
    return (made.labels, made.subtypes, made.countries) if made is not None else ()


def _assessment(made: AssessmentRow, catalogue: Catalogue) -> AssessmentShape:
    return AssessmentShape(
        model=made.model,
        made_at=made.made_at,
        probabilities=made.probabilities,
        labels=made.labels,
        uncertain=made.uncertain,
        subtypes=made.subtypes,
        countries=made.countries,
        severity=made.severity,
        urgency=made.urgency,
        certainty=made.certainty,
        concern=made.concern,
        hedged=made.hedged,
        denied=made.denied,
        reasons=reasons_of(made.reasons, catalogue),
    )


def why_shape(found: Why, catalogue: Catalogue) -> WhyShape:
    """Why the machine said what it said."""
    return WhyShape(
        entry=found.entry.id or 0,
        assessment=_assessment(found.machine, catalogue),
        spans=[SpanShape(**span._asdict()) for span in found.spans],
        examples=[
            ExampleShape(title=one.title, language=one.language, labels=list(one.labels), likeness=one.cosine)
            for one in found.examples
        ],
    )


def event_shape(event: Event, catalogue: Catalogue) -> EventShape:
    """One event."""
    return EventShape(
        id=event.id or 0,
        title=event.title,
        language=event.language,
        gloss=gloss_shape(event.title, event.language, catalogue, event.categories, event.subtypes, event.countries),
        countries=event.countries,
        categories=event.categories,
        subtypes=event.subtypes,
        sharing=event.sharing,
        opened_at=event.opened_at,
        last_at=event.last_at,
    )
