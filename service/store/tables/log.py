"""The log of what happened, and small facts about the installation."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant


class LogLine(SQLModel, table=True):
    """One audit record: who did what to which thing, when and why. Its `id` orders what live pages are told."""

    __tablename__ = "log"
    __table_args__ = (
        Index("ix_log_subject", "subject", "subject_id", "id"),
        Index("ix_log_actor", "actor", "at", "id"),
        Index("ix_log_at", "at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Instant)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    actor: str = Field(sa_type=CleanText)
    action: str = Field(max_length=40)
    subject: str = Field(max_length=20)
    subject_id: str = Field(max_length=60)
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Meta(SQLModel, table=True):
    """Facts about this database, such as the mark of a demonstration."""

    __tablename__ = "meta"

    key: str = Field(primary_key=True, max_length=60)
    value: str = Field(sa_type=CleanText)
