"""A world in which alerts open, change and close by the dozen, and people follow them on real receivers."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlmodel import col, select

from rules.decision import Hush
from rules.guideline import default_guideline
from rules.quiet_rule import RestraintRule
from service.notify.channel import ChannelInfo
from service.record.audience import read_audience
from service.record.digest import release_due
from service.record.notices import Telling, tell
from service.store.tables import Alert, Event, Notice, Organisation, Subscription
from tests.notify.world import World

URL = "https://desk.example"
RULE = default_guideline().restraint
ENDS = ("sent", "dead", "digested", "superseded")


@dataclass
class Desk:
    """`follow` subscribes a receiver; `alert`, `change` and `close` tell what a decision would tell."""

    world: World
    restraint: RestraintRule | None = None
    followers: list[int] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return self.world.clock()

    def follow(self, info: ChannelInfo, clearance: str = "TLP:RED") -> int:
        number = uuid4().hex[:8]
        with self.world.store.write() as session:
            organisation = Organisation(key=f"o{number}", name=f"O{number}", clearance=clearance, created_at=self.now)
            session.add(organisation)
            session.flush()
            organisation_id = organisation.id or 0
        channel = self.world.channel(info)
        with self.world.store.write() as session:
            one = Subscription(
                organisation_id=organisation_id,
                name=f"watch {number}",
                countries=[],
                categories=[],
                channel_id=channel,
                created_at=self.now,
            )
            session.add(one)
            session.flush()
            self.followers.append(one.id or 0)
        return self.followers[-1]

    def alert(self, level: int = 4, hush: Hush | None = None, owner: str | None = None, **more: Any) -> int:
        """A new alert, told to everybody."""
        with self.world.store.write() as session:
            shared: dict[str, Any] = {
                "countries": ["NE"],
                "categories": ["political"],
                "subtypes": ["protest_strike"],
                "sharing": "TLP:GREEN",
            } | more
            event = Event(title="x", opened_at=self.now, last_at=self.now, vector=b"", **shared)
            session.add(event)
            session.flush()
            alert = Alert(
                organisation_id=self.world.home_id,
                event_id=event.id or 0,
                title=f"Shops close in town {event.id}",
                language="en",
                unconfirmed=False,
                level=level,
                clause="POL-1",
                guideline="1",
                score=20.0,
                reasons=[],
                opened_at=self.now,
                changed_at=self.now,
                level_since=self.now,
                **shared,
            )
            session.add(alert)
            session.flush()
            number = alert.id or 0
        self.told(number, "open", None, hush, owner)
        return number

    def change(self, number: int, action: str, level: int | None = None, hush: Hush | None = None) -> None:
        """The alert changes (or is closed, by `resolve` and `dismiss`), and that is told."""
        with self.world.store.write() as session:
            alert = session.get_one(Alert, number)
            before, alert.level = alert.level, level or alert.level
            alert.version += 1
            alert.changed_at = self.now
            alert.state = {"resolve": "resolved", "dismiss": "dismissed"}.get(action, alert.state)
            session.add(alert)
        self.told(number, action, before, hush)

    def told(
        self, number: int, action: str, before: int | None, hush: Hush | None, owner: str | None = None, about: str = ""
    ) -> None:
        with self.world.store.write() as session:
            audience = read_audience(session, self.world.home_id)
            telling = Telling(
                session.get_one(Alert, number),
                (),
                action,
                before,
                URL,
                hush=hush,
                restraint=self.restraint,
                about=about,
            )
            tell(session, audience, telling, set(self.followers), [owner] if owner else [], self.now)

    def tick(self, **span: float) -> int:
        """Time passes, what is due is released, and everything goes out."""
        self.world.clock.turn(**span)
        found = release_due(self.world.store, URL, self.now)
        while self.world.deliver():
            pass
        return found

    def notices(self, alert: int | None = None) -> list[Notice]:
        with self.world.store.read() as session:
            query = select(Notice).order_by(col(Notice.created_at), col(Notice.version), col(Notice.id))
            query = query.where(Notice.alert_id == alert) if alert is not None else query
            return list(session.exec(query).all())

    def states(self, alert: int | None = None) -> Counter[str]:
        return Counter(notice.state for notice in self.notices(alert))

    def digests(self) -> list[Notice]:
        return [notice for notice in self.notices() if notice.action == "digest"]


def storm(now: datetime, minutes: int = 15, opened: int = 42) -> Hush:
    """What holds a change in a storm."""
    return Hush("storm", f"opened:{opened}", now + timedelta(minutes=minutes))


def bodies(fake: Any) -> list[dict[str, Any]]:
    """What a receiver of webhooks was told."""
    return [json.loads(asked.body) for asked in fake.accepted]
