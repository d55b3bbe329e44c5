"""Corrections in the database: a person's word over the machine's, what stood before it, and taking it back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from scoring.assessment import Assessment
from scoring.judgement import PERSON, Judgement, judged, judgement_of, machine_values
from service.errors import NotFound
from service.store.pages import Page, decode_cursor, page_of
from service.store.rows import assessment_of, assessment_values
from service.store.scope import Scope
from service.store.tables import Alert, AssessmentRow, Correction, Duty, EntryRow, EventEntry, SourceRow


@dataclass(frozen=True, slots=True)
class Given:
    """A judgement with who gave it and why."""

    judgement: Judgement
    actor: str
    reason: str


def get_entry(session: Session, scope: Scope, entry_id: int, *, lock: bool = False) -> EntryRow:
    """One entry as the desk sees it; NotFound when there is none that this reader may see."""
    query = select(EntryRow).where(EntryRow.id == entry_id, col(EntryRow.sharing).in_(scope.marks))
    found = session.exec(query.with_for_update() if lock else query).first() if scope.home else None
    if found is None:
        raise NotFound(f"There is no entry {entry_id}.", "An event's page shows the numbers of its entries.")
    return found


def machine_word(session: Session, entry_id: int) -> AssessmentRow | None:
    """The newest assessment that the machine made of an entry."""
    query = select(AssessmentRow).where(AssessmentRow.entry_id == entry_id, AssessmentRow.model != PERSON)
    return session.exec(query.order_by(col(AssessmentRow.id).desc()).limit(1)).first()


def in_force(session: Session, entry_id: int) -> Correction | None:
    """The correction that holds for an entry."""
    return session.exec(select(Correction).where(Correction.entry_id == entry_id, _holds())).first()


def held_for(session: Session, scope: Scope, entries: Sequence[int]) -> dict[int, Correction]:
    """The corrections that hold for these entries, by entry. Only the desk sees who said what."""
    if not scope.home:
        return {}
    rows = session.exec(select(Correction).where(col(Correction.entry_id).in_(entries), _holds())).all()
    return {row.entry_id: row for row in rows}


def corrected(session: Session, entries: Sequence[int]) -> set[int]:
    """Which of these entries a person has judged."""
    query = select(Correction.entry_id).where(col(Correction.entry_id).in_(entries), _holds())
    return set(session.exec(query).all())


def _holds() -> Any:
    return col(Correction.ended_at).is_(None)


def store_correction(
    session: Session, entry: EntryRow, machine: AssessmentRow, given: Given, now: datetime
) -> Correction:
    """Keep a judgement; one that held before ends, and the entry is to be decided on once more."""
    end_correction(session, entry, given.actor, now)
    said = assessment_of(machine)
    row = Correction(
        entry_id=entry.id or 0,
        at=now,
        actor=given.actor,
        reason=given.reason,
        model=machine.model,
        before=machine_values(said),
        after=given.judgement.values(),
    )
    session.add(row)
    _add_assessment(session, entry, judged(said, given.judgement), now)
    look_again(session, entry)
    session.flush()
    return row


def end_correction(session: Session, entry: EntryRow, actor: str, now: datetime) -> Correction | None:
    """The correction that held for an entry, ended; None when none did."""
    row = in_force(session, entry.id or 0)
    if row is not None:
        row.ended_at, row.ended_by = now, actor
        session.add(row)
        session.flush()  # before another comes: only one may hold
    return row


def restore_machine(session: Session, entry: EntryRow, machine: AssessmentRow, now: datetime) -> None:
    """Let the machine's word hold again."""
    _add_assessment(session, entry, assessment_of(machine), now)
    look_again(session, entry)


def _add_assessment(session: Session, entry: EntryRow, assessment: Assessment, now: datetime) -> None:
    session.add(AssessmentRow(entry_id=entry.id or 0, made_at=now, **assessment_values(assessment)))


def look_again(session: Session, entry: EntryRow) -> None:
    """Send an entry through the walk's last step once more. What a worker holds of it, it loses."""
    # By a statement of its own: whoever read the row earlier must not write back what it was.
    session.connection().execute(
        update(EntryRow)
        .where(col(EntryRow.id) == entry.id)
        .values(stage="assessed", tries=0, error=None, lease_until=None, lease_by=None)
    )


def owners_of(session: Session, scope: Scope, entry_id: int) -> set[str]:
    """Who has duties on the desk's alerts about the event that an entry reports."""
    query = (
        select(Duty.owner)
        .join(Alert, col(Alert.id) == col(Duty.alert_id))
        .join(EventEntry, col(EventEntry.event_id) == col(Alert.event_id))
        .where(EventEntry.entry_id == entry_id, Alert.organisation_id == scope.organisation_id)
    )
    return set(session.exec(query).all()) if scope.home else set()


def list_corrections(
    session: Session, scope: Scope, *, entry: int | None = None, limit: int = 50, cursor: str | None = None
) -> Page[tuple[Correction, EntryRow]]:
    """Corrections with their entries, the newest first, those that ended too. Only the desk has any."""
    query: Any = (
        select(Correction, EntryRow)
        .join(EntryRow, col(EntryRow.id) == col(Correction.entry_id))
        .where(col(EntryRow.sharing).in_(scope.marks))
    )
    if entry is not None:
        query = query.where(Correction.entry_id == entry)
    if cursor:
        query = query.where(col(Correction.id) < decode_cursor(cursor, (int,))[0])
    query = query.order_by(col(Correction.id).desc()).limit(limit + 1)
    rows = session.exec(query).all() if scope.home else []
    return page_of([(row, where) for row, where in rows], limit, lambda row: (row[0].id,))


def all_in_force(session: Session) -> list[tuple[Correction, EntryRow, SourceRow]]:
    """Every correction that holds, oldest first: what a model of this house learns from."""
    rows: Any = session.exec(
        select(Correction, EntryRow, SourceRow)
        .join(EntryRow, col(EntryRow.id) == col(Correction.entry_id))
        .join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
        .where(_holds())
        .order_by(col(Correction.id))
    ).all()
    return [(row, entry, source) for row, entry, source in rows]


def count_in_force(session: Session, since: datetime | None = None) -> int:
    """How many corrections hold; with a time, how many of them were made after it."""
    query = select(Correction.id).where(_holds())
    return len(session.exec(query.where(Correction.at > since) if since is not None else query).all())


def carry_over(session: Session, entries: Sequence[int], now: datetime) -> int:
    """Give new revisions the judgement of the revision before, where nothing that was judged has changed.

    That is: the same title, and the same numbers in the text. Any other edit may be a graver happening, and is left as
    the machine reads it. Answers how many were given.
    """
    older = aliased(EntryRow)
    rows: Any = session.exec(
        select(EntryRow, older, Correction)
        .join(older, (col(older.source_id) == col(EntryRow.source_id)) & (col(older.key) == col(EntryRow.key)))
        .join(Correction, col(Correction.entry_id) == col(older.id))
        .where(col(EntryRow.id).in_(entries), EntryRow.revision == older.revision + 1, _holds())
    ).all()
    given = 0
    for entry, before, row in rows:
        machine = machine_word(session, entry.id)
        if machine is not None and _same_story(entry, before):
            store_correction(session, entry, machine, Given(judgement_of(row.after), row.actor, row.reason), now)
            given += 1
    return given


def _same_story(entry: EntryRow, before: EntryRow) -> bool:
    def numbers(row: EntryRow) -> list[str]:
        return re.findall(r"\d+", row.text)

    return entry.title == before.title and numbers(entry) == numbers(before)
