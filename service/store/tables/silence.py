"""Silences and maintenance windows, and what was kept quiet by them or by the guideline."""

from datetime import datetime

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant


def _list() -> Column[list[str]]:
    return Column(JSON, nullable=False, server_default="[]")


class SilenceRow(SQLModel, table=True):
    """What a person wants no interruptions by, from when until when and why. Never removed, only ended early.

    Empty lists mean any. With `weekly_minutes` it is quiet for so long from `starts_at`, and every week again, by the
    clock on the wall of `zone`. With `alarms` it is about alarms of our own sources, of these troubles.
    """

    __tablename__ = "silence"
    __table_args__ = (Index("ix_silence_ends", "organisation_id", "ends_at"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    kind: str = Field(default="silence", max_length=10)
    countries: list[str] = Field(default_factory=list, sa_column=_list())
    categories: list[str] = Field(default_factory=list, sa_column=_list())
    subtypes: list[str] = Field(default_factory=list, sa_column=_list())
    levels: list[int] = Field(default_factory=list, sa_column=_list())
    sources: list[str] = Field(default_factory=list, sa_column=_list())
    event_id: int | None = Field(default=None, foreign_key="event.id")
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    weekly_minutes: int | None = None
    zone: str = Field(default="UTC", max_length=64, sa_column_kwargs={"server_default": "UTC"})
    alarms: list[str] = Field(default_factory=list, sa_column=_list())
    author: str = Field(sa_type=CleanText)
    reason: str = Field(sa_type=CleanText)
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_by: str | None = Field(default=None, sa_type=CleanText)

    @property
    def over_at(self) -> datetime:
        """When it ends, or ended early."""
        return self.ends_at if self.ended_at is None else min(self.ended_at, self.ends_at)


class HushRow(SQLModel, table=True):
    """One change of an alert that something kept quiet, or with `passed` would have, were it not so grave."""

    __tablename__ = "hush"
    __table_args__ = (Index("ix_hush_alert", "alert_id", "version"), Index("ix_hush_silence", "silence_id", "id"))

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    alert_id: int = Field(foreign_key="alert.id")
    version: int
    action: str = Field(max_length=20)
    level: int
    kind: str = Field(max_length=20)
    cause: str = Field(max_length=80)
    silence_id: int | None = Field(default=None, foreign_key="silence.id")
    cause_alert_id: int | None = Field(default=None, foreign_key="alert.id")
    until: datetime | None = Field(default=None, sa_type=Instant)
    passed: bool = False
    at: datetime = Field(sa_type=Instant)
