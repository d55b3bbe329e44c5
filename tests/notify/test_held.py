"""Held notices: nothing is lost, nothing is told twice, nothing grave waits."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.decision import Hush
from service.errors import Conflict
from service.record.digest import release_due, release_held
from service.record.holding import send_now
from service.store.engine import Store
from service.store.held import release_early, tally
from service.store.shares import drop_pending
from service.store.tables import Alert, Channel, Notice
from tests.notify.fakes import FakeWebhook
from tests.notify.waiting import ENDS, RULE, URL, Desk, bodies, storm
from tests.notify.world import TurnedClock, World


@pytest.fixture
def hook(clock: TurnedClock) -> Iterator[FakeWebhook]:
    running = FakeWebhook(clock)
    yield running
    running.stop()


@pytest.fixture
def desk(sqlite_store: Store, clock: TurnedClock, hook: FakeWebhook) -> Desk:
    return _desk(sqlite_store, clock, hook)


@pytest.fixture
def both(store: Store, clock: TurnedClock, hook: FakeWebhook) -> Desk:
    """The desk on each database."""
    return _desk(store, clock, hook)


def _desk(store: Store, clock: TurnedClock, hook: FakeWebhook) -> Desk:
    clock.turn_to_morning()
    made = Desk(World(store, clock))
    made.follow(hook.info("en"))
    return made


def test_what_is_held_comes_in_one_digest(both: Desk, hook: FakeWebhook) -> None:
    alerts = [both.alert(hush=storm(both.now)) for _ in range(3)]
    both.tick(minutes=1)
    assert bodies(hook) == [], "nobody is interrupted"
    held = both.notices(alerts[0])[0]
    assert (held.state, held.held_for, held.held_by) == ("held", "storm", "opened:42")
    both.change(alerts[1], "resolve")
    assert both.tick(minutes=14) == 1
    (body,) = bodies(hook)
    assert (body["type"], body["action"], body["alert"], body["total"]) == ("alert.digest", "digest", None, 3)
    assert [line["id"] for line in body["alerts"]] == [*sorted((alerts[0], alerts[2])), alerts[1]] or (
        {line["id"] for line in body["alerts"][:2]} == {alerts[0], alerts[2]}
    )
    closed = body["alerts"][-1]
    assert (closed["id"], closed["state"], closed["held"]["notices"]) == (alerts[1], "resolved", 2)
    assert closed["held"]["for"] == "storm"
    (digest,) = both.digests()
    assert body["url"] == f"{URL}/deliveries?within={digest.id}"
    assert {notice.told_in for notice in both.notices() if notice.alert_id} == {digest.id}
    assert both.states() == {"digested": 4, "sent": 1}
    assert both.tick(hours=30) == 0, "once"


def test_a_digest_tells_the_level_of_now(desk: Desk, hook: FakeWebhook) -> None:
    alert = desk.alert(hush=storm(desk.now))
    desk.change(alert, "raise", 3, hush=storm(desk.now))
    desk.tick(minutes=16)
    (line,) = bodies(hook)[0]["alerts"]
    assert (line["level"], line["held"]["notices"]) == (3, 2)


@pytest.mark.parametrize("level", [1, 2])
def test_grave_alerts_are_told_at_once_whatever_hushes_them(both: Desk, hook: FakeWebhook, level: int) -> None:
    both.restraint = replace(RULE, budget={"owner": 1, "subscription": 1})
    both.alert()
    for hush in (storm(both.now), replace(storm(both.now), passed=True), None):
        both.alert(level, hush)
    both.tick(seconds=1)
    assert [body["alert"]["level"] for body in bodies(hook)] == [level, level, level, 4]


def test_a_raise_makes_what_was_held_obsolete(both: Desk, hook: FakeWebhook) -> None:
    alert = both.alert(hush=storm(both.now))
    both.change(alert, "raise", 2, replace(storm(both.now), passed=True))
    both.tick(seconds=1)
    (body,) = bodies(hook)
    assert (body["type"], body["alert"]["level"]) == ("alert.raise", 2)
    first, second = both.notices(alert)
    assert (first.state, first.told_in, second.state) == ("superseded", second.id, "sent")
    both.change(alert, "lower", 4, storm(both.now))
    both.tick(seconds=1)
    assert bodies(hook)[-1]["type"] == "alert.lower", "who was told of level 2 is told at once that it is over"
    assert both.tick(hours=1) == 0


def test_news_that_nothing_holds_any_more_tells_what_was_held(desk: Desk, hook: FakeWebhook) -> None:
    alert = desk.alert(hush=storm(desk.now))
    desk.change(alert, "confirm")
    desk.tick(seconds=1)
    assert [body["type"] for body in bodies(hook)] == ["alert.confirm"]
    assert desk.states(alert) == {"superseded": 1, "sent": 1}


def test_beyond_the_budget_of_a_day_the_rest_comes_together(both: Desk, hook: FakeWebhook) -> None:
    both.restraint = replace(RULE, budget={"owner": 2, "subscription": 3})
    alerts = [both.alert() for _ in range(8)]
    both.tick(seconds=1)
    assert len(bodies(hook)) == 3
    assert [both.notices(alert)[0].held_by for alert in alerts[3:]] == ["budget:3"] * 5
    both.tick(minutes=15)
    digest = bodies(hook)[-1]
    assert (digest["type"], digest["total"]) == ("alert.digest", 5)
    both.alert()
    both.tick(seconds=1)
    assert len(bodies(hook)) == 4, "the day is not over"
    both.tick(days=1)
    both.alert()
    both.tick(seconds=1)
    assert bodies(hook)[-1]["type"] == "alert.open", "a new day"


def test_an_owner_has_a_budget_of_its_own_and_is_pressed_all_the_same(desk: Desk, hook: FakeWebhook) -> None:
    desk.followers.clear()
    desk.world.channel(hook.info("en"), owner="sahel")
    desk.restraint = replace(RULE, budget={"owner": 1, "subscription": 60})
    first, second = (desk.alert(owner="sahel") for _ in range(2))
    desk.tick(seconds=1)
    assert desk.states(second) == {"held": 1}
    with desk.world.store.write() as session:
        alert = session.get_one(Alert, second)
    desk.told(alert.id or 0, "escalate", None, None, "sahel", ".1")
    desk.tick(seconds=1)
    assert [body["type"] for body in bodies(hook)] == ["alert.open", "alert.escalate"]
    assert desk.states(second) == {"superseded": 1, "sent": 1}
    assert desk.states(first) == {"sent": 1}


def test_a_digest_goes_to_whoever_stands_for_the_owner_now(desk: Desk, hook: FakeWebhook) -> None:
    desk.followers.clear()
    before = desk.world.channel(replace(hook.info("en"), address="http://127.0.0.1:9/"), owner="sahel")
    desk.alert(hush=storm(desk.now), owner="sahel")
    with desk.world.store.write() as session:
        session.get_one(Channel, before).active = False
    after = desk.world.channel(hook.info("en"), owner="sahel")
    desk.tick(minutes=16)
    assert [body["total"] for body in bodies(hook)] == [1]
    assert [notice.channel_id for notice in desk.digests()] == [after]


def test_an_owner_whom_nothing_reaches_is_a_dead_letter_at_once(desk: Desk) -> None:
    alert = desk.alert(hush=storm(desk.now), owner="nobody")
    dead = next(notice for notice in desk.notices(alert) if notice.owner)
    assert (dead.state, dead.held_for) == ("dead", None)


def test_a_silence_that_ends_early_is_told_of_early(desk: Desk, hook: FakeWebhook) -> None:
    until = desk.now + timedelta(days=3)
    desk.alert(hush=Hush("silence", "silence:3", until))
    desk.alert(hush=Hush("silence", "silence:4", until))
    desk.tick(hours=1)
    with desk.world.store.write() as session:
        assert release_early(session, "silence", "silence:3", desk.now) == 1
    desk.tick(seconds=1)
    assert [body["total"] for body in bodies(hook)] == [1]
    assert bodies(hook)[0]["alerts"][0]["held"]["by"] == "silence:3"


def test_what_a_graver_alert_muted_is_told_when_that_is_closed(both: Desk, hook: FakeWebhook) -> None:
    grave = both.alert(1)
    muted = Hush("inhibited", f"alert:{grave}")
    both.alert(hush=muted)
    both.alert(hush=muted)
    both.tick(hours=5)
    assert [body["type"] for body in bodies(hook)] == ["alert.open"]
    both.change(grave, "resolve")
    both.tick(seconds=1)
    assert [body["type"] for body in bodies(hook)[1:]] == ["alert.digest", "alert.resolve"] or (
        {body["type"] for body in bodies(hook)[1:]} == {"alert.digest", "alert.resolve"}
    )


def test_while_the_graver_alert_stays_open_a_digest_comes_once_a_day(desk: Desk, hook: FakeWebhook) -> None:
    grave = desk.alert(1)
    desk.tick(seconds=1)
    for _ in range(47):
        desk.alert(hush=Hush("inhibited", f"alert:{grave}"))
        desk.tick(hours=1)
    totals = [body["total"] for body in bodies(hook) if body["type"] == "alert.digest"]
    assert totals == [24]
    assert desk.states()["held"] == 23


def test_digests_keep_their_distance(desk: Desk, hook: FakeWebhook) -> None:
    for minute in range(9):
        desk.alert(hush=Hush("silence", f"silence:{minute}", desk.now + timedelta(minutes=10)))
        desk.tick(minutes=1)
    for _ in range(30):
        desk.tick(minutes=1)
    assert [body["total"] for body in bodies(hook)] == [1, 8]


def test_two_workers_write_one_digest(both: Desk, hook: FakeWebhook) -> None:
    for _ in range(20):
        both.alert(hush=storm(both.now))
    both.world.clock.turn(minutes=16)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: release_due(both.world.store, URL, both.now), range(8)))
    assert len(both.digests()) == 1
    both.tick(seconds=1)
    assert [body["total"] for body in bodies(hook)] == [20]


def test_a_worker_that_dies_in_the_midst_loses_nothing(both: Desk, hook: FakeWebhook) -> None:
    for _ in range(5):
        both.alert(hush=storm(both.now))
    both.world.clock.turn(minutes=16)
    with pytest.raises(KeyboardInterrupt):
        _die_before_the_end(both)
    assert both.states() == {"held": 5}
    both.tick(seconds=1)
    assert [body["total"] for body in bodies(hook)] == [5]


def _die_before_the_end(desk: Desk) -> None:
    with desk.world.store.write() as session:
        release_held(session, URL, desk.now)
        raise KeyboardInterrupt


def test_a_person_sends_it_now(both: Desk, hook: FakeWebhook) -> None:
    alert = both.alert(hush=storm(both.now))
    both.change(alert, "update", hush=storm(both.now))
    newest = both.notices(alert)[-1]
    with both.world.store.write() as session:
        send_now(session, session.get_one(Notice, newest.id), "li", both.now)
    both.tick(seconds=1)
    assert [body["id"] for body in bodies(hook)] == [newest.id]
    assert both.states(alert) == {"superseded": 1, "sent": 1}
    assert [line.actor for line in both.world.lines("notice.send_now")] == ["li"]
    with pytest.raises(Conflict), both.world.store.write() as session:
        send_now(session, session.get_one(Notice, newest.id), "li", both.now)
    assert both.tick(hours=1) == 0


def test_what_became_secret_while_it_was_held_is_not_told(desk: Desk, hook: FakeWebhook) -> None:
    desk.followers.clear()
    desk.follow(hook.info("en"), clearance="TLP:GREEN")
    secret, plain = (desk.alert(hush=storm(desk.now)) for _ in range(2))
    with desk.world.store.write() as session:
        session.get_one(Alert, secret).sharing = "TLP:RED"
    desk.tick(minutes=16)
    (body,) = bodies(hook)
    assert [line["id"] for line in body["alerts"]] == [plain]
    (dead,) = desk.notices(secret)
    assert dead.state == "dead"


def test_a_subscription_that_ends_takes_what_is_held_with_it(desk: Desk) -> None:
    alert = desk.alert(hush=storm(desk.now))
    with desk.world.store.write() as session:
        drop_pending(session, "The subscription was removed.", subscription_id=desk.followers[0])
    (notice,) = desk.notices(alert)
    assert (notice.state, notice.error) == ("dead", "The subscription was removed.")


def test_a_day_is_told_in_numbers(desk: Desk) -> None:
    desk.restraint = replace(RULE, budget={"owner": 1, "subscription": 2})
    for level in (1, 4, 4, 4, 4):
        desk.alert(level)
    with desk.world.store.read() as session:
        (found,) = tally(session, None, desk.now - timedelta(hours=1)).values()
    assert (found.told, found.counted, found.held, found.digests) == (3, 2, 2, 0)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["open", "raise", "lower", "update", "confirm", "resolve", "release", "deliver", "send"]),
            st.integers(0, 5),
            st.integers(1, 4),
            st.sampled_from(["", "storm", "silence", "inhibited", "budget"]),
            st.sampled_from(["sent", "dead"]),
        ),
        max_size=25,
    )
)
def test_every_notice_ends_once(desk: Desk, hook: FakeWebhook, steps: list[tuple[str, int, int, str, str]]) -> None:
    desk.restraint = replace(RULE, budget={"owner": 1, "subscription": 4})
    begun, alerts = {notice.id for notice in desk.notices()}, list[int]()
    heard = len(hook.accepted)
    for step in steps:
        _do(desk, hook, alerts, *step)
        desk.world.clock.turn(minutes=3)
    for _ in range(12):
        desk.tick(minutes=15)
    hook.faults.clear()
    mine = {notice.id: notice for notice in desk.notices() if notice.id not in begun}
    assert {notice.state for notice in mine.values()} <= set(ENDS)
    told = Counter(body["id"] for body in bodies(hook)[heard:])
    expected = {"sent": 1, "dead": 0, "digested": 0, "superseded": 0}
    assert {number: told[number] for number in mine} == {key: expected[one.state] for key, one in mine.items()}
    elsewhere = [one for one in mine.values() if one.state in ("digested", "superseded")]
    assert {one.told_in for one in elsewhere} <= set(mine), "another notice tells of it"
    assert not [one for one in mine.values() if one.held_for and int(one.payload["level"]) <= 2], "nothing grave"
    lines = [(body["id"], line["id"]) for body in bodies(hook)[heard:] for line in body.get("alerts", ())]
    assert len(lines) == len(set(lines))


def _do(
    desk: Desk, hook: FakeWebhook, alerts: list[int], deed: str, which: int, level: int, kind: str, fate: str
) -> None:
    until = desk.now + timedelta(minutes=20)
    hush = Hush(kind, f"{kind}:1", until, passed=level <= 2) if kind else None
    if deed == "open" or not alerts:
        alerts.append(desk.alert(level, hush))
    elif deed == "release":
        release_due(desk.world.store, URL, desk.now)
    elif deed == "deliver":
        hook.faults.extend(["closed"] if fate == "dead" else [])
        desk.world.deliver()
    elif deed == "send":
        _send_one(desk)
    else:
        desk.change(alerts[which % len(alerts)], deed, level, hush)


def _send_one(desk: Desk) -> None:
    held = [notice for notice in desk.notices() if notice.state == "held"]
    if held:
        with desk.world.store.write() as session:
            send_now(session, session.get_one(Notice, held[0].id), "li", desk.now)
