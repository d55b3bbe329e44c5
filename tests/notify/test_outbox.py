"""The outbox: who is sent first, what waits for what, and that nothing is lost, doubled by us or overwritten."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.entry import Sharing
from service.errors import Conflict, NotFound
from service.notify.channel import ChannelInfo
from service.notify.deliver import retry_notice
from service.notify.message import to_payload
from service.store.engine import Store
from service.store.lease import LEASE
from service.store.outbox import Fate, claim_notices, keep_try, waiting_notices
from service.store.scope import Role, Scope
from service.store.tables import Alert, Attempt, Notice, Organisation
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


@pytest.fixture
def both(store: Store, clock: TurnedClock) -> World:
    """The world on each database."""
    return World(store, clock)


def claimed(world: World, by: str = "me", limit: int = 64) -> list[str]:
    with world.store.write() as session:
        return [held.notice.id for held in claim_notices(session, world.clock(), by, limit)]


def settle(world: World, number: str, state: str, by: str = "me") -> bool:
    now = world.clock()
    fate = Fate(state, now, now + timedelta(hours=1) if state == "pending" else None)
    with world.store.write() as session:
        return keep_try(session, number, by, Attempt(notice_id=number, at=now, ok=state == "sent"), fate)


def scope_of(world: World, **more: Any) -> Scope:
    fields: dict[str, Any] = {"organisation_id": world.home_id, "role": Role.MANAGER, "home": True}
    return Scope(clearance=Sharing.RED, actor="anna", **(fields | more))


def test_graver_first_then_older(both: World) -> None:
    levels = {1: 4, 2: 2, 3: 1, 4: 2}
    for number, level in levels.items():
        both.notice(both.channel(NOWHERE), numbered(number, level=level))
        both.clock.turn(seconds=1)
    assert [int(number[-1]) for number in claimed(both)] == [3, 2, 4, 1]
    assert claimed(both) == []


def test_a_batch_takes_the_gravest(both: World) -> None:
    for number, level in enumerate((4, 4, 1, 4), start=1):
        both.notice(both.channel(NOWHERE), numbered(number, level=level))
    assert claimed(both, limit=1) == [numbered(3).id]


def test_a_later_version_never_overtakes(both: World) -> None:
    room, other = both.channel(NOWHERE), both.channel(NOWHERE)
    both.notice(room, numbered(1, version=1, level=3))
    both.notice(room, numbered(2, version=2, level=1))
    both.notice(other, numbered(3, version=2, level=1))
    assert claimed(both) == [numbered(3).id, numbered(1).id], "the other room has nothing to wait for"
    assert claimed(both) == [], "while the first is on its way"
    assert settle(both, numbered(1).id, "sent")
    assert claimed(both) == [numbered(2).id]


def test_a_dead_letter_lets_the_next_version_through(both: World) -> None:
    room = both.channel(NOWHERE)
    both.notice(room, numbered(1, version=1))
    both.notice(room, numbered(2, version=2))
    claimed(both)
    settle(both, numbered(1).id, "dead")
    assert claimed(both) == [numbered(2).id]


def test_a_new_version_hurries_the_one_it_waits_for_once(both: World) -> None:
    room = both.channel(NOWHERE)
    both.notice(room, numbered(1, version=1))
    claimed(both)
    settle(both, numbered(1).id, "pending")
    both.clock.turn(seconds=2)
    assert claimed(both) == [], "it waits its hour"
    both.notice(room, numbered(2, version=2, level=1))
    assert claimed(both) == [numbered(1).id]
    both.clock.turn(seconds=1)
    settle(both, numbered(1).id, "pending")
    both.clock.turn(seconds=1)
    assert claimed(both) == [], "hurried once is enough"


def test_two_workers_never_hold_the_same(both: World) -> None:
    for number in range(40):
        both.notice(both.channel(NOWHERE), numbered(number))
    with ThreadPoolExecutor(4) as pool:
        batches = list(pool.map(lambda who: claimed(both, f"worker {who}", limit=15), range(4)))
    got = [number for batch in batches for number in batch]
    assert len(got) == len(set(got)) == 40


def test_a_stale_worker_does_not_overwrite(both: World) -> None:
    both.notice(both.channel(NOWHERE))
    assert claimed(both, "slow") == [MESSAGE.id]
    both.clock.turn(seconds=LEASE.total_seconds() + 1)
    assert claimed(both, "quick") == [MESSAGE.id]
    assert not settle(both, MESSAGE.id, "dead", "slow")
    assert both.row().state == "pending"
    assert settle(both, MESSAGE.id, "sent", "quick")
    assert not settle(both, MESSAGE.id, "dead", "quick"), "what is settled stays so"
    assert both.row().state == "sent"
    assert len(both.attempts()) == 3, "every try that was made is in the books"


def test_how_many_wait_and_how_many_are_dead(world: World) -> None:
    room = world.channel(NOWHERE)
    for number in range(3):
        world.notice(room, numbered(number))
    claimed(world)
    settle(world, numbered(0).id, "dead")
    settle(world, numbered(1).id, "sent")
    with world.store.read() as session:
        assert waiting_notices(session) == {"pending": 1, "dead": 1}


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


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fates=st.lists(st.sampled_from(["sent", "pending", "dead"]), max_size=30),
    levels=st.lists(st.integers(1, 4), min_size=1, max_size=6),
)
def test_whatever_happens_versions_arrive_in_order_and_none_is_lost(
    world: World, fates: list[str], levels: list[int]
) -> None:
    with world.store.write() as session:
        event = session.get_one(Alert, world.alert_id)
        values = event.model_dump(exclude={"id"}) | {"state": "resolved"}
        alert = Alert(**values)
        session.add(alert)
        session.flush()
        number = alert.id or 0
    room = world.channel(NOWHERE)
    versions: dict[str, int] = {}
    for version, level in enumerate(levels, start=1):
        message = replace(MESSAGE, id=f"msg_{number}_{version}", version=version, level=level)
        versions[world.notice(room, message, alert_id=number)] = version
    arrived: list[int] = []
    for fate in [*fates, *["sent"] * len(levels)]:
        for one in claimed(world):
            settle(world, one, fate)
            arrived += [versions[one]] if fate == "sent" else []
        world.clock.turn(hours=1)
    assert arrived == sorted(arrived)
    assert {world.row(one).state for one in versions} <= {"sent", "dead"}
