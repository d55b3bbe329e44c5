"""Reading field reports, as far as the reader may see them. Bytes are only read when somebody asks for that file."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from service.errors import NotFound
from service.store.pages import Page, decode_cursor, page_of
from service.store.scope import Scope
from service.store.tables import Alert, ApiKey, Attachment, EntryRow, Event, EventEntry, FieldReport, Person, SourceRow

_COLUMNS: Any = (FieldReport.raw, Attachment.content)
NO_RAW, NO_CONTENT = (defer(column) for column in _COLUMNS)
STATES = ("accepted", "unreadable", "no_entry")


@dataclass(frozen=True, slots=True)
class LedTo:
    """What became of a report: its entry and source, the event that it is part of, that event's alert."""

    entry: EntryRow
    source: SourceRow
    event_id: int | None
    alert_id: int | None


def _visible(scope: Scope) -> Any:
    """The desk sees what its clearance allows, others only what their own people and keys have filed."""
    marked = col(FieldReport.sharing).in_(scope.marks)
    if scope.home:
        return marked
    people = select(Person.id).where(Person.organisation_id == scope.organisation_id)
    keys = select(ApiKey.id).where(ApiKey.organisation_id == scope.organisation_id)
    return or_(col(FieldReport.person_id).in_(people), col(FieldReport.key_id).in_(keys))


def list_reports(
    session: Session, scope: Scope, *, state: str | None = None, limit: int = 50, cursor: str | None = None
) -> Page[FieldReport]:
    """Reports without their bytes, the newest first."""
    query: Any = select(FieldReport).options(NO_RAW).where(_visible(scope))
    if state is not None:
        query = query.where(FieldReport.state == state)
    if cursor:
        query = query.where(col(FieldReport.id) < decode_cursor(cursor, (int,))[0])
    rows = list(session.exec(query.order_by(col(FieldReport.id).desc()).limit(limit + 1)).all())
    return page_of(rows, limit, lambda row: (row.id,))


def count_reports(session: Session, scope: Scope) -> dict[str, int]:
    """How many there are in each state."""
    query = select(FieldReport.state, func.count()).where(_visible(scope)).group_by(col(FieldReport.state))
    return dict.fromkeys(STATES, 0) | dict(session.exec(query).all())


def get_report(session: Session, scope: Scope, report_id: int, *, raw: bool = False, lock: bool = False) -> FieldReport:
    """One report; NotFound when there is none that this reader may see. `raw` reads the message as it came, too."""
    query: Any = select(FieldReport).where(FieldReport.id == report_id, _visible(scope))
    query = query if raw else query.options(NO_RAW)
    found: FieldReport | None = session.exec(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound(f"There is no report {report_id}.", "`watchfire report list` shows them.")
    return found


def is_kept_raw(session: Session, scope: Scope, report_id: int) -> bool:
    """Whether a message is there as it came."""
    query = select(col(FieldReport.raw).is_not(None)).where(FieldReport.id == report_id, _visible(scope))
    return bool(session.exec(query).first())


def attachments_of(session: Session, scope: Scope, report_id: int) -> list[Attachment]:
    """The files of a report without their bytes."""
    get_report(session, scope, report_id)
    query: Any = select(Attachment).options(NO_CONTENT)
    return list(session.exec(query.where(Attachment.report_id == report_id).order_by(col(Attachment.id))).all())


def get_attachment(session: Session, scope: Scope, report_id: int, attachment_id: int) -> Attachment:
    """One file with its bytes; NotFound when there is none, or its bytes were not kept."""
    get_report(session, scope, report_id)
    query = select(Attachment).where(Attachment.id == attachment_id, Attachment.report_id == report_id)
    found = session.exec(query).first()
    if found is None or found.content is None:
        raise NotFound(
            f"There is no file {attachment_id} in report {report_id}, or it was not kept.",
            "Its page lists what was kept.",
        )
    return found


def led_to(session: Session, scope: Scope, entry_id: int | None) -> LedTo | None:
    """What became of a report's entry; events and alerts only for the desk, and only those it is cleared for."""
    query = select(EntryRow, SourceRow).join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
    found = session.exec(query.where(EntryRow.id == entry_id)).first() if entry_id is not None else None
    if found is None:
        return None
    event = _event_of(session, scope, entry_id) if scope.home else None
    alert = _alert_of(session, scope, event) if event is not None else None
    return LedTo(found[0], found[1], event, alert)


def _event_of(session: Session, scope: Scope, entry_id: int | None) -> int | None:
    return session.exec(
        select(Event.id)
        .join(EventEntry, col(EventEntry.event_id) == col(Event.id))
        .where(EventEntry.entry_id == entry_id, col(Event.sharing).in_(scope.marks))
    ).first()


def _alert_of(session: Session, scope: Scope, event_id: int) -> int | None:
    query = select(Alert.id).where(Alert.event_id == event_id, col(Alert.sharing).in_(scope.marks))
    return session.exec(query.order_by(col(Alert.id).desc()).limit(1)).first()
