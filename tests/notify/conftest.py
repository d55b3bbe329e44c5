"""Receivers and a world for every test of delivery."""

from collections.abc import Iterator

import pytest

from service.store.engine import Store
from tests.notify.fakes import Fake, FakeWebhook
from tests.notify.mailroom import FakeMail
from tests.notify.rooms import FakeDingTalk, FakeFeishu, FakeSlack, FakeWeCom
from tests.notify.world import TurnedClock, World

FAKES = {fake.kind: fake for fake in (FakeWebhook, FakeFeishu, FakeDingTalk, FakeWeCom, FakeSlack, FakeMail)}


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture(params=list(FAKES))
def fake(request: pytest.FixtureRequest, clock: TurnedClock) -> Iterator[Fake | FakeMail]:
    """A running receiver of each kind."""
    running = FAKES[request.param](clock)
    yield running
    running.stop()


@pytest.fixture
def world(fake: Fake | FakeMail, sqlite_store: Store, clock: TurnedClock) -> World:
    """A store with one alert, and the settings to reach the receiver."""
    return World(sqlite_store, clock, mail=fake.settings() if isinstance(fake, FakeMail) else None)
