"""What has room and what stays in sight: text, the foot of the rail, panes, banners, on wide and narrow screens."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Desk, Visitor
from tests.web.gallery.pictures import ONCE, PICTURES, Picture
from tests.web.gallery.rooms import Rooms

pytestmark = pytest.mark.browser
# Boxes with text of their own that is cut or broken within less than three signs' width.
SLITS = """() => [...document.querySelectorAll('main *, .rail *')].filter(one => {
  const own = [...one.childNodes].filter(node => node.nodeType === 3).map(node => node.data.trim()).join('');
  if (own.length < 4 || one.closest('.unseen, .start-name, svg, select, thead') || !one.checkVisibility()) return false;
  const box = one.getBoundingClientRect(), sign = parseFloat(getComputedStyle(one).fontSize);
  if (!box.height || box.width >= 3 * sign) return false;
  const range = document.createRange(); range.selectNodeContents(one);
  const lines = new Set([...range.getClientRects()].map(line => Math.round(line.top)));
  return lines.size > 2 || one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0;
}).map(one => `${one.className}: ${one.textContent.trim().slice(0, 40)}`)"""
HEIGHTS = {360: 780, 1024: 800, 1210: 900, 1440: 900, 1920: 1080}
CROWDED = ("alert", "event", "list", "list-counts", "audit", "situation-wall", "situation-country", "system")
# How much narrower each select is than its chosen word wants.
CUT_SELECTS = """() => [...document.querySelectorAll('.filters select')].map(one => {
  const free = one.cloneNode(true); free.value = one.value; free.style.cssText = 'width: max-content; max-width: none';
  one.parentElement.append(free); const wants = free.offsetWidth; free.remove();
  return wants - one.offsetWidth;
}).filter(missing => missing > 1)"""


def _opened(furnished: Rooms, page: Page, name: str | Picture) -> Page:
    picture = name if isinstance(name, Picture) else next(one for one in PICTURES if one.name == name)
    page.goto(furnished.address(picture))
    page.wait_for_function("document.documentElement.matches('.js') || !document.scripts.length")
    return page


def _page(visitor: Visitor, width: int, locale: str = "en-GB", **wishes: object) -> Page:
    return visitor(viewport={"width": width, "height": HEIGHTS[width]}, locale=locale, **wishes).new_page()


def _bottom(page: Page, part: str) -> float:
    return float(page.locator(part).first.evaluate("one => one.getBoundingClientRect().bottom"))


@pytest.mark.parametrize("width", [360, *(pytest.param(one, marks=pytest.mark.long) for one in (1024, 1210, 1440))])
def test_no_text_stands_in_a_slit(furnished: Rooms, visitor: Visitor, width: int) -> None:
    page = _page(visitor, width)
    wrong = {name: found for name in CROWDED if (found := _opened(furnished, page, name).evaluate(SLITS))}
    assert wrong == {}


@pytest.mark.long
@pytest.mark.parametrize("width", [360, 1024])
def test_no_page_has_text_in_a_slit(furnished: Rooms, visitor: Visitor, width: int) -> None:
    page = _page(visitor, width)
    wrong = {one.name: found for one in ONCE if (found := _opened(furnished, page, one).evaluate(SLITS))}
    assert wrong == {}


@pytest.mark.parametrize("width", [1440, *(pytest.param(one, marks=pytest.mark.long) for one in (1024, 1920))])
def test_the_foot_of_the_rail_stays_in_sight_and_no_band_makes_a_page_longer(
    furnished: Rooms, visitor: Visitor, width: int
) -> None:
    page = _page(visitor, width)
    for name in ("list", "silences-empty", "audit"):
        _opened(furnished, page, name)
        assert _bottom(page, ".account") <= HEIGHTS[width], name
        assert _bottom(page, ".brand") < 100, name
    assert (
        _opened(furnished, page, "silences-empty").evaluate("document.documentElement.scrollHeight") == HEIGHTS[width]
    )
    if width < 1200:
        assert (
            page.evaluate("(one => one.scrollHeight - one.clientHeight)(document.querySelector('.rail-middle'))") == 0
        )


def test_the_form_of_labels_moves_its_pane_and_not_the_frame(furnished: Rooms, visitor: Visitor) -> None:
    page = _opened(furnished, _page(visitor, 1440), "alert")
    assert page.evaluate("document.documentElement.scrollHeight") == HEIGHTS[1440]
    page.keyboard.press("l")
    expect(page.locator("#detail form[action*='/correct']").first).to_be_visible()
    assert page.evaluate("scrollY") == 0


def test_choices_beside_an_open_alert_show_their_whole_words(furnished: Rooms, visitor: Visitor) -> None:
    for locale in ("en-GB", "zh-CN"):
        assert _opened(furnished, _page(visitor, 1024, locale), "alert").evaluate(CUT_SELECTS) == []


def test_words_of_the_counts_are_not_cut(furnished: Rooms, visitor: Visitor) -> None:
    page = _opened(furnished, _page(visitor, 1920), "list-counts")
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"
    assert page.locator(".facet-name").evaluate_all(cut) == []


def test_rows_do_not_repeat_what_the_band_says(furnished: Rooms, visitor: Visitor) -> None:
    page = _opened(furnished, _page(visitor, 1210), "list")
    expect(page.locator(".band")).to_contain_text("invented")
    assert page.locator(".row .chip-demo").count() == 0


def test_a_crisis_has_one_look(furnished: Rooms, visitor: Visitor) -> None:
    page = _page(visitor, 1440)
    looks = set()
    for name in ("alert", "event", "situation-country"):
        bands = _opened(furnished, page, name).locator(".crisis-band")
        boxes = [box for place in range(bands.count()) if (box := bands.nth(place).bounding_box())]
        assert len(boxes) == 2, name
        assert boxes[1]["y"] - boxes[0]["y"] - boxes[0]["height"] < 1, "joined"
        assert boxes[0]["width"] <= 48 * 14, name
        frame = page.locator(".crisis-bands").evaluate("one => getComputedStyle(one).borderWidth")
        looks.add((frame, bands.first.evaluate("one => getComputedStyle(one).padding")))
    assert len(looks) == 1


def test_a_wide_screen_has_facts_beside_the_reports(furnished: Rooms, visitor: Visitor) -> None:
    page = _opened(furnished, _page(visitor, 1920), "event")
    facts, told = (page.locator(part).bounding_box() for part in (".event-facts", ".event-told"))
    assert facts
    assert told
    assert told["x"] > facts["x"] + facts["width"]
    assert abs(told["y"] - facts["y"]) < 2
    signs = "all => Math.max(...all.map(one => one.offsetWidth / parseFloat(getComputedStyle(one).fontSize)))"
    assert page.locator(".event-told .report-body p").evaluate_all(signs) < 45, "em, of which a sign takes about .55"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_telephone_folds_the_choices(still: Desk, visitor: Visitor, scripts: bool) -> None:
    page = visitor(viewport={"width": 360, "height": 780}, locale="en-GB", java_script_enabled=scripts).new_page()
    page.goto(f"{still.url}/?state=open")
    first = page.locator(".row").first.bounding_box()
    assert first
    assert first["y"] < 235
    fold = page.locator(".filter-fold > summary")
    expect(fold).to_have_text(re.compile(r"Filter\s+1"))
    choice = page.locator("#filter-state")
    expect(choice).to_be_hidden()
    fold.click()
    expect(choice).to_be_visible()
    if scripts:
        page.locator(".filters select[name=category]").select_option("legal")
        expect(fold).to_have_text(re.compile(r"Filter\s+2"))
        expect(choice).to_be_visible()


def test_what_is_late_is_seen_in_the_starkest_night(furnished: Rooms, visitor: Visitor) -> None:
    context = visitor(color_scheme="dark", contrast="more")
    page = _opened(furnished, context.new_page(), "alert")
    for part, side in ((".ring.over .ring-track", "stroke"), (".level-step-1", "stroke")):
        found = page.locator(part).first.evaluate(f"one => getComputedStyle(one).{side}")
        red, green, blue = (int(one) / 255 for one in re.findall(r"\d+", found)[:3])
        light = [one / 12.92 if one <= 0.04 else ((one + 0.055) / 1.055) ** 2.4 for one in (red, green, blue)]
        assert (0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] + 0.05) / 0.05 >= 4.5, part
    colours = "one => [getComputedStyle(one, '::placeholder').color, getComputedStyle(one).color]"
    hint, typed = page.locator("#q").evaluate(colours)
    assert hint != typed
