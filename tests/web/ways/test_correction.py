"""A tag is corrected beside the report: the alert is graded anew, a colleague sees it, and it can be undone."""

import pytest
from playwright.sync_api import expect

from tests.walk.scene import Story
from tests.web.ways.conftest import Comes
from tests.web.ways.world import World

pytestmark = pytest.mark.browser
UNREST = Story(
    "unrest",
    "Protesters block the road to the airport in Niamey, Niger; curfew announced",
    "Several people were injured in clashes with police.",
)


def test_a_tag_is_corrected_where_it_stands(life: World, comes: Comes) -> None:
    li, zhao = comes("li"), comes("zhao")
    life.publish("herald", UNREST)
    life.pass_time(minutes=20)
    li.takes_news(UNREST.title)
    zhao.takes_news(UNREST.title)
    zhao.reads(UNREST.title)
    expect(zhao.page.locator("#detail .report .said")).not_to_contain_text(zhao.say("category.legal"))

    li.press("j", "l")
    form = li.page.locator(".correct-form")
    expect(form).to_be_visible()
    legal = form.get_by_role("checkbox", name=li.say("category.legal"))
    legal.focus()
    li.press("Space")
    li.field("learning.reason", form).fill("The curfew is a decree · 宵禁依法令")
    li.press("Enter")
    expect(form).to_have_count(0)
    expect(li.page.locator(".report .chip-person")).to_be_visible()
    expect(li.page.locator("#detail .report .said")).to_contain_text(li.say("category.legal"))

    # A colleague who has it open sees it come, with who said so and why.
    expect(zhao.page.locator("#detail .report .said")).to_contain_text(zhao.say("category.legal"))
    expect(zhao.page.locator("#detail .said-who")).to_contain_text("The curfew is a decree · 宵禁依法令")
    expect(zhao.page.locator("#detail .alert-where")).to_contain_text(zhao.say("category.legal"))

    li.page.locator("[data-correct]").first.click()
    li.button("learning.take_back").click()
    expect(li.page.locator(".report .chip-person")).to_have_count(0)
    expect(zhao.page.locator("#detail .report .said")).not_to_contain_text(zhao.say("category.legal"))
    assert li.complaints + zhao.complaints == []
