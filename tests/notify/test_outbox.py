"""The outbox: who is sent first, what waits for what, and that nothing is lost, doubled by us or overwritten."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.notify.channel import ChannelInfo
from service.store.engine import Store
from service.store.lease import LEASE
from service.store.outbox import Fate, claim_notices, keep_try, waiting_notices
from service.store.tables import Alert, Attempt
from tests.notify.world import MESSAGE, TurnedClock, World, numbered

NOWHERE = ChannelInfo("webhook", "nowhere", "http://127.0.0.1:9/")


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
        assert waiting_notices(session) == {"pending": 1, "held": 0, "dead": 1}


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
