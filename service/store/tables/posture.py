"""Postures of countries and regions, those in force and those that were."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant

OPEN = text("ended_at IS NULL")


class PostureRow(SQLModel, table=True):
    """A crisis of a place, from entering to leaving: everything that it changes hangs on this one row.

    `place` is a country or the key of a region. `until` is the return date, on which the desk is asked (`asked_at`, the
    last time); the row is in force until `ended_at`. `polling` is the factor on the intervals of its sources, as the
    guideline says, kept here so that collecting need not read the guideline. `recheck`: the alerts of the place are yet
    to be looked at again. `reported_at` is when its last situation report was sent, `report_stage` how many were
    reminded of the next one, `report_look_at` when that is looked at again. Rows are kept; what was done to one is in
    the log.
    """

    __tablename__ = "posture"
    __table_args__ = (
        Index("uq_posture_open", "organisation_id", "place", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    place: str = Field(max_length=40)
    kind: str = Field(default="crisis", max_length=10)
    since: datetime = Field(sa_type=Instant)
    until: datetime = Field(sa_type=Instant)
    author: str = Field(sa_type=CleanText)
    reason: str = Field(default="", sa_type=CleanText)
    by_rule: bool = False
    alert_id: int | None = Field(default=None, foreign_key="alert.id")
    polling: float = 1.0
    recheck: bool = False
    reported_at: datetime | None = Field(default=None, sa_type=Instant)
    report_stage: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    report_look_at: datetime | None = Field(default=None, sa_type=Instant)
    asked_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_by: str | None = Field(default=None, sa_type=CleanText)
    note: str = Field(default="", sa_type=CleanText)


class SituationReport(SQLModel, table=True):
    """A report on a crisis, as it was sent. `due_at` is when it was due, None where no rhythm was set."""

    __tablename__ = "situation_report"
    __table_args__ = (Index("ix_situation_report_posture", "posture_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    posture_id: int = Field(foreign_key="posture.id")
    at: datetime = Field(sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    author: str = Field(sa_type=CleanText)
    text: str = Field(sa_type=CleanText)
