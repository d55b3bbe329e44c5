"""Channels, subscriptions and the outbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant

PENDING = text("state = 'pending'")
HELD = text("state = 'held'")
DEAD = text("state = 'dead'")
DIGEST = text("action = 'digest'")


class Channel(SQLModel, table=True):
    """A way to reach people: webhook, feishu, dingtalk, wecom, slack or mail. `owner` is the owner it reaches."""

    __tablename__ = "channel"

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    kind: str = Field(max_length=20)
    name: str = Field(sa_type=CleanText)
    address: str = Field(sa_type=CleanText)
    secret: str | None = Field(default=None, sa_type=CleanText)
    language: str = Field(default="zh", max_length=5)
    owner: str | None = Field(default=None, max_length=120)
    active: bool = True
    created_at: datetime = Field(sa_type=Instant)


class Subscription(SQLModel, table=True):
    """What an organisation follows: countries and categories (empty: all) down to a least level."""

    __tablename__ = "subscription"

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    name: str = Field(sa_type=CleanText)
    countries: list[str] = Field(sa_column=Column(JSON, nullable=False))
    categories: list[str] = Field(sa_column=Column(JSON, nullable=False))
    least_level: int = 4
    channel_id: int | None = Field(default=None, foreign_key="channel.id")
    feed_hash: str | None = Field(default=None, unique=True, max_length=64)
    feed_hint: str | None = Field(default=None, max_length=12)
    active: bool = True
    created_at: datetime = Field(sa_type=Instant)


class Notice(SQLModel, table=True):
    """One message to one channel: written with the alert, sent until it arrives or is a dead letter.

    `id` travels with every attempt (webhook-id), so that a receiver can drop a repetition. `dedup` makes a second
    row for the same telling impossible. `payload` is the neutral content; each channel renders its own form of it.

    One that nobody is to be interrupted with is held first: `held_for` is the kind of what holds it, `held_by` the
    cause, `release_at` when it is told at the latest. It ends as digested or superseded, and `told_in` is the notice
    that told of it instead. `counted`: it is part of the budget of interruptions.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_due", "not_before", "id", sqlite_where=PENDING, postgresql_where=PENDING),
        Index("ix_notice_list", "organisation_id", "created_at", "id"),
        Index("ix_notice_held", "held_for", "release_at", sqlite_where=HELD, postgresql_where=HELD),
        Index("ix_notice_held_place", "channel_id", "created_at", sqlite_where=HELD, postgresql_where=HELD),
        Index("ix_notice_digest", "created_at", sqlite_where=DIGEST, postgresql_where=DIGEST),
        Index("ix_notice_dead", "organisation_id", sqlite_where=DEAD, postgresql_where=DEAD),
        Index("ix_notice_created", "created_at", "id"),
        Index("ix_notice_told_in", "told_in"),
    )

    id: str = Field(primary_key=True, max_length=40)
    organisation_id: int = Field(foreign_key="organisation.id")
    alert_id: int | None = Field(default=None, foreign_key="alert.id", index=True)
    version: int = 1
    action: str = Field(max_length=20)
    channel_id: int | None = Field(default=None, foreign_key="channel.id")
    subscription_id: int | None = Field(default=None, foreign_key="subscription.id")
    owner: str | None = Field(default=None, max_length=120)
    dedup: str = Field(unique=True, max_length=200)
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    state: str = Field(default="pending", max_length=10)
    attempts: int = 0
    not_before: datetime = Field(sa_type=Instant)
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    lease_by: str | None = Field(default=None, max_length=60)
    created_at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    error: str | None = Field(default=None, sa_type=CleanText)
    counted: bool = False
    held_for: str | None = Field(default=None, max_length=20)
    held_by: str | None = Field(default=None, sa_type=CleanText)
    release_at: datetime | None = Field(default=None, sa_type=Instant)
    told_in: str | None = Field(default=None, max_length=40)


class Attempt(SQLModel, table=True):
    """One try to deliver a notice."""

    __tablename__ = "attempt"

    id: int | None = Field(default=None, primary_key=True)
    notice_id: str = Field(foreign_key="notice.id", index=True, max_length=40)
    at: datetime = Field(sa_type=Instant)
    ok: bool
    status: int | None = None
    detail: str = Field(default="", sa_type=CleanText)
    milliseconds: int = 0
