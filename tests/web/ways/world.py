"""The desk at work for one story: the app with its ticks on loopback, and the world outside, which the story plays."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlmodel import Session

from ingest.feed import Feed
from service.app import build_house, build_walk
from service.auth.passwords import hash_password
from service.desk.channels import create_channel
from service.desk.house import House
from service.desk.rosters import import_roster
from service.scheduler import Ticks
from service.settings import Settings
from service.store.engine import Store
from service.store.people import found_home, home_organisation
from service.store.scope import Role
from service.store.sources import add_sources
from service.store.tables import Person
from tests.ingest.webserver import Answer, WebServer, webserver
from tests.notify.mailroom import PASSWORD as MAIL_PASSWORD
from tests.notify.mailroom import USER, FakeMail
from tests.walk.scene import Story, rss
from tests.web.desk import free_door, operator, serving

PASSWORD = "four unrelated quiet words"
PACE = 5.0  # the ticks are the usual ones, five times as often
INTERVAL = 900
FEED = {"Content-Type": "application/rss+xml"}
ROSTER = """people:
  - {key: li.wei, name: 李伟 Li Wei, zone: Asia/Shanghai, deputy: zhao.min}
  - {key: zhao.min, name: 赵敏 Zhao Min, zone: Asia/Shanghai}
rosters:
  - owner: central-lead
    zone: Asia/Shanghai
    starts: 2026-01-05
    lead: zhao.min
    turns:
      - {name: always, people: [li.wei], every: day, handover: 09:00}
"""


def now() -> datetime:
    """The clock of browsers, which cannot be set."""
    return datetime.now(UTC)


@dataclass
class World:
    """What a story plays with."""

    url: str
    house: House
    web: WebServer
    mail: FakeMail
    ahead: list[timedelta]
    papers: dict[str, list[Story]] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        """What the desk remembers."""
        return self.house.store

    def publish(self, paper: str, *stories: Story) -> str:
        """Put stories into a paper; answers the address of its feed."""
        told = self.papers.setdefault(paper, [])
        told += stories
        return print_paper(self.web, paper, told, self.house.clock())

    def pass_time(self, **by: float) -> None:
        """Let the desk's time pass; papers are due then, and deadlines over."""
        self.ahead[0] += timedelta(**by)

    def received(self, path: str) -> list[dict[str, Any]]:
        """What a receiver on loopback was told, in order."""
        return [json.loads(asked.body) for asked in list(self.web.asked) if asked.path == path]


def print_paper(web: WebServer, paper: str, told: list[Story], at: datetime) -> str:
    """A paper with these stories; answers the address of its feed."""
    web.answers[f"/{paper}"] = Answer(body=rss(told, at), headers=dict(FEED))
    return web.url(f"/{paper}")


@contextmanager
def world(store: Store, folder: Path) -> Iterator[World]:
    """A desk with two people, one paper that it reads, a roster, and a receiver for those on duty."""
    ahead, mail = [timedelta()], FakeMail(now)
    with webserver() as web, closing(free_door()) as door:
        house = replace(_house(store, folder, door, mail), clock=lambda: now() + ahead[0])
        made = World(house.public_url, house, web, mail, ahead)
        _furnish(made)
        ticks = Ticks(build_walk(house), pace=PACE)
        with serving(house, ticks=ticks, door=door):
            yield made
    mail.stop()


def _house(store: Store, folder: Path, door: socket.socket, mail: FakeMail) -> House:
    settings = Settings(
        data=folder,
        allow_nets=(ip_network("127.0.0.0/8"),),
        model=Path("keywords"),
        public_url=f"http://127.0.0.1:{door.getsockname()[1]}",
        smtp_host="127.0.0.1",
        smtp_port=mail.port,
        smtp_user=USER,
        smtp_password=SecretStr(MAIL_PASSWORD),
        smtp_from="desk@watchfire.example",
        smtp_security="none",
    )
    return build_house(settings, store)


def settle_in(store: Store, paper: str, talk: str = "", interval: int = INTERVAL) -> None:
    """Two people, and a paper by the address of its feed, looked at every `interval` seconds; `talk` is unreliable."""
    at = now()
    with store.write() as session:
        found_home(session, at)
        _people(session, home_organisation(session).id or 0, at)
        add_sources(session, [Feed("herald", "Herald", paper, reliability="B", interval=interval)], at)
        if talk:
            add_sources(session, [Feed("talk", "Market talk", talk, reliability="D", interval=interval)], at)


def _furnish(made: World) -> None:
    settle_in(made.store, made.publish("herald"), made.publish("talk"))
    desk = operator(made.store)
    import_roster(made.house, desk, ROSTER)
    for name, owner in (
        ("Duty room", "central-lead"),
        ("Li", "li.wei"),
        ("Zhao", "zhao.min"),
        ("Africa", "africa-lead"),
    ):
        path = f"/hook/{owner}"
        made.web.answers[path] = Answer(body=b"{}")
        create_channel(made.house, desk, kind="webhook", name=name, address=made.web.url(path), owner=owner)


def _people(session: Session, home: int, at: datetime) -> None:
    for name, role in (("li", Role.ADMIN), ("zhao", Role.MANAGER)):
        values = {"organisation_id": home, "name": name, "role": role.value}
        session.add(Person(password_hash=_hashed(), created_at=at, **values))


@cache
def _hashed() -> str:
    return hash_password(PASSWORD)
