"""The situation in a real browser: what axe says, no sideways scrolling, a wall without scrolling, and live."""

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe

from service.desk.alerts import act_on
from tests.web.conftest import Desk, Visitor
from tests.web.crises import bring_crises
from tests.web.desk import operator
from tests.web.holdings import add_holdings
from tests.web.seed import alert_called

pytestmark = pytest.mark.browser
PLACES = ("/situation", "/situation/NE", "/situation/UY", "/situation/region/africa-west", "/situation/wall")


@pytest.fixture
def stirred(desk: Desk) -> Desk:
    now = datetime.now(UTC)
    add_holdings(desk.store, now, alert_called(desk.store, "尼日尔").id or 0)
    bring_crises(desk.store, now)
    return desk


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(stirred: Desk, visitor: Visitor, theme: str) -> None:
    for width, locale in ((360, "zh-CN"), (1400, "en-GB")):
        viewport = {"width": width, "height": 800}
        page = visitor(viewport=viewport, locale=locale, color_scheme=theme, bypass_csp=True).new_page()
        for path in PLACES:
            page.goto(f"{stirred.url}{path}")
            page.wait_for_selector("html.js")
            found = Axe().run(page)
            faults = [(one["id"], one["nodes"][0]["html"][:160]) for one in found.response["violations"]]
            assert faults == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_wall_fits_its_screen_and_goes_on_live(stirred: Desk, visitor: Visitor) -> None:
    complaints: list[str] = []
    page = visitor(viewport={"width": 1920, "height": 1080}).new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{stirred.url}/situation/wall")
    page.wait_for_selector("html.js")
    sizes = "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
    assert page.evaluate(sizes) == [1080, 1920]
    for part in ("#wall", ".wall-map", ".wall-news"):
        assert page.evaluate(f"document.querySelector('{part}').getBoundingClientRect().bottom") <= 1080
    act_on(stirred.house, operator(stirred.store), alert_called(stirred.store, "尼日尔").id or 0, "acknowledge", "")
    page.wait_for_selector(".wall-news li:first-child >> text=Acknowledged")
    assert page.locator("#wall").count() == 1
    assert complaints == []


def test_the_list_reaches_every_country_by_keyboard(stirred: Desk, visitor: Visitor) -> None:
    page = visitor().new_page()
    page.goto(f"{stirred.url}/situation")
    page.wait_for_selector("html.js")
    page.locator(".sit-rest > summary").press("Enter")
    page.locator('.sit-rest a[href="/situation/UY"]').press("Enter")
    page.wait_for_url("**/situation/UY")
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/situation")
