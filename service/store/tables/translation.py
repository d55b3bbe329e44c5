"""Machine translations of titles that entries bear, kept by the hash of the text they were made from."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, text
from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant

WAITING = text("state = 'waiting'")


class Translation(SQLModel, table=True):
    """One text that was, or is to be, translated. `state` is waiting, done, or failed after too many tries.

    `texts` holds for each language what `model` made: {"zh": {"title": …, "summary": …}}. `level` is the gravest of the
    alerts that the text stood behind when it was queued.
    """

    __tablename__ = "translation"
    __table_args__ = (Index("ix_translation_due", "level", "id", sqlite_where=WAITING, postgresql_where=WAITING),)

    id: int | None = Field(default=None, primary_key=True)
    text_hash: str = Field(unique=True, max_length=64)
    title_hash: str = Field(index=True, max_length=64)
    level: int = 4
    state: str = Field(default="waiting", max_length=10)
    model: str = Field(default="", max_length=120)
    texts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    tries: int = 0
    error: str | None = Field(default=None, sa_type=CleanText)
    not_before: datetime = Field(sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    made_at: datetime | None = Field(default=None, sa_type=Instant)
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    lease_by: str | None = Field(default=None, max_length=60)


class TranslatedEntry(SQLModel, table=True):
    """An entry that bears a translated text; copies of one text share its translation."""

    __tablename__ = "translated_entry"

    entry_id: int = Field(sa_column=Column(Integer, ForeignKey("entry.id"), primary_key=True))
    translation_id: int = Field(foreign_key="translation.id", index=True)
