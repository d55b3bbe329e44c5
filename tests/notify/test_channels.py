"""The contract of a channel, the same for all, against receivers that check like the real ones."""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from service.notify.backoff import TRIES
from service.notify.channel import Verdict
from service.notify.channels import CHANNELS
from service.notify.message import SourceLine
from tests.notify.conftest import FAKES
from tests.notify.fakes import FakeWebhook, Reply
from tests.notify.mailroom import FakeMail
from tests.notify.rooms import FakeFeishu
from tests.notify.world import ALERT_URL, MESSAGE, SOURCE_URL, World

Receiver = Any
HOSTILE = (
    "\u202egpj.exe\u2066\u200b\x00\x07\u2028 <!channel> @all <at id=all></at> <@everyone> [click](http://evil.example/)"
    " ![x](http://evil.example/x.png) <http://evil.example|here> *bold* **bold** _it_ ~no~ `code` # head "
    '<at user_id="all">x</at> <script>alert(1)</script> <font color="info">calm</font> &lt;b&gt; :SMILE: {title} %s '
    "\r\nBcc: everybody@evil.example\r\n\r\n 1. one"
)


def settled(world: World) -> tuple[str, int]:
    row = world.row()
    return row.state, row.attempts


def test_every_kind_has_a_receiver_here() -> None:
    assert set(FAKES) == set(CHANNELS)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_arrives_and_says_what_matters(fake: Receiver, world: World, language: str) -> None:
    world.notice(world.channel(fake.info(language)))
    assert world.deliver() == 1
    assert settled(world) == ("sent", 1), world.row().error
    shown = fake.shown(fake.accepted[0])
    words = {
        "zh": ("I级 特别重大", "红色", "未证实", "尼日尔", "布基纳法索"),
        "en": ("Level I critical", "red", "UNCONFIRMED", "Niger", "Burkina Faso"),
    }
    for word in (*words[language], MESSAGE.title, "POL-1", "1+0a1b2c3d", "Invented Wire"):
        assert word in shown, word
    assert fake.number(fake.accepted[0]) == MESSAGE.id
    assert {ALERT_URL, SOURCE_URL} <= fake.links(fake.accepted[0])
    (tried,) = world.attempts()
    assert (tried.ok, tried.detail) == (True, "Delivered.")


def test_marks_are_said(fake: Receiver, world: World) -> None:
    message = replace(MESSAGE, action="withdraw", withdrawn=True, demo=True)
    world.notice(world.channel(fake.info("en")), message)
    world.deliver()
    shown = fake.shown(fake.accepted[0])
    for word in ("WITHDRAWN", "演示 · Demonstration", "Level I critical", "Niger"):
        assert word in shown


@pytest.mark.parametrize("fault", ["busy", "crowded", "silent", "broken"])
def test_what_passes_is_tried_again_with_the_same_id(fake: Receiver, world: World, fault: str) -> None:
    world.timeout = 0.5
    fake.faults.append(fault)
    world.notice(world.channel(fake.info()))
    assert world.deliver() == 1
    assert settled(world) == ("pending", 1)
    assert world.row().not_before >= world.clock() + timedelta(seconds=5)
    assert world.row().lease_by is None
    assert world.deliver() == 0, "not before its time"
    world.clock.now = world.row().not_before
    assert world.deliver() == 1
    assert settled(world) == ("sent", 2), world.row().error
    assert {fake.number(one) for one in fake.accepted} == {MESSAGE.id}
    first, second = world.attempts()
    assert (first.ok, second.ok) == (False, True)
    assert first.detail.endswith("tried again later.")


def test_what_the_receiver_asks_for_is_kept(fake: Receiver, world: World) -> None:
    fake.faults.append("crowded")
    world.notice(world.channel(fake.info()))
    world.deliver()
    waits = {"mail": 5, "webhook": 90, "slack": 90}
    assert world.row().not_before >= world.clock() + timedelta(seconds=waits.get(fake.kind, 60))


@pytest.mark.parametrize("fault", ["denied", "closed"])
def test_a_refusal_is_a_dead_letter(fake: Receiver, world: World, fault: str) -> None:
    fake.faults.append(fault)
    world.notice(world.channel(fake.info()))
    world.deliver()
    assert settled(world) == ("dead", 1)
    assert world.deliver() == 0
    (line,) = world.lines("notice.dead")
    assert (line.subject, line.subject_id) == ("notice", MESSAGE.id)
    assert line.detail["error"] == world.row().error
    error = str(world.row().error)
    assert error.endswith(".")
    assert "; " in error, "it says what to do"


def test_an_unknown_address_is_a_dead_letter(fake: Receiver, world: World) -> None:
    world.notice(world.channel(fake.nowhere()))
    world.deliver()
    assert settled(world) == ("dead", 1)
    assert "check" in str(world.row().error) or "make a new one" in str(world.row().error)


def test_a_wrong_secret_is_a_dead_letter(fake: Receiver, world: World) -> None:
    if isinstance(fake, FakeMail):
        world.mail = fake.settings(password="an old password")
    elif fake.wrong_secret is None:
        return  # the address is the secret: see above
    world.notice(world.channel(replace(fake.info(), secret=fake.wrong_secret)))
    world.deliver()
    assert settled(world) == ("dead", 1)
    assert "secret" in str(world.row().error) or "password" in str(world.row().error)


def test_a_page_that_is_not_the_service_does_not_count_as_delivered(fake: Receiver, world: World) -> None:
    if fake.kind in ("webhook", "mail"):
        return  # any 2xx of a webhook counts; mail has no pages
    fake.faults.append("html")
    world.notice(world.channel(fake.info()))
    world.deliver()
    assert settled(world) == ("dead", 1)
    assert "What answered is not" in str(world.row().error)


def test_it_is_given_up_after_a_day(fake: Receiver, world: World) -> None:
    fake.faults.extend(["busy"] * TRIES)
    world.notice(world.channel(fake.info()))
    begun = world.clock()
    for _ in range(TRIES):
        world.clock.now = world.row().not_before
        assert world.deliver() == 1
    assert settled(world) == ("dead", TRIES)
    assert str(world.row().error).startswith(f"Given up after {TRIES} tries. ")
    assert timedelta(hours=20) < world.clock() - begun < timedelta(hours=30)
    assert len(world.attempts()) == TRIES
    assert len(world.lines("notice.dead")) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_hostile_words_stay_words(fake: Receiver, world: World, language: str) -> None:
    reason = {"kind": "severity", "code": HOSTILE, "value": HOSTILE, "words": HOSTILE, "weight": 9.0}
    sources = tuple(
        SourceLine(HOSTILE, "B", HOSTILE, link, None)
        for link in (
            "javascript:alert(1)",
            "https://good.example@evil.example/",
            'https://evil.example/"><script>',
            "https://evil.example/)](x) *a* <b>",
            "https://[evil",
        )
    )
    hostile = replace(
        MESSAGE, title=HOSTILE, reasons=(reason,), sources=sources, clause=HOSTILE, owner=HOSTILE, countries=("NE",)
    )
    world.notice(world.channel(fake.info(language)), hostile)
    world.deliver()
    assert settled(world) == ("sent", 1), world.row().error
    asked = fake.accepted[0]
    assert fake.alarms(asked) == []
    assert not [link for link in fake.links(asked) if any(mark in link for mark in "()[]<>\"' *")]
    assert not [link for link in fake.links(asked) if not link.startswith(("https://desk.", "https://evil.example/"))]
    shown = fake.shown(asked)
    assert not {mark for mark in "\u202e\u2066\x00\x07\u2028" if mark in shown}
    assert "gpj.exe" in shown
    assert ("尼日尔" if language == "zh" else "Niger") in shown


def test_very_long_messages_keep_level_and_place(fake: Receiver, world: World) -> None:
    long = "灾" * 5_000
    reasons = tuple({"kind": "severity", "code": f"{n}{long}", "value": "", "words": ""} for n in range(40))
    sources = tuple(
        SourceLine(f"{n}{long}", "B", f"{n}{long}", f"https://news.example/{n}/{'x' * 1_400}", None) for n in range(8)
    )
    countries = ("NE", "BF", "ML", "TD", "SD", "SS", "ET", "SO", "KE", "UG", "CD", "CF", "NG", "CM", "GA")
    message = replace(
        MESSAGE, title=long, reasons=reasons, sources=sources, countries=countries, owner=long, clause=long
    )
    world.notice(world.channel(fake.info()), message)
    world.deliver()
    assert settled(world) == ("sent", 1), world.row().error
    shown = fake.shown(fake.accepted[0])
    for word in ("I级 特别重大", "未证实", "尼日尔", "等另外9个", "灾" * 100):
        assert word in shown
    assert ALERT_URL in fake.links(fake.accepted[0])


def test_nothing_secret_is_logged_or_kept(fake: Receiver, world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    info = fake.info()
    channel = world.channel(info)
    for fault in ("busy", "crowded", "denied"):
        fake.faults.append(fault)
        world.notice(channel, replace(MESSAGE, id=f"msg_{fault}"))
        world.deliver()
    with world.store.read() as session:
        kept = str(session.connection().exec_driver_sql("SELECT detail FROM attempt").all())
        kept += str(session.connection().exec_driver_sql("SELECT detail FROM log").all())
        kept += str(session.connection().exec_driver_sql("SELECT error FROM notice").all())
    assert "msg_busy" in caplog.text
    for secret in ("token-1234567890", info.secret or "?none?", "a mail password"):
        assert secret not in caplog.text + kept + repr(info)


def test_a_receiver_that_repeats_the_secret_does_not_bring_it_into_our_books(sqlite_store: Any, clock: Any) -> None:
    fake = FakeFeishu(clock)
    body = json.dumps({"code": 1, "msg": f"bad {fake.secret} for {fake.root + fake.path}"})
    fake.replies.append(Reply(200, body.encode()))
    world = World(sqlite_store, clock)
    world.notice(world.channel(fake.info()))
    world.deliver()
    fake.stop()
    error = str(world.row().error)
    assert error.startswith("Feishu answers 1: bad …")
    assert "token-1234567890" not in error


def test_a_test_message_goes_out_and_leaves_nothing_behind(fake: Receiver, world: World) -> None:
    result = world.test(fake.info("en"), demo=True)
    assert result.ok, result.detail
    shown = fake.shown(fake.accepted[0])
    assert "nothing has happened" in shown
    assert "TEST" in shown
    assert "演示 · Demonstration" in shown
    with world.store.read() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM notice").scalar() == 0
    fake.faults.append("busy")
    assert world.test(fake.info()).verdict is Verdict.RETRY


def test_the_signature_is_what_the_public_library_verifies(sqlite_store: Any, clock: Any) -> None:
    fake = FakeWebhook(clock)
    world = World(sqlite_store, clock)
    world.notice(world.channel(fake.info()))
    world.deliver()
    fake.stop()
    asked = fake.accepted[0]
    body = Webhook(fake.secret or "").verify(asked.body, asked.headers)
    assert body["type"] == "alert.raise"
    with pytest.raises(WebhookVerificationError):
        Webhook(fake.secret or "").verify(asked.body + b" ", asked.headers)
