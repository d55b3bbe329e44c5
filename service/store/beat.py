"""Who works and how the machine did lately: workers write down their ticks, and a few figures every five minutes."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, text
from sqlmodel import Session, col, select

from service.store.tables import EntryRow, Notice, Pulse, WorkerRow

SLOT = 300  # seconds
KEPT = timedelta(days=8)
FORGOTTEN = timedelta(days=1)  # how long a worker that is gone stays on the list


def keep_worker(
    session: Session, name: str, started_at: datetime, now: datetime, ticks: Mapping[str, Any], *, stopped: bool = False
) -> None:
    """A worker is alive, or stops; those that went long ago are forgotten."""
    session.merge(
        WorkerRow(name=name, started_at=started_at, seen_at=now, stopped_at=now if stopped else None, ticks=dict(ticks))
    )
    session.connection().execute(delete(WorkerRow).where(col(WorkerRow.seen_at) < now - FORGOTTEN))


def workers(session: Session) -> list[WorkerRow]:
    """Those that work or did lately, the last seen first."""
    return list(session.exec(select(WorkerRow).order_by(col(WorkerRow.seen_at).desc(), col(WorkerRow.name))).all())


def slot_of(at: datetime) -> int:
    """The number of the five minutes that a time is in."""
    return int(at.timestamp()) // SLOT


def slot_start(slot: int) -> datetime:
    """When five minutes began."""
    return datetime.fromtimestamp(slot * SLOT, UTC)


def has_pulse(session: Session, now: datetime) -> bool:
    """Whether somebody has measured within these five minutes."""
    return session.get(Pulse, slot_of(now)) is not None


def keep_pulse(session: Session, now: datetime, figures: Mapping[str, Any]) -> None:
    """Keep the figures of these five minutes, and forget what is old."""
    session.merge(Pulse(slot=slot_of(now), figures=dict(figures)))
    session.connection().execute(delete(Pulse).where(col(Pulse.slot) < slot_of(now - KEPT)))


def pulses(session: Session, since: datetime) -> list[Pulse]:
    """Figures since a time, the oldest first."""
    return list(session.exec(select(Pulse).where(col(Pulse.slot) >= slot_of(since)).order_by(col(Pulse.slot))).all())


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """Since when the notice that is due longest should have been told; None when none is due."""
    due = select(func.min(col(Notice.not_before))).where(Notice.state == "pending", col(Notice.not_before) <= now)
    return session.exec(due).one()


def oldest_new(session: Session) -> datetime | None:
    """Since when the oldest entry waits to be read by the model; those of archives may wait."""
    # Written out as in `work.waiting`: only so does SQLite take the partial index.
    waits = text("entry.stage = 'new'")
    query = select(func.min(col(EntryRow.first_seen_at))).where(waits, col(EntryRow.archived).is_(False))
    return session.exec(query).one()


def database_size(session: Session) -> int:
    """Bytes that the database takes."""
    if session.get_bind().dialect.name == "postgresql":
        return int(session.connection().execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    pages = session.connection().execute(text("PRAGMA page_count")).scalar_one()
    return int(pages) * int(session.connection().execute(text("PRAGMA page_size")).scalar_one())


def database_clock(session: Session) -> datetime | None:
    """What the database's own clock says; None for SQLite, which has none."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    found: datetime = session.connection().execute(text("SELECT clock_timestamp()")).scalar_one()
    return found


def database_version(session: Session) -> str:
    """The engine and its version, in its own words."""
    if session.get_bind().dialect.name == "postgresql":
        version = str(session.connection().execute(text("SHOW server_version")).scalar_one())
        return f"PostgreSQL {version.split()[0]}"
    return f"SQLite {session.connection().execute(text('SELECT sqlite_version()')).scalar_one()}"
