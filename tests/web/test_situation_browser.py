"""The situation in a real browser: a wall without scrolling, and live."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from service.desk.alerts import act_on
from service.store.tables import SourceRow
from tests.web.conftest import Desk, Visitor
from tests.web.crises import bring_crises
from tests.web.desk import operator
from tests.web.holdings import add_holdings
from tests.web.seed import alert_called

pytestmark = pytest.mark.browser


@pytest.fixture
def stirred(desk: Desk) -> Desk:
    now = datetime.now(UTC)
    add_holdings(desk.store, now, alert_called(desk.store, "尼日尔").id or 0)
    bring_crises(desk.store, now)
    return desk


@pytest.mark.parametrize(("locale", "told"), [("en-GB", "Acknowledged"), ("zh-CN", "确认")])
def test_the_wall_fits_its_screen_and_goes_on_live(stirred: Desk, visitor: Visitor, locale: str, told: str) -> None:
    complaints: list[str] = []
    page = visitor(viewport={"width": 1920, "height": 1080}, locale=locale).new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{stirred.url}/situation/wall")
    page.wait_for_selector("html.js")
    sizes = "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
    assert page.evaluate(sizes) == [1080, 1920]
    for part in ("#wall", ".wall-map", ".wall-news"):
        assert page.evaluate(f"document.querySelector('{part}').getBoundingClientRect().bottom") <= 1080
    act_on(stirred.house, operator(stirred.store), alert_called(stirred.store, "尼日尔").id or 0, "acknowledge", "")
    page.wait_for_selector(f".wall-news li:first-child >> text={told}")
    assert page.locator("#wall").count() == 1
    assert complaints == []


def test_the_wall_tells_the_time_and_begins_every_headline(stirred: Desk, visitor: Visitor) -> None:
    with stirred.store.write() as session:
        for row in session.exec(select(SourceRow)).all():
            row.next_check_at = datetime.now(UTC) - timedelta(hours=5)
    wishes = {"viewport": {"width": 1920, "height": 1080}, "timezone_id": "Asia/Shanghai"}
    page = visitor(**wishes).new_page()
    page.goto(f"{stirred.url}/situation/wall")
    page.wait_for_selector("html.js")
    there = datetime.now(UTC) + timedelta(hours=8)
    near = "|".join(f"{there + timedelta(minutes=late):%H:%M}" for late in (-1, 0, 1))
    expect(page.locator("[data-clock] strong")).to_have_text(re.compile(near))
    expect(page.locator("[data-clock] span")).to_contain_text("GMT+8")
    arabic = page.locator(".wall-title:has(bdi[lang=ar])")
    expect(arabic).to_have_css("direction", "rtl")
    begins = """one => one.getBoundingClientRect().right
        - one.querySelector('bdi').getBoundingClientRect().right"""
    assert abs(arabic.evaluate(begins)) < 2, "its end is cut, and not where it begins"
    assert page.evaluate("document.documentElement.scrollHeight") == 1080
    for part in ("#wall", ".wall-map", ".wall-foot"):
        assert page.evaluate(f"document.querySelector('{part}').getBoundingClientRect().bottom") <= 1080


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_the_list_reaches_every_country_by_keyboard(stirred: Desk, visitor: Visitor, locale: str) -> None:
    page = visitor(locale=locale).new_page()
    page.goto(f"{stirred.url}/situation")
    page.wait_for_selector("html.js")
    page.locator(".sit-rest > summary").press("Enter")
    page.locator('.sit-rest a[href="/situation/UY"]').press("Enter")
    page.wait_for_url("**/situation/UY")
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/situation")
