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
