"""Events in the database: what a new entry could belong to, what an event rests on, and joining the two."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from ingest.entry import Sharing, Status
from rules.situation import Report
from service.store.rows import assessment_of
from service.store.tables import AssessmentRow, EntryRow, Event, EventCountry, EventEntry, SourceRow

WINDOW = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as people are told of it, with its part in the event."""

    entry: EntryRow
    source_name: str
    report: Report


def open_events(session: Session, countries: tuple[str, ...], now: datetime, limit: int = 400) -> list[Event]:
    """Events of the last three days in one of these countries; with no country, those that have none either."""
    query = select(Event).where(col(Event.last_at) > now - WINDOW)
    if countries:
        here = select(EventCountry.event_id).where(col(EventCountry.country).in_(countries))
        query = query.where(col(Event.id).in_(here))
    return list(session.exec(query.order_by(col(Event.last_at).desc()).limit(limit)).all())


def event_of(session: Session, entry_id: int) -> EventEntry | None:
    """The place that an entry already has."""
    return session.get(EventEntry, entry_id)


def event_of_earlier(session: Session, entry: EntryRow) -> EventEntry | None:
    """The place of an earlier revision of this entry: a revision never changes its event by itself."""
    if entry.revision == 1:
        return None
    query = (
        select(EventEntry)
        .join(EntryRow, col(EntryRow.id) == col(EventEntry.entry_id))
        .where(EntryRow.source_id == entry.source_id, EntryRow.key == entry.key)
        .order_by(col(EntryRow.revision).desc())
        .limit(1)
    )
    return session.exec(query).first()


def told_of(session: Session, event_id: int) -> list[Told]:
    """Everything an event rests on, oldest first, each entry with its newest assessment."""
    newest = (
        select(col(AssessmentRow.id))
        .where(col(AssessmentRow.entry_id) == col(EntryRow.id))
        .order_by(col(AssessmentRow.id).desc())
        .limit(1)
        .correlate(EntryRow)
        .scalar_subquery()
    )
    rows: Any = session.exec(
        select(EntryRow, AssessmentRow, EventEntry, SourceRow)
        .join(EventEntry, col(EventEntry.entry_id) == col(EntryRow.id))
        .join(AssessmentRow, col(AssessmentRow.id) == newest)
        .join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
        .where(EventEntry.event_id == event_id)
        .order_by(col(EntryRow.first_seen_at), col(EntryRow.id))
    ).all()
    return [
        Told(
            entry=entry,
            source_name=source.name,
            report=Report(
                entry=str(entry.id),
                source=source.key,
                origin=place.origin,
                reliability=entry.reliability,
                status=Status(entry.status),
                published=entry.published_at,
                seen=entry.first_seen_at,
                assessment=assessment_of(made),
                latest=entry.latest,
            ),
        )
        for entry, made, place, source in rows
    ]


def add_event(session: Session, entry: EntryRow, assessment: AssessmentRow) -> Event:
    """A new event that begins with this entry."""
    event = Event(
        title=entry.title,
        language=entry.language,
        countries=list(assessment.countries),
        categories=list(assessment.labels),
        subtypes=list(assessment.subtypes),
        sharing=entry.sharing,
        opened_at=entry.first_seen_at,
        last_at=entry.first_seen_at,
        vector=assessment.vector,
    )
    session.add(event)
    session.flush()
    _add_countries(session, event, assessment.countries)
    return event


def place(session: Session, event: Event, entry: EntryRow, assessment: AssessmentRow, origin: str) -> None:
    """Put an entry into an event and let the event know its countries, categories, mark and time."""
    session.add(EventEntry(entry_id=entry.id or 0, event_id=event.id or 0, origin=origin))
    new = [code for code in assessment.countries if code not in event.countries]
    event.countries = [*event.countries, *new]
    event.categories = _union(event.categories, assessment.labels)
    event.subtypes = _union(event.subtypes, assessment.subtypes)
    event.last_at = max(event.last_at, entry.first_seen_at)
    if Sharing(entry.sharing).strictness > Sharing(event.sharing).strictness:
        event.sharing = entry.sharing
    session.add(event)
    _add_countries(session, event, new)
    session.flush()


def _union(one: list[str], other: list[str]) -> list[str]:
    return [*one, *(key for key in other if key not in one)]


def _add_countries(session: Session, event: Event, countries: list[str]) -> None:
    have = set(session.exec(select(EventCountry.country).where(EventCountry.event_id == event.id)).all())
    for code in dict.fromkeys(countries):
        if code not in have:
            session.add(EventCountry(event_id=event.id or 0, country=code))
    session.flush()
