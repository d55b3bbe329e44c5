"""The house's rooms in a real browser: axe in both languages and themes, a way through by keyboard, and no scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.conftest import Desk, OpenDesk, Visitor
from tests.web.offices import furnish_office
from tests.web.test_browser import Watched

pytestmark = pytest.mark.browser
PAGES = (
    "/people",
    "/people/2",
    "/people/5",
    "/people/keys",
    "/people/organisations",
    "/me",
    "/settings",
    "/system",
    "/audit",
    "/audit?actor=nobody",
)


@pytest.fixture
def office(desk: Desk) -> Desk:
    """A desk with a whole house of people."""
    furnish_office(desk.house, desk.house.clock())
    return desk


@pytest.mark.long
@pytest.mark.parametrize("width", [1024])  # 360 and 1920: with axe, for every page
def test_nothing_reaches_beyond_the_screen(office: Desk, visitor: Visitor, width: int) -> None:
    watched = Watched(visitor(viewport={"width": width, "height": 800}, locale="zh-CN").new_page(), office)
    for path in PAGES:
        page = watched.open(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        for menu in page.locator("main details.menu > summary").all():
            menu.click()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            menu.click()
    assert watched.complaints == []
    assert watched.elsewhere == []


def test_from_an_invitation_to_a_person_by_keyboard(office: Desk, visitor: Visitor) -> None:
    watched = Watched(visitor().new_page(), office)
    page = watched.open("/")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url("**/people")
    page.get_by_label("For whom").fill("Ibrahim")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".notice-secret code").first).to_contain_text("/welcome/")
    expect(page.locator(".invitation").filter(has_text="Ibrahim")).to_contain_text("viewer")
    page.get_by_role("link", name="fatou").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/2")
    off = page.locator("summary", has_text="Switch off")
    off.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".notice-done")).to_contain_text("cannot sign in any more")
    expect(page.get_by_role("button", name="Switch on")).to_be_visible()
    assert watched.complaints == []


def test_the_system_is_looked_at_again_by_itself(office: Desk, visitor: Visitor) -> None:
    page = visitor().new_page()
    page.clock.install()
    page.goto(f"{office.url}/system")
    expect(page.locator(".verdict")).to_contain_text("Broken")
    furnished = page.locator(".vital-line", has_text="went without a word")
    expect(furnished).to_have_count(1)
    with office.store.write() as session:
        session.connection().exec_driver_sql("DELETE FROM worker WHERE name LIKE 'desk-0%'")
    page.clock.fast_forward(16_000)
    expect(furnished).to_have_count(0)


def test_without_scripts(open_desk: OpenDesk, visitor: Visitor) -> None:
    shut = open_desk(demo=False)
    furnish_office(shut.house, shut.house.clock())
    context = visitor(java_script_enabled=False)
    shut.enter(context)
    page = context.new_page()
    page.goto(f"{shut.url}/people/keys")
    page.get_by_label("What it is for").fill("Pager")
    page.get_by_role("button", name="Make the key").click()
    expect(page.locator(".notice-secret code").first).to_have_text(re.compile("^wf_"))
    line = page.locator(".line.key", has_text="Pager")
    line.locator("summary").click()
    line.get_by_role("button", name="Revoke it now").click()
    expect(page.locator(".notice-done")).to_be_visible()
    page.goto(f"{shut.url}/me/desk")
    page.get_by_label("中文").check()
    page.get_by_label("Time zone").select_option("Africa/Nairobi")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.goto(f"{shut.url}/audit")
    page.locator("select[name=subject]").select_option("key")
    page.locator(".audit-finder button").click()
    expect(page.locator(".audit-line").first).to_contain_text("UTC+3")
    expect(page.locator(".audit-line").first).to_contain_text("Pager")
