"""What axe finds on every page of the desk: nothing, in both themes, on a telephone and on a wide screen."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import Page, ViewportSize

from service.web.wishes import THEME
from tests.web.axe import LAID_OUT, violations, with_axe
from tests.web.conftest import Visitor
from tests.web.gallery.pictures import CONTRASTED, ONCE, PICTURES, Picture
from tests.web.gallery.rooms import Rooms

pytestmark = pytest.mark.browser
STARK = tuple(picture for picture in PICTURES if picture.name in CONTRASTED)
WIDE: ViewportSize = {"width": 1920, "height": 1080}
NARROW: ViewportSize = {"width": 360, "height": 780}
# A Chinese mark brings its own room: a blank behind it is a hole in the line.
HOLES = "(document.querySelector('main')?.innerText ?? '').match(/.{0,10}[，。：；、！？] \\S.{0,10}/g) ?? []"
UNFOLD = "document.querySelectorAll('main details:not(.menu)').forEach(fold => { fold.open = true; })"


def faults(page: Page, only: Sequence[str]) -> list[tuple[str, str]]:
    """What is wrong with a page at this width; too wide a page is wrong too."""
    found = violations(page, only)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(("sideways", "The page is wider than the window."))
    found += [("hole", told) for told in page.evaluate(HOLES)]
    return found


PARTS = 3  # so that several workers share the work, and a slow machine stays within the time of a test


# Each page is asked everything on a telephone with all its folds open, each picture in Chinese what a width can change
# besides, and each page in the dark what a theme can change.
@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize(
    ("theme", "locale", "pictures", "wide", "narrow"),
    [
        pytest.param("light", "en-GB", ONCE, None, (), id="light-en"),
        pytest.param("light", "zh-CN", PICTURES, (), LAID_OUT, id="light-zh"),
        pytest.param("dark", "zh-CN", ONCE, LAID_OUT, (), id="dark-zh"),
        pytest.param("contrast", "en-GB", STARK, LAID_OUT, (), id="contrast-en"),
    ],
)
def test_axe_finds_nothing(
    furnished: Rooms,
    visitor: Visitor,
    theme: str,
    locale: str,
    pictures: Sequence[Picture],
    wide: Sequence[str] | None,
    narrow: Sequence[str],
    part: int,
) -> None:
    context = visitor(viewport=WIDE, locale=locale, color_scheme="light" if theme == "contrast" else theme)
    context.add_cookies([{"name": THEME, "value": theme, "url": "http://127.0.0.1"}])
    page = with_axe(context).new_page()
    wrong = {}
    for picture in pictures[part::PARTS]:
        page.set_viewport_size(WIDE)
        page.goto(furnished.address(picture))
        page.wait_for_function("document.documentElement.matches('.js') || !document.scripts.length")
        found = faults(page, wide) if wide is not None else []
        page.set_viewport_size(NARROW)
        page.evaluate(UNFOLD)
        found += faults(page, narrow)
        if found:
            wrong[picture.name] = found
    assert wrong == {}
