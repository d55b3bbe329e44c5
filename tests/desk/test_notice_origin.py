"""Every notice names the duty or the subscription that it comes from, and whoever was to be told has one."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData

from service.record.audience import Audience, Follower
from service.record.notices import Addressee, Telling, tell
from service.store.tables import Alert, Channel, Notice, Organisation, Subscription
from tests.rules.making import NOW

OWNERS = ("central-lead", "africa-lead", "legal-counsel", "nobody")
ACTIONS = ("open", "raise", "lower", "confirm", "withdraw", "update")


class Outbox:
    """What a session is asked to keep; nothing is held so far."""

    def __init__(self) -> None:
        self.rows: list[Notice] = []
        self.info: dict[str, Any] = {}

    def execute(self, _query: Any) -> Any:
        return IteratorResult(SimpleResultMetaData(["row"]), iter(()))

    def add_all(self, rows: Any) -> None:
        self.rows += rows


def channel(number: int) -> Channel:
    return Channel(id=number, organisation_id=1, kind="webhook", name="x", address="x", language="en", created_at=NOW)


def follower(random: Random, number: int) -> Follower:
    mine = channel(100 + number) if random.random() < 0.8 else None
    whose = Organisation(id=2 + number % 3, key=f"o{number}", name="O", created_at=NOW)
    asked = {"countries": [], "categories": [], "least_level": 4, "created_at": NOW}
    return Follower(Subscription(id=number, organisation_id=whose.id or 0, name=f"s{number}", **asked), whose, mine)


def alert(random: Random) -> Alert:
    lists: dict[str, Any] = {name: [] for name in ("countries", "categories", "subtypes", "reasons", "exposure")}
    times = {
        name: NOW - timedelta(minutes=random.randint(0, 90)) for name in ("opened_at", "changed_at", "level_since")
    }
    return Alert(
        id=random.randint(1, 99), organisation_id=1, event_id=1, level=random.randint(1, 4), version=3, title="x",
        language="en", clause="SEC", guideline="1", score=50.0, unconfirmed=False, sharing="TLP:CLEAR", state="open",
        **lists, **times,
    )  # fmt: skip


@settings(max_examples=1500, deadline=None)
@given(st.integers(0, 2**40).map(Random))
def test_every_notice_names_its_duty_or_subscription(random: Random) -> None:
    followers = tuple(follower(random, number) for number in range(1, random.randint(1, 6)))
    reached = {key: [channel(at), channel(at + 50)][: random.randint(1, 2)] for at, key in enumerate(OWNERS[:3], 1)}
    audience = Audience(Organisation(id=1, key="home", name="Home", home=True, created_at=NOW), followers, reached)
    wanted = {one.id for one in followers if random.random() < 0.6}
    duties = random.sample(OWNERS, random.randint(1, 4))
    outbox: Any = Outbox()
    telling = Telling(alert(random), (), random.choice(ACTIONS), None, "https://desk.example")
    tell(outbox, audience, telling, wanted, duties, NOW)
    for row in outbox.rows:
        assert (row.owner is None) != (row.subscription_id is None)
        assert row.owner in (None, *duties)
        assert row.subscription_id is None or row.subscription_id in wanted
        assert row.state == ("pending" if row.channel_id is not None else "dead")
        assert row.payload["owner"] == row.owner
    assert {row.owner for row in outbox.rows} - {None} == set(duties)
    there = {one.id for one in followers if one.channel is not None} & wanted
    assert sorted(row.subscription_id for row in outbox.rows if row.subscription_id) == sorted(there)
    assert len({row.dedup for row in outbox.rows}) == len(outbox.rows)


def test_a_notice_of_nothing_cannot_be_written() -> None:
    home = Organisation(id=1, key="home", name="Home", created_at=NOW)
    with pytest.raises(ValueError, match="one subscription or one duty"):
        Addressee(home, channel(1))
