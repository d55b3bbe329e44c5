"""Posture pages in a real browser: the situation room live."""

from datetime import UTC, datetime, timedelta

import pytest

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


@pytest.mark.parametrize(("locale", "told"), [("en-GB", "Acknowledged"), ("zh-CN", "确认")])
def test_the_room_is_drawn_anew_when_somebody_acts(stirred: Desk, visitor: Visitor, locale: str, told: str) -> None:
    page = visitor(locale=locale).new_page()
    page.goto(f"{stirred.url}/postures/NE/room")
    page.wait_for_selector("html.js")
    coup = alert_called(stirred.store, "尼日尔").id or 0
    act_on(stirred.house, operator(stirred.store), coup, "acknowledge", "")
    page.wait_for_selector(f".room-log >> text={told}")
    assert page.locator("#room").count() == 1
