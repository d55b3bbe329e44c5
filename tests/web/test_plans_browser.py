"""The responsibility list in a real browser: with scripts, and without them."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from service.locale.catalogue import Catalogue
from service.store.tables import Alert
from tests.web.conftest import Desk, Visitor
from tests.web.responding import respond_to, work_on
from tests.web.seed import alert_called

pytestmark = pytest.mark.browser
SAY = Catalogue().say
LOCALES = pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])


@pytest.fixture
def coup(desk: Desk) -> int:
    """The coup of the seed with some of its steps done."""
    number = alert_called(desk.store, "尼日尔").id or 0
    respond_to(desk.store, number, datetime.now(UTC) - timedelta(minutes=50))
    work_on(desk.store, number, datetime.now(UTC))
    return number


@LOCALES
def test_a_step_is_done_where_scripts_are_off(desk: Desk, coup: int, visitor: Visitor, locale: str) -> None:
    page = visitor(java_script_enabled=False, locale=locale).new_page()
    page.goto(f"{desk.url}/alerts/{coup}")
    step = page.locator("#response .step").first
    step.locator(".step-line").click()
    step.get_by_role("textbox").first.fill("Confirmed by two on the spot.")
    step.get_by_role("button", name=SAY("response.act.done", locale[:2])).click()
    expect(page.get_by_text(SAY("web.done.step_done", locale[:2]))).to_be_visible()
    expect(page.locator("#response h3")).to_contain_text(SAY("response.done_of", locale[:2], done=3, all=31))


@LOCALES
def test_resolving_asks_why_in_place(desk: Desk, coup: int, visitor: Visitor, locale: str) -> None:
    page, lang = visitor(locale=locale).new_page(), locale[:2]
    page.goto(f"{desk.url}/alerts/{coup}")
    page.locator(".alert .acts summary", has_text=SAY("web.act.resolve", lang)).click()
    page.get_by_label(SAY("response.close_reason", lang, count=28)).fill("Order is restored.")
    page.locator(".menu-body button", has_text=SAY("response.close_sure", lang)).click()
    expect(page.locator(".state-badge")).to_have_text(SAY("web.state.resolved", lang))
    page.goto(f"{desk.url}/plans")  # what waited for a second thought is done when the page is left
    expect(page.get_by_role("heading", name=SAY("plans.title", lang))).to_be_visible()
    for _ in range(100):  # it is sent as the page goes, so the next page may be there before it
        with desk.store.read() as session:
            reason = session.get_one(Alert, coup).close_reason
        if reason is not None:
            break
        page.wait_for_timeout(100)
    assert reason == "Order is restored."


@LOCALES
def test_nothing_is_wider_than_a_telephone(desk: Desk, coup: int, visitor: Visitor, locale: str) -> None:
    page = visitor(viewport={"width": 360, "height": 780}, locale=locale).new_page()
    for path in ("/plans", "/plans/evacuation", f"/alerts/{coup}"):
        page.goto(desk.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
