"""The story through the real walk: real feeds over loopback, a real store, the shipped model and rules, a told clock.

Nothing runs by the wall: the clock goes from one moment to the next at which somebody publishes or does something, or
at which the program itself is due for something, and at the latest from hour to hour.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from ingest.feed import Feed
from rules.guideline import Guideline
from rules.level import Level
from scoring.model import load
from service.app import build_house, build_walk
from service.auth.access import person_scope
from service.demo.feeds import edition
from service.demo.telling import in_print
from service.desk import alerts, responses
from service.desk.house import House
from service.desk.rosters import import_roster
from service.pipeline import Walk, alarm_due, collect_due, deliver_due, recheck_due
from service.pressing import escalate_due, remind_due
from service.scheduler import understand
from service.settings import Settings
from service.store.engine import Store
from service.store.people import found_home, home_organisation
from service.store.read_alerts import CLOSED
from service.store.responses import OPEN
from service.store.scope import Scope
from service.store.sources import add_sources
from service.store.tables import (
    Alert,
    Channel,
    EscalationRow,
    Organisation,
    Person,
    Response,
    ResponseStep,
    SourceRow,
    Subscription,
)
from tests.ingest.webserver import Answer, WebServer, webserver
from tests.story.facts import members
from tests.story.telling import END, START, TELLING, Deed, Story
from tests.web.desk import operator

SECRET = "whsec_" + "d2F0Y2hmaXJlLXRlc3Qtc2VjcmV0LTAxMjM0NTY3ODk="
model: Any = cache(lambda: load(None))


@dataclass
class Stage:
    """A desk on which the story is played. `at` is the only clock there is."""

    story: Story
    web: WebServer
    house: House
    walk: Walk
    runner: asyncio.Runner
    at: datetime = START
    events: dict[str, int] = field(default_factory=dict)  # first entry → event

    def play(self, look: Callable[["Stage"], None]) -> None:
        """From the first moment to the last; `look` is called after each."""
        given = self.story.moments
        while self.at < END:
            self.at = min([*(one for one in given if one > self.at), self._due(), self._hour(), END])
            self._pass(told=self.at in given)
            look(self)
            for deed in (one for one in self.story.deeds if one.at == self.at):
                self._do(deed)
                self._pass(told=False)
                look(self)

    def received(self, name: str) -> int:
        """How many calls a receiver got."""
        return self.web.paths().count(f"/hook/{name}")

    def _hour(self) -> datetime:
        return self.at.replace(minute=0) + timedelta(hours=1)

    def _pass(self, *, told: bool) -> None:
        if told:
            self._print()
            self.runner.run(self._collect())
            understand(self.walk)
        alarm_due(self.walk)
        recheck_due(self.walk)
        escalate_due(self.walk)
        remind_due(self.walk)
        self.runner.run(self._deliver())

    async def _collect(self) -> None:
        await collect_due(self.walk)

    async def _deliver(self) -> None:
        while await deliver_due(self.walk):
            pass

    def _print(self) -> None:
        """Put out the feeds as they are by now. Who has news is looked at at once, the others in their rhythm."""
        with self.house.store.write() as session:
            for source in session.exec(select(SourceRow)).all():
                told = in_print(self.story.world, TELLING, source.key, self.at)
                made = edition(self.story.world.outlets[source.key], TELLING, told, "https://story.invalid")
                answer = Answer(body=made.body, headers={"Content-Type": made.content_type})
                if self.web.answers.get(f"/{source.key}") != answer:
                    self.web.answers[f"/{source.key}"], source.next_check_at = answer, self.at
                session.add(source)

    def _do(self, deed: Deed) -> None:
        with self.house.store.read() as session:
            event = event_of(session, deed.event)
            alert = session.exec(select(Alert.id).where(Alert.event_id == event)).one() or 0
            there = session.exec(
                select(ResponseStep.key, ResponseStep.id)
                .join(Response, col(Response.id) == col(ResponseStep.response_id))
                .where(Response.alert_id == alert)
            ).all()
            steps, who = dict(there), _scope(session, deed.who)
        for key in deed.steps:
            responses.act_on(self.house, who, alert, steps[key] or 0, deed.does, deed.words)
        if not deed.steps:
            alerts.act_on(self.house, who, alert, deed.does, deed.words)

    def _due(self) -> datetime:
        """When the program is due for something by its own rows."""
        with self.house.store.read() as session:
            known = [one for one in _instants(session, self.walk.guideline_now(session)) if one > self.at]
        return min(known, default=END)


def event_of(session: Session, piece: str) -> int:
    """The event to which an entry of the story belongs."""
    return next(number for number, pieces in members(session).items() if piece in pieces)


def _instants(session: Session, guideline: Guideline) -> Iterator[datetime]:
    live = col(Alert.state).not_in(CLOSED)
    yield from (at for at in session.exec(select(Alert.acknowledge_by).where(live)).all() if at is not None)
    rows = select(EscalationRow.next_at).where(col(EscalationRow.lapsed_at).is_(None))
    yield from (at for at in session.exec(rows).all() if at is not None)
    steps = select(ResponseStep.look_at).where(col(ResponseStep.state).in_(OPEN))
    yield from (at for at in session.exec(steps).all() if at is not None)
    for alert in session.exec(select(Alert).where(live, col(Alert.calmer_since).is_not(None))).all():
        if alert.calmer_since is not None and alert.level < Level.BLUE:
            yield alert.calmer_since + guideline.hold(alert.clause, Level(alert.level))


def _scope(session: Session, name: str) -> Scope:
    person = session.exec(select(Person).where(Person.name == name)).one()
    return person_scope(person, home_organisation(session))


@contextmanager
def stage(store: Store, folder: Path, story: Story) -> Iterator[Stage]:
    """A desk with the story's people, sources and subscribers, before its first moment."""
    with store.write() as session:
        found_home(session, START)
    with webserver() as web, asyncio.Runner() as runner:
        settings = Settings(data=folder, allow_nets=(ip_network("127.0.0.0/8"),))
        house = build_house(settings, store)
        made: list[Stage] = []
        object.__setattr__(house, "clock", lambda: made[0].at if made else START)
        made.append(Stage(story, web, house, build_walk(house, model), runner))
        _seed(made[0])
        yield made[0]
        runner.run(house.sender.client.aclose())


def _seed(stage: Stage) -> None:
    with stage.house.store.write() as session:
        home = home_organisation(session)
        feeds = [
            Feed(
                key=outlet.key,
                name=outlet.name,
                address=stage.web.url(f"/{outlet.key}"),
                kind=outlet.kind,
                language=outlet.language,
                reliability=outlet.reliability,
            )
            for outlet in stage.story.world.outlets.values()
        ]
        add_sources(session, feeds, START)
        for name, owner in stage.story.people.items():
            session.add(_person(home, name, owner))
            rostered = f"owner: {owner}" in stage.story.roster
            session.add(_channel(stage, home, name, owner if owner and not rostered else name))
        for given in stage.story.subscribers:
            _subscriber(stage, session, given)
    import_roster(stage.house, operator(stage.house.store), stage.story.roster)


def _person(home: Organisation, name: str, owner: str) -> Person:
    role = "owner" if owner else "manager"
    return Person(
        organisation_id=home.id or 0, name=name, password_hash="!", role=role, owner=owner or None, created_at=START
    )


def _channel(stage: Stage, organisation: Organisation, name: str, owner: str | None) -> Channel:
    stage.web.answers[f"/hook/{name}"] = Answer(body=b"{}")
    return Channel(
        organisation_id=organisation.id or 0,
        kind="webhook",
        name=name,
        address=stage.web.url(f"/hook/{name}"),
        secret=SECRET,
        language="en",
        owner=owner,
        created_at=START,
    )


def _subscriber(stage: Stage, session: Session, given: Any) -> None:
    organisation = Organisation(key=given["key"], name=given["name"], created_at=START)
    session.add(organisation)
    session.flush()
    channel = _channel(stage, organisation, given["key"], None)
    session.add(channel)
    session.flush()
    session.add(
        Subscription(
            organisation_id=organisation.id or 0,
            name=given["name"],
            countries=given["countries"],
            categories=[],
            least_level=given["least_level"],
            channel_id=channel.id,
            created_at=START,
        )
    )
