"""A silence: what is like an alert is held from now on, and says so; when it ends, what was held is told."""

import pytest
from playwright.sync_api import expect

from tests.walk.scene import Story
from tests.web.ways.conftest import Comes
from tests.web.ways.world import World

pytestmark = pytest.mark.browser
FIRST = Story(
    "first",
    "Protesters block the road to the airport in Niamey, Niger; curfew announced",
    "Several people were injured in clashes with police.",
)
SECOND = Story(
    "second",
    "Strike of teachers in Zinder, Niger: protest march to the prefecture, curfew from tonight",
    "The union calls for a march on the prefecture on Monday.",
)
ROOM = "/hook/central-lead"


def test_what_is_silenced_is_held_and_told_at_the_end(life: World, comes: Comes) -> None:
    zhao = comes("zhao")
    life.publish("herald", FIRST)
    life.pass_time(minutes=20)
    zhao.takes_news(FIRST.title)
    zhao.press("j", "Enter")
    zhao.unfold("web.detail.silences")
    zhao.link("quiet.like_this").click()

    # What it would hold is said before it begins; a reason is asked for, and nothing that was chosen gets lost.
    expect(zhao.page.locator(".notice-trial")).to_contain_text(FIRST.title)
    zhao.page.get_by_role("checkbox", name=zhao.say("level.3")).check()
    zhao.button("quiet.save").click()
    expect(zhao.page.get_by_role("alert")).to_be_visible()
    expect(zhao.page.get_by_role("checkbox", name=zhao.say("level.3"))).to_be_checked()
    zhao.field("quiet.reason").fill("March until Friday · 周五前有游行")
    zhao.button("quiet.save").click()
    expect(zhao.page.locator(".silence-active")).to_contain_text("March until Friday · 周五前有游行")

    told = len(life.received(ROOM))
    zhao.go("t")
    life.publish("herald", SECOND)
    life.pass_time(minutes=20)
    zhao.takes_news(SECOND.title)
    shown = zhao.reads(SECOND.title)
    shown.locator(".head-more summary").first.click()
    shown.locator(".fact-link").click()
    expect(zhao.page.locator(".held-line")).to_contain_text(SECOND.title)
    assert len(life.received(ROOM)) == told

    zhao.unfold("quiet.end")
    zhao.button("quiet.end_sure").click()
    expect(zhao.page.locator("h1 .badge")).to_have_text(zhao.say("quiet.stage.past"))
    assert zhao.complaints == []
