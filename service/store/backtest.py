"""Stored history as the rules heard it: whole events, a slice of them at a time.

Plain columns and no table objects: 200,000 assessments pass here.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import func, literal
from sqlmodel import Session, col, select

from ingest.entry import Sharing, Status
from rules.replay import Heard
from rules.situation import Report
from scoring.assessment import Assessment
from scoring.category import Category
from service.store.engine import Store
from service.store.events import magnitude_told, point_on_earth
from service.store.rows import place_of, reason_of
from service.store.tables import AssessmentRow, EntryRow, Event, EventEntry, SourceRow

SLICE = 500
ENTRY = (
    *("id", "source_id", "key", "reliability", "status", "published_at", "first_seen_at", "archived"),
    *("sharing", "latitude", "longitude", "extra"),
)
WORDS = ("title", "text")
KINDS = ("labels", "uncertain", "subtypes", "countries")
MADE = ("model", *KINDS, "severity", "urgency", "certainty", "concern", "hedged", "denied", "reasons", "places")


def event_numbers(session: Session, since: datetime) -> list[int]:
    """Events of the world (none about our own sources) that something was heard of since then."""
    query = select(Event.id).where(col(Event.last_at) >= since, col(Event.source_id).is_(None))
    return [number for number in session.exec(query.order_by(col(Event.id))).all() if number is not None]


def stored_events(store: Store, numbers: Sequence[int], *, words: bool = False) -> Iterator[tuple[str, list[Heard]]]:
    """Each event with what was heard of it, in the order in which it came in; with its `words` if names are sought."""
    for start in range(0, len(numbers), SLICE):
        with store.read() as session:
            rows = session.connection().execute(_query(numbers[start : start + SLICE], words)).all()
        for number, several in groupby(rows, key=lambda row: row[0]):
            yield str(number), [_heard(row) for row in several]


def event_titles(session: Session, numbers: Sequence[int]) -> dict[int, str]:
    """What these events are called."""
    rows = session.exec(select(Event.id, Event.title).where(col(Event.id).in_(numbers))).all()
    return {number: title for number, title in rows if number is not None}


def _query(numbers: Sequence[int], words: bool) -> Any:
    newest = (
        select(func.max(col(AssessmentRow.id)))
        .where(col(AssessmentRow.entry_id) == col(EntryRow.id))
        .correlate(EntryRow)
        .scalar_subquery()
    )
    wanted: Any = (
        EventEntry.event_id,
        EventEntry.origin,
        SourceRow.key,
        *(getattr(EntryRow, name) for name in ENTRY),
        *(getattr(AssessmentRow, name) for name in MADE),
        *(getattr(EntryRow, name) if words else literal("") for name in WORDS),
    )
    return (
        select(*wanted)
        .join(EntryRow, col(EntryRow.id) == col(EventEntry.entry_id))
        .join(AssessmentRow, col(AssessmentRow.id) == newest)
        .join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
        .where(col(EventEntry.event_id).in_(numbers))
        .order_by(col(EventEntry.event_id), col(EntryRow.first_seen_at), col(EntryRow.id))
    )


def _heard(row: Any) -> Heard:
    (_, origin, source, number, source_id, key, reliability, status, published, seen, archived, *more) = row
    sharing, latitude, longitude, extra, *made, places, title, text = more
    model, labels, uncertain, subtypes, countries, severity, urgency, certainty, concern, hedged, denied, reasons = made
    report = Report(
        entry=str(number),
        source=source,
        origin=origin,
        reliability=reliability,
        status=Status(status),
        published=published,
        seen=seen,
        archived=archived,
        title=title,
        text=text,
        point=point_on_earth(latitude, longitude),
        magnitude=magnitude_told(extra),
        assessment=Assessment(
            probabilities={},
            labels=tuple(Category(one) for one in labels),
            uncertain=tuple(Category(one) for one in uncertain),
            subtypes=tuple(subtypes),
            countries=tuple(countries),
            severity=severity,
            urgency=urgency,
            certainty=certainty,
            concern=concern,
            hedged=hedged,
            denied=denied,
            reasons=tuple(reason_of(one) for one in reasons),
            model=model,
            places=tuple(place_of(one) for one in places),
        ),
    )
    return Heard(seen, f"{source_id}:{key}", report, Sharing(sharing).strictness)
