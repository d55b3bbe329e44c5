"""What could be learnt next, and how the incoming text and what is said of it have moved: read in plain columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from scoring.judgement import PERSON
from service.store.scope import Scope
from service.store.tables import AssessmentRow, Correction, EntryRow, EventEntry, SourceRow

MOST = 2_000  # of the newest entries, those that are thought about
SAMPLED = 4_000  # of a window's entries, about as many are counted


@dataclass(frozen=True, slots=True)
class Unjudged:
    """An entry that nobody has judged, as far as its worth is weighed. `event` is None where it belongs to none."""

    entry: int
    source: int
    event: int | None
    title: str
    language: str | None
    extra: Mapping[str, str]
    probabilities: Mapping[str, float]
    uncertain: Sequence[str]


@dataclass(frozen=True, slots=True)
class Read:
    """How the machine read one entry, for counting."""

    language: str | None
    source: str
    probabilities: Mapping[str, float]
    open: bool
    corrected: bool


def unjudged(session: Session, scope: Scope, since: datetime, most: int = MOST) -> list[Unjudged]:
    """The newest live entries that only the machine has judged."""
    if not scope.home:
        return []
    held = select(Correction.entry_id).where(col(Correction.ended_at).is_(None))
    wanted: Any = (
        *(EntryRow.id, EntryRow.source_id, EventEntry.event_id, EntryRow.title, EntryRow.language, EntryRow.extra),
        *(AssessmentRow.probabilities, AssessmentRow.uncertain),
    )
    query: Any = (
        select(*wanted)
        .join(AssessmentRow, col(AssessmentRow.id) == newest_reading())
        .join(EventEntry, col(EventEntry.entry_id) == col(EntryRow.id), isouter=True)
        .where(
            col(EntryRow.first_seen_at) >= since,
            col(EntryRow.sharing).in_(scope.marks),
            col(EntryRow.latest).is_(True),
            col(EntryRow.archived).is_(False),
            col(EntryRow.id).not_in(held),
        )
        .order_by(col(EntryRow.first_seen_at).desc(), col(EntryRow.id).desc())
        .limit(most)
    )
    return [Unjudged(*row) for row in session.exec(query).all()]


def newest_reading() -> Any:
    """The newest assessment that the machine made of an entry, as part of a query of entries."""
    return (
        select(col(AssessmentRow.id))
        .where(col(AssessmentRow.entry_id) == col(EntryRow.id), col(AssessmentRow.model) != PERSON)
        .order_by(col(AssessmentRow.id).desc())
        .limit(1)
        .correlate(EntryRow)
        .scalar_subquery()
    )


def entries_with(
    session: Session, scope: Scope, entries: Sequence[int]
) -> dict[int, tuple[EntryRow, SourceRow, AssessmentRow]]:
    """These entries with their sources and the machine's newest assessments, as far as the reader may see them."""
    rows: Any = session.exec(
        select(EntryRow, SourceRow, AssessmentRow)
        .join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
        .join(AssessmentRow, col(AssessmentRow.id) == newest_reading())
        .where(col(EntryRow.id).in_(entries), col(EntryRow.sharing).in_(scope.marks))
    ).all()
    return {entry.id: (entry, source, made) for entry, source, made in rows} if scope.home else {}


def newest_said(session: Session, scope: Scope, entries: Sequence[int]) -> dict[int, AssessmentRow]:
    """The newest word on each of these entries, the machine's or a person's, as far as the reader may see them."""
    newest = (
        select(func.max(col(AssessmentRow.id)))
        .where(col(AssessmentRow.entry_id).in_(entries))
        .group_by(col(AssessmentRow.entry_id))
    )
    rows = session.exec(
        select(AssessmentRow)
        .join(EntryRow, col(EntryRow.id) == col(AssessmentRow.entry_id))
        .where(col(AssessmentRow.id).in_(newest), col(EntryRow.sharing).in_(scope.marks))
    ).all()
    return {row.entry_id: row for row in rows}


def readings(session: Session, since: datetime, until: datetime, most: int = SAMPLED) -> Iterator[Read]:
    """How the machine read live entries first seen in [since, until); of many, one in so many, evenly over time."""
    # Counted and chosen within the index alone; only the rows that are chosen are read.
    window = (col(EntryRow.first_seen_at) >= since, col(EntryRow.first_seen_at) < until)
    count = session.exec(select(func.count()).select_from(EntryRow).where(*window)).one()
    chosen = select(col(EntryRow.id)).where(*window, col(EntryRow.id) % max(1, -(-count // most)) == 0)
    wanted: Any = (
        *(EntryRow.language, SourceRow.key, AssessmentRow.probabilities, AssessmentRow.uncertain, Correction.id),
    )
    query: Any = (
        select(*wanted)
        .select_from(EntryRow)
        .join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
        .join(AssessmentRow, col(AssessmentRow.id) == newest_reading())
        .join(
            Correction,
            (col(Correction.entry_id) == col(EntryRow.id)) & col(Correction.ended_at).is_(None),
            isouter=True,
        )
        .where(col(EntryRow.id).in_(chosen), col(EntryRow.archived).is_(False))
    )
    for language, source, probabilities, uncertain, correction in session.exec(query):
        yield Read(language, source, probabilities, bool(uncertain), correction is not None)
