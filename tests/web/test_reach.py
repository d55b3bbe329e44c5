"""Every page by keyboard alone: Tab reaches everything, in the order of reading, and shows where it is."""

from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.web.conftest import Desk, Visitor
from tests.web.gallery.pictures import ONCE
from tests.web.gallery.rooms import Rooms

pytestmark = pytest.mark.browser
SCRIPT = (Path(__file__).parent / "tabbing.js").read_text("utf-8")
TAB = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
PARTS = 2
SPARE = 12  # stops inside of fields for times, and boxes that Chromium lets scroll by keys


def walked(page: Page, keys: CDPSession) -> dict[str, list[str]]:
    """Press Tab until all that should be reached was; answers what is wrong."""
    page.evaluate(SCRIPT)
    for _ in range(3):
        for _ in range(int(page.evaluate("tabbing.left()")) + 1):
            keys.send("Input.dispatchKeyEvent", TAB)
        if not page.evaluate("tabbing.left()"):
            break
    for _ in range(SPARE if page.evaluate("tabbing.left()") else 0):
        keys.send("Input.dispatchKeyEvent", TAB)
    found: dict[str, list[str]] = page.evaluate("tabbing.faults()")
    return {fault: where for fault, where in found.items() if where}


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize(("width", "locale"), [(1920, "en-GB"), (360, "zh-CN")])
def test_tab_reaches_everything_and_shows_where_it_is(
    furnished: Rooms, visitor: Visitor, width: int, locale: str, part: int
) -> None:
    page = visitor(viewport={"width": width, "height": 800}, locale=locale).new_page()
    keys = page.context.new_cdp_session(page)
    wrong = {}
    for picture in ONCE[part::PARTS]:
        page.goto(furnished.address(picture))
        page.wait_for_function("document.documentElement.matches('.js') || !document.scripts.length")
        if faults := walked(page, keys):
            wrong[picture.name] = faults
    assert wrong == {}


def test_a_dialog_gives_the_focus_back(still: Desk, visitor: Visitor) -> None:
    page = visitor().new_page()
    page.goto(f"{still.url}/")
    page.wait_for_selector("html.js")
    page.keyboard.press("j")
    row = page.locator(".row-link").first
    for key, name in (("?", "keys"), ("x", "dismiss"), ("s", "snooze"), ("o", "hand"), ("m", "merge"), ("v", "view")):
        page.keyboard.press(key)
        dialog = page.locator(f"#{name}")
        expect(dialog).to_be_visible()
        assert page.evaluate("name => document.activeElement.closest('dialog')?.id === name", name), name
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(row).to_be_focused()
    help_button = page.locator("[data-help]")
    help_button.press("Enter")
    page.keyboard.press("Escape")
    expect(help_button).to_be_focused()


def test_countries_are_one_stop_and_arrows_go_through_them(still: Desk, visitor: Visitor) -> None:
    page = visitor().new_page()
    page.goto(f"{still.url}/silences/new")
    page.wait_for_selector("html.js")
    ticks = page.locator("country-choice input[type=checkbox]:visible")
    page.locator(".choice-find").focus()
    page.keyboard.press("Tab")
    expect(ticks.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(ticks.nth(1)).to_be_checked()
    page.keyboard.press("End")
    expect(ticks.last).to_be_focused()
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.closest('country-choice')")
    page.keyboard.press("Shift+Tab")
    expect(ticks.last).to_be_focused()
    page.locator(".choice-find").fill("niger")
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox", name="Niger", exact=True)).to_be_focused()
