"""Subscriptions and channels as their pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from rules.level import Level
from service.notify.text import clean, shorten
from service.store.tables import Channel, Subscription
from service.web.shown.row import Kind, Telling, kinds_of
from service.web.shown.times import Moment

NAME = 120


@dataclass(frozen=True, slots=True)
class SubscriptionShown:
    """What is followed, and on which ways it is told."""

    id: int
    name: str
    places: tuple[str, ...]
    kinds: tuple[Kind, ...]
    level: int
    roman: str
    channel: str
    feed_hint: str | None
    since: Moment


@dataclass(frozen=True, slots=True)
class ChannelShown:
    """A way to reach people. The address is shortened to its host: the rest of it is often a secret."""

    id: int
    name: str
    kind: str
    address: str
    signed: bool
    language: str
    owner: str | None
    since: Moment


def subscription_shown(row: Subscription, channels: Mapping[int, Channel], telling: Telling) -> SubscriptionShown:
    """One subscription."""
    channel = channels.get(row.channel_id or 0)
    return SubscriptionShown(
        id=row.id or 0,
        name=shorten(clean(row.name), NAME),
        places=tuple(telling.country(code) for code in row.countries),
        kinds=kinds_of(row.categories, telling),
        level=row.least_level,
        roman=Level(row.least_level).roman,
        channel=channel_name(channel, telling) if channel is not None else "",
        feed_hint=row.feed_hint,
        since=telling.surely(row.created_at),
    )


def channel_name(channel: Channel, telling: Telling) -> str:
    """Kind and name of a channel."""
    return f"{telling.say(f'web.channel.{channel.kind}')} · {shorten(clean(channel.name), NAME)}"


def channel_shown(row: Channel, telling: Telling) -> ChannelShown:
    """One channel."""
    return ChannelShown(
        id=row.id or 0,
        name=shorten(clean(row.name), NAME),
        kind=telling.say(f"web.channel.{row.kind}"),
        address=hidden_address(row.kind, row.address),
        signed=bool(row.secret),
        language=telling.say(f"web.language.{row.language}"),
        owner=telling.owner(row.owner),
        since=telling.surely(row.created_at),
    )


def hidden_address(kind: str, address: str) -> str:
    """Enough of an address to know it again: a mailbox whole, of a web address the host."""
    if kind == "mail":
        return shorten(clean(address), NAME)
    try:
        parts = urlsplit(address)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "…"
    return f"{clean(host)}/…" if host else "…"
