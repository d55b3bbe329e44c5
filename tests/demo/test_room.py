"""The chat room's robots check what our own channels send, and refuse what is not right."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from service.demo.robots import DINGTALK_MOST, FEISHU_MOST, TOKENS, Call, Robot
from service.demo.room import ChatRoom, outward
from service.locale.catalogue import Catalogue
from service.notify.channel import Answer, ChannelInfo, Post, Verdict
from service.notify.channels import CHANNELS
from service.notify.message import Message, SourceLine

WORDS = Catalogue()
NOW = datetime.now(UTC)
SECRETS = {"webhook": "whsec_" + "c2VjcmV0" * 4, "feishu": "SECabc", "dingtalk": "SECdef"}
KINDS = list(TOKENS)
SIGNED = list(SECRETS)


def message(number: str = "msg_0123456789abcdef01234567", **changes: object) -> Message:
    """A message about an invented coup, with characters that are markup somewhere."""
    made = Message(
        id=number,
        action="raise",
        alert_id=7,
        version=2,
        level=2,
        previous_level=3,
        state="open",
        title="Officers *announce* <coup> [in] Cameroon & close_borders",
        language="en",
        countries=("CM", "PE"),
        categories=("political",),
        subtypes=("coup",),
        unconfirmed=True,
        withdrawn=False,
        concern=False,
        score=71.5,
        reasons=({"kind": "severity", "code": "severity.dead", "value": "14", "words": "14 killed", "weight": 1.0},),
        clause="POL-1",
        guideline="1",
        opened_at="2026-11-21T03:00:00Z",
        changed_at="2026-11-21T03:01:00Z",
        acknowledge_by="2026-11-21T03:16:00Z",
        sources=(SourceLine("The Invented Herald", "B", "Coup", "http://127.0.0.1:8000/demo/story/x", None),),
        url="http://127.0.0.1:8000/alerts/7",
        subscription=None,
        owner="central-lead",
        demo=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def info(kind: str, lang: str = "zh") -> ChannelInfo:
    """The channel that leads to the robot."""
    address = f"http://127.0.0.1:8000/demo/chat/hook/{kind}?{TOKENS[kind]}=token-{kind}"
    return ChannelInfo(kind, kind, address, SECRETS.get(kind), lang)


def sent(channel: ChannelInfo, made: Message, at: datetime = NOW) -> Call:
    """The request that our sender makes."""
    door = CHANNELS[channel.kind]
    post = door.sign(door.render(made, channel, WORDS), channel, at)
    assert isinstance(post, Post)
    headers = {name.lower(): value for name, value in post.headers.items()}
    return Call(headers, dict(parse_qsl(urlsplit(post.url).query)), post.body, NOW)


@pytest.fixture
def room(tmp_path: Path) -> ChatRoom:
    """A room with one robot of each kind."""
    return ChatRoom(tmp_path / "chat.jsonl", find)


def find(kind: str, token: str) -> Robot | None:
    """The robot of a token."""
    known = token == f"token-{kind}"
    return Robot(kind, token, SECRETS.get(kind), f"robot {kind}", "Demo", owner="central-lead") if known else None


def verdict(kind: str, room: ChatRoom, call: Call) -> Verdict:
    """What our sender makes of the room's answer."""
    reply = room.take(kind, call)
    return CHANNELS[kind].judge(Answer(reply.status, reply.body, at=NOW)).verdict


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_our_channels_send_is_taken_and_understood(room: ChatRoom, kind: str, lang: str) -> None:
    assert verdict(kind, room, sent(info(kind, lang), message())) is Verdict.OK
    (card,) = room.cards()
    assert (card.id, card.level, card.alert_id, card.repeats) == ("msg_0123456789abcdef01234567", 2, 7, 0)
    assert card.countries == ("CM", "PE")
    assert "announce" in card.title
    assert "<coup>" in card.title
    assert "14 killed" in card.text
    assert "The Invented Herald" in card.text
    assert (card.kind, card.robot, card.organisation, card.owner) == (kind, f"robot {kind}", "Demo", "central-lead")


@pytest.mark.parametrize("kind", KINDS)
def test_a_repetition_is_counted_and_survives_a_restart(room: ChatRoom, tmp_path: Path, kind: str) -> None:
    for _ in range(3):
        assert verdict(kind, room, sent(info(kind), message())) is Verdict.OK
    assert verdict(kind, room, sent(info(kind), message("msg_ffffffffffffffffffffffff"))) is Verdict.OK
    assert [(card.id[-1], card.repeats) for card in room.cards()] == [("f", 0), ("7", 2)]
    with (tmp_path / "chat.jsonl").open("a") as file:
        file.write('\n{"id": "torn by a cra')
    again = ChatRoom(tmp_path / "chat.jsonl", find)
    assert again.cards() == room.cards()
    assert verdict(kind, again, sent(info(kind), message("msg_000000000000000000000000"))) is Verdict.OK
    assert len(ChatRoom(tmp_path / "chat.jsonl", find).cards()) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_robot_refuses(room: ChatRoom, kind: str) -> None:
    call = sent(info(kind), message())
    wrong = replace(call, query={**call.query, TOKENS[kind]: "guessed"})
    assert verdict(kind, room, wrong) is Verdict.DEAD
    assert verdict(kind, room, replace(call, query={})) is Verdict.DEAD
    assert room.cards() == []


@pytest.mark.parametrize("kind", SIGNED)
def test_a_wrong_signature_is_refused(room: ChatRoom, kind: str) -> None:
    other = replace(info(kind), secret="whsec_d3Jvbmc=" if kind == "webhook" else "SECwrong")
    assert verdict(kind, room, sent(other, message())) is Verdict.DEAD
    assert verdict(kind, room, sent(replace(other, secret=None), message())) is Verdict.DEAD
    assert room.cards() == []


@pytest.mark.parametrize("kind", SIGNED)
def test_an_old_signature_is_refused(room: ChatRoom, kind: str) -> None:
    late = sent(info(kind), message(), at=NOW - timedelta(hours=2))
    assert verdict(kind, room, late) is Verdict.DEAD
    assert room.cards() == []


@pytest.mark.parametrize("kind", ["webhook", "dingtalk"])
def test_a_changed_body_or_stamp_is_refused(room: ChatRoom, kind: str) -> None:
    call = sent(info(kind), message())
    if kind == "webhook":
        changed = replace(call, body=call.body.replace(b"Cameroon", b"Canada00"))
    else:
        changed = replace(call, query={**call.query, "timestamp": str(int(call.query["timestamp"]) + 1)})
    assert verdict(kind, room, changed) is Verdict.DEAD


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff\xfe", b'{"msg_type":"text"}', b"[" * 60_000])
@pytest.mark.parametrize("kind", ["feishu", "dingtalk", "wecom", "slack"])
def test_what_is_no_message_is_refused(room: ChatRoom, kind: str, body: bytes) -> None:
    call = sent(info(kind), message())
    if kind == "slack" and b"msg_type" in body:
        body = b'{"attachments":[]}'
    assert verdict(kind, room, replace(call, body=body)) is Verdict.DEAD
    assert room.cards() == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("feishu", {"msg_type": "interactive", "card": {}, "more": "x" * FEISHU_MOST}),
        ("dingtalk", {"msgtype": "markdown", "markdown": {"text": "x" * DINGTALK_MOST}}),
        ("wecom", {"msgtype": "markdown", "markdown": {"content": "x" * 5000}}),
        ("slack", {"text": "x", "blocks": [{"type": "header", "text": {"text": "x" * 151}}]}),
    ],
)
def test_what_is_too_long_is_refused(room: ChatRoom, kind: str, body: dict[str, object]) -> None:
    call = sent(info(kind), message())
    assert not room.take(kind, replace(call, body=json.dumps(body).encode())).taken


def test_a_full_disk_asks_for_another_try(tmp_path: Path) -> None:
    room = ChatRoom(tmp_path, find)  # a folder cannot be written to
    assert verdict("wecom", room, sent(info("wecom"), message())) is Verdict.RETRY
    assert room.cards() == []


def test_a_card_outward_has_every_field(room: ChatRoom) -> None:
    room.take("slack", sent(info("slack", "en"), message()))
    (card,) = room.cards()
    shown = outward(card)
    names = {"id", "kind", "received_at", "level", "title", "countries", "text", "alert_id", "subscription"}
    assert names | {"organisation", "repeats"} <= set(shown)
    assert set(asdict(card)) - set(shown) == {"lines"}
    assert datetime.fromisoformat(shown["received_at"]) == NOW.replace(microsecond=NOW.microsecond // 1000 * 1000)
