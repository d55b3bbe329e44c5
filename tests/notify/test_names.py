"""Owners and people are called by their names in what is sent, in the channel's language; machines keep the key."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from service.desk.owners import owner_names
from service.desk.sending import make_sender
from service.notify.channel import ChannelInfo, Post
from service.notify.channels import CHANNELS
from service.notify.message import NO_ALERT, Message, from_payload, to_payload
from service.notify.names import named
from service.settings import Settings
from service.store.engine import Store
from service.store.tables import RosterFile
from tests.notify.mailroom import FakeMail
from tests.notify.world import MESSAGE, WORDS, TurnedClock, World, numbered

NAMES = {"country-manager.NE": "Country manager Niger / 尼日尔国别经理", "li.wei": "李伟 Li Wei"}
OWNED = replace(MESSAGE, owner="country-manager.NE")
CALLED = {"en": "Country manager Niger", "zh": "尼日尔国别经理"}
DIGEST = replace(NO_ALERT, action="digest", total=0, owner="country-manager.NE", level=3)
ROSTER = """people:
  - {key: li.wei, name: 李伟 Li Wei, zone: Asia/Shanghai}
rosters:
  - owner: central-lead
    zone: Asia/Shanghai
    starts: 2026-01-05
    turns: [{name: weekly, people: [li.wei], every: week, handover: Mon 09:00}]
"""


def text_of(kind: str, message: Message, language: str) -> str:
    address = "desk@example.org" if kind == "mail" else "https://hooks.example/"
    outgoing = CHANNELS[kind].render(named(message, NAMES), ChannelInfo(kind, "room", address, None, language), WORDS)
    if isinstance(outgoing, Post):
        return json.dumps(json.loads(outgoing.body), ensure_ascii=False)
    return outgoing.text + outgoing.html


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", list(CHANNELS))
@pytest.mark.parametrize("message", [OWNED, DIGEST], ids=["card", "digest"])
def test_every_way_names_the_owner(kind: str, message: Message, language: str) -> None:
    told = text_of(kind, message, language)
    assert CALLED[language] in told
    assert CALLED["en" if language == "zh" else "zh"] not in told
    assert ("country-manager.NE" in told) == (kind == "webhook"), "for programs the key stays"


def test_people_are_named_where_they_are_told_and_where_they_spoke() -> None:
    said = {"kind": "mention", "code": "mention.said", "value": "li.wei", "words": "look, li.wei", "weight": 1.0}
    told = text_of("mail", replace(MESSAGE, owner="li.wei", reasons=(said,)), "en")
    assert "李伟 Li Wei: look, li.wei" in told, "words stay as they were written"
    assert told.count("li.wei") == 2, "in text and HTML"


def test_who_has_no_name_is_called_by_the_key() -> None:
    assert "somebody" in text_of("mail", replace(MESSAGE, owner="somebody"), "zh")
    assert named(replace(MESSAGE, owner=None, subscription="Sahel"), NAMES).owner_name is None
    assert from_payload(to_payload(OWNED)) == OWNED


@pytest.fixture
def post(clock: TurnedClock) -> Iterator[FakeMail]:
    fake = FakeMail(clock)
    yield fake
    fake.stop()


def test_the_mail_that_arrives_names_them(post: FakeMail, store: Store, clock: TurnedClock) -> None:
    world = World(store, clock, mail=post.settings())
    with store.write() as session:
        row = RosterFile(organisation_id=world.home_id, text=ROSTER, note="", created_at=clock(), by="ann")
        session.add(row)
    channel = world.channel(post.info("zh"))
    for number, owner in enumerate(("li.wei", "central-lead"), start=1):
        world.notice(channel, numbered(number, owner=owner))
    world.owners = owner_names(Settings())
    while world.deliver():
        clock.turn(seconds=1)
    texts = [part.get_content() for asked in post.accepted if (part := post.mail(asked).get_body(("plain",)))]
    assert len(texts) == 2
    assert any("李伟 Li Wei" in text for text in texts)
    assert any(WORDS.owner(owner_names(Settings())["central-lead"], "zh") in text for text in texts)
    assert not any("li.wei" in text or "central-lead" in text for text in texts)


def test_a_roster_that_no_longer_reads_stops_nothing(post: FakeMail, store: Store, clock: TurnedClock) -> None:
    world = World(store, clock, mail=post.settings())
    with store.write() as session:
        row = RosterFile(organisation_id=world.home_id, text="rosters: 7", note="", created_at=clock(), by="ann")
        session.add(row)
    world.notice(world.channel(post.info("zh")), numbered(1, owner="li.wei"))
    world.deliver()
    (asked,) = post.accepted
    part = post.mail(asked).get_body(("plain",))
    assert part is not None
    assert "li.wei" in part.get_content()


def test_a_sender_knows_the_owners_of_the_settings() -> None:
    assert make_sender(Settings(), WORDS).owners == owner_names(Settings())
    assert set(owner_names(Settings())) >= {"central-lead", "legal-counsel"}
