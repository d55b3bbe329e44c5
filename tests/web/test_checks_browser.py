"""Forms check what is typed: told beside the field, in the language of the page, and sent only when it is right."""

import pytest
from playwright.sync_api import Locator, Page, expect

from service.locale.catalogue import Catalogue
from tests.web.axe import violations, with_axe
from tests.web.conftest import Desk, OpenDesk, Visitor
from tests.web.offices import furnish_office

pytestmark = pytest.mark.browser
WORDS = Catalogue()


@pytest.fixture(params=["en-GB", "zh-CN"])
def reading(request: pytest.FixtureRequest, visitor: Visitor) -> tuple[Page, str]:
    """A page whose reader has this language, and the language."""
    return with_axe(visitor(locale=request.param)).new_page(), request.param[:2]


def told(field: Locator) -> Locator:
    """What is said of a field, as its description leads to it."""
    return field.page.locator(f"#{(field.get_attribute('aria-describedby') or 'nothing').split()[-1]}")


def is_told(field: Locator, lang: str, word: str, **values: object) -> None:
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(told(field)).to_have_text(WORDS.say(f"web.check.{word}", lang, **values))


def test_a_field_is_told_when_it_is_left_and_no_longer_when_it_is_right(reading: tuple[Page, str], desk: Desk) -> None:
    page, lang = reading
    page.goto(f"{desk.url}/silences/new")
    page.locator("details.more-fields").last.evaluate("one => { one.open = true; }")
    weekly, zone = page.locator("[name=weekly]"), page.locator("[name=zone]")
    ends, starts = page.locator("[name=ends]"), page.locator("[name=starts]")
    weekly.fill("two")
    expect(weekly).not_to_have_attribute("aria-invalid", "true")  # nobody is interrupted in a word
    zone.fill("Etc/GMT-3")  # a zone, though none of those that are offered
    is_told(weekly, lang, "number")
    starts.fill("2026-05-02T10:00")
    expect(zone).not_to_have_attribute("aria-invalid", "true")
    ends.fill("2026-05-01T10:00")
    ends.blur()
    is_told(ends, lang, "after")
    assert violations(page) == []
    for field, right in ((weekly, " 120 "), (ends, "2026-05-03T10:00")):  # blanks around a number are nobody's fault
        field.fill(right)
        expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator(".field-wrong")).to_have_count(0)


def test_what_is_wrong_is_not_sent_but_gone_to(reading: tuple[Page, str], open_desk: OpenDesk) -> None:
    page, lang = reading
    desk = open_desk(demo=False)
    furnish_office(desk.house, desk.house.clock())
    desk.enter(page.context)
    page.goto(f"{desk.url}/me")
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.method))
    current, new, again = (page.locator(f"[name={name}]") for name in ("current", "password", "again"))
    new.fill("short")
    again.fill("another")
    again.press("Enter")
    is_told(current, lang, "missing")
    is_told(new, lang, "short", least=10)
    is_told(again, lang, "again")
    expect(current).to_be_focused()
    assert "rule" in (new.get_attribute("aria-describedby") or "")  # what described it before still does
    new.fill("long enough, and more")
    again.fill("long enough, and more")
    current.fill("whatever it was")
    expect(page.locator(".field-wrong")).to_have_count(0)
    assert new.get_attribute("aria-describedby") == "rule"
    assert "POST" not in sent


def test_a_fold_opens_for_what_is_wrong_in_it(desk: Desk, visitor: Visitor) -> None:
    page = visitor().new_page()
    page.goto(f"{desk.url}/silences/new")
    weekly = page.locator("[name=weekly]")
    weekly.evaluate("one => { one.value = 'x'; }")
    page.locator("[name=reason]").press("Enter")
    expect(weekly).to_be_visible()
    expect(weekly).to_be_focused()
    is_told(weekly, "en", "number")
