"""Sources and what is remembered of each."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant

STAGED = "demo:"  # begins the keys of the demonstration's sources; no key of a source file may hold a colon


class SourceRow(SQLModel, table=True):
    """A channel that yields entries, with its health. Due when `next_check_at` has passed and no lease holds it.

    `proxy` and `credentials` are secrets: no page, answer, export or log ever shows them. `rule` says how a page
    without a feed is read. `health` is what `ingest.health` counts, `state` the word it came to at the last look. A
    removed source stays, because its entries do, and comes back with all it remembers when its address is added again.
    """

    __tablename__ = "source"
    __table_args__ = (Index("ix_source_due", "active", "next_check_at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=200)
    name: str = Field(sa_type=CleanText)
    address: str = Field(sa_type=CleanText)
    kind: str = Field(default="news", max_length=30)
    country: str | None = Field(default=None, max_length=2)
    language: str | None = Field(default=None, max_length=20)
    reliability: str = Field(default="F", max_length=1)
    sharing: str = Field(default="TLP:CLEAR", max_length=20)
    interval_s: int = 900
    region: str | None = Field(default=None, max_length=60)
    zone: str | None = Field(default=None, max_length=60)
    critical: bool = False
    terms: str | None = Field(default=None, sa_type=CleanText)
    rule: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    proxy: str | None = Field(default=None, sa_type=CleanText)
    credentials: dict[str, str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    active: bool = True
    paused_until: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    removed_at: datetime | None = Field(default=None, sa_type=Instant)

    etag: str | None = Field(default=None, sa_type=CleanText)
    modified: str | None = Field(default=None, sa_type=CleanText)
    body_hash: str | None = Field(default=None, max_length=64)
    moved_to: str | None = Field(default=None, sa_type=CleanText)
    next_check_at: datetime | None = Field(default=None, sa_type=Instant)
    hold_until: datetime | None = Field(default=None, sa_type=Instant)
    failures: int = 0
    error: str | None = Field(default=None, sa_type=CleanText)
    last_look_at: datetime | None = Field(default=None, sa_type=Instant)
    last_outcome: str | None = Field(default=None, max_length=20)
    last_success_at: datetime | None = Field(default=None, sa_type=Instant)
    last_entry_at: datetime | None = Field(default=None, sa_type=Instant)
    known: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    marks: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    levels: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    health: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    state: str = Field(default="new", max_length=10)
    state_since: datetime | None = Field(default=None, sa_type=Instant)
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    lease_by: str | None = Field(default=None, max_length=60)
