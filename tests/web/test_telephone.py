"""Tables and times as a telephone shows them, and what the paper says of a time."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.web.conftest import Visitor
from tests.web.gallery.pictures import PICTURES
from tests.web.gallery.rooms import Rooms

pytestmark = pytest.mark.browser
NARROW: ViewportSize = {"width": 360, "height": 780}
# The lines that each name of a table's rows takes, against the words that it has: more lines than words is a cut word.
CUT = """() => [...document.querySelectorAll('tbody th')].filter(cell => {
  const range = document.createRange(); range.selectNodeContents(cell);
  const lines = new Set([...range.getClientRects()].map(one => Math.round(one.top)));
  return /^[ -~]+$/.test(cell.innerText) && lines.size > cell.innerText.split(/[\\s-]+/).length;
}).map(cell => cell.innerText)"""
WIDER = "[...document.querySelectorAll('.wide-table')].filter(one => one.scrollWidth > one.clientWidth + 1).length"


def _open(visitor: Visitor, furnished: Rooms, name: str) -> Page:
    picture = next(one for one in PICTURES if one.name == name)
    page = visitor(viewport=NARROW, locale="en-GB", timezone_id="UTC").new_page()
    page.goto(furnished.address(picture))
    return page


@pytest.mark.parametrize("name", ["held", "change", "guideline", "alert-print", "event-print"])
def test_a_table_fits_a_telephone_and_cuts_no_word(visitor: Visitor, furnished: Rooms, name: str) -> None:
    page = _open(visitor, furnished, name)
    assert page.evaluate(CUT) == []
    assert page.evaluate(WIDER) == 0


def test_a_row_on_paper_is_a_paragraph_on_a_telephone_and_a_row_on_a_sheet(visitor: Visitor, furnished: Rooms) -> None:
    page = _open(visitor, furnished, "alert-print")
    row = page.locator(".paper-table tbody tr").first
    expect(row).to_have_css("display", "flex")
    page.emulate_media(media="print")
    expect(row).to_have_css("display", "table-row")


def test_scripts_write_a_time_as_the_server_does_with_one_zone(visitor: Visitor, furnished: Rooms) -> None:
    page = _open(visitor, furnished, "audit")
    time = page.locator("time[data-exact]").first
    at = datetime.fromisoformat(time.get_attribute("datetime") or "").astimezone(UTC)
    expect(time).to_have_text(re.compile(rf"^{at.day} {at:%b}\w? {at.year}, {at:%H:%M} UTC$"))
    page = _open(visitor, furnished, "people")
    assert (page.locator("time[data-when]").first.get_attribute("title") or "").count("UTC") == 1


def test_the_wall_fits_a_telephone(visitor: Visitor, furnished: Rooms) -> None:
    page = _open(visitor, furnished, "situation-wall")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_the_roster_of_a_telephone_begins_with_today(visitor: Visitor, furnished: Rooms) -> None:
    page = _open(visitor, furnished, "roster")
    tops = "[...document.querySelectorAll('.duty-days')[0].children].map(day => [day.offsetTop, day.className])"
    assert "is-today" in min(page.evaluate(tops))[1]


def test_why_begins_on_the_first_screen_of_a_telephone(visitor: Visitor, furnished: Rooms) -> None:
    page = _open(visitor, furnished, "alert-escalated")
    page.set_viewport_size({"width": 390, "height": 844})
    bar = page.locator(".bar").bounding_box() or {"y": 844}
    assert (page.locator("#why").bounding_box() or {"y": 9999})["y"] < bar["y"]


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_a_long_page_is_narrowed_to_what_holds_the_words(visitor: Visitor, furnished: Rooms, locale: str) -> None:
    page = visitor(viewport=NARROW, locale=locale).new_page()
    page.goto(next(furnished.address(one) for one in PICTURES if one.name == "guideline"))
    page.get_by_role("searchbox").fill("pol-1")
    expect(page.locator("#POL-1")).to_be_visible()
    expect(page.locator("#POL-2")).to_be_hidden()
    expect(page.locator("#restraint")).to_be_hidden()  # a chapter without a line of it
    page.get_by_role("searchbox").fill("nothing of the kind 无")
    expect(page.locator(".clause:visible")).to_have_count(0)
    expect(page.locator(".narrow output")).to_have_text(re.compile("Nothing|没有"))
    page.get_by_role("searchbox").fill("")
    expect(page.locator("#restraint")).to_be_visible()
    page.set_viewport_size({"width": 1400, "height": 900})
    page.locator(".clause").last.scroll_into_view_if_needed()
    expect(page.locator(".guide-toc")).to_be_in_viewport()
