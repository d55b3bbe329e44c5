"""What a demonstration's database begins with: its sources, people, channels, and an organisation that subscribes."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from rules.situation import Owner
from service.auth.tokens import hash_token, hint_of, new_token
from service.demo.feeds import as_source
from service.demo.guard import MARK
from service.demo.robots import TOKENS
from service.demo.telling import Telling, new_telling, recalled
from service.demo.world import World
from service.store.log import get_meta, set_meta
from service.store.people import home_organisation
from service.store.sources import add_sources
from service.store.tables import Channel, Organisation, Person, SourceRow, Subscription

HOME, VISITOR, SUBSCRIBER = "烽燧演示 Watchfire Demo", "demo", "演示订户 Demo Subscriber"
FOLLOWED = ("CM", "PE")
KINDS = ("webhook", "dingtalk", "wecom", "slack", "feishu")
NO_PASSWORD = "!"  # noqa: S105 - no password has this hash: the visitor is signed in without one


@dataclass(frozen=True, slots=True)
class Memory:
    """What the database remembers of the demonstration, under its mark."""

    telling: Telling
    feed_token: str


def recall(session: Session) -> Memory | None:
    """What is remembered; None where nothing is, or nothing that can be read."""
    try:
        found = json.loads(get_meta(session, MARK) or "")
        return Memory(recalled(found), found["feed_token"])
    except (ValueError, KeyError, TypeError):
        return None


def begin(session: Session, now: datetime, speed: float) -> Memory:
    """Mark the database and begin a telling of the story."""
    memory = Memory(new_telling(now, speed), new_token())
    set_meta(session, MARK, json.dumps({**memory.telling.kept(), "feed_token": memory.feed_token}))
    return memory


def seed(session: Session, world: World, memory: Memory, owners: Sequence[Owner], base: str, now: datetime) -> None:
    """Put in what is missing, and lead every address to where the demonstration is served this time."""
    home = home_organisation(session)
    home.name = HOME
    session.add(home)
    _seed_visitor(session, home, now)
    for place, owner in enumerate(owners):
        _seed_channel(session, home, owner, KINDS[place % len(KINDS)], now)
    _seed_subscriber(session, memory, now)
    _seed_sources(session, world, memory.telling, base, now)
    for channel in session.exec(select(Channel)).all():
        if "/demo/chat/hook/" in channel.address:
            channel.address = base + channel.address[channel.address.index("/demo/chat/hook/") :]
            session.add(channel)
    session.flush()


def _seed_visitor(session: Session, home: Organisation, now: datetime) -> None:
    if session.exec(select(Person).where(Person.organisation_id == home.id)).first() is None:
        session.add(
            Person(
                organisation_id=home.id or 0,
                name=VISITOR,
                password_hash=NO_PASSWORD,
                role="admin",
                owner="central-lead",
                created_at=now,
            )
        )


def _seed_channel(session: Session, home: Organisation, owner: Owner, kind: str, now: datetime) -> None:
    query = select(Channel).where(Channel.organisation_id == home.id, Channel.owner == owner.key)
    if session.exec(query).first() is None:
        session.add(_channel(home, kind, owner.name, owner.key, now))


def _channel(organisation: Organisation, kind: str, name: str, owner: str | None, now: datetime) -> Channel:
    return Channel(
        organisation_id=organisation.id or 0,
        kind=kind,
        name=name,
        address=f"/demo/chat/hook/{kind}?{TOKENS[kind]}={secrets.token_hex(12)}",
        secret=_secret(kind),
        language="en" if kind in ("webhook", "slack") else "zh",
        owner=owner,
        created_at=now,
    )


def _secret(kind: str) -> str | None:
    if kind == "webhook":
        return "whsec_" + secrets.token_hex(16)
    return "SEC" + secrets.token_hex(16) if kind in ("feishu", "dingtalk") else None


def _seed_subscriber(session: Session, memory: Memory, now: datetime) -> None:
    if session.exec(select(Organisation).where(Organisation.key == "demo-subscriber")).first() is not None:
        return
    organisation = Organisation(key="demo-subscriber", name=SUBSCRIBER, created_at=now)
    session.add(organisation)
    session.flush()
    channel = _channel(organisation, "feishu", SUBSCRIBER, None, now)
    session.add(channel)
    session.flush()
    session.add(
        Subscription(
            organisation_id=organisation.id or 0,
            name="喀麦隆与秘鲁 Cameroon and Peru",
            countries=list(FOLLOWED),
            categories=[],
            least_level=4,
            channel_id=channel.id,
            feed_hash=hash_token(memory.feed_token),
            feed_hint=hint_of(memory.feed_token),
            created_at=now,
        )
    )


def _seed_sources(session: Session, world: World, telling: Telling, base: str, now: datetime) -> None:
    known = {row.key: row for row in session.exec(select(SourceRow)).all()}
    feeds = []
    for outlet in world.outlets.values():
        key, address = f"demo-{outlet.key}", f"{base}/demo/feeds/{outlet.key}"
        if key not in known:
            feeds.append(as_source(outlet, telling, key, address))
            continue
        row = known[key]
        row.address, row.moved_to, row.next_check_at = address, None, now
        row.failures, row.hold_until = 0, None
        session.add(row)
    session.flush()
    add_sources(session, feeds, now)


def followers(session: Session) -> list[tuple[Channel, Organisation, Subscription | None]]:
    """Every channel with its organisation and the subscription that it serves."""
    rows = session.exec(
        select(Channel, Organisation, Subscription)
        .join(Organisation, col(Organisation.id) == col(Channel.organisation_id))
        .join(Subscription, col(Subscription.channel_id) == col(Channel.id), isouter=True)
        .order_by(col(Channel.id))
    ).all()
    return [(channel, organisation, subscription) for channel, organisation, subscription in rows]
