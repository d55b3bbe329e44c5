"""Judging by keyboard in a real browser, and the form beside a report."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from service.locale.catalogue import Catalogue
from service.store.corrections import in_force
from service.store.tables import Correction
from tests.learning.unsure import make_unsure
from tests.web.conftest import Desk, OpenDesk, Visitor
from tests.web.seed import alert_called
from tests.web.test_browser import Watched

pytestmark = pytest.mark.browser
SAY = Catalogue().say


def held(desk: Desk, entry: int) -> Correction | None:
    with desk.store.read() as session:
        return in_force(session, entry)


def chosen(page: Page) -> int:
    return int(page.locator(".ask[data-chosen]").get_attribute("data-entry") or 0)


@pytest.mark.parametrize("locale", ["en-GB", pytest.param("zh-CN", marks=pytest.mark.long)])
def test_a_queue_is_judged_without_a_mouse(desk: Desk, visitor: Visitor, locale: str) -> None:
    make_unsure(desk.store)
    lang = locale[:2]
    watched = Watched(visitor(locale=locale).new_page(), desk)
    page = watched.open("/learning")
    first = chosen(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = chosen(page)
    assert second != first
    page.keyboard.press("k")
    assert chosen(page) == first
    page.keyboard.press("1")
    page.keyboard.press("3")
    page.keyboard.press("s")
    grave = page.locator(f"#ask-{first} [name=severity]:checked").input_value()
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text(
        SAY("learning.saved", lang, what=f"{SAY('category.legal', lang)} · {grave}/4")
    )
    expect(page.locator(f"#ask-{first}")).to_be_hidden()
    row = held(desk, first)
    assert row is not None
    assert (row.after["labels"], row.after["severity"]) == (["legal"], int(grave))
    assert chosen(page) != first
    third = chosen(page)
    page.keyboard.press("0")
    expect(page.locator(f"#ask-{third} [name=severity]").first).to_be_disabled()
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text(SAY("learning.saved", lang, what=SAY("learning.none", lang)))
    assert held(desk, third) is not None
    page.keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text(SAY("learning.undone", lang))
    expect(page.locator(f"#ask-{third}")).to_be_visible()
    assert held(desk, third) is None
    page.keyboard.press("g")
    page.keyboard.press("s")
    expect(page).to_have_url(f"{desk.url}/sources")
    assert watched.complaints == []


def test_what_is_typed_is_no_command_and_the_end_is_said(desk: Desk, visitor: Visitor) -> None:
    (only,) = make_unsure(desk.store, 1)
    page = Watched(visitor().new_page(), desk).open("/learning")
    reason = page.locator(f"#ask-{only} [name=reason]")
    reason.fill("")
    reason.press("1")
    reason.press("s")
    assert reason.input_value() == "1s"
    assert page.locator(f"#ask-{only} [value=security]").is_checked()
    reason.press("Enter")
    expect(page.get_by_role("link", name="Show the next ones")).to_be_visible()
    expect(page.locator("#toasts")).to_contain_text("Saved")
    row = held(desk, only)
    assert row is not None
    assert row.reason == "1s"


def test_a_refusal_brings_the_entry_back(desk: Desk, visitor: Visitor) -> None:
    (only,) = make_unsure(desk.store, 1)
    page = Watched(visitor().new_page(), desk).open("/learning")
    page.route("**/corrections", lambda route: route.abort())
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("the desk cannot be reached")
    expect(page.locator(f"#ask-{only}")).to_be_visible()


def test_the_form_beside_a_report(desk: Desk, visitor: Visitor) -> None:
    number = alert_called(desk.store, "尼日尔").id
    page = Watched(visitor().new_page(), desk).open(f"/alerts/{number}")
    link = page.locator("[data-correct]").first
    entry = int((link.get_attribute("data-correct") or "").removeprefix("correct-"))
    link.click()
    form = page.locator(f"#correct-{entry} .correct-form")
    expect(form).to_be_visible()
    expect(form.locator("[data-of=legal]")).to_be_hidden()
    form.get_by_role("checkbox", name="Legal").check()
    form.locator("[value=sanctions]").check()
    form.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("Saved")
    row = held(desk, entry)
    assert row is not None
    assert "legal" in row.after["labels"]
    assert "sanctions" in row.after["subtypes"]
    expect(page.locator(".chip-person").first).to_be_visible()
    expect(form).to_have_count(0)
    assert page.url == f"{desk.url}/alerts/{number}"
    link.click()
    page.get_by_role("button", name="Take the correction back").click()
    expect(page.locator("#toasts")).to_contain_text("Taken back")
    expect(page.locator(".chip-person")).to_have_count(0)
    assert held(desk, entry) is None


@pytest.mark.parametrize("path", ["/learning", "/models", "/entries/1/correct"])
@pytest.mark.long
@pytest.mark.parametrize("width", [1440, 360])
def test_pages_are_sound(desk: Desk, visitor: Visitor, path: str, width: int) -> None:
    make_unsure(desk.store)
    watched = Watched(visitor(viewport={"width": width, "height": 800}).new_page(), desk)
    page = watched.open(path)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert (watched.complaints, watched.elsewhere) == ([], [])


def test_without_scripts_a_form_does_the_same(open_desk: OpenDesk, visitor: Visitor) -> None:
    desk = open_desk()
    (only,) = make_unsure(desk.store, 1)
    page = visitor(java_script_enabled=False).new_page()
    page.goto(f"{desk.url}/learning")
    page.get_by_role("button", name="No risk").click()
    expect(page.get_by_text("Your word holds from now on")).to_be_visible()
    row = held(desk, only)
    assert row is not None
    assert row.after["labels"] == []
