"""Which event an entry belongs to: its own earlier revision's, one that is alike, or a new one."""

from datetime import datetime

from sqlmodel import Session, select

from scoring.same import Candidate, join, same_origin
from service.store.events import add_event, event_of, event_of_earlier, open_events, place, told_of
from service.store.rows import assessment_of, entry_of
from service.store.tables import AssessmentRow, EntryRow, Event, SourceRow


def join_event(session: Session, entry: EntryRow, assessment: AssessmentRow, now: datetime) -> Event | None:
    """The event that this entry reports, with the entry placed in it; None when it reports no risk at all."""
    known = event_of(session, entry.id or 0)
    if known is not None:
        return session.get(Event, known.event_id)
    earlier = event_of_earlier(session, entry)
    if earlier is not None:
        event = session.get(Event, earlier.event_id)
        if event is not None:
            place(session, event, entry, assessment, earlier.origin)
        return event
    if not assessment.labels:
        return None
    return _join(session, entry, assessment, now)


def _join(session: Session, entry: EntryRow, assessment: AssessmentRow, now: datetime) -> Event:
    source = session.exec(select(SourceRow.key).where(SourceRow.id == entry.source_id)).one()
    candidates = open_events(session, tuple(assessment.countries), now)
    chosen = join(assessment_of(assessment), entry_of(entry, source), [_candidate(event) for event in candidates], now)
    event = next((one for one in candidates if str(one.id) == chosen), None)
    if event is None:
        event = add_event(session, entry, assessment)
        place(session, event, entry, assessment, source)
        return event
    place(session, event, entry, assessment, _origin(session, event, entry, source))
    return event


def _origin(session: Session, event: Event, entry: EntryRow, source: str) -> str:
    """A source speaks once, and so does everybody who copies it."""
    for told in told_of(session, event.id or 0):
        if told.report.source == source or same_origin(entry.title, entry.text, told.entry.title, told.entry.text):
            return told.report.origin
    return source


def _candidate(event: Event) -> Candidate:
    return Candidate(
        event=str(event.id),
        vector=event.vector,
        countries=tuple(event.countries),
        categories=tuple(event.categories),
        subtypes=tuple(event.subtypes),
        title=event.title,
        language=event.language,
        last_seen=event.last_at,
    )
