"""What axe finds on every page of the desk: nothing, in both themes, on a telephone and on a wide screen."""

import pytest
from playwright.sync_api import Page

from tests.web.axe import violations, with_axe
from tests.web.conftest import Visitor
from tests.web.gallery.pictures import PICTURES
from tests.web.gallery.rooms import Rooms

pytestmark = pytest.mark.browser
WIDE, NARROW = {"width": 1920, "height": 1080}, {"width": 360, "height": 780}
UNFOLD = "document.querySelectorAll('main details:not(.menu)').forEach(fold => { fold.open = true; })"


def faults(page: Page, *, rules: str = "") -> list[tuple[str, str]]:
    """What is wrong with a page at this width; too wide a page is wrong too."""
    found = violations(page, only=rules)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(("sideways", "The page is wider than the window."))
    return found


@pytest.mark.parametrize(("theme", "locale"), [("light", "en-GB"), ("dark", "zh-CN")])
def test_axe_finds_nothing(furnished: Rooms, visitor: Visitor, theme: str, locale: str) -> None:
    page = with_axe(visitor(viewport=WIDE, locale=locale, color_scheme=theme)).new_page()
    wrong = {}
    for picture in PICTURES:
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        page.goto(furnished.address(picture))
        page.wait_for_function("document.documentElement.matches('.js') || !document.scripts.length")
        # A theme changes colours only; what stands where is another matter on a narrow screen, with all folds open.
        found = faults(page, rules="color-contrast" if theme == "dark" else "")
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        page.evaluate(UNFOLD)
        found += faults(page)
        if found:
            wrong[picture.name] = found
    assert wrong == {}
