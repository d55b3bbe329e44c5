"""The next steps of an owner in every channel's form, and late ones told of."""

import json
from dataclasses import replace

import pytest

from service.notify.card import card_of
from service.notify.channel import ChannelInfo, Letter
from service.notify.channels import CHANNELS
from service.notify.message import StepLine, from_payload, to_payload
from tests.notify.world import MESSAGE, WORDS

STEPS = (
    StepLine("Account for everybody.", "清点该地区全部人员。", "2026-11-21T04:04:05Z"),
    StepLine("Take command <now> *please*", "立即建立指挥", "2026-11-21T03:24:05Z"),
)
WITH = replace(MESSAGE, steps=STEPS, owner="central-lead")


@pytest.mark.parametrize(("language", "words"), [("en", "Account for everybody."), ("zh", "清点该地区全部人员。")])
@pytest.mark.parametrize("kind", list(CHANNELS))
def test_every_channel_shows_the_next_steps(kind: str, language: str, words: str) -> None:
    address = "desk@example.org" if kind == "mail" else "https://hooks.example/"
    outgoing = CHANNELS[kind].render(WITH, ChannelInfo(kind, "room", address, None, language), WORDS)
    told = outgoing.text + outgoing.html if isinstance(outgoing, Letter) else outgoing.body.decode()
    assert words in told
    assert "<now>" not in told.replace("&lt;now&gt;", "") or kind in ("webhook", "mail")


def test_the_card_says_until_when() -> None:
    card = card_of(WITH, WORDS, "en")
    assert card.steps_label == "Your next steps"
    assert card.steps[0].startswith("Account for everybody. (by ")
    assert card_of(replace(WITH, action="overdue"), WORDS, "zh").change == "响应步骤逾期"


def test_steps_survive_the_outbox_and_old_rows_have_none() -> None:
    kept = json.loads(json.dumps(to_payload(WITH)))
    assert from_payload(kept).steps == STEPS
    del kept["steps"]
    assert from_payload(kept).steps == ()
