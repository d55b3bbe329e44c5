"""Field reports in the database: storing one with its entry and files, and finding one again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from ingest.attachment import Judged
from ingest.entry import Entry
from service.store.engine import advisory_lock
from service.store.read_rest import REPORTED
from service.store.rows import entry_values
from service.store.tables import Attachment, EntryRow, FieldReport, SourceRow

REPORT_LOCK = 7_245_004  # reports are filed one at a time: else one that comes twice at once would be two
THREAD = timedelta(days=90)
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: one source for each known sender, so that two embassies are two voices, and one for all unknown."""

    key: str
    name: str
    reliability: str
    sharing: str
    country: str | None = None


def source_of(session: Session, voice: Voice, now: datetime) -> SourceRow:
    """The source that a voice's entries belong to, made at the first one; its letter and name follow the voice's."""
    row = session.exec(select(SourceRow).where(SourceRow.key == voice.key)).first()
    if row is None:
        row = SourceRow(
            key=voice.key,
            name=voice.name,
            address=f"{REPORTED}{voice.key}",
            kind="report",
            country=voice.country,
            sharing=voice.sharing,
            interval_s=YEAR,
            active=False,
            created_at=now,
        )
    row.name, row.reliability, row.last_entry_at = voice.name, voice.reliability, now
    session.add(row)
    session.flush()
    return row


def lock_reports(session: Session) -> None:
    """Nobody else files a report until this transaction ends."""
    advisory_lock(session, REPORT_LOCK)


def store_entry(session: Session, source_id: int, entry: Entry) -> int:
    """Keep an entry, new or the next revision of its key; answers its number. It waits to be assessed."""
    before = session.exec(
        select(EntryRow.revision)
        .where(EntryRow.source_id == source_id, EntryRow.key == entry.item.key)
        .order_by(col(EntryRow.revision).desc())
        .limit(1)
    ).first()
    if before is not None:
        session.connection().execute(
            update(EntryRow)
            .where(col(EntryRow.source_id) == source_id, col(EntryRow.key) == entry.item.key)
            .values(latest=False)
        )
    row = EntryRow(**entry_values(entry, source_id, (before or 0) + 1))
    session.add(row)
    session.flush()
    return row.id or 0


def store_files(session: Session, report_id: int, files: tuple[Judged, ...]) -> None:
    """Keep the files of a report, and what is noted of those that are not kept."""
    session.add_all(
        Attachment(
            report_id=report_id,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            content=file.content,
            refused=file.refused.value if file.refused else None,
        )
        for file in files
    )


def report_by_digest(session: Session, digest: str) -> FieldReport | None:
    """The report that came with this digest before."""
    return session.exec(select(FieldReport).where(FieldReport.digest == digest)).first()


def answered_report(session: Session, message_ids: tuple[str, ...], now: datetime) -> FieldReport | None:
    """The report that a mail answers: of the messages it names, the nearest that became an entry."""
    if not message_ids:
        return None
    stored: Any = col(FieldReport.detail)["message_id"].as_string()
    query = select(FieldReport).where(
        col(FieldReport.received_at) > now - THREAD, col(FieldReport.entry_id).is_not(None), stored.in_(message_ids)
    )
    found = {str(row.detail.get("message_id")): row for row in session.exec(query).all()}
    return next((found[number] for number in message_ids if number in found), None)


def entry_row(session: Session, entry_id: int | None) -> EntryRow | None:
    """An entry by its number."""
    return session.get(EntryRow, entry_id) if entry_id is not None else None
