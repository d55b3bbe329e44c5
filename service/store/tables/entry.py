"""Entries with their revisions, and what was read out of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant

FAILED = text("stage = 'failed'")


class EntryRow(SQLModel, table=True):
    """One item as published. `stage` says how far it has walked: new → assessed → decided, or failed.

    `archived` entries came from an archive: they are understood and joined like others, and alert nobody.
    Only `latest`, `stage`, `tries`, `error` and the lease ever change after it is stored.
    """

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("source_id", "key", "revision"),
        # Only the little that still has to walk is indexed, live entries first: it stays small at a million rows.
        # As OR, because SQLite does not see that stage = 'new' is within a list.
        Index(
            "ix_entry_walking",
            "stage",
            "archived",
            "id",
            sqlite_where=text("stage = 'new' OR stage = 'assessed'"),
            postgresql_where=text("stage = 'new' OR stage = 'assessed'"),
        ),
        Index("ix_entry_failed", "id", sqlite_where=FAILED, postgresql_where=FAILED),
        Index("ix_entry_first_seen_at", "first_seen_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    key: str = Field(sa_type=CleanText)
    revision: int = 1
    latest: bool = True
    raw_hash: str = Field(max_length=64)
    title: str = Field(sa_type=CleanText)
    text: str = Field(sa_type=CleanText)
    link: str | None = Field(default=None, sa_type=CleanText)
    guid: str | None = Field(default=None, sa_type=CleanText)
    language: str | None = Field(default=None, max_length=20)
    published_at: datetime | None = Field(default=None, sa_type=Instant)
    updated_at: datetime | None = Field(default=None, sa_type=Instant)
    occurred_at: datetime | None = Field(default=None, sa_type=Instant)
    first_seen_at: datetime = Field(sa_type=Instant)
    date_quality: str = Field(max_length=20)
    status: str = Field(default="actual", max_length=20)
    countries: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    latitude: float | None = None
    longitude: float | None = None
    extra: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    reliability: str = Field(max_length=1)
    sharing: str = Field(max_length=20)
    archived: bool = False
    stage: str = Field(default="new", max_length=10)
    tries: int = 0
    error: str | None = Field(default=None, sa_type=CleanText)
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    lease_by: str | None = Field(default=None, max_length=60)


class AssessmentRow(SQLModel, table=True):
    """What the machine, or later a person over it, says of an entry; the newest row of an entry holds."""

    __tablename__ = "assessment"

    id: int | None = Field(default=None, primary_key=True)
    entry_id: int = Field(sa_column=Column(Integer, ForeignKey("entry.id"), nullable=False, index=True))
    model: str = Field(max_length=80)
    made_at: datetime = Field(sa_type=Instant)
    probabilities: dict[str, float] = Field(sa_column=Column(JSON, nullable=False))
    labels: list[str] = Field(sa_column=Column(JSON, nullable=False))
    uncertain: list[str] = Field(sa_column=Column(JSON, nullable=False))
    subtypes: list[str] = Field(sa_column=Column(JSON, nullable=False))
    countries: list[str] = Field(sa_column=Column(JSON, nullable=False))
    severity: float
    urgency: float
    certainty: float
    concern: bool
    hedged: bool
    denied: bool
    reasons: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    vector: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    places: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]")
    )
