"""Posture pages in a real browser: the situation room live, no sideways scrolling, and what axe says."""

from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from service.desk.alerts import act_on
from tests.web.conftest import Desk, Visitor
from tests.web.crises import bring_crises
from tests.web.desk import operator
from tests.web.responding import respond_to
from tests.web.seed import alert_called

pytestmark = pytest.mark.browser


@pytest.fixture
def stirred(desk: Desk) -> Desk:
    now = datetime.now(UTC)
    respond_to(desk.store, alert_called(desk.store, "尼日尔").id or 0, now - timedelta(minutes=50))
    bring_crises(desk.store, now)
    return desk


def test_the_room_is_drawn_anew_when_somebody_acts(stirred: Desk, visitor: Visitor) -> None:
    page = visitor().new_page()
    page.goto(f"{stirred.url}/postures/NE/room")
    page.wait_for_selector("html.js")
    coup = alert_called(stirred.store, "尼日尔").id or 0
    act_on(stirred.house, operator(stirred.store), coup, "acknowledge", "")
    page.wait_for_selector(".room-log >> text=Acknowledged")
    assert page.locator("#room").count() == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(stirred: Desk, visitor: Visitor, theme: str) -> None:
    coup = alert_called(stirred.store, "尼日尔").id
    for width, locale in ((360, "zh-CN"), (1400, "en-GB")):
        viewport = {"width": width, "height": 800}
        page = visitor(viewport=viewport, locale=locale, color_scheme=theme, bypass_csp=True).new_page()
        for path in ("/postures", "/postures/NE/room", f"/alerts/{coup}"):
            page.goto(f"{stirred.url}{path}")
            page.wait_for_selector("html.js")
            found = Axe().run(page)
            assert [one["id"] for one in found.response["violations"]] == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width
