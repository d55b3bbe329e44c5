"""Every page by keyboard alone: Tab reaches everything, in the order of reading, and shows where it is."""

from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Page

from tests.web.conftest import Visitor
from tests.web.gallery.pictures import PICTURES
from tests.web.gallery.rooms import Rooms

pytestmark = pytest.mark.browser
SCRIPT = (Path(__file__).parent / "tabbing.js").read_text("utf-8")
TAB = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
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


@pytest.mark.parametrize(("width", "locale"), [(1920, "en-GB"), (360, "zh-CN")])
def test_tab_reaches_everything_and_shows_where_it_is(
    furnished: Rooms, visitor: Visitor, width: int, locale: str
) -> None:
    page = visitor(viewport={"width": width, "height": 800}, locale=locale).new_page()
    keys = page.context.new_cdp_session(page)
    wrong = {}
    for picture in PICTURES:
        page.goto(furnished.address(picture))
        page.wait_for_function("document.documentElement.matches('.js') || !document.scripts.length")
        if faults := walked(page, keys):
            wrong[picture.name] = faults
    assert wrong == {}
