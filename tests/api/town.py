"""A town for tests of identity, use cases and API: a desk, its people, two subscribers, a source, alerts."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlmodel import Session

from ingest.entry import digest
from ingest.http import make_client
from service.api import mount_api
from service.auth.access import operator_scope
from service.auth.tokens import new_token
from service.desk.house import House
from service.desk.keys import make_key
from service.desk.live import Live
from service.locale.catalogue import Catalogue
from service.notify.deliver import Sender
from service.observe import Metrics
from service.settings import Settings
from service.store.engine import Store
from service.store.log import write_log
from service.store.scope import Scope
from service.store.tables import (
    Alert,
    AlertCategory,
    AlertCountry,
    AlertShare,
    AssessmentRow,
    Channel,
    Duty,
    EntryRow,
    Event,
    EventEntry,
    Notice,
    Organisation,
    Person,
    SourceRow,
    Subscription,
)
from tests.entering import session_of

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROLES = ("viewer", "analyst", "owner", "manager", "admin")
# Cheap on purpose: what a hash costs is not what these tests are about.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "quiet lamp over water"
REASON = {"kind": "severity", "code": "severity.dead", "value": "12", "words": "twelve dead", "weight": 0.4}


@dataclass
class Town:
    """A running house on a small world. `at` is its clock."""

    house: House
    app: FastAPI
    at: datetime = START
    numbers: dict[str, int] = field(default_factory=dict)
    session_in_use: Session | None = None

    @property
    def store(self) -> Store:
        """The database."""
        return self.house.store

    def app_of_its_own(self) -> FastAPI:
        """An application that a test may change."""
        self.app = build_app(self.house)
        return self.app

    def pass_time(self, **by: float) -> datetime:
        """Let time pass."""
        self.at += timedelta(**by)
        return self.at

    def operator(self, organisation: str | None = None) -> Scope:
        """The scope of a command."""
        with self.store.read() as session:
            return operator_scope(session, organisation)

    def organisation(self, key: str, clearance: str = "TLP:GREEN", *, home: bool = False) -> int:
        """An organisation; answers its number."""
        row = Organisation(key=key, name=key.title(), home=home, clearance=clearance, created_at=START)
        return self.keep(f"organisation:{key}", row)

    def person(self, name: str, role: str, organisation: str = "home", owner: str | None = None) -> int:
        """Somebody with the PASSWORD."""
        row = Person(
            organisation_id=self.numbers[f"organisation:{organisation}"],
            name=name,
            password_hash=CHEAP.hash(PASSWORD),
            role=role,
            owner=owner,
            created_at=START,
        )
        return self.keep(f"person:{name}", row)

    def session(self, name: str) -> str:
        """The token of a session of somebody, made without the cost of a password."""
        return session_of(self.store, self.numbers[f"person:{name}"], self.at)

    def key(self, role: str, organisation: str = "home") -> str:
        """An API key."""
        return make_key(self.house, self.operator(), name=role, role=role, organisation=organisation)[1]

    def channel(self, organisation: str, address: str = "https://rooms.example/hook", owner: str | None = None) -> int:
        """A webhook channel."""
        row = Channel(
            organisation_id=self.numbers[f"organisation:{organisation}"],
            kind="webhook",
            name=f"{organisation} room",
            address=address,
            secret="whsec_" + "d2F0Y2hmaXJlLXRlc3Qtc2VjcmV0LTAxMjM0NTY3ODk=",
            language="en",
            owner=owner,
            created_at=START,
        )
        return self.keep(f"channel:{organisation}", row)

    def subscription(self, organisation: str, countries: list[str], channel: int | None = None) -> int:
        """A subscription, made without sharing anything yet."""
        row = Subscription(
            organisation_id=self.numbers[f"organisation:{organisation}"],
            name=f"{organisation} watch",
            countries=countries,
            categories=[],
            channel_id=channel,
            created_at=START,
        )
        return self.keep(f"subscription:{organisation}", row)

    def alert(
        self,
        title: str = "Shelling near the bridge",
        *,
        level: int = 1,
        countries: tuple[str, ...] = ("NE",),
        categories: tuple[str, ...] = ("security",),
        sharing: str = "TLP:GREEN",
        state: str = "open",
        owner: str | None = None,
        to: tuple[str, ...] = (),
    ) -> int:
        """An open alert with one report, shared with the subscriptions of these organisations."""
        with self.store.write() as session:
            event = self._event(session, title, countries, categories, sharing)
            row = Alert(
                organisation_id=self.numbers["organisation:home"],
                event_id=event,
                level=level,
                state=state,
                title=title,
                language="en",
                clause="SEC-1",
                guideline="1+abcdef",
                score=72.5,
                unconfirmed=False,
                sharing=sharing,
                countries=list(countries),
                categories=list(categories),
                subtypes=["armed_conflict"],
                reasons=[REASON],
                opened_at=self.at,
                changed_at=self.at,
                level_since=self.at,
                acknowledge_by=self.at + timedelta(minutes=15),
            )
            session.add(row)
            session.flush()
            number = row.id or 0
            session.add_all(AlertCountry(alert_id=number, country=code) for code in countries)
            session.add_all(AlertCategory(alert_id=number, category=key) for key in categories)
            if owner is not None:
                session.add(self._duty(number, owner))
            self._say(session, number, "alert.open", level)
            for organisation in to:
                self.share(session, number, organisation)
        return number

    def _event(
        self, session: Session, title: str, countries: tuple[str, ...], categories: tuple[str, ...], sharing: str
    ) -> int:
        event = Event(
            title=title,
            language="en",
            countries=list(countries),
            categories=list(categories),
            subtypes=[],
            sharing=sharing,
            opened_at=self.at,
            last_at=self.at,
            vector=b"",
        )
        session.add(event)
        session.flush()
        entry = self._entry(session, title, sharing)
        session.add(EventEntry(entry_id=entry, event_id=event.id or 0, origin="feed"))
        return event.id or 0

    def _entry(self, session: Session, title: str, sharing: str) -> int:
        row = EntryRow(
            source_id=self.numbers["source:feed"],
            key=new_token(),
            raw_hash=digest(title),
            title=title,
            text="It was heard at dawn.",
            link="https://news.example/1",
            language="en",
            first_seen_at=self.at,
            date_quality="good",
            reliability="B",
            sharing=sharing,
            stage="decided",
        )
        session.add(row)
        session.flush()
        session.add(
            AssessmentRow(
                entry_id=row.id or 0,
                model="test",
                made_at=self.at,
                probabilities={"security": 0.9},
                labels=["security"],
                uncertain=[],
                subtypes=[],
                countries=["NE"],
                severity=0.8,
                urgency=0.9,
                certainty=0.7,
                concern=False,
                hedged=False,
                denied=False,
                reasons=[REASON],
                vector=b"",
            )
        )
        return row.id or 0

    def _duty(self, alert: int, owner: str) -> Duty:
        return Duty(
            alert_id=alert,
            owner=owner,
            role="accountable",
            acknowledge_by=self.at + timedelta(minutes=15),
            clause="SEC-1",
            created_at=self.at,
        )

    def share(self, session: Session, alert: int, organisation: str) -> None:
        """Let an organisation's subscription see an alert."""
        session.add(
            AlertShare(
                alert_id=alert,
                subscription_id=self.numbers[f"subscription:{organisation}"],
                organisation_id=self.numbers[f"organisation:{organisation}"],
                shared_at=self.at,
            )
        )

    def _say(self, session: Session, alert: int, action: str, level: int) -> None:
        write_log(
            session,
            at=self.at,
            actor="rules",
            action=action,
            subject="alert",
            subject_id=alert,
            organisation_id=self.numbers["organisation:home"],
            detail={"level": level, "inner": "not for the outside"},
        )

    def notice(self, alert: int, organisation: str = "home", state: str = "dead") -> str:
        """A notice of an alert."""
        number = f"msg_{new_token()[:12]}"
        with self.store.write() as session:
            session.add(
                Notice(
                    id=number,
                    organisation_id=self.numbers[f"organisation:{organisation}"],
                    alert_id=alert,
                    action="open",
                    channel_id=self.numbers.get(f"channel:{organisation}"),
                    dedup=number,
                    payload={"level": 1},
                    state=state,
                    not_before=self.at,
                    created_at=self.at,
                )
            )
        return number

    def keep(self, name: str, row: Any) -> int:
        """Store a row and remember its number under a name."""
        with nullcontext(self.session_in_use) if self.session_in_use else self.store.write() as session:
            session.add(row)
            session.flush()
            self.numbers[name] = row.id
        return self.numbers[name]

    @asynccontextmanager
    async def client(
        self, token: str | None = None, *, base: str = "http://127.0.0.1:8000", peer: str = "127.0.0.1", **headers: str
    ) -> AsyncIterator[httpx.AsyncClient]:
        """Somebody who calls the service from an address, with a key if one is given."""
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        transport = httpx.ASGITransport(self.app, client=(peer, 50000), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=base, headers=headers) as client:
            yield client


@cache
def words() -> Catalogue:
    """The messages, read once for all towns."""
    return Catalogue()


@cache
def shared_app() -> FastAPI:
    """One application for all towns, one after the other: to build it costs 40 ms."""
    return build_app(None)


def build_app(house: House | None) -> FastAPI:
    """An application with the API and nothing else."""
    app = FastAPI(openapi_url=None)
    app.state.house = house
    mount_api(app)
    return app


@contextmanager
def town(store: Store, folder: Path, *, demo: bool = False, **set_to: Any) -> Iterator[Town]:
    """A town on a migrated store; `set_to` are settings."""
    settings = Settings(data=folder, allow_nets=(ip_network("127.0.0.0/8"),), **set_to)
    catalogue = words()
    client = make_client(settings.allow_nets)
    sender = Sender(client=client, mail=None, catalogue=catalogue)
    playing: list[Town] = []
    house = House(
        settings=settings,
        store=store,
        catalogue=catalogue,
        metrics=Metrics(),
        sender=sender,
        live=Live(store),
        clock=lambda: playing[0].at,
        demo=demo,
        port=8000,
    )
    app = shared_app()
    app.state.house = house
    playing.append(Town(house, app))
    _settle(playing[0])
    yield playing[0]


def _settle(new: Town) -> None:
    with new.store.write() as session:
        new.session_in_use = session
        new.organisation("home", "TLP:RED", home=True)
        new.organisation("north")
        new.organisation("south")
        row = SourceRow(
            key="feed", name="Feed", address="https://news.example/feed", created_at=START, next_check_at=START
        )
        new.keep("source:feed", row)
        for name in ("north", "south"):
            new.subscription(name, ["NE"], new.channel(name, f"https://rooms.example/{name}"))
    new.session_in_use = None
