"""Entries on their walk through the stages: claimed, moved on, or set aside after too many tries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, update
from sqlmodel import Session, col, select

from ingest.entry import Entry
from scoring.assessment import Assessment
from service.store.corrections import carry_over, corrected
from service.store.lease import claim
from service.store.rows import assessment_values, entry_of
from service.store.search import index_entries
from service.store.tables import AssessmentRow, EntryRow, SourceRow

TRIES = 5


@dataclass(frozen=True, slots=True)
class Walking:
    """An entry that this worker holds."""

    id: int
    entry: Entry


def claim_entries(session: Session, stage: str, now: datetime, by: str, limit: int) -> list[int]:
    """Ids of entries that wait at a stage, oldest first; those of archives only when nothing live waits."""
    order = [col(EntryRow.archived), col(EntryRow.id)]
    return claim(session, EntryRow, [_waits(stage)], order, now=now, by=by, limit=limit)


def _waits(stage: str) -> ColumnElement[bool]:
    # Written out, not bound: SQLite takes a partial index only for a value that it sees. Bound, every claim read the
    # whole table (measured at 400,000 entries: 81 ms, and 1.6 ms written out).
    return col(EntryRow.stage) == bindparam("stage", stage, literal_execute=True)


def load_entries(session: Session, ids: list[int]) -> list[Walking]:
    """The entries themselves, in the order of their ids."""
    rows: Any = session.exec(
        select(EntryRow, SourceRow.key)
        .join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
        .where(col(EntryRow.id).in_(ids))
        .order_by(col(EntryRow.id))
    ).all()
    return [Walking(row.id, entry_of(row, key)) for row, key in rows]


def store_assessments(session: Session, assessed: list[tuple[int, Assessment]], now: datetime, by: str) -> int:
    """Keep assessments and move their entries on; those whose lease was lost are left to whoever holds them now.

    What a person has judged keeps that judgement, and so does an edit of it that changes nothing of weight.
    """
    held = set(advance(session, [number for number, _ in assessed], "new", "assessed", by))
    held -= corrected(session, sorted(held))
    rows = [
        {"entry_id": number, "made_at": now, **assessment_values(assessment)}
        for number, assessment in assessed
        if number in held
    ]
    if rows:
        session.connection().execute(AssessmentRow.__table__.insert(), rows)  # type: ignore[attr-defined]
        carry_over(session, sorted(held), now)
        index_entries(session, sorted(held))
    return len(rows)


def advance(session: Session, ids: list[int], before: str, after: str, by: str) -> list[int]:
    """Move held entries from one stage to the next; answers which were still held."""
    moved = session.connection().execute(
        update(EntryRow)
        .where(col(EntryRow.id).in_(ids), col(EntryRow.stage) == before, col(EntryRow.lease_by) == by)
        .values(stage=after, lease_until=None, lease_by=None)
        .returning(col(EntryRow.id))
    )
    return list(moved.scalars())  # type: ignore[arg-type]


def set_aside(session: Session, ids: list[int], error: str, by: str) -> None:
    """Count a failure; an entry that failed too often stands still, where a person can see it."""
    rows = session.exec(select(EntryRow).where(col(EntryRow.id).in_(ids), EntryRow.lease_by == by)).all()
    for row in rows:
        row.tries += 1
        row.error = error[:500]
        row.lease_until = row.lease_by = None
        if row.tries >= TRIES:
            row.stage = "failed"
        session.add(row)


def waiting(session: Session, stage: str) -> int:
    """How many entries wait at a stage."""
    return session.exec(select(func.count()).select_from(EntryRow).where(_waits(stage))).one()
