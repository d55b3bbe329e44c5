"""Delivery against a real receiver: dead workers, dead letters, and people who send them again."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from ingest.entry import Sharing
from service.errors import Conflict, NotFound
from service.notify.channel import ChannelInfo
from service.notify.deliver import retry_notice
from service.notify.message import to_payload
from service.store.engine import Store
from service.store.lease import LEASE
from service.store.outbox import claim_notices
from service.store.scope import Role, Scope
from service.store.tables import Notice, Organisation
from tests.notify.fakes import FakeWebhook
from tests.notify.world import MESSAGE, TurnedClock, World, numbered

NOWHERE = ChannelInfo("webhook", "nowhere", "http://127.0.0.1:9/")


@pytest.fixture
def fake(clock: TurnedClock) -> Iterator[FakeWebhook]:
    running = FakeWebhook(clock)
    yield running
    running.stop()


@pytest.fixture
def world(sqlite_store: Store, clock: TurnedClock) -> World:
    return World(sqlite_store, clock)


def claimed(world: World, by: str = "me", limit: int = 64) -> list[str]:
    with world.store.write() as session:
        return [held.notice.id for held in claim_notices(session, world.clock(), by, limit)]


def scope_of(world: World, **more: Any) -> Scope:
    fields: dict[str, Any] = {"organisation_id": world.home_id, "role": Role.MANAGER, "home": True}
    return Scope(clearance=Sharing.RED, actor="anna", **(fields | more))


def test_a_worker_taken_over_while_sending_keeps_its_hands_off(
    fake: FakeWebhook, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def take_over() -> None:
        world.clock.turn(minutes=3)
        claimed(world, "quick")

    world.notice(world.channel(fake.info()))
    fake.meanwhile = take_over
    world.deliver("slow")
    assert (world.row().state, world.row().lease_by) == ("pending", "quick")
    assert "taken over" in caplog.text
    assert len(world.attempts()) == 1


def test_a_dead_workers_notice_goes_out_again_with_its_id(fake: FakeWebhook, world: World) -> None:
    world.notice(world.channel(fake.info()))
    claimed(world, "killed")
    assert world.deliver() == 0
    world.clock.turn(seconds=LEASE.total_seconds() + 1)
    assert world.deliver() == 1
    assert fake.number(fake.accepted[0]) == MESSAGE.id
    assert world.row().state == "sent"
    assert world.row().sent_at == world.clock()


def test_a_lease_too_short_for_a_try_is_given_back(fake: FakeWebhook, world: World) -> None:
    world.notice(world.channel(fake.info()))
    world.deliver(lease=timedelta(seconds=1))
    assert fake.asked == []
    assert (world.row().state, world.row().attempts, world.row().lease_by) == ("pending", 0, None)


def test_one_bad_notice_does_not_stop_the_others(fake: FakeWebhook, world: World) -> None:
    room = world.channel(fake.info())
    broken = to_payload(numbered(1)) | {"sources": "not a list"}
    world.notice(room, numbered(1), payload=broken)
    for number in range(2, 40):
        world.notice(room, numbered(number))
    assert world.deliver() == 39
    assert len({fake.number(asked) for asked in fake.accepted}) == 38
    row = world.row(numbered(1).id)
    assert (row.state, row.attempts) == ("pending", 1)
    assert str(row.error).startswith("A fault of ours (")
    exposed = world.metrics.expose().decode()
    assert 'watchfire_delivery_attempts_total{kind="webhook",outcome="ok"} 38.0' in exposed
    assert 'outcome="retry"} 1.0' in exposed


@pytest.mark.parametrize(
    ("info", "word"),
    [
        (ChannelInfo("pigeon", "x", "https://x.example/"), "no channel of the kind"),
        (ChannelInfo("webhook", "x", "ftp://x.example/"), "begins with https://"),
        (ChannelInfo("webhook", "x", "https://user:pass@x.example/"), "no user name"),
        (ChannelInfo("webhook", "x", "https://x.example/", "not a secret"), "whsec_"),
        (ChannelInfo("feishu", "x", "http://10.0.0.7/hook"), "address guard refuses"),
        (ChannelInfo("webhook", "x", "http://169.254.169.254/latest"), "address guard refuses"),
        (ChannelInfo("webhook", "x", "http://0177.0.0.1/"), "cannot be used"),
        (ChannelInfo("mail", "x", "a@x.example, b@x.example"), "not one mail address"),
        (ChannelInfo("mail", "x", "a@x.example"), "WATCHFIRE_SMTP_HOST"),
    ],
)
def test_settings_that_cannot_work_make_dead_letters_with_a_reason(world: World, info: ChannelInfo, word: str) -> None:
    world.notice(world.channel(info))
    world.deliver()
    assert world.row().state == "dead"
    assert word in str(world.row().error)


@pytest.mark.parametrize(("fault", "rest"), [("silent", 30), ("crowded", 90)])
def test_a_receiver_that_is_down_is_asked_once_for_all(fake: FakeWebhook, world: World, fault: str, rest: int) -> None:
    world.timeout = 0.4
    room, other = world.channel(fake.info()), world.channel(NOWHERE)
    for number in range(1, 6):
        world.notice(room, numbered(number, level=4 if number < 5 else 1))
    world.notice(other, numbered(9))
    fake.faults.append(fault)
    world.deliver()
    assert [asked.headers["webhook-id"] for asked in fake.asked] == [numbered(5).id], "the gravest goes first"
    assert world.attempts(numbered(9).id), "another channel does not wait for it"
    waiting = [world.row(numbered(number).id) for number in range(1, 5)]
    assert {(row.state, row.attempts, row.lease_by) for row in waiting} == {("pending", 0, None)}
    assert {row.not_before for row in waiting} == {world.clock() + timedelta(seconds=rest)}
    world.notice(room, numbered(6))
    assert world.deliver() == 1, "what comes in later is tried at its own time"
    assert world.row(numbered(6).id).state == "sent"
    world.clock.turn(seconds=2 * rest)
    world.deliver()
    assert {world.row(numbered(number).id).state for number in range(1, 7)} == {"sent"}
    assert [asked.headers["webhook-id"] for asked in fake.accepted][1] == numbered(5).id


def test_a_removed_channel_is_not_used(fake: FakeWebhook, world: World) -> None:
    world.notice(world.channel(fake.info(), active=False), owner=None)
    world.deliver()
    with world.store.write() as session, pytest.raises(Conflict, match="was removed"):
        retry_notice(session, scope_of(world), session.get_one(Notice, MESSAGE.id), world.clock())
    assert fake.asked == []
    assert world.row().error == "The channel the room was removed; add another one."


def test_nobody_there_is_tried_again(world: World) -> None:
    world.notice(world.channel(NOWHERE))
    world.deliver()
    assert world.row().state == "pending"
    assert "cannot be reached" in str(world.row().error)


def test_a_person_sends_a_dead_letter_again(fake: FakeWebhook, world: World) -> None:
    fake.faults.append("closed")
    world.notice(world.channel(fake.info()))
    world.deliver()
    with world.store.write() as session:
        retry_notice(session, scope_of(world), session.get_one(Notice, MESSAGE.id), world.clock())
    assert world.deliver() == 1
    assert (world.row().state, world.row().attempts) == ("sent", 1)
    assert [line.actor for line in world.lines("notice.retry")] == ["anna"]
    with world.store.write() as session, pytest.raises(Conflict, match="is sent"):
        retry_notice(session, scope_of(world), session.get_one(Notice, MESSAGE.id), world.clock())


def test_only_who_may_see_it_sends_it_again(world: World) -> None:
    world.notice(world.channel(NOWHERE), state="dead")
    with world.store.write() as session:
        other = Organisation(key="other", name="Other", created_at=world.clock())
        session.add(other)
        session.flush()
        stranger = scope_of(world, organisation_id=other.id, home=False)
        with pytest.raises(NotFound):
            retry_notice(session, stranger, session.get_one(Notice, MESSAGE.id), world.clock())


def test_an_owner_without_a_channel_gets_one_and_then_the_notice(fake: FakeWebhook, world: World) -> None:
    world.notice(None, state="dead", error="Owner west-africa has no channel.")
    with world.store.write() as session, pytest.raises(Conflict, match="west-africa has no channel"):
        retry_notice(session, scope_of(world), session.get_one(Notice, MESSAGE.id), world.clock())
    world.channel(fake.info(), owner="west-africa")
    with world.store.write() as session:
        retry_notice(session, scope_of(world), session.get_one(Notice, MESSAGE.id), world.clock())
    world.deliver()
    assert world.row().state == "sent"
