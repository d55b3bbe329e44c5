"""Mail over TLS, and what goes wrong with it."""

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.notify.channel import Verdict
from service.store.engine import Store
from tests.notify.mailroom import FakeMail
from tests.notify.world import TurnedClock, World

CERTIFICATE = Path(__file__).parents[1] / "ingest" / "fixtures" / "feeds.test.pem"
Starts = Callable[..., FakeMail]


def trusting() -> ssl.SSLContext:
    """Trusts the test certificate, whose name is not this machine's."""
    tls = ssl.create_default_context(cafile=str(CERTIFICATE))
    tls.check_hostname = False
    return tls


@pytest.fixture
def start(clock: TurnedClock) -> Iterator[Starts]:
    running: list[FakeMail] = []

    def begin(*, wrapped: bool) -> FakeMail:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(CERTIFICATE)
        running.append(FakeMail(clock, tls, wrapped=wrapped))
        return running[-1]

    yield begin
    for fake in running:
        fake.stop()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_out_encrypted(start: Starts, sqlite_store: Store, clock: TurnedClock, security: str) -> None:
    fake = start(wrapped=security == "tls")
    world = World(sqlite_store, clock, mail=fake.settings(security=security, tls=trusting()))
    world.notice(world.channel(fake.info()))
    world.deliver()
    assert world.row().state == "sent", world.row().error
    assert fake.number(fake.accepted[0]) == world.row().id


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_stranger_s_certificate_is_not_trusted(
    start: Starts, sqlite_store: Store, clock: TurnedClock, security: str
) -> None:
    fake = start(wrapped=security == "tls")
    world = World(sqlite_store, clock, mail=fake.settings(security=security))
    result = world.test(fake.info())
    assert result.verdict is Verdict.RETRY
    assert "certificate" in result.detail
    assert fake.asked == []


def test_a_server_without_starttls_is_not_used_in_the_clear(sqlite_store: Store, clock: TurnedClock) -> None:
    fake = FakeMail(clock)
    world = World(sqlite_store, clock, mail=fake.settings(security="starttls"))
    result = world.test(fake.info())
    fake.stop()
    assert result.verdict is Verdict.DEAD
    assert "WATCHFIRE_SMTP_SECURITY" in result.detail
    assert fake.asked == []


def test_a_sender_that_is_no_address_is_named(sqlite_store: Store, clock: TurnedClock) -> None:
    fake = FakeMail(clock)
    settings = fake.settings()
    world = World(sqlite_store, clock, mail=type(settings)(host=settings.host, port=settings.port, sender="desk"))
    result = world.test(fake.info())
    fake.stop()
    assert result.verdict is Verdict.DEAD
    assert "WATCHFIRE_SMTP_FROM" in result.detail
