"""Events in the database: what waits to be joined, what an event rests on, and joining the two."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from ingest.entry import Sharing, Status
from rules.situation import Report
from service.store.rows import assessment_of
from service.store.tables import AssessmentRow, EntryRow, Event, EventCountry, EventEntry, SourceRow

DECIDE_LOCK = 7_245_003  # events are joined one batch at a time: else one happening would become two events


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as people are told of it, with its part in the event."""

    entry: EntryRow
    source_name: str
    report: Report


@dataclass(frozen=True, slots=True)
class Waiting:
    """An assessed entry that waits to be decided on, with its source's key and name.

    `event` is where it was placed already: then it waits only to be looked at once more.
    """

    entry: EntryRow
    assessment: AssessmentRow
    source: str
    source_name: str
    event: int | None = None


def load_waiting(session: Session, ids: list[int]) -> list[Waiting]:
    """Entries with their newest assessments, in the order of their ids."""
    wanted: Any = (EntryRow, AssessmentRow, SourceRow.key, SourceRow.name, EventEntry.event_id)
    rows: Any = session.exec(
        select(*wanted)
        .join(AssessmentRow, col(AssessmentRow.id) == newest_assessment())
        .join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
        .join(EventEntry, col(EventEntry.entry_id) == col(EntryRow.id), isouter=True)
        .where(col(EntryRow.id).in_(ids))
        .order_by(col(EntryRow.id))
    ).all()
    return [Waiting(*row) for row in rows]


def get_event(session: Session, event_id: int) -> Event | None:
    """One event."""
    return session.get(Event, event_id)


def earlier_place(session: Session, entry: EntryRow) -> EventEntry | None:
    """The place of an earlier revision of this entry: a revision never changes its event by itself."""
    session.flush()
    query = (
        select(EventEntry)
        .join(EntryRow, col(EntryRow.id) == col(EventEntry.entry_id))
        .where(EntryRow.source_id == entry.source_id, EntryRow.key == entry.key)
        .order_by(col(EntryRow.revision).desc())
        .limit(1)
    )
    return session.exec(query).first()


def newest_assessment() -> Any:
    """The number of an entry's newest assessment, for a query that selects from entries."""
    return (
        select(col(AssessmentRow.id))
        .where(col(AssessmentRow.entry_id) == col(EntryRow.id))
        .order_by(col(AssessmentRow.id).desc())
        .limit(1)
        .correlate(EntryRow)
        .scalar_subquery()
    )


def report_of(one: Waiting, origin: str) -> Told:
    """An entry as a report in an event."""
    entry = one.entry
    return Told(
        entry=entry,
        source_name=one.source_name,
        report=Report(
            entry=str(entry.id),
            source=one.source,
            origin=origin,
            reliability=entry.reliability,
            status=Status(entry.status),
            published=entry.published_at,
            seen=entry.first_seen_at,
            assessment=assessment_of(one.assessment),
            latest=entry.latest,
            archived=entry.archived,
            title=entry.title,
            text=entry.text,
            point=point_of(entry),
            magnitude=magnitude_told(entry.extra),
        ),
    )


def point_of(entry: EntryRow) -> tuple[float, float] | None:
    """The point that an entry's document declares; None where it declares none that is on earth."""
    return point_on_earth(entry.latitude, entry.longitude)


def point_on_earth(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """The same of the two degrees as they are kept."""
    if latitude is None or longitude is None:
        return None
    on_earth = -90 <= latitude <= 90 and -180 <= longitude <= 180
    return (latitude, longitude) if on_earth else None


def magnitude_told(extra: Mapping[str, str]) -> float | None:
    """The magnitude that a document declares; None where it declares none that can be."""
    try:
        found = float(extra.get("magnitude", ""))
    except ValueError:
        return None
    return found if 0 <= found <= 10 else None


def told_of(session: Session, event_id: int) -> list[Told]:
    """Everything an event rests on, oldest first, each entry with its newest assessment."""
    rows: Any = session.exec(
        select(EntryRow, AssessmentRow, SourceRow, EventEntry.origin)
        .join(EventEntry, col(EventEntry.entry_id) == col(EntryRow.id))
        .join(AssessmentRow, col(AssessmentRow.id) == newest_assessment())
        .join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
        .where(EventEntry.event_id == event_id)
        .order_by(col(EntryRow.first_seen_at), col(EntryRow.id))
    ).all()
    return [report_of(Waiting(entry, made, source.key, source.name), origin) for entry, made, source, origin in rows]


def members_of(session: Session, events: list[int]) -> list[tuple[int, EntryRow, AssessmentRow, str]]:
    """The current entries of events, oldest first, with their newest assessments and the keys of their sources."""
    wanted: Any = (EventEntry.event_id, EntryRow, AssessmentRow, SourceRow.key)
    rows: Any = session.exec(
        select(*wanted)
        .join(EntryRow, col(EntryRow.id) == col(EventEntry.entry_id))
        .join(AssessmentRow, col(AssessmentRow.id) == newest_assessment())
        .join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
        .where(col(EventEntry.event_id).in_(events), col(EntryRow.latest).is_(True))
        .order_by(col(EntryRow.first_seen_at), col(EntryRow.id))
    ).all()
    return [tuple(row) for row in rows]


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


def place(
    session: Session, event: Event, entry: EntryRow, assessment: AssessmentRow, origin: str, *, fresh: bool
) -> None:
    """Put an entry into an event and let the event know its countries, categories, mark and time.

    `fresh`: the event began with this entry and knows all that already.
    """
    session.add(EventEntry(entry_id=entry.id or 0, event_id=event.id or 0, origin=origin))
    if fresh:
        return
    new = [code for code in assessment.countries if code not in event.countries]
    event.countries = [*event.countries, *new]
    event.categories = _union(event.categories, assessment.labels)
    event.subtypes = _union(event.subtypes, assessment.subtypes)
    event.opened_at = min(event.opened_at, entry.first_seen_at)  # an archive may know of earlier days
    event.last_at = max(event.last_at, entry.first_seen_at)
    if Sharing(entry.sharing).strictness > Sharing(event.sharing).strictness:
        event.sharing = entry.sharing
    _add_countries(session, event, new)


def retell(session: Session, event: Event, told: Iterable[Told]) -> None:
    """Let an event know anew what its current reports say of it: somebody has judged one of them."""
    current = [one.report.assessment for one in told if one.report.latest]
    event.categories = _each(assessment.labels for assessment in current)
    event.subtypes = _each(assessment.subtypes for assessment in current)
    countries = _each(assessment.countries for assessment in current) or event.countries
    for code in set(event.countries) - set(countries):
        placed = session.get(EventCountry, (event.id, code))
        if placed is not None:
            session.delete(placed)
    _add_countries(session, event, [code for code in countries if code not in event.countries])
    event.countries = countries
    session.add(event)


def _each(keys: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(str(key) for some in keys for key in some))


def _union(one: list[str], other: list[str]) -> list[str]:
    return [*one, *(key for key in other if key not in one)]


def _add_countries(session: Session, event: Event, countries: list[str]) -> None:
    session.add_all(EventCountry(event_id=event.id or 0, country=code) for code in dict.fromkeys(countries))
