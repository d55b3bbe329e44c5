"""Versions of the guideline, and when each clause last matched."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant


class GuidelineVersion(SQLModel, table=True):
    """One text of the guideline on its way: proposed, then approved by a second person, rejected or withdrawn.

    In force is the approved one whose `effective_at` is the latest that has come; without one, the operator's file or
    the shipped guideline. `parent` is the version that it was proposed against, `backtest` what it would have changed.
    With `back_to` it is an earlier text taken up again. `seen_at`: who proposed it has looked at the decision.
    """

    __tablename__ = "guideline_version"
    __table_args__ = (Index("ix_guideline_version_force", "organisation_id", "state", "effective_at"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    version: str = Field(max_length=80)
    parent: str = Field(max_length=80)
    text: str = Field(sa_type=CleanText)
    note: str = Field(default="", sa_type=CleanText)
    state: str = Field(default="proposed", max_length=12)
    proposed_at: datetime = Field(sa_type=Instant)
    proposed_by: str = Field(sa_type=CleanText)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decided_by: str | None = Field(default=None, sa_type=CleanText)
    reason: str = Field(default="", sa_type=CleanText)
    effective_at: datetime | None = Field(default=None, sa_type=Instant)
    back_to: int | None = None
    backtest: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    backtest_at: datetime | None = Field(default=None, sa_type=Instant)
    seen_at: datetime | None = Field(default=None, sa_type=Instant)


class ClauseMatch(SQLModel, table=True):
    """When a clause last gave an alert its level, and how often it has."""

    __tablename__ = "clause_match"

    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    clause: str = Field(max_length=80, primary_key=True)
    last_at: datetime = Field(sa_type=Instant)
    alert_id: int
    guideline: str = Field(max_length=80)
    count: int = 0
