"""Deliveries and channels as the API answers them. Addresses of chat tools hold tokens: only their ends are shown."""

from datetime import datetime
from urllib.parse import urlsplit

from pydantic import BaseModel

from service.store.tables import Attempt, Channel, Notice


class ChannelBrief(BaseModel):
    """Which channel."""

    id: int
    kind: str
    name: str


class DeliveryShape(BaseModel):
    """One message to one channel: pending, sent, or dead with the reason in `error`.

    held: it interrupts nobody, and is told at the latest at `release_at`; `held_for` is the kind of what holds it
    (silence, window, inhibited, cooldown, storm, budget), `held_by` the cause. It ends as digested or superseded, and
    `told_in` is the notice that told of it. `counted`: it is part of the budget of interruptions.
    """

    id: str
    alert_id: int | None
    version: int
    action: str
    state: str
    attempts: int
    error: str | None
    channel: ChannelBrief | None
    channel_id: int | None
    subscription_id: int | None
    owner: str | None
    created_at: datetime
    next_try_at: datetime | None
    sent_at: datetime | None
    held_for: str | None
    held_by: str | None
    release_at: datetime | None
    told_in: str | None
    counted: bool


class LoadShape(BaseModel):
    """One owner's or subscription's day: told one by one, in digests, counted against the budget `most`, and held now.

    `most` is null where there is no limit, and for subscribers.
    """

    role: str
    key: str
    name: str
    told: int
    digests: int
    counted: int
    held: int
    most: int | None


class LoadsShape(BaseModel):
    """The interruptions of today, the fullest day first."""

    items: list[LoadShape]


class AttemptShape(BaseModel):
    """One try."""

    at: datetime
    ok: bool
    status: int | None
    detail: str
    milliseconds: int


class DeliveryWhole(DeliveryShape):
    """A delivery with every try."""

    tries: list[AttemptShape]


class ChannelShape(BaseModel):
    """A way to be told. The secret is never answered, the address only as far as it holds none."""

    id: int
    kind: str
    name: str
    address: str
    has_secret: bool
    language: str
    owner: str | None
    created_at: datetime


class ChannelMade(ChannelShape):
    """A new channel; `secret` is there when it was made up here, this once."""

    secret: str | None


class TestShape(BaseModel):
    """How a test went."""

    ok: bool
    status: int | None
    detail: str


def delivery_shape(notice: Notice, channel: Channel | None = None) -> DeliveryShape:
    """One delivery."""
    brief = ChannelBrief(id=channel.id or 0, kind=channel.kind, name=channel.name) if channel is not None else None
    return DeliveryShape(
        id=notice.id,
        alert_id=notice.alert_id,
        version=notice.version,
        action=notice.action,
        state=notice.state,
        attempts=notice.attempts,
        error=notice.error,
        channel=brief,
        channel_id=notice.channel_id,
        subscription_id=notice.subscription_id,
        owner=notice.owner,
        created_at=notice.created_at,
        next_try_at=notice.not_before if notice.state == "pending" else None,
        sent_at=notice.sent_at,
        held_for=notice.held_for,
        held_by=notice.held_by,
        release_at=notice.release_at if notice.state == "held" else None,
        told_in=notice.told_in,
        counted=notice.counted,
    )


class RetriedShape(BaseModel):
    """How many dead letters are sent again."""

    count: int


def attempt_shape(attempt: Attempt) -> AttemptShape:
    """One try."""
    return AttemptShape(
        at=attempt.at,
        ok=attempt.ok,
        status=attempt.status,
        detail=attempt.detail,
        milliseconds=attempt.milliseconds,
    )


def channel_shape(channel: Channel) -> ChannelShape:
    """One channel."""
    return ChannelShape(
        id=channel.id or 0,
        kind=channel.kind,
        name=channel.name,
        address=shown_address(channel.kind, channel.address),
        has_secret=bool(channel.secret),
        language=channel.language,
        owner=channel.owner,
        created_at=channel.created_at,
    )


def shown_address(kind: str, address: str) -> str:
    """Enough of an address to tell it from others: whoever has all of a chat tool's address may post there."""
    if kind == "mail":
        return address
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        place = f"[{host}]" if ":" in host else host
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "…"
    return (
        f"{parts.scheme}://{place}{port}/…{address[-4:]}" if len(address) > 40 else f"{parts.scheme}://{place}{port}/…"
    )
