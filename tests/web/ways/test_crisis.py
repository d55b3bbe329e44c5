"""A crisis from its first alert to the day on which things are normal again, as the two at the desk live through it."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.walk.scene import Story
from tests.web.ways.conftest import Comes
from tests.web.ways.hand import PATIENCE, Hand
from tests.web.ways.world import World

pytestmark = pytest.mark.browser
SHOTS = Story(
    "shots",
    "Rumours of a coup attempt in Niger: shots heard near the presidential palace in Niamey",
    "Unverified messages speak of shots near the palace. The government denied nothing so far.",
)
COUP = Story(
    "coup",
    "Niger coup: soldiers seize the presidential palace in Niamey, 40 killed near the palace",
    "Mutinous officers said on state television that they had removed the president of Niger and closed the borders. "
    "At least 40 people were killed in Niamey.",
)


def do_step(hand: Hand, said: str) -> str:
    """Do the first step of the list; answers what it was."""
    step = hand.page.locator("#response > .step-list > .step").first
    what = str(step.locator(".step-what").evaluate("what => what.lastChild.textContent"))
    step.locator(".step-line").click()
    hand.field("response.field.result", step).fill(said)
    hand.button("response.act.done", step).first.click()
    hand.ready()
    return what


def history(hand: Hand) -> Locator:
    """What the record of the alert says."""
    heading = hand.page.get_by_role("heading", name=hand.say("web.detail.history"))
    return hand.page.locator("#detail section").filter(has=heading)


def test_from_the_first_alert_to_normal(life: World, comes: Comes) -> None:
    li, zhao = comes("li"), comes("zhao")

    # A rumour comes in while both look at an empty list; whoever is on duty is told.
    life.publish("talk", SHOTS)
    life.pass_time(minutes=20)
    row = li.takes_news(SHOTS.title)
    expect(row).to_contain_text(li.say("web.mark.unconfirmed"))
    expect(row).to_have_class(re.compile("row-2"))
    told = life.received("/hook/central-lead")
    assert [one["alert"]["level"] for one in told] == [2]

    # Nobody answers in time: the one on the roster is called, and the page says so.
    zhao.takes_news(SHOTS.title)
    detail = zhao.reads(SHOTS.title)
    life.pass_time(minutes=31)
    expect(detail.locator(".pressing")).to_contain_text("赵敏 Zhao Min", timeout=PATIENCE)
    zhao.press("a")
    expect(detail.locator(".state-badge")).to_have_text(zhao.say("web.state.acknowledged"))
    expect(li.page.locator(".row").first).to_have_attribute("data-state", "acknowledged", timeout=PATIENCE)

    # What the plan asks for is worked on.
    li.reads(SHOTS.title)
    first = do_step(li, "All 43 answered · 43人全部联系上")
    expect(li.page.locator("#steps-over")).to_contain_text(first)

    # The country is put into crisis, and the situation room opens.
    zhao.go("k")
    zhao.field("posture.place").select_option("NE")
    zhao.field("posture.reason").fill("Shots near the palace · 总统府附近枪声")
    zhao.button("posture.enter_sure").click()
    card = zhao.page.locator("#at-NE")
    expect(card).to_contain_text("Shots near the palace · 总统府附近枪声")
    zhao.link("posture.to_room", card).click()
    zhao.ready()
    room = zhao.page.locator("#room")
    expect(room.locator(".room-alerts")).to_contain_text(SHOTS.title)

    # In a crisis less is enough for level I; then a better source bears it out, at the list and in the room.
    detail = li.page.locator("#detail")
    expect(detail.locator(".alert")).to_have_class(re.compile("alert-1"), timeout=PATIENCE)
    expect(li.page.locator(".row").first).to_have_class(re.compile("row-1"))
    expect(detail.locator(".chips")).to_contain_text(li.say("web.mark.unconfirmed"))
    life.publish("herald", COUP)
    life.pass_time(minutes=20)
    expect(detail.locator(".chips")).not_to_contain_text(li.say("web.mark.unconfirmed"), timeout=PATIENCE)
    expect(room.locator(".room-reports")).to_contain_text(COUP.title)

    # A raised alert is asked about again; who answers it now is known to both.
    li.press("a")
    expect(detail.locator(".state-badge")).to_have_text(li.say("web.state.acknowledged"))
    expect(room.locator(".room-log")).to_contain_text(li.say("web.history.alert_acknowledge"), timeout=PATIENCE)
    second = do_step(li, "Told everybody · 已告知所有人")
    expect(room.locator(".room-steps")).not_to_contain_text(second)

    # Weeks later it is over, with steps left open and a reason why.
    menu = li.unfold("web.act.resolve", detail)
    menu.get_by_role("textbox").fill("Order is restored · 秩序恢复")
    li.button("response.close_sure", menu).click()
    expect(detail.locator(".state-badge")).to_have_text(li.say("web.state.resolved"))
    li.go("m")  # what waited for a second thought is done when the page is left
    expect(room.locator(".room-log")).to_contain_text("Order is restored · 秩序恢复")

    # Back to normal, with a closing note.
    li.go("k")
    card = li.page.locator("#at-NE")
    leave = li.unfold("posture.leave", card)
    leave.get_by_role("textbox").fill("Airport and banks are open · 机场银行已恢复")
    li.button("posture.leave_sure", leave).click()
    expect(li.page.locator(".crisis-past")).to_contain_text("Airport and banks are open · 机场银行已恢复")

    # All of it is on record.
    zhao.page.goto(f"{life.url}/alerts/1")
    for said in ("alert_acknowledge", "alert_confirm", "alert_resolve"):
        expect(history(zhao)).to_contain_text(zhao.say(f"web.history.{said}"))
    assert li.complaints + zhao.complaints == []
