"""Responses: a plan at work on an alert, as a list of steps with one accountable owner each."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant

OPEN = text("state IN ('todo', 'doing')")


class Response(SQLModel, table=True):
    """One per alert. `plan` works at `level` since `planned_at`; what worked before that is kept for the same instant.

    `said` holds title, closing condition and what to avoid as they were when the plan started: the file may change.
    `added` are plans that a person put beside it.
    """

    __tablename__ = "response"

    id: int | None = Field(default=None, primary_key=True)
    alert_id: int = Field(foreign_key="alert.id", unique=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    plan: str = Field(max_length=60)
    plans: str = Field(max_length=80)
    level: int
    command: str = Field(max_length=10)
    lead: str = Field(max_length=120)
    central: str = Field(max_length=120)
    said: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    added: list[str] = Field(sa_column=Column(JSON, nullable=False))
    started_at: datetime = Field(sa_type=Instant)
    planned_at: datetime = Field(sa_type=Instant)
    plan_before: str = Field(default="", max_length=60)
    level_before: int | None = None
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    close_reason: str | None = Field(default=None, sa_type=CleanText)


class ResponseStep(SQLModel, table=True):
    """One step: todo, doing, done or skipped. `owner` alone is accountable; `look_at` is when a late one is told of.

    `said` holds what to do, the measurable result and the resource in both languages.
    """

    __tablename__ = "response_step"
    __table_args__ = (
        UniqueConstraint("response_id", "key", name="uq_response_step_key"),
        Index("ix_response_step_look", "look_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: int | None = Field(default=None, primary_key=True)
    response_id: int = Field(foreign_key="response.id")
    key: str = Field(max_length=130)
    plan: str = Field(max_length=60)
    position: int
    said: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    owner: str = Field(max_length=120)
    support: list[str] = Field(sa_column=Column(JSON, nullable=False))
    after: list[str] = Field(sa_column=Column(JSON, nullable=False))
    state: str = Field(default="todo", max_length=10)
    added_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    look_at: datetime | None = Field(default=None, sa_type=Instant)
    reminders: int = 0
    handed: bool = False
    result: str | None = Field(default=None, sa_type=CleanText)
    reason: str | None = Field(default=None, sa_type=CleanText)
    changed_at: datetime | None = Field(default=None, sa_type=Instant)
    changed_by: str | None = Field(default=None, sa_type=CleanText)
