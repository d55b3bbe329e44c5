"""Rosters, who stands in for whom, who acknowledged what, and how far an alert has escalated."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant


class RosterFile(SQLModel, table=True):
    """A roster as it was written, checked before it came here; the newest of an organisation is in force."""

    __tablename__ = "roster_file"

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    text: str = Field(sa_type=CleanText)
    note: str = Field(default="", sa_type=CleanText)
    by: str = Field(sa_type=CleanText)
    created_at: datetime = Field(sa_type=Instant)


class RosterSwap(SQLModel, table=True):
    """Somebody stands in for a while: for `instead`, or for whoever would be on duty. Cancelled ones are kept."""

    __tablename__ = "roster_swap"
    __table_args__ = (Index("ix_roster_swap_ends", "organisation_id", "ends_at"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    owner: str = Field(max_length=120)
    person: str = Field(max_length=120)
    instead: str | None = Field(default=None, max_length=120)
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    reason: str = Field(default="", sa_type=CleanText)
    by: str = Field(sa_type=CleanText)
    created_at: datetime = Field(sa_type=Instant)
    cancelled_at: datetime | None = Field(default=None, sa_type=Instant)
    cancelled_by: str | None = Field(default=None, sa_type=CleanText)


class Acknowledgement(SQLModel, table=True):
    """Somebody's answer to an alert as it stood at a level. `owners` are those they answer for, blank between."""

    __tablename__ = "acknowledgement"
    __table_args__ = (UniqueConstraint("alert_id", "actor", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    alert_id: int = Field(foreign_key="alert.id", index=True)
    actor: str = Field(max_length=120)
    owners: str = Field(default="", sa_type=CleanText)
    level: int
    at: datetime = Field(sa_type=Instant)
    expired_at: datetime | None = Field(default=None, sa_type=Instant)


class EscalationRow(SQLModel, table=True):
    """How far the escalation of an alert has come under its present deadline `due`; another deadline starts it anew.

    `steps` counts the pages that went out or were passed over. What it did is in the log.
    """

    __tablename__ = "escalation"
    __table_args__ = (Index("ix_escalation_next_at", "next_at"),)

    alert_id: int = Field(foreign_key="alert.id", primary_key=True)
    due: datetime = Field(sa_type=Instant)
    steps: int = 0
    next_at: datetime | None = Field(default=None, sa_type=Instant)
    lapsed_at: datetime | None = Field(default=None, sa_type=Instant)
