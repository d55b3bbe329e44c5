"""Digests on every channel: what matters is said in both languages, nothing from outside acts, long ones are cut."""

import re
from dataclasses import replace
from typing import Any

import pytest

from service.notify.message import DigestLine, Message, from_payload, to_payload
from tests.notify.fakes import FakeWebhook
from tests.notify.test_channels import HOSTILE
from tests.notify.world import MESSAGE, World

Receiver = Any
ALL = "https://desk.example/deliveries?within=msg_0123456789abcdef01234567"
LINE = DigestLine(
    alert_id=7,
    level=4,
    state="open",
    title="Shops close in an invented town",
    language="en",
    countries=("NE",),
    categories=("political",),
    subtypes=("protest_strike",),
    unconfirmed=False,
    withdrawn=False,
    held_for="storm",
    held_by="opened:42",
    held_since="2026-11-21T03:00:00Z",
    url="https://desk.example/alerts/7",
)
EMPTY: dict[str, Any] = {
    "countries": (),
    "categories": (),
    "subtypes": (),
    "reasons": (),
    "sources": (),
    "clause": "",
    "title": "",
    "acknowledge_by": None,
    "unconfirmed": False,
    "concern": False,
}


def digest(*lines: DigestLine, total: int | None = None) -> Message:
    """A digest of these alerts."""
    return replace(
        MESSAGE,
        action="digest",
        alert_id=0,
        level=min(line.level for line in lines),
        alerts=lines,
        total=total or len(lines),
        url=ALL,
        **EMPTY,
    )


MIXED = (
    replace(LINE, alert_id=8, level=3, title="Port workers walk out", held_for="silence", held_by="silence:3"),
    LINE,
    replace(LINE, alert_id=9, state="resolved", title="A road is blocked"),
)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_names_every_alert_and_why_it_was_held(fake: Receiver, world: World, language: str) -> None:
    world.notice(world.channel(fake.info(language)), digest(*MIXED), alert_id=None)
    assert world.deliver() == 1
    assert world.row().state == "sent", world.row().error
    shown = fake.shown(fake.accepted[0])
    words = {
        "zh": (
            "摘要：暂缓通知 3 条",
            "III级 较大 1 条",
            "静默 3",
            "风暴模式（数分钟内 42 条预警）",
            "已解除",
            "尼日尔",
        ),
        "en": (
            "Digest: 3 held back",
            "Level III elevated: 1",
            "silence 3",
            "storm mode (42 alerts",
            "resolved",
            "Niger",
        ),
    }
    for word in (*words[language], *(line.title for line in MIXED)):
        assert word in shown, word
    assert fake.number(fake.accepted[0]) == MESSAGE.id


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "title", ["Shops close in an invented town once more", "一座虚构城市的商铺再次停业，抗议者封锁道路"]
)
def test_a_long_one_is_cut_and_says_so(fake: Receiver, world: World, language: str, title: str) -> None:
    lines = [replace(LINE, alert_id=number, title=f"{title} {number}") for number in range(500)]
    world.notice(world.channel(fake.info(language)), digest(*lines, total=700), alert_id=None)
    world.deliver()
    assert world.row().state == "sent", world.row().error
    shown = fake.shown(fake.accepted[0])
    assert ("Digest: 700 held back" if language == "en" else "摘要：暂缓通知 700 条") in shown
    named = len({int(number) for number in re.findall(rf"{title} (\d+)", shown)})
    assert named >= 8
    if not isinstance(fake, FakeWebhook):
        left = {"en": "and {} more", "zh": "另有 {} 条"}[language].format(700 - named)
        assert left in shown, (named, shown[-300:])
        assert ALL in fake.links(fake.accepted[0])


def test_nothing_from_outside_acts(fake: Receiver, world: World) -> None:
    hostile = replace(LINE, title=HOSTILE, held_by=HOSTILE, countries=(HOSTILE,))
    world.notice(world.channel(fake.info("en")), digest(hostile, replace(hostile, held_for="budget")), alert_id=None)
    world.deliver()
    assert world.row().state == "sent", world.row().error
    assert fake.alarms(fake.accepted[0]) == []


def test_it_is_kept_in_the_outbox_as_it_is() -> None:
    assert from_payload(to_payload(digest(*MIXED))) == digest(*MIXED)
    old = {key: value for key, value in to_payload(MESSAGE).items() if key not in ("alerts", "total")}
    assert from_payload(old) == MESSAGE, "kept by a version that knew no digests"
