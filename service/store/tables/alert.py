"""Alerts: a graded warning about an event, with its owners and its life."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant

LIVE = text("state NOT IN ('resolved', 'dismissed')")


def _empty_list() -> Any:
    return Column(JSON, nullable=False, server_default="[]")


class Alert(SQLModel, table=True):
    """One per event and organisation while it lives; it changes level, it does not breed new ones.

    `version` counts the changes that are told to people; a notice carries the version that it tells. With `source_id`
    it is an alarm about one of our sources, which only the desk sees. `exposure` (what of the organisation's own it
    touches) and `counterfactuals` are for the eyes of its own organisation.
    """

    __tablename__ = "alert"
    __table_args__ = (
        Index("uq_alert_live", "organisation_id", "event_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        # With everything that lists and counts of live alerts look at: the rows themselves are wide.
        Index("ix_alert_work", "organisation_id", "state", "level", "id", "sharing", "acknowledge_by"),
        Index("ix_alert_changed", "organisation_id", "changed_at", "id"),
        Index("ix_alert_opened", "organisation_id", "opened_at"),
        Index("ix_alert_closed", "organisation_id", "closed_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    event_id: int = Field(foreign_key="event.id", index=True)
    level: int
    state: str = Field(default="open", max_length=20)
    version: int = 1
    title: str = Field(sa_type=CleanText)
    language: str | None = Field(default=None, max_length=20)
    clause: str = Field(max_length=80)
    guideline: str = Field(max_length=80)
    score: float
    unconfirmed: bool
    withdrawn: bool = False
    concern: bool = False
    demo: bool = False
    sharing: str = Field(max_length=20)
    sources: int = 1
    countries: list[str] = Field(sa_column=Column(JSON, nullable=False))
    categories: list[str] = Field(sa_column=Column(JSON, nullable=False))
    subtypes: list[str] = Field(sa_column=Column(JSON, nullable=False))
    reasons: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    opened_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)
    level_since: datetime = Field(sa_type=Instant)
    calmer_since: datetime | None = Field(default=None, sa_type=Instant)
    acknowledge_by: datetime | None = Field(default=None, sa_type=Instant)
    usual_by: datetime | None = Field(default=None, sa_type=Instant)  # what a crisis drew nearer
    acknowledged_at: datetime | None = Field(default=None, sa_type=Instant)
    acknowledged_by: str | None = Field(default=None, sa_type=CleanText)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    close_reason: str | None = Field(default=None, sa_type=CleanText)
    source_id: int | None = Field(default=None, index=True)
    told_at: datetime | None = Field(default=None, sa_type=Instant)  # when a change of it was last told at once
    exposure: list[dict[str, Any]] = Field(default_factory=list, sa_column=_empty_list())
    counterfactuals: list[dict[str, Any]] = Field(default_factory=list, sa_column=_empty_list())


class AlertCountry(SQLModel, table=True):
    """For filters by country."""

    __tablename__ = "alert_country"
    __table_args__ = (Index("ix_alert_country_lookup", "country", "alert_id"),)

    alert_id: int = Field(foreign_key="alert.id", primary_key=True)
    country: str = Field(max_length=2, primary_key=True)


class AlertCategory(SQLModel, table=True):
    """For filters by category."""

    __tablename__ = "alert_category"
    __table_args__ = (Index("ix_alert_category_lookup", "category", "alert_id"),)

    alert_id: int = Field(foreign_key="alert.id", primary_key=True)
    category: str = Field(max_length=20, primary_key=True)


class Duty(SQLModel, table=True):
    """Who must act on an alert; exactly one row of an alert is accountable."""

    __tablename__ = "duty"

    id: int | None = Field(default=None, primary_key=True)
    alert_id: int = Field(foreign_key="alert.id", index=True)
    owner: str = Field(max_length=120)
    role: str = Field(max_length=20)
    acknowledge_by: datetime = Field(sa_type=Instant)
    clause: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=Instant)


class AlertShare(SQLModel, table=True):
    """An alert that a subscription lets its organisation see. Without such a row a subscriber sees nothing of it."""

    __tablename__ = "alert_share"
    __table_args__ = (Index("ix_alert_share_organisation", "organisation_id", "alert_id"),)

    alert_id: int = Field(foreign_key="alert.id", primary_key=True)
    subscription_id: int = Field(foreign_key="subscription.id", primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    shared_at: datetime = Field(sa_type=Instant)
