"""What a reader wants of the desk, in a real browser: theme, contrast, zone, sound and notifications."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.web.conftest import Desk, Visitor
from tests.web.seed import add_story
from tests.web.stories import ARRIVAL

pytestmark = pytest.mark.browser
MAIN = (
    *("/", "/alerts/8", "/situation", "/situation/NE", "/situation/wall", "/reports", "/sites", "/plans", "/postures"),
    *("/roster", "/subscriptions", "/channels", "/deliveries", "/silences", "/sources", "/sources/1", "/catalogue"),
    *("/guideline", "/learning", "/models", "/me/desk", "/start/sources", "/sign-in"),
)


def paper(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


def choose(page: Page, name: str) -> None:
    page.locator(".theme > summary").click()
    page.locator(".theme").get_by_role("button", name=name, exact=True).click()


def test_a_theme_holds_at_once_and_on_the_next_page(still: Desk, visitor: Visitor) -> None:
    page = visitor(color_scheme="light").new_page()
    page.goto(still.url)
    expect(page.locator("html")).to_have_class(re.compile(r"\bjs\b"))
    by_day = paper(page)
    choose(page, "Dark")
    by_night = paper(page)
    assert by_day != by_night
    page.goto(still.url + "/sources")
    assert (paper(page), page.locator("html").get_attribute("data-theme")) == (by_night, "dark")
    choose(page, "High contrast")
    assert paper(page) == "rgb(255, 255, 255)"
    page.goto(still.url + "/situation/wall")
    assert (
        page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 15, 17)"
    )  # dark whatever is wished


def test_a_theme_can_be_chosen_without_scripts(still: Desk, visitor: Visitor) -> None:
    page = visitor(color_scheme="dark", java_script_enabled=False).new_page()
    page.goto(still.url + "/channels")
    choose(page, "Light")
    assert page.url == still.url + "/channels"
    assert page.locator("html").get_attribute("data-theme") == "light"
    choose(page, "As the system")
    assert page.locator("html").get_attribute("data-theme") is None


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_high_contrast_all_text_is_aaa(still: Desk, visitor: Visitor, scheme: str) -> None:
    context = visitor(color_scheme=scheme, locale="zh-CN" if scheme == "light" else "en-GB")
    context.add_cookies([{"name": "watchfire-theme", "value": "contrast", "url": still.url}])
    page, found = context.new_page(), []
    for path in MAIN[:8] if scheme == "light" else MAIN[8:16]:  # day and night share every rule of style
        page.goto(still.url + path)
        page.wait_for_function("document.documentElement.classList.contains('js')")
        options = {"runOnly": {"type": "rule", "values": ["color-contrast-enhanced", "color-contrast"]}}
        for fault in Axe().run(page, options=options).response["violations"]:
            found += [(path, node["html"][:160], node["any"][0]["message"][:140]) for node in fault["nodes"][:3]]
    assert found == []


def test_exact_times_are_written_in_the_zone_that_was_chosen(still: Desk, visitor: Visitor) -> None:
    plain = visitor(java_script_enabled=False).new_page()
    plain.goto(still.url + "/me/desk")
    plain.locator("select[name=zone]").select_option("Asia/Shanghai")
    plain.get_by_role("button", name="Keep").click()
    plain.goto(still.url + "/alerts/8")
    assert "UTC+8" in (plain.locator("time[title]").first.get_attribute("title") or "")
    context = visitor(timezone_id="America/Lima")
    context.add_cookies([{"name": "watchfire-zone", "value": "Asia/Shanghai", "url": still.url}])
    page = context.new_page()
    page.goto(still.url + "/alerts/8")
    expect(page.locator("time[data-when]").first).to_have_attribute("title", re.compile(r"GMT\+8"))


def test_the_wishes_are_kept_and_shown(still: Desk, visitor: Visitor) -> None:
    page = visitor().new_page()
    page.goto(still.url + "/me/desk")
    page.locator("[name=sound][value='2']").check()
    page.locator("[name=density][value=compact]").check()
    page.locator("[name=language][value=zh]").check()
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".notice-done")).to_contain_text("已在本浏览器中保存")
    expect(page.locator("[name=sound][value='2']")).to_be_checked()
    expect(page.locator("html")).to_have_class(re.compile("compact"))


def test_what_was_typed_survives_a_change_of_language(still: Desk, visitor: Visitor) -> None:
    page = visitor().new_page()
    page.goto(still.url + "/channels")
    expect(page.locator("html")).to_have_class(re.compile(r"\bjs\b"))
    page.locator("[name=kind][value=mail]").check()
    page.locator("[name=name]").fill("Duty desk")
    page.locator("[name=secret]").fill("not to be kept")
    page.locator("[data-tongue]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("[name=name]")).to_have_value("Duty desk")
    expect(page.locator("[name=kind][value=mail]")).to_be_checked()
    expect(page.locator("[name=secret]")).to_have_value("")


def test_a_bell_sounds_only_for_what_is_not_seen(desk: Desk, visitor: Visitor) -> None:
    context = visitor()
    context.add_cookies([{"name": "watchfire-sound", "value": "4", "url": desk.url}])
    page = context.new_page()
    page.goto(desk.url + "/channels")
    expect(page.locator("html")).to_have_class(re.compile(r"\bjs\b"))
    page.locator("h1").click()  # browsers sound only after a gesture
    add_story(desk.store, 1, ARRIVAL, desk.house.clock())
    expect(page.locator("html")).to_have_attribute("data-sounded", "1")
    number = desk.client.get("/api/v1/alerts?limit=1").json()["items"][0]["id"]
    page.goto(f"{desk.url}/alerts/{number}")
    _heard(page, number)
    assert page.locator("html").get_attribute("data-sounded") is None  # it is before the reader's eyes
    _heard(page, 999_999)
    expect(page.locator("html")).to_have_attribute("data-sounded", "1")


def test_without_a_wish_nothing_sounds_or_shows(desk: Desk, visitor: Visitor) -> None:
    page = visitor().new_page()
    page.goto(desk.url + "/channels")
    expect(page.locator("html")).to_have_class(re.compile(r"\bjs\b"))
    _heard(page, 999_999)
    assert page.locator("html").get_attribute("data-sounded") is None


def _heard(page: Page, number: int) -> None:
    """What the stream would say of a level-1 alert that opened."""
    page.evaluate(
        "id => document.dispatchEvent(new CustomEvent('watchfire:heard',"
        " { detail: { action: 'alert.open', alert: { id, level: 1, title: 'A' } } }))",
        number,
    )


def test_a_notification_is_asked_for_by_the_click_and_shown_when_the_desk_is_behind(
    still: Desk, visitor: Visitor
) -> None:
    page = visitor().new_page()
    page.add_init_script(
        "window.shown = []; window.asked = 0;"
        "window.Notification = class { constructor(title) { window.shown.push(title); } addEventListener() {}"
        " static permission = 'default';"
        " static async requestPermission() { window.asked += 1; this.permission = 'granted'; return 'granted'; } };"
    )
    page.goto(still.url + "/me/desk")
    expect(page.locator("html")).to_have_class(re.compile(r"\bjs\b"))
    assert page.evaluate("window.asked") == 0
    page.locator("[name=bell][value='2']").check()
    assert page.evaluate("window.asked") == 1
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".notice-done")).to_be_visible()
    page.evaluate("Notification.permission = 'granted'")
    page.wait_for_function("document.documentElement.classList.contains('js')")
    _heard(page, 999_998)
    assert page.evaluate("window.shown") == []  # the desk is in front
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    _heard(page, 999_999)
    assert page.evaluate("window.shown") == ["critical · A"]
