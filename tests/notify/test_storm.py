"""A storm: 200 alerts of level 4 in ten minutes, with two grave ones among them and a restart in the midst."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from rules.decision import Action, Decision, Hush
from rules.hush import hushed
from rules.level import Level
from rules.quiet import Quiet
from rules.quiet_rule import RestraintRule, Storm
from scoring.category import Category
from service.store.engine import Store, open_store
from tests.notify.fakes import FakeWebhook
from tests.notify.waiting import RULE, Desk, bodies
from tests.notify.world import TurnedClock, World

ALERTS, GRAVE = 200, {60: 1, 130: 2}
FOLLOWERS = 3


@pytest.fixture
def rooms(clock: TurnedClock) -> Iterator[list[FakeWebhook]]:
    """The receivers of three followers and of an owner."""
    running = [FakeWebhook(clock) for _ in range(FOLLOWERS + 1)]
    yield running
    for one in running:
        one.stop()


def hush_of(desk: Desk, rule: RestraintRule, level: int, opened: int) -> Hush | None:
    """What the rules say of a new alert when so many were opened of late."""
    decision = Decision(
        action=Action.OPEN,
        level=Level(level),
        score=20.0,
        clause="POL-1",
        guideline="1",
        unconfirmed=False,
        countries=("NE",),
        categories=(Category.POLITICAL,),
        subtypes=("protest_strike",),
        reasons=(),
        duties=(),
    )
    return hushed(decision, None, Quiet(opened=opened), rule, desk.now)


# Singles: by the shipped guideline as many as make a storm, but no more than the budget of an owner bears.
@pytest.mark.parametrize(("most", "singles", "owners"), [(RULE.storm.alerts, 30, 20), (5, 5, 5)])
def test_a_storm_is_told_in_a_digest_and_nothing_of_it_is_lost(
    store: Store, clock: TurnedClock, rooms: list[FakeWebhook], most: int, singles: int, owners: int
) -> None:
    rule = replace(RULE, storm=Storm(most, RULE.storm.within))
    clock.now = clock.now.replace(minute=0, second=5, microsecond=0)
    desk = Desk(World(store, clock), rule)
    for room in rooms[:FOLLOWERS]:
        desk.follow(room.info("en"))
    desk.world.channel(rooms[-1].info("en"), owner="sahel")
    alerts, grave = set[int](), set[int]()
    for number in range(ALERTS):
        level = GRAVE.get(number, 4)
        alert = desk.alert(level, hush_of(desk, rule, level, len(alerts)), "sahel")
        (grave if level <= 2 else alerts).add(alert)
        desk.tick(seconds=3)
        if level <= 2:
            assert all(body["alert"]["id"] == alert for body in (bodies(room)[-1] for room in rooms)), "at once"
        if number == ALERTS // 2:
            desk.world.store = _restarted(desk.world.store)
    for _ in range(4):
        desk.tick(minutes=5)
    for place, room in enumerate(rooms):
        told = bodies(room)
        digests = [body for body in told if body["type"] == "alert.digest"]
        alone = [body["alert"]["id"] for body in told if body["type"] == "alert.open"]
        assert len(digests) == 1
        assert len(alone) - len(grave) == (singles if place < FOLLOWERS else owners)
        listed = [line["id"] for line in digests[0]["alerts"]]
        assert digests[0]["total"] == len(listed) == len(alerts) - (len(alone) - len(grave))
        assert sorted([*alone, *listed]) == sorted(alerts | grave), "each once, none left out"
    assert set(desk.states()) == {"sent", "digested"}
    desk.world.store.dispose()


def _restarted(store: Store) -> Store:
    """The same database as another process finds it."""
    return open_store(store.engine.url.render_as_string(hide_password=False))
