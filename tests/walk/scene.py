"""A small scene for tests of the whole walk: a feed server, a receiver of webhooks, a house and its walk."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from ingest.feed import Feed
from scoring.model import Model, load
from service.app import build_house, build_walk, home_id
from service.desk.house import House
from service.pipeline import Walk, collect_due, deliver_due
from service.scheduler import understand
from service.settings import Settings
from service.store.engine import Store
from service.store.people import found_home
from service.store.sources import add_sources
from service.store.tables import Channel, Organisation, Subscription
from tests.ingest.webserver import Answer, WebServer, webserver

START = datetime.now(UTC).replace(microsecond=0)
model: Any = cache(lambda: load(None))


@dataclass(frozen=True)
class Story:
    """One item of a feed."""

    guid: str
    title: str
    text: str = ""


COUP = Story(
    "coup",
    "Soldiers seize presidential palace in Niamey as officers announce coup in Niger",
    "Mutinous officers said on state television that they had removed the president of Niger and closed the borders.",
)
CALM = Story("calm", "Museum in Lisbon opens an exhibition of painted tiles", "Entry is free on Sundays.")


def rss(stories: list[Story], published: datetime = START) -> bytes:
    """A feed document."""
    items = "".join(
        f"<item><title>{escape(one.title)}</title><description>{escape(one.text)}</description>"
        f"<guid isPermaLink='false'>{one.guid}</guid><link>https://news.example/{one.guid}</link>"
        f"<pubDate>{format_datetime(published)}</pubDate></item>"
        for one in stories
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Test</title>{items}</channel></rss>".encode()


@dataclass
class Scene:
    """What a test of the walk plays with; `clock` is moved by hand."""

    web: WebServer
    house: House
    walk: Walk
    at: datetime
    runner: asyncio.Runner

    def feed(self, name: str, stories: list[Story], *, reliability: str = "B", known: bool = False) -> None:
        """Publish a document at /name, adding the source when it is new."""
        self.web.answers[f"/{name}"] = Answer(body=rss(stories), headers={"Content-Type": "application/rss+xml"})
        if not known:
            source = Feed(key=name, name=name.title(), address=self.web.url(f"/{name}"), reliability=reliability)
            with self.house.store.write() as session:
                add_sources(session, [source], self.at)

    def subscriber(self, name: str, countries: list[str], least_level: int = 4) -> int:
        """An organisation that follows countries on a webhook of its own; answers its number."""
        self.web.answers[f"/hook/{name}"] = Answer(body=b"{}")
        with self.house.store.write() as session:
            organisation = Organisation(key=name, name=name.title(), created_at=self.at)
            session.add(organisation)
            session.flush()
            channel = Channel(
                organisation_id=organisation.id or 0,
                kind="webhook",
                name="hook",
                address=self.web.url(f"/hook/{name}"),
                secret="whsec_" + "d2F0Y2hmaXJlLXRlc3Qtc2VjcmV0LTAxMjM0NTY3ODk=",
                language="en",
                created_at=self.at,
            )
            session.add(channel)
            session.flush()
            session.add(
                Subscription(
                    organisation_id=organisation.id or 0,
                    name=f"{name} watch",
                    countries=countries,
                    categories=[],
                    least_level=least_level,
                    channel_id=channel.id,
                    created_at=self.at,
                )
            )
            return organisation.id or 0

    def received(self, name: str) -> list[dict[str, Any]]:
        """What the subscriber's webhook got, in order."""
        return [json.loads(asked.body) for asked in self.web.asked if asked.path == f"/hook/{name}"]

    def pass_time(self, **by: float) -> None:
        """Let time pass."""
        self.at += timedelta(**by)

    def go(self) -> None:
        """One pass of everything: collect all, understand, deliver."""
        self.runner.run(self._go())

    async def _go(self) -> None:
        self.pass_time(seconds=1)
        await collect_due(self.walk, all_active=True)
        understand(self.walk)
        while await deliver_due(self.walk):
            pass


@contextmanager
def scene(store: Store, folder: Path, shipped: Model) -> Iterator[Scene]:
    """A scene on a store."""
    with store.write() as session:
        found_home(session, START)
    with webserver() as web, asyncio.Runner() as runner:
        settings = Settings(data=folder, allow_nets=(ip_network("127.0.0.0/8"),))
        playing: list[Scene] = []
        house = build_house(settings, store)
        object.__setattr__(house, "clock", lambda: playing[0].at)
        walk = build_walk(house, lambda: shipped)
        playing.append(Scene(web, house, walk, START + timedelta(minutes=1), runner))
        assert home_id(store)
        yield playing[0]
        runner.run(walk.client.aclose())
