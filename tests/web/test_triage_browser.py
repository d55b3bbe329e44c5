"""The list at work in a real browser: by keys alone, many at once, two people, views, search."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlmodel import select

from ingest.entry import Sharing
from service.desk.aside import wake_snoozed
from service.desk.search import reindex
from service.store.personal import note_presence
from service.store.scope import Role, Scope
from service.store.tables import Alert, Snooze
from tests.web.conftest import Desk, Visitor
from tests.web.seed import add_story
from tests.web.stories import ARRIVAL

pytestmark = pytest.mark.browser
ROWS = ".row:not([hidden])"
SLOW = 15_000


def opened(desk: Desk, visitor: Visitor, path: str = "/", **wishes: object) -> tuple[Page, list[str]]:
    page = visitor(**wishes).new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(desk.url + path)
    expect(page.locator("html")).to_have_class(re.compile(r"\bjs\b"))
    return page, complaints


def states(desk: Desk) -> dict[int, str]:
    with desk.store.read() as session:
        return {alert.id or 0: alert.state for alert in session.exec(select(Alert)).all()}


def grown(desk: Desk, most: int = 30) -> None:
    number = 0
    while sum(state == "open" for state in states(desk).values()) < most:
        number += 1
        told = tuple(replace(one, title=f"({number}) {one.title}") for one in ARRIVAL.told)
        add_story(desk.store, 1, replace(ARRIVAL, told=told), desk.house.clock())


@pytest.mark.parametrize("locale", ["en-GB", pytest.param("zh-CN", marks=pytest.mark.long)])
def test_thirty_alerts_by_keyboard_alone(desk: Desk, visitor: Visitor, locale: str) -> None:
    grown(desk)
    page, complaints = opened(desk, visitor, locale=locale)
    waiting = [number for number, state in states(desk).items() if state == "open"]
    assert len(waiting) >= 30
    for place in range(len(waiting) + 10):
        page.keyboard.press("j")
        number = page.evaluate("document.activeElement.closest('.row').dataset.id")
        row = page.locator(f"#alert-{number}")
        if row.get_attribute("data-state") != "open":
            continue
        if place % 10 == 9:
            page.keyboard.press("s")
            expect(page.locator("#snooze")).to_be_visible()
            page.keyboard.press("3")
            expect(row).to_be_hidden()
            page.keyboard.press("k")
        elif place % 10 == 5:
            page.keyboard.press("x")
            expect(page.locator("#dismiss")).to_be_visible()
            page.keyboard.press("1")
            expect(row).to_have_attribute("data-state", "dismissed")
        else:
            page.keyboard.press("a")
            expect(row).to_have_attribute("data-state", "acknowledged", timeout=SLOW)
    page.wait_for_timeout(6000)  # the last one waits for a second thought
    page.goto(desk.url + "/?state=open")
    assert complaints == []
    with desk.store.read() as session:
        asleep = {row.alert_id for row in session.exec(select(Snooze)).all()}
    assert {number for number, state in states(desk).items() if state == "open"} <= asleep
    assert 1 <= len(asleep) <= 4


def test_many_at_once_and_one_undo(desk: Desk, visitor: Visitor) -> None:
    page, complaints = opened(desk, visitor)
    before = states(desk)
    page.keyboard.press("j")
    page.keyboard.press("Shift+J")
    page.keyboard.press("Shift+J")
    expect(page.locator("#bulk-count")).to_have_text("3 chosen")
    expect(page.locator("#bulk")).to_be_visible()
    page.keyboard.press("x")
    expect(page.locator("#dismiss")).to_be_visible()
    page.keyboard.press("3")
    expect(page.locator("#toasts")).to_contain_text("Done: 3")
    page.keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text("nobody was told")
    assert states(desk) == before
    page.keyboard.press("Escape")
    page.locator(".row-link").first.focus()
    page.keyboard.press(" ")
    page.keyboard.press("j")
    page.keyboard.press(" ")
    ids = page.locator(".row-tick:checked").evaluate_all("boxes => boxes.map(box => box.value)")
    page.keyboard.press("a")
    with page.expect_response("**/alerts/bulk"):
        page.keyboard.press("j")
        page.wait_for_timeout(5200)
    assert {states(desk)[int(number)] for number in ids} == {"acknowledged"}
    page.keyboard.press("*")
    shown = page.locator(ROWS).count()
    assert page.locator(".row-tick:checked").count() >= shown - 2
    page.keyboard.press("Escape")
    expect(page.locator("#bulk")).to_be_hidden()
    assert complaints == []


def test_one_deed_is_taken_back_like_many(desk: Desk, visitor: Visitor) -> None:
    page, complaints = opened(desk, visitor)
    before = states(desk)
    page.keyboard.press("u")
    expect(page.locator("#toasts")).to_have_text("Nothing to undo")
    page.keyboard.press("j")
    number = page.evaluate("document.activeElement.closest('.row').dataset.id")
    row = page.locator(f"#alert-{number}")
    page.keyboard.press("a")
    expect(row).to_have_attribute("data-state", "acknowledged")
    expect(page.locator("#toasts")).to_contain_text("Undo")
    page.keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text("nobody was told")
    expect(row).to_have_attribute("data-state", "open")
    page.keyboard.press("Enter")
    page.locator("#detail [data-step=respond] button").click()
    expect(page.locator("#detail .state-badge")).to_have_text("Responding")
    expect(page.locator("#detail [data-step=acknowledge] button")).to_be_disabled()
    expect(page.locator("#detail [data-step=resolve] button, #menu-resolve summary").first).to_be_enabled()
    page.locator("#toasts .toast-button").click()
    expect(page.locator("#detail .state-badge")).to_have_text("Open")
    page.wait_for_timeout(5500)
    assert states(desk) == before
    assert complaints == []


def test_the_search_key_works_everywhere(desk: Desk, visitor: Visitor) -> None:
    page, complaints = opened(desk, visitor, "/sources")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.matches('.finder-words input')")
    page.goto(desk.url + "/plans")
    expect(page.locator("html")).to_have_class(re.compile(r"\bjs\b"))
    page.keyboard.press("/")
    page.wait_for_url("**/search")
    expect(page.locator("#q")).to_be_focused()
    page.goto(desk.url + "/plans")
    expect(page.locator("html")).to_have_class(re.compile(r"\bjs\b"))
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/guideline")
    assert complaints == []


def test_an_event_is_put_aside_by_its_alert(desk: Desk, visitor: Visitor) -> None:
    alert = next(one for one in states(desk) if states(desk)[one] in ("acknowledged", "responding"))
    with desk.store.read() as session:
        event = session.get_one(Alert, alert).event_id
    page, complaints = opened(desk, visitor, f"/events/{event}")
    page.keyboard.press("s")
    expect(page.locator("#snooze")).to_be_visible()
    page.keyboard.press("2")
    expect(page.locator("[data-snoozed]")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator("[data-snoozed]")).to_be_hidden()
    page.locator("[data-ask=snooze]").click()
    with page.expect_response(f"**/alerts/{alert}/snooze"):
        page.keyboard.press("2")
        page.wait_for_timeout(5200)
    page.reload()
    expect(page.locator("[data-snoozed]")).to_contain_text("until")
    page.evaluate("document.querySelector('.event-alert').removeAttribute('data-id')")
    page.keyboard.press("s")
    expect(page.locator("#toasts")).to_contain_text("no alert of yours")
    assert complaints == []


def test_two_people_see_each_other(desk: Desk, visitor: Visitor) -> None:
    page, complaints = opened(desk, visitor, "/alerts/8")
    with desk.store.write() as session:
        li = Scope(1, Role.ANALYST, True, Sharing.AMBER, "Li Na")
        note_presence(session, li, 8, datetime.now(UTC))
    expect(page.locator("#present")).to_contain_text("Li Na is looking at this")
    expect(page.locator("#alert-8 .bubble")).to_have_text("Li")
    with desk.store.write() as session:
        note_presence(session, li, None, datetime.now(UTC))
    expect(page.locator("#present")).to_be_hidden()
    # What one does shows at the other's, where it stands.
    other, _ = opened(desk, visitor)
    other.locator("#alert-8 .row-link").focus()
    other.keyboard.press("a")
    expect(page.locator("#alert-8")).to_have_attribute("data-state", "acknowledged", timeout=SLOW)
    expect(page.locator("#detail .state-badge")).to_have_text("Acknowledged")
    assert complaints == []


def test_what_is_snoozed_comes_back(desk: Desk, visitor: Visitor) -> None:
    page, complaints = opened(desk, visitor)
    number = page.locator(".row-4[data-aside]").first.get_attribute("data-id")
    page.locator(f"#alert-{number} .row-link").focus()
    page.keyboard.press("s")
    page.locator("#snooze [name=note]").fill("until the embassy answers")
    page.locator("#snooze [value='30']").click()
    expect(page.locator(f"#alert-{number}")).to_be_hidden()
    with page.expect_response(f"**/alerts/{number}/snooze"):
        page.wait_for_timeout(5200)
    expect(page.locator(f"#alert-{number}")).to_have_count(0)
    page.goto(desk.url + "/?state=snoozed")
    expect(page.locator(f"#alert-{number}")).to_contain_text("until")
    page.goto(desk.url + "/")
    expect(page.locator(f"#alert-{number}")).to_have_count(0)
    later = datetime.now(UTC) + timedelta(minutes=31)
    with desk.store.write() as session:
        session.get_one(Snooze, int(number or 0)).until = datetime.now(UTC)
    assert wake_snoozed(desk.store, 1, later) == 1
    expect(page.locator(".waiting")).to_have_text("1 new")
    page.keyboard.press("n")
    expect(page.locator(f"#alert-{number}")).to_be_visible()
    assert complaints == []


def test_search_counts_and_a_view(desk: Desk, visitor: Visitor) -> None:
    reindex(desk.store)
    page, complaints = opened(desk, visitor)
    page.keyboard.press("/")
    page.keyboard.type("尼日尔")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?*q=*")
    expect(page.locator(ROWS)).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    expect(page.locator("#facets")).to_contain_text("Niger")
    page.locator("[data-save-view]").click()
    page.locator("#view [name=name]").fill("Niger watch")
    page.locator("#view [name=shared]").check()
    page.locator("#view button[type=submit].button-first").click()
    link = page.locator(".views .place", has_text="Niger watch")
    expect(link).to_be_visible()
    page.goto(desk.url + "/")
    link.click()
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page.locator("#q")).to_have_value("尼日尔")
    page.goto(desk.url + "/search?q=niger")
    expect(page.locator(".search-page .row")).not_to_have_count(0)
    assert complaints == []


def test_without_scripts(desk: Desk, visitor: Visitor) -> None:
    reindex(desk.store)
    page = visitor(java_script_enabled=False).new_page()
    page.goto(desk.url + "/?facets=1")
    page.locator(".facet a", has_text="Niger").first.click()
    expect(page.locator(".row")).to_have_count(1)
    page.goto(desk.url + "/?q=nothinglikeit")
    expect(page.locator(".empty")).to_contain_text("closed ones")
    page.goto(desk.url + "/")
    ticks = page.locator(".row[data-state=open] .row-tick")
    ids = [ticks.nth(place).get_attribute("value") for place in (0, 1)]
    for place in (0, 1):
        ticks.nth(place).check(force=True)
    page.locator("#bulk [value=acknowledge]").click()
    assert {states(desk)[int(number or 0)] for number in ids} == {"acknowledged"}
    page.goto(f"{desk.url}/alerts/{ids[0]}")
    page.locator(".acts-more summary", has_text="Snooze").click()
    page.locator(".acts-more button[value='60']").click()
    expect(page.locator("#detail")).to_contain_text("Snoozed until")
    page.locator("#detail button", has_text="Bring back now").click()
    expect(page.locator("#detail .fact", has_text="Snoozed until")).to_have_count(0)


@pytest.mark.parametrize(("theme", "language"), [("light", "zh-CN")])
def test_axe_finds_nothing(still: Desk, visitor: Visitor, language: str, theme: str) -> None:
    page = visitor(locale=language, color_scheme=theme).new_page()
    found = []
    for path in ("/?facets=1", "/alerts/8", "/search?q=niger", "/?state=snoozed", "/?q=zebra"):
        page.goto(still.url + path)
        page.wait_for_function("document.documentElement.classList.contains('js')")
        if path == "/?facets=1":
            page.locator(".row-tick").first.check(force=True)
        for fault in Axe().run(page).response["violations"]:
            if fault["impact"] in ("serious", "critical"):
                found += [(path, str(fault["id"]), str(node["html"])[:200]) for node in fault["nodes"][:3]]
    assert found == []
