"""A rule is changed: proposed, with faults told by line, tried on what is stored, and approved by a second person."""

import re

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
THRESHOLDS = re.compile(r"thresholds: \{1: (\d+), 2: (\d+), 3: (\d+), 4: (\d+)\}")


def test_a_change_is_tried_and_approved_by_another(life: World, comes: Comes) -> None:
    li, zhao = comes("li"), comes("zhao")
    life.publish("herald", UNREST)
    life.pass_time(minutes=20)
    assert "row-3" in (li.takes_news(UNREST.title).get_attribute("class") or "")

    li.go("r")
    li.link("guideline.propose").click()
    note, text = li.field("guideline.note"), li.field("guideline.text")
    whole = text.input_value()
    note.fill("Earlier warnings · 更早预警")
    text.fill(whole.replace("thresholds: {1:", "thresholds: {one:", 1))
    li.button("guideline.send").click()
    expect(li.page.locator(".guide-faults")).to_contain_text("one")
    expect(note).to_have_value("Earlier warnings · 更早预警")
    expect(text).to_have_value(re.compile(r"\{one:"))

    lower = THRESHOLDS.sub(lambda found: f"thresholds: {{1: {found[1]}, 2: 20, 3: 18, 4: 16}}", whole)
    text.fill(lower.replace('version: "1"', 'version: "1.1"'))
    li.button("guideline.send").click()
    li.sees("web.done.guideline_proposed")
    expect(li.page.locator(".guide-events")).to_contain_text(UNREST.title)
    expect(li.page.locator(".guide-events")).to_contain_text("III → II")
    expect(li.page.locator(".guide-diff")).to_contain_text("2: 20")
    li.sees("guideline.own")
    expect(li.button("guideline.approve")).to_have_count(0)

    zhao.go("r")
    zhao.link("guideline.changes").click()
    expect(zhao.page.locator(".change")).to_contain_text("Earlier warnings · 更早预警")
    zhao.page.locator(".change a").click()
    zhao.button("guideline.approve").click()
    zhao.sees("web.done.guideline_approved")
    expect(zhao.page.locator("h1 .badge")).to_have_text(zhao.say("guideline.state.in_force"))

    li.go("r")
    expect(li.page.locator(".page-head")).to_contain_text("1.1")
    assert li.complaints + zhao.complaints == []
