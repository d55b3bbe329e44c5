"""What people say over the machine, and the models that learn from it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, text
from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant

IN_FORCE = text("ended_at IS NULL")


class Correction(SQLModel, table=True):
    """A person's judgement of one entry. It holds until another takes its place or somebody takes it back.

    `before` is what `model` had said and `after` what holds instead: labels, subtypes, severity (0–4) and countries.
    """

    __tablename__ = "correction"
    __table_args__ = (
        Index("uq_correction_in_force", "entry_id", unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE),
    )

    id: int | None = Field(default=None, primary_key=True)
    entry_id: int = Field(sa_column=Column(Integer, ForeignKey("entry.id"), nullable=False, index=True))
    at: datetime = Field(sa_type=Instant)
    actor: str = Field(sa_type=CleanText)
    reason: str = Field(default="", sa_type=CleanText)
    model: str = Field(max_length=80)
    before: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    after: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_by: str | None = Field(default=None, sa_type=CleanText)


class ModelRow(SQLModel, table=True):
    """A model of this house; its weights are a file of the data folder. The shipped one has no row.

    `state` is candidate, in_use (at most one), retired or refused: it is no better than its parent. `contest` is how
    it did against that, `card` what its file says of it.
    """

    __tablename__ = "model"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=80)
    parent: str = Field(max_length=80)
    made_at: datetime = Field(sa_type=Instant)
    made_by: str = Field(sa_type=CleanText)
    corrections: int
    contest: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    card: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    state: str = Field(max_length=12)
    adopted_at: datetime | None = Field(default=None, sa_type=Instant)
    adopted_by: str | None = Field(default=None, sa_type=CleanText)


class Training(SQLModel, table=True):
    """Somebody wants a model made from the corrections. `state` is waiting, done (then `model` names it) or failed."""

    __tablename__ = "training"
    __table_args__ = (Index("ix_training_state", "state", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    asked_at: datetime = Field(sa_type=Instant)
    asked_by: str = Field(sa_type=CleanText)
    state: str = Field(default="waiting", max_length=12)
    tries: int = 0
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    model: str | None = Field(default=None, max_length=80)
    error: str | None = Field(default=None, sa_type=CleanText)
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    lease_by: str | None = Field(default=None, max_length=60)
