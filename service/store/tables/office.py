"""The machine itself: who works, and how it did lately."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, Integer
from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant


class WorkerRow(SQLModel, table=True):
    """A process that works, written by itself every few seconds.

    `ticks` tells of each tick by its name: `every` seconds it is due, `at` it last ended, `ok` when it last ended
    well, `took` seconds, and `error` with `failed` of the last time that it did not. Times are ISO 8601 in UTC.
    """

    __tablename__ = "worker"

    name: str = Field(primary_key=True, max_length=60)
    started_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    stopped_at: datetime | None = Field(default=None, sa_type=Instant)
    ticks: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class WorkFailure(SQLModel, table=True):
    """One time that regular work failed, and what went wrong; of each kind of work the newest few are kept."""

    __tablename__ = "work_failure"
    __table_args__ = (Index("ix_work_failure_work", "work", "at", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    work: str = Field(max_length=60)
    worker: str = Field(max_length=60)
    at: datetime = Field(sa_type=Instant)
    took: float
    error: str = Field(sa_type=CleanText)


class Pulse(SQLModel, table=True):
    """A few figures of one slot of five minutes since 1970, for showing how the last day went."""

    __tablename__ = "pulse"

    slot: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    figures: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
