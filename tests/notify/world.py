"""A small world for tests of delivery: a store with one alert, channels to pretend receivers, and a clock to turn."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

from sqlmodel import col, select

from ingest.http import make_client
from service.locale.catalogue import Catalogue
from service.notify.channel import ChannelInfo, Result
from service.notify.deliver import Sender, deliver_batch, send_test
from service.notify.mail import MailSettings
from service.notify.message import Message, SourceLine, to_payload
from service.observe import Metrics
from service.store.engine import Store
from service.store.lease import LEASE
from service.store.tables import Alert, Attempt, Channel, Event, LogLine, Notice, Organisation

WORDS = Catalogue()
LOOPBACK = (ip_network("127.0.0.0/8"),)
ALERT_URL = "https://desk.example/alerts/1"
SOURCE_URL = "https://news.example/coup?id=1&lang=fr"
MESSAGE = Message(
    id="msg_0123456789abcdef01234567",
    action="raise",
    alert_id=1,
    version=3,
    level=1,
    previous_level=2,
    state="open",
    title="Soldiers seize the presidency in an invented capital",
    language="en",
    countries=("NE", "BF"),
    categories=("political", "security"),
    subtypes=("coup",),
    unconfirmed=True,
    withdrawn=False,
    concern=True,
    score=82.5,
    reasons=(
        {"kind": "severity", "code": "grade.score", "value": "82", "words": "", "weight": 1.0},
        {"kind": "certainty", "code": "grade.unconfirmed", "value": "1", "words": "", "weight": 1.0},
        {"kind": "country", "code": "country.named", "value": "NE", "words": "Niamey", "weight": 0.4},
    ),
    clause="POL-1",
    guideline="1+0a1b2c3d",
    opened_at="2026-11-21T03:00:00Z",
    changed_at="2026-11-21T03:04:05Z",
    acknowledge_by="2026-11-21T03:19:05Z",
    sources=(
        SourceLine("Invented Wire", "B", "Soldats au palais, dit un témoin", SOURCE_URL, "2026-11-21T03:01:00Z"),
        SourceLine("Invented Radio", "D", "Shots heard near the palace", None, None),
    ),
    url=ALERT_URL,
    subscription=None,
    owner="west-africa",
    demo=False,
)


class TurnedClock:
    """Time as the tests turn it; it begins at the real time, as the signatures of the receivers' libraries want."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **span: float) -> None:
        self.now += timedelta(**span)

    def turn_to_morning(self) -> None:
        """On to the next six o'clock UTC, so that what follows lies in one day."""
        self.now = self.now.replace(hour=6, minute=0, second=0, microsecond=0) + timedelta(days=1)


@dataclass
class World:
    """`deliver` runs one batch, as a worker's tick does."""

    store: Store
    clock: TurnedClock
    mail: MailSettings | None = None
    timeout: float = 5.0
    metrics: Metrics = None  # type: ignore[assignment]
    owners: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.metrics = Metrics()
        now = self.clock()
        with self.store.write() as session:
            home = Organisation(key="home", name="Home", home=True, created_at=now)
            session.add(home)
            shared: dict[str, Any] = {"countries": [], "categories": [], "subtypes": [], "sharing": "TLP:GREEN"}
            event = Event(title="x", opened_at=now, last_at=now, vector=b"", **shared)
            session.add(event)
            session.flush()
            graded: dict[str, Any] = {"level": 1, "clause": "POL-1", "guideline": "1", "score": 80.0, "reasons": []}
            times: dict[str, Any] = {"opened_at": now, "changed_at": now, "level_since": now}
            alert = Alert(
                organisation_id=home.id or 0,
                event_id=event.id or 0,
                title="x",
                unconfirmed=False,
                **shared,
                **graded,
                **times,
            )
            session.add(alert)
            session.flush()
            self.home_id, self.alert_id = home.id or 0, alert.id or 0

    def channel(self, info: ChannelInfo, **more: Any) -> int:
        fields: dict[str, Any] = {"kind": info.kind, "name": info.name, "address": info.address, "secret": info.secret}
        with self.store.write() as session:
            row = Channel(
                organisation_id=self.home_id, language=info.language, created_at=self.clock(), **fields, **more
            )
            session.add(row)
            session.flush()
            return row.id or 0

    def notice(self, channel: int | None, message: Message = MESSAGE, **more: Any) -> str:
        """Put a message into the outbox; the notice's id is the message's."""
        fields: dict[str, Any] = {
            "id": message.id,
            "organisation_id": self.home_id,
            "alert_id": self.alert_id,
            "version": message.version,
            "action": message.action,
            "channel_id": channel,
            "owner": message.owner,
            "dedup": message.id,
            "payload": to_payload(message),
            "not_before": self.clock(),
            "created_at": self.clock(),
        }
        with self.store.write() as session:
            session.add(Notice(**(fields | more)))
        return message.id

    def sender(self, client: Any) -> Sender:
        return Sender(client=client, mail=self.mail, catalogue=WORDS, timeout=self.timeout, owners=self.owners)

    def deliver(self, by: str = "worker", lease: timedelta = LEASE) -> int:
        async def run() -> int:
            async with make_client(LOOPBACK, timeout=self.timeout) as client:
                return await deliver_batch(self.store, self.sender(client), self.metrics, by, self.clock, lease=lease)

        return asyncio.run(run())

    def test(self, info: ChannelInfo, demo: bool = False) -> Result:
        async def run() -> Result:
            async with make_client(LOOPBACK, timeout=self.timeout) as client:
                return await send_test(self.sender(client), info, self.clock(), demo)

        return asyncio.run(run())

    def row(self, notice: str = MESSAGE.id) -> Notice:
        with self.store.read() as session:
            return session.exec(select(Notice).where(Notice.id == notice)).one()

    def attempts(self, notice: str = MESSAGE.id) -> Sequence[Attempt]:
        with self.store.read() as session:
            return session.exec(select(Attempt).where(Attempt.notice_id == notice).order_by(col(Attempt.id))).all()

    def lines(self, action: str) -> Sequence[LogLine]:
        with self.store.read() as session:
            return session.exec(select(LogLine).where(LogLine.action == action).order_by(col(LogLine.id))).all()


def numbered(number: int, **changes: Any) -> Message:
    """The message with another id, and whatever else differs."""
    return replace(MESSAGE, id=f"msg_{number:024d}", **changes)
