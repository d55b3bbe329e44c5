"""A channel is added, and its test message arrives: signed at a webhook, as a mail in a mailbox; a bad one says why."""

import pytest
from playwright.sync_api import expect
from standardwebhooks import Webhook

from tests.ingest.webserver import Answer
from tests.web.ways.conftest import Comes
from tests.web.ways.hand import Hand
from tests.web.ways.world import World

pytestmark = pytest.mark.browser


def add(hand: Hand, kind: str, name: str, address: str) -> None:
    hand.page.get_by_role("radio", name=hand.say(f"web.channel.{kind}"), exact=True).check()
    hand.field("web.field.name").fill(name)
    hand.field("web.channels.address").fill(address)
    hand.button("web.channels.add_sure").click()


def test_a_webhook_is_tried_and_signed(life: World, comes: Comes) -> None:
    life.web.answers["/team"] = Answer(body=b"{}")
    li = comes("li")
    li.go("c")
    add(li, "webhook", "Team", "not an address")
    expect(li.page.get_by_role("alert")).to_be_visible()
    expect(li.field("web.field.name")).to_have_value("Team")
    expect(li.field("web.channels.address")).to_have_value("not an address")

    add(li, "webhook", "Team", life.web.url("/team"))
    li.sees("web.channels.secret_title", name="Team")
    secret = li.page.locator(".secret code").inner_text()
    card = li.page.locator(".card", has=li.page.get_by_role("heading", name="Team"))
    li.button("web.channels.test", card).click()
    li.sees("web.channels.test_ok")
    (asked,) = [one for one in life.web.asked if one.path == "/team"]
    Webhook(secret).verify(asked.body, asked.headers)

    life.web.answers["/team"] = Answer(404)
    li.button("web.channels.test", card).click()
    expect(card.locator(".tested.is-bad")).to_contain_text("404")
    assert li.page.locator(".secret").count() == 0, "a secret is shown once"

    li.unfold("web.remove", card)
    li.button("web.channels.remove_sure", card).click()
    expect(card).to_have_count(0)
    assert li.complaints == []


def test_a_mailbox_is_tried(life: World, comes: Comes) -> None:
    li = comes("li")
    li.go("c")
    add(li, "mail", "邮箱 Mailbox", "desk@example.org")
    card = li.page.locator(".card", has=li.page.get_by_role("heading", name="邮箱 Mailbox"))
    li.button("web.channels.test", card).click()
    li.sees("web.channels.test_ok")
    (mail,) = life.mail.accepted
    assert life.mail.links(mail) <= {life.url + "/"}
    assert li.say("notify.test.title") in life.mail.shown(mail)
