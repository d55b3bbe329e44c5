"""Imports of archives: what was read, and that it ended."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant


class ArchiveRun(SQLModel, table=True):
    """One import of an archive. `state` is running, done or failed; its entries alert nobody, the next live ones do."""

    __tablename__ = "archive_run"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(sa_type=CleanText)
    state: str = Field(max_length=10)
    by: str = Field(sa_type=CleanText)
    started_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    read: int = 0
    new: int = 0
    known: int = 0
    unreadable: int = 0
    oldest_at: datetime | None = Field(default=None, sa_type=Instant)
    newest_at: datetime | None = Field(default=None, sa_type=Instant)
    error: str | None = Field(default=None, sa_type=CleanText)
