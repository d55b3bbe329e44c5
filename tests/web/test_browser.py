"""The desk in a real browser: keys, live arrival, languages, no scripts, and the policy."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Dialog, Error, Page, Request, Route, expect

from service.desk.alerts import act_on
from service.store.tables import Alert
from tests.web.conftest import Desk, Visitor
from tests.web.desk import operator
from tests.web.seed import add_story
from tests.web.stories import ARRIVAL, HOSTILE

pytestmark = pytest.mark.browser
PAGES = (
    "/",
    "/alerts/8",
    "/subscriptions",
    "/channels",
    "/deliveries",
    "/sources",
    "/sources/6",
    "/?level=1&country=FR",
    "/nothing",
)


class Watched:
    """A page whose complaints and requests are written down."""

    def __init__(self, page: Page, desk: Desk) -> None:
        self.page, self.desk = page, desk
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", self._fail)
        page.on("request", self._ask)

    def _fail(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _ask(self, asked: Request) -> None:
        if not asked.url.startswith(self.desk.url):
            self.elsewhere.append(asked.url)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def open(self, path: str) -> Page:
        """Go there and wait until scripts are at work."""
        self.page.goto(self.desk.url + path)
        expect(self.page.locator("html")).to_have_class(re.compile(r"\bjs\b"))
        return self.page


def state_of(desk: Desk, number: int) -> str:
    with desk.store.read() as session:
        return session.get_one(Alert, number).state


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.closest('.row')?.dataset.id ?? document.activeElement.tagName"))


def test_what_waits_keeps_its_look_when_an_older_answer_comes_late(desk: Desk, visitor: Visitor) -> None:
    watched = Watched(visitor().new_page(), desk)
    page = watched.open("/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    number = focused(page)
    expect(page.locator("#detail .alert")).to_have_attribute("data-id", number)
    late: list[Route] = []
    page.route(f"**/alerts/{number}", lambda route: late.append(route))
    page.keyboard.press("a")
    expect(page.locator(f"#alert-{number}")).to_have_attribute("data-may", "respond resolve dismiss")
    page.keyboard.press("x")
    with page.expect_request(f"**/alerts/{number}"):  # the next deed does what waited, and asks how things are
        page.keyboard.press("2")
    badge = page.locator("#detail .state-badge")
    expect(badge).to_have_text("Dismissed")
    with page.expect_response(f"**/alerts/{number}"):
        for route in late:
            route.continue_()
    page.unroute_all()
    page.wait_for_timeout(500)
    expect(badge).to_have_text("Dismissed")


def test_acknowledge_by_keyboard(desk: Desk, visitor: Visitor) -> None:
    watched = Watched(visitor().new_page(), desk)
    page = watched.open("/")
    ids = page.locator(".row").evaluate_all("rows => rows.map(row => row.dataset.id)")
    page.keyboard.press("j")
    assert focused(page) == ids[0]
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert focused(page) == ids[0]
    page.keyboard.press("a")
    row = page.locator(f"#alert-{ids[0]}")
    expect(row).to_have_attribute("data-state", "acknowledged")
    expect(page.locator("#toasts")).to_contain_text("Acknowledged")
    expect(row).to_have_attribute("data-may", "respond resolve dismiss")  # what may be done next, at once
    assert state_of(desk, int(ids[0])) == "open"  # it waits a moment for a second thought
    assert focused(page) == ids[0]
    page.keyboard.press("Enter")
    expect(page.locator("#detail .alert")).to_have_attribute("data-id", ids[0])
    assert page.url == f"{desk.url}/alerts/{ids[0]}"
    expect(page.locator("#detail .state-badge")).to_have_text("Acknowledged")  # also where it was opened meanwhile
    page.keyboard.press("x")
    expect(page.locator("#dismiss")).to_be_visible()
    with page.expect_response(f"**/alerts/{ids[0]}/acknowledge"):
        page.keyboard.press("2")
    expect(page.locator("#detail .state-badge")).to_have_text("Dismissed")
    assert state_of(desk, int(ids[0])) == "acknowledged"
    expect(row).to_have_class(re.compile("is-done"))
    page.keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text("nobody was told")
    expect(page.locator("#detail .state-badge")).to_have_text("Acknowledged")
    expect(row).to_have_attribute("data-may", "respond resolve dismiss")
    page.keyboard.press("e")
    expect(page.locator("#toasts")).to_contain_text("Undo")
    page.locator(".row-link").nth(1).focus()
    with page.expect_response(f"**/alerts/{ids[0]}/resolve"):
        page.keyboard.press("a")  # the next deed does what still waited
    assert state_of(desk, int(ids[0])) == "resolved"
    expect(page.locator(f"#alert-{ids[1]}")).to_have_attribute("data-may", "respond resolve dismiss")
    with page.expect_response(f"**/alerts/{ids[1]}/acknowledge"):
        page.wait_for_timeout(5200)
    assert state_of(desk, int(ids[1])) == "acknowledged"
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    assert watched.complaints == []


def test_back_works(still: Desk, visitor: Visitor) -> None:
    watched = Watched(visitor().new_page(), still)
    page = watched.open("/?level=2")
    page.locator(".row-link").first.click()
    page.wait_for_url("**/alerts/*?level=2")
    expect(page.locator("#detail .alert")).to_be_visible()
    page.go_back()
    page.wait_for_url("**/?level=2")
    expect(page.locator("#detail .alert")).to_have_count(0)
    expect(page.locator(".row")).to_have_count(2)
    assert watched.complaints == []


def test_what_the_desk_refuses_is_taken_back(desk: Desk, visitor: Visitor) -> None:
    page = Watched(visitor().new_page(), desk).open("/")
    page.evaluate("document.querySelector('#alert-8').dataset.may = 'acknowledge'")
    page.route("**/alerts/8/acknowledge", lambda route: route.abort())
    page.locator("#alert-8 .row-act button").click()
    expect(page.locator("#toasts")).to_contain_text("taken back", timeout=10_000)
    expect(page.locator("#alert-8")).to_have_attribute("data-state", "open")
    expect(page.locator("#alert-8 .row-act button")).to_be_visible()
    page.unroute("**/alerts/8/acknowledge")
    page.locator("#alert-8 .row-act button").click()
    expect(page.locator("#alert-8")).to_have_attribute("data-state", "acknowledged")
    expect(page.locator("#alert-8 .row-act button")).to_have_count(0)


def test_news_waits_and_the_list_does_not_jump(desk: Desk, visitor: Visitor) -> None:
    watched = Watched(visitor().new_page(), desk)
    page = watched.open("/")
    before = page.locator(".row").evaluate_all("rows => rows.map(row => [row.dataset.id, row.offsetTop])")
    page.locator(".row-link").nth(2).focus()
    number = add_story(desk.store, 1, ARRIVAL, desk.house.clock())
    bar = page.locator(".waiting")
    expect(bar).to_have_text("1 new")
    expect(page.locator("#level-2 .level-count")).to_have_text("3")
    moved = bar.evaluate("bar => bar.offsetHeight")
    after = page.locator(".row").evaluate_all("rows => rows.map(row => [row.dataset.id, row.offsetTop])")
    assert [one[0] for one in after] == [one[0] for one in before]
    assert all(one[1] - other[1] in (0, moved) for one, other in zip(after, before, strict=True))
    assert focused(page) == before[2][0]
    # What somebody else does shows where it stands.
    assert page.locator("#overview strong").first.inner_text() == "7"
    act_on(desk.house, operator(desk.store), 8, "acknowledge")
    expect(page.locator("#overview strong").first).to_have_text("6")
    expect(page.locator("#alert-8")).to_have_attribute("data-state", "acknowledged")
    expect(page.locator("#alert-8")).to_have_class(re.compile("is-changed"))
    page.keyboard.press("n")
    expect(page.locator(f"#alert-{number}")).to_have_class(re.compile("is-changed"))
    levels = page.locator(".row").evaluate_all(
        "rows => rows.map(row => [row.dataset.state !== 'open', row.className.slice(0, 9)])"
    )
    assert levels == sorted(levels)
    expect(bar).to_be_hidden()
    assert watched.complaints == []


def test_the_language_changes_and_the_place_stays(still: Desk, visitor: Visitor) -> None:
    page = Watched(visitor().new_page(), still).open("/?level=2")
    page.locator(".row-link").first.click()
    page.wait_for_url("**/alerts/*?level=2")
    page.locator("[data-tongue]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.wait_for_url("**/alerts/*?level=2")
    expect(page.locator("#detail .alert")).to_be_visible()
    expect(page.locator("#level-2")).to_have_attribute("aria-current", "true")


def test_without_scripts(desk: Desk, visitor: Visitor) -> None:
    page = visitor(java_script_enabled=False).new_page()
    page.goto(desk.url)
    page.locator("#alert-8 .row-act button").click()
    assert state_of(desk, 8) == "acknowledged"
    assert page.url.startswith(desk.url + "/")
    page.locator("#alert-5 .row-link").click()
    expect(page.locator("#detail .alert")).to_have_attribute("data-id", "5")
    expect(page.locator("#detail .report").first).to_be_visible()
    page.locator("#detail details.menu summary", has_text="Dismiss").click()
    page.locator("#detail details.menu button", has_text="False alarm").click()
    assert state_of(desk, 5) == "dismissed"
    page.goto(f"{desk.url}/")
    page.locator("select[name=category]").select_option("financial")
    page.locator("#filters button").click()
    expect(page.locator(".row")).to_have_count(1)


@pytest.mark.parametrize(("width", "panes"), [(1440, 3), (1000, 2), (390, 1)])
def test_panes(still: Desk, visitor: Visitor, width: int, panes: int) -> None:
    page = Watched(visitor(viewport={"width": width, "height": 800}).new_page(), still).open("/alerts/8")
    shown = [page.locator(pane).is_visible() for pane in ("#places", "#list", "#detail")]
    assert shown == [panes == 3, panes >= 2, True]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page = Watched(page.context.new_page(), still).open("/")
    assert page.locator("#list").is_visible()
    row = page.locator(".row").first
    assert row.bounding_box()["height"] >= 64  # type: ignore[index]
    button = page.locator(".row-act button").first.bounding_box()
    assert button is not None
    assert button["height"] >= (44 if width == 390 else 32)
    row.locator(".row-link").click()
    page.wait_for_url("**/alerts/*")
    expect(page.locator("#detail .alert")).to_be_visible()


def test_narrow_rows(still: Desk, visitor: Visitor) -> None:
    page = Watched(visitor().new_page(), still).open("/")
    page.locator("[data-density]").click()
    assert page.locator(".row").nth(3).bounding_box()["height"] == 44  # type: ignore[index]
    page.reload()
    expect(page.locator("html")).to_have_class(re.compile("compact"))


@pytest.mark.long
def test_hostile_text_runs_nothing_and_nothing_leaves(desk: Desk, visitor: Visitor) -> None:
    number = add_story(desk.store, 1, HOSTILE, desk.house.clock())
    watched = Watched(visitor().new_page(), desk)
    dialogs: list[str] = []

    def met(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    watched.page.on("dialog", met)
    for path in ("/", f"/alerts/{number}", *PAGES[2:7]):
        page = watched.open(path)
        assert page.title() != "owned"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    watched.open("/").locator(f"#alert-{number} .row-link").click()
    page.wait_for_url(f"**/alerts/{number}")
    assert dialogs == []
    assert watched.complaints == []
    assert watched.elsewhere == []


@pytest.mark.parametrize("width", [390, 1280])
def test_what_a_source_brought_is_seen_by_day(still: Desk, visitor: Visitor, width: int) -> None:
    page = visitor(viewport={"width": width, "height": 800}).new_page()
    page.goto(f"{still.url}/sources/1")
    expect(page.locator(".spark-news").first).to_be_visible()


def faults(page: Page, addresses: list[str], rules: dict[str, object]) -> list[tuple[str, str, str]]:
    """What axe finds serious or worse: where, which rule, and the element."""
    found = []
    for place in addresses:
        page.goto(place)
        page.wait_for_function("document.documentElement.classList.contains('js')")
        for fault in Axe().run(page, options=rules).response["violations"]:
            if fault["impact"] in ("serious", "critical"):
                found += [(place, str(fault["id"]), str(node["html"])[:200]) for node in fault["nodes"][:3]]
    return found
