"""A source is added by pasting the address of a page; what it tells next arrives at the list by itself."""

import pytest
from playwright.sync_api import expect

from tests.ingest.webserver import Answer
from tests.walk.scene import CALM, COUP
from tests.web.ways.conftest import Comes
from tests.web.ways.world import World

pytestmark = pytest.mark.browser
FRONT = "<!doctype html><title>The Lantern</title><link rel=alternate type=application/rss+xml href=/lantern>Welcome."


def test_a_page_becomes_a_source_whose_news_arrive(life: World, comes: Comes) -> None:
    life.publish("lantern", CALM)
    life.web.answers["/front"] = Answer(body=FRONT.encode(), headers={"Content-Type": "text/html; charset=utf-8"})
    li = comes("li")
    li.go("s")
    li.link("web.new.title").first.click()

    # What cannot be read is said, and what was typed stays.
    li.field("web.new.address").fill(life.web.url("/nothing"))
    li.button("web.new.look").click()
    li.sees("web.new.what_now")
    expect(li.field("web.new.address")).to_have_value(life.web.url("/nothing"))

    li.field("web.new.address").fill(life.web.url("/front"))
    li.button("web.new.look").click()
    expect(li.page.locator(".card")).to_contain_text(CALM.title)
    li.button("web.new.choose").click()
    expect(li.field("web.sources.address")).to_have_value(life.web.url("/lantern"))
    li.field("web.field.name").fill("Lantern · 灯塔")
    li.page.get_by_role("combobox", name=li.say("web.filter.country")).select_option("NE")
    li.field("web.sources.reliability").select_option("B")
    li.button("web.sources.add_sure").click()
    li.sees("web.new.first_done")
    expect(li.page.locator("main")).to_contain_text(CALM.title)

    # Somewhere else on the desk when it tells of a coup.
    li.go("t")
    expect(li.page.locator(".row")).to_have_count(0)
    life.publish("lantern", COUP)
    life.pass_time(minutes=30)
    li.takes_news(COUP.title)
    expect(li.reads(COUP.title).locator(".report")).to_contain_text("Lantern · 灯塔")

    li.go("s")
    li.page.get_by_role("link", name="Lantern · 灯塔").click()
    expect(li.page.locator(".source-word")).to_contain_text(li.say("health.state.ok"))
    assert li.complaints == []
