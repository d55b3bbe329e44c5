"""Events that a person merged, split or changed, in the database."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from ingest.entry import Sharing
from service.errors import NotFound
from service.store.events import Told, newest_assessment, retell, told_of
from service.store.read_alerts import LIVE
from service.store.scope import Scope
from service.store.tables import Alert, AssessmentRow, Duty, EntryRow, Event, EventEntry, Ruling, SourceRow

MOST_TOLD = 500


def held_event(session: Session, scope: Scope, event_id: int) -> Event:
    """One event, locked, as the desk sees it; NotFound when there is none that this reader may change."""
    query = select(Event).where(
        Event.id == event_id, col(Event.sharing).in_(scope.marks), col(Event.source_id).is_(None)
    )
    found = session.exec(query.with_for_update()).first() if scope.home else None
    if found is None:
        raise NotFound(f"There is no event {event_id}.", "`watchfire event list` shows them.")
    return found


def entries_in(session: Session, event_id: int) -> list[int]:
    """The numbers of an event's entries."""
    return list(session.exec(select(EventEntry.entry_id).where(EventEntry.event_id == event_id)).all())


def with_revisions(session: Session, event_id: int, entries: Collection[int]) -> list[int]:
    """These entries and every other revision of them in the event: revisions stay together."""
    placed = select(EventEntry.entry_id).where(EventEntry.event_id == event_id)
    rows = session.exec(select(EntryRow).where(col(EntryRow.id).in_(placed))).all()
    chosen = {(row.source_id, row.key) for row in rows if row.id in entries}
    return [row.id or 0 for row in rows if (row.source_id, row.key) in chosen]


def take_over(session: Session, entries: Iterable[int], event: Event) -> None:
    """Give entries to an event."""
    for placed in session.exec(select(EventEntry).where(col(EventEntry.entry_id).in_(list(entries)))).all():
        placed.event_id = event.id or 0
        session.add(placed)
    session.flush()


def reshape(session: Session, event: Event) -> list[Told]:
    """Let an event be what its entries say, after some came or went; answers them. One without any keeps its shape."""
    told = told_of(session, event.id or 0)
    if told:
        first = told[0]
        event.title, event.language = first.entry.title, first.entry.language
        event.vector = first.report.assessment.vector
        event.opened_at = min(one.entry.first_seen_at for one in told)
        event.last_at = max(one.entry.first_seen_at for one in told)
        event.sharing = max((Sharing(one.entry.sharing) for one in told), key=lambda mark: mark.strictness).value
        retell(session, event, told)
    return told


def live_alerts(session: Session, event_id: int) -> list[Alert]:
    """The alerts about an event that are not closed, of every organisation."""
    query = select(Alert).where(Alert.event_id == event_id, col(Alert.state).in_(LIVE))
    return list(session.exec(query.order_by(col(Alert.id)).with_for_update()).all())


def owners_on(session: Session, scope: Scope, event_id: int) -> set[str]:
    """Who has duties on the desk's alerts about an event."""
    query = (
        select(Duty.owner)
        .join(Alert, col(Alert.id) == col(Duty.alert_id))
        .where(Alert.event_id == event_id, Alert.organisation_id == scope.organisation_id)
    )
    return set(session.exec(query).all())


def rulings_on(session: Session, scope: Scope, event_id: int) -> list[Ruling]:
    """What people said of an event, newest first; only the desk sees who."""
    if not scope.home:
        return []
    query = select(Ruling).where(or_(col(Ruling.event_id) == event_id, col(Ruling.other_id) == event_id))
    return list(session.exec(query.order_by(col(Ruling.id).desc())).all())


def followed(session: Session, event_id: int) -> int:
    """Where an event went that was merged: the event that holds its entries now; itself if it was not."""
    seen = {event_id}
    while True:
        query = select(Ruling.other_id).where(Ruling.event_id == event_id, Ruling.deed == "merge")
        there = session.exec(query.order_by(col(Ruling.id).desc()).limit(1)).first()
        if there is None or there in seen or entries_in(session, event_id):
            return event_id
        seen.add(there)
        event_id = there


def parted_from(session: Session, events: Sequence[int]) -> dict[int, set[int]]:
    """Which events a person said to be others, by event."""
    wanted: Any = select(Ruling).where(
        col(Ruling.deed) != "merge", or_(col(Ruling.event_id).in_(events), col(Ruling.other_id).in_(events))
    )
    parted: dict[int, set[int]] = {}
    for row in session.exec(wanted).all():
        parted.setdefault(row.event_id, set()).add(row.other_id)
        parted.setdefault(row.other_id, set()).add(row.event_id)
    return parted


def told_in(session: Session, scope: Scope, event_id: int) -> list[tuple[Any, ...]]:
    """Entry, source, origin and newest assessment or None of what the reader may see in an event, oldest first."""
    wanted: Any = (EntryRow, SourceRow, EventEntry.origin, AssessmentRow)
    query: Any = (
        select(*wanted)
        .join(EventEntry, col(EventEntry.entry_id) == col(EntryRow.id))
        .join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
        .join(AssessmentRow, col(AssessmentRow.id) == newest_assessment(), isouter=True)
        .where(EventEntry.event_id == event_id, col(EntryRow.sharing).in_(scope.marks))
        .order_by(col(EntryRow.first_seen_at), col(EntryRow.id))
        .limit(MOST_TOLD)
    )
    return [tuple(row) for row in session.exec(query).all()]
