"""The alert page in a real browser: two people talking, people suggested, marks, paper, and what axe says."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import select

from service.desk.alerts import act_on
from service.desk.comments import comment
from service.store.tables import Comment, EntryRow, EventEntry, Person
from tests.web.conftest import Desk, OpenDesk, Visitor
from tests.web.desk import operator
from tests.web.seed import alert_called
from tests.web.talking import add_people

pytestmark = pytest.mark.browser
SLOW = 15_000


def signed_in(desk: Desk, context: BrowserContext, name: str) -> tuple[Page, list[str]]:
    """A page of somebody who is signed in by this name, with what it complains of."""
    with desk.store.read() as session:
        person = session.exec(select(Person).where(Person.name == name)).one().id or 0
    desk.enter(context, person)
    return watched(context)


def watched(context: BrowserContext) -> tuple[Page, list[str]]:
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def opened(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("html")).to_have_class(re.compile(r"\bjs\b"))


def coup(desk: Desk) -> int:
    return alert_called(desk.store, "尼日尔").id or 0


def test_two_people_see_each_others_comments_live(open_desk: OpenDesk, visitor: Visitor) -> None:
    desk = open_desk(demo=False)
    add_people(desk.house)
    address = f"{desk.url}/alerts/{coup(desk)}"
    one, first = signed_in(desk, visitor(), "fatou")
    other, second = signed_in(desk, visitor(locale="zh-CN", color_scheme="dark"), "wang")
    opened(one, address)
    opened(other, address)
    one.locator("#comment-text").fill("Convoy at nine? @wa")
    expect(one.locator(".call-list [role=option]")).to_have_text(["wang"])
    one.keyboard.press("Enter")
    expect(one.locator("#comment-text")).to_have_value("Convoy at nine? @wang ")
    other.locator("#comment-text").fill("half a sentence")
    one.keyboard.press("Control+Enter")
    expect(one.locator(".comment")).to_have_count(1)
    expect(one.locator("#comment-text")).to_have_value("")
    expect(other.locator(".comment .call-me")).to_have_text("@wang", timeout=SLOW)
    expect(other.locator("#comment-text")).to_have_value("half a sentence")
    expect(other.locator("#mentions .nav-count")).to_have_count(0, timeout=SLOW)  # read as it stood before them
    other.locator("#comment-text").fill("同意。@fatou")
    other.locator(".comment-form [type=submit]").click()
    expect(one.locator(".comment")).to_have_count(2, timeout=SLOW)
    one.locator(".comment.is-mine .comment-edit summary").click()
    one.locator(".comment-edit textarea").fill("Convoy at ten. @wang")
    one.locator(".comment-edit [type=submit]").click()
    expect(other.locator(".comment-text").first).to_contain_text("Convoy at ten.", timeout=SLOW)
    one.locator(".comment.is-mine .comment-acts > form button").click()
    expect(other.locator(".comment.is-removed")).to_have_count(1, timeout=SLOW)
    assert first == second == []


def test_a_mention_is_counted_where_one_is(open_desk: OpenDesk, visitor: Visitor) -> None:
    desk = open_desk(demo=False)
    add_people(desk.house)
    page, complaints = signed_in(desk, visitor(), "fatou")
    opened(page, desk.url + "/plans")
    expect(page.locator("#mentions .nav-count")).to_have_count(0)
    page.wait_for_timeout(800)
    comment(desk.house, replace(operator(desk.store), actor="wang"), coup(desk), "@fatou please look")
    expect(page.locator("#mentions .nav-count")).to_have_text("1", timeout=SLOW)
    page.locator("#mentions").click()
    page.locator(".mention-where a").click()
    expect(page.locator(".comment:target .call-me")).to_be_visible()
    expect(page.locator("#mentions .nav-count")).to_have_count(0)
    assert complaints == []


def test_what_is_typed_stays_while_the_alert_changes(desk: Desk, visitor: Visitor) -> None:
    page, complaints = watched(visitor())
    opened(page, f"{desk.url}/alerts/{coup(desk)}")
    page.locator("#comment-text").fill("not yet sent")
    page.wait_for_timeout(800)
    act_on(desk.house, operator(desk.store), coup(desk), "acknowledge")
    expect(page.locator(".alert")).to_have_attribute("data-state", "acknowledged", timeout=SLOW)
    expect(page.locator("#comment-text")).to_have_value("not yet sent")
    assert complaints == []


def test_what_cannot_be_sent_is_kept(desk: Desk, visitor: Visitor) -> None:
    context = visitor()
    page, _ = watched(context)
    opened(page, f"{desk.url}/alerts/{coup(desk)}")
    page.locator("#comment-text").fill("for later")
    context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Your text is kept")
    expect(page.locator("#comment-text")).to_have_value("for later")
    context.set_offline(False)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".comment-text")).to_have_text("for later")
    with desk.store.read() as session:
        assert [row.text for row in session.exec(select(Comment)).all()] == ["for later"]


def test_marks_can_be_taken_away(still: Desk, visitor: Visitor) -> None:
    page, _ = watched(visitor())
    opened(page, f"{still.url}/alerts/{coup(still)}")
    line: Callable[[], str] = lambda: str(  # noqa: E731
        page.locator(".timeline .carried-severity").first.evaluate("mark => getComputedStyle(mark).textDecorationLine")
    )
    assert line() == "underline"
    page.locator(".carried-on").uncheck()
    assert line() == "none"


def test_a_report_is_corrected_where_it_stands(desk: Desk, visitor: Visitor) -> None:
    """Tags, sub-types, severity and places, without leaving the page; that it waits to be decided on is told."""
    page, complaints = watched(visitor())
    opened(page, f"{desk.url}/alerts/{coup(desk)}")
    page.locator(".report [data-correct]").first.click()
    form = page.locator(".report .correct-form")
    form.locator("[name=labels][value=financial]").check()
    form.locator("[name=severity][value='2']").check(force=True)
    form.locator("[name=subtypes][value=currency]").check()
    form.locator("[name=countries][value=BJ]").check(force=True)
    form.locator("[type=submit]").first.click()
    said = page.locator(".report .said").first
    expect(said).to_contain_text("Financial")
    expect(said).to_contain_text("Severity 2/4")
    expect(said).to_contain_text("Benin")
    expect(page.locator("[data-waits]")).to_be_visible()
    assert page.url.endswith(f"/alerts/{coup(desk)}")
    with desk.store.write() as session:  # as the walk does
        for entry in session.exec(select(EntryRow).where(EntryRow.stage == "assessed")).all():
            entry.stage = "decided"
            session.add(entry)
    expect(page.locator("[data-waits]")).to_have_count(0, timeout=SLOW)
    assert complaints == []


def test_an_event_that_waits_is_looked_at_a_while_and_nothing_typed_is_lost(desk: Desk, visitor: Visitor) -> None:
    page, complaints = watched(visitor())
    with desk.store.write() as session:  # somebody has corrected a report, and nobody decides on it
        number = alert_called(desk.store, "尼日尔").event_id
        placed = session.exec(select(EventEntry).where(EventEntry.event_id == number)).first()
        assert placed is not None
        session.exec(select(EntryRow).where(EntryRow.id == placed.entry_id)).one().stage = "assessed"
    looks: list[str] = []
    page.on("request", lambda asked: looks.append(asked.url) if asked.is_navigation_request() else None)
    page.clock.install()
    opened(page, f"{desk.url}/events/{number}")
    page.locator("#mend-form [name=reason]").fill("Two fires")
    page.locator("#mend-form [name=reason]").blur()
    for _ in range(20):
        page.clock.fast_forward(2_000)
        page.wait_for_load_state()
        expect(page.locator("html")).to_have_class(re.compile(r"\bjs\b"))
    assert 10 < len(looks) <= 16
    expect(page.locator("#mend-form [name=reason]")).to_have_value("Two fires")
    assert complaints == []


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_paper_bears_the_mark_on_every_sheet(desk: Desk, visitor: Visitor, language: str) -> None:
    page, complaints = watched(visitor(locale=language))
    page.goto(f"{desk.url}/alerts/{coup(desk)}/print")
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594.95" in pdf or b"/MediaBox [0 0 595" in pdf  # A4
    assert complaints == []
