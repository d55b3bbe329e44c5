"""First use in a real browser: from the link that makes the first account to the first alert, or all of it skipped."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from service.app import build_house, build_ticks, build_walk
from service.auth.invite import first_invitation
from service.desk.house import House
from service.locale.catalogue import Catalogue
from service.settings import load
from service.store.engine import Store
from service.store.people import found_home, home_organisation
from service.store.tables import Alert, Channel, LogLine, SiteRow, SourceRow, Subscription
from tests.ingest.webserver import Answer, WebServer, webserver
from tests.walk.scene import COUP, model, rss
from tests.web.conftest import Visitor
from tests.web.desk import real_clock, serving

pytestmark = pytest.mark.browser
WORDS = Catalogue()
TONGUES = {"en-GB": "en", "zh-CN": "zh"}
PATIENCE = 60_000  # the walk takes its time where others work, too


@dataclass
class Empty:
    """A desk on its very first day, working, with the world that it listens and speaks to."""

    url: str
    house: House
    web: WebServer
    door: str

    @property
    def store(self) -> Store:
        return self.house.store


@pytest.fixture
def empty(sqlite_store: Store, tmp_path: Path) -> Iterator[Empty]:
    """Nobody can sign in yet; a feed tells of a coup, and a webhook takes what it is sent."""
    with ExitStack() as stack:
        web = stack.enter_context(webserver())
        web.answers["/feed"] = Answer(body=rss([COUP], real_clock()), headers={"Content-Type": "application/rss+xml"})
        web.answers["/hook"] = Answer(body=b"{}")
        web.answers["/gone"] = Answer(status=410)
        with sqlite_store.write() as session:
            found_home(session, real_clock())
        settings = load(data=tmp_path, allow_nets="127.0.0.0/8", demo_speed=20)
        house = build_house(settings, sqlite_store, port=8000)
        ticks = build_ticks(house, build_walk(house, lambda: model()))
        url = stack.enter_context(serving(house, ticks=ticks))
        door = first_invitation(sqlite_store, real_clock(), url)
        assert door is not None
        yield Empty(url, replace(house), web, door)


@dataclass
class Newcomer:
    """Somebody who reads what stands on the buttons."""

    page: Page
    lang: str

    def word(self, key: str, **values: object) -> str:
        return WORDS.say(key, self.lang, **values)

    def press(self, key: str) -> None:
        self.page.get_by_role("button", name=self.word(key), exact=True).click()

    def at(self, step: str) -> None:
        self.page.wait_for_url(re.compile(f"/start/{step}"))
        expect(self.page.locator("html")).to_have_class(re.compile(r"\bjs\b"))


def come_in(empty: Empty, page: Page, locale: str) -> Newcomer:
    """Make the first account."""
    someone = Newcomer(page, TONGUES[locale])
    page.goto(empty.door)
    page.get_by_label(someone.word("web.sign_in.name")).fill("lin")
    page.locator("[name=password]").fill("a long pass phrase")
    page.locator("[name=again]").fill("a long pass phrase")
    someone.press("web.welcome.go")
    someone.at("language")
    return someone


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_from_the_first_sign_in_to_the_first_alert(empty: Empty, visitor: Visitor, locale: str) -> None:
    page = visitor(locale=locale).new_page()
    someone = come_in(empty, page, locale)
    page.locator("select[name=zone]").select_option("Africa/Niamey")
    someone.press("start.go")
    _names_the_house(someone, page)
    someone.at("countries")
    assert page.locator("[name=countries]:checked").evaluate_all("all => all.map(one => one.value)") == ["NE"]
    page.locator("[name=regions][value=maghreb]").check()
    someone.press("start.go")
    _chooses_sources(someone, page, empty)
    _is_told_of_a_wrong_address(someone, page, empty)
    _adds_a_channel(someone, page, empty)
    expect(page.locator(".start-alerts")).to_contain_text("Niamey", timeout=PATIENCE)
    someone.press("start.end")
    page.wait_for_url(empty.url + "/")
    expect(page.locator(".row")).to_have_count(1)
    _is_all_there(empty)
    page.goto(empty.url + "/start")
    someone.at("first")  # what was gone through is not asked again
    page.goto(empty.url + "/me/desk")
    someone.press("start.again")
    someone.at("language")


def _names_the_house(someone: Newcomer, page: Page) -> None:
    someone.at("organisation")
    page.locator("[name=name]").fill("Lanhai Engineering")
    page.locator("[name=town]").first.fill("尼亚美" if someone.lang == "zh" else "Niamey")
    someone.press("start.go")  # a town needs its country: what was typed is kept
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("Lanhai Engineering")
    page.locator("select[name=country]").first.select_option("NE")
    someone.press("start.go")


def _chooses_sources(someone: Newcomer, page: Page, empty: Empty) -> None:
    someone.at("sources")
    assert page.locator("[name=keys]:checked").count() > 9  # of the world, and of the countries
    page.locator("[name=keys]:checked").evaluate_all("all => all.forEach(one => one.click())")
    page.locator("[name=address]").fill(empty.web.url("/feed"))
    someone.press("start.sources.go")
    expect(page.locator(".start-watched li")).to_have_count(1)
    expect(page.locator(".start-watched li")).to_have_class(re.compile("health-ok"), timeout=PATIENCE)
    page.locator("#start-live").get_by_role("link", name=someone.word("start.go")).click()


def _is_told_of_a_wrong_address(someone: Newcomer, page: Page, empty: Empty) -> None:
    someone.at("channel")
    page.locator("[name=kind][value=webhook]").check()
    page.locator("[name=address]").fill(empty.web.url("/gone"))
    someone.press("start.channel.go")
    expect(page.get_by_role("alert")).to_contain_text(someone.word("start.channel.failed"))
    expect(page.locator("[name=address]")).to_have_value(empty.web.url("/gone"))
    with empty.store.read() as session:
        assert session.exec(select(Channel)).all() == []


def _adds_a_channel(someone: Newcomer, page: Page, empty: Empty) -> None:
    page.locator("[name=address]").fill(empty.web.url("/hook"))
    page.locator("[name=least_level][value='3']").check()
    someone.press("start.channel.go")
    expect(page.locator(".notice-secret code")).to_contain_text("whsec_")
    sent = [json.loads(asked.body) for asked in empty.web.asked if asked.path == "/hook"]
    assert sent[0]["type"] == "channel.test"
    page.get_by_role("link", name=someone.word("start.go")).click()
    someone.at("first")


def _is_all_there(empty: Empty) -> None:
    with empty.store.read() as session:
        assert home_organisation(session).name == "Lanhai Engineering"
        site = session.exec(select(SiteRow)).one()
        assert (site.country, len(site.points)) == ("NE", 1)
        assert [row.address for row in session.exec(select(SourceRow)).all()] == [empty.web.url("/feed")]
        follows = session.exec(select(Subscription)).one()
        assert {"NE", "MA", "DZ", "TN", "LY"} <= set(follows.countries)
        assert follows.least_level == 3
        deeds = {line.action for line in session.exec(select(LogLine).where(LogLine.actor == "lin")).all()}
    assert {"organisation.change", "site.add", "source.add", "channel.add", "subscription.add"} <= deeds


@pytest.mark.parametrize("scripts", [pytest.param(True, marks=pytest.mark.long), False], ids=["scripts", "plain"])
def test_everything_can_be_skipped_and_come_back_to(empty: Empty, visitor: Visitor, scripts: bool) -> None:
    page = visitor(java_script_enabled=scripts).new_page()
    page.goto(empty.door)
    for name, text in (("name", "lin"), ("password", "a long pass phrase"), ("again", "a long pass phrase")):
        page.locator(f"[name={name}]").fill(text)
    page.get_by_role("button", name=WORDS.say("web.welcome.go", "en")).click()
    skip = page.get_by_role("button", name="Skip this step")
    for step in ("language", "organisation"):
        page.wait_for_url(f"**/start/{step}")
        skip.click()
    page.wait_for_url("**/start/countries")
    page.get_by_role("link", name="Back", exact=True).click()
    page.wait_for_url("**/start/organisation")
    page.goto(empty.url + "/")
    page.get_by_role("link", name="Go on with the guided start: step 3 of 5").click()
    for step in ("countries", "sources", "channel"):
        page.wait_for_url(f"**/start/{step}")
        skip.click()
    expect(page.get_by_role("heading", name="Nothing is watched yet")).to_be_visible()
    expect(page.get_by_role("button", name="Watch the basic set (9 sources)")).to_be_visible()
    page.get_by_role("button", name="Open the desk").click()
    page.wait_for_url(empty.url + "/")
    expect(page.get_by_role("link", name=re.compile("guided start"))).to_have_count(0)  # over is over
    with empty.store.read() as session:
        assert session.exec(select(SourceRow)).all() == []


def test_the_demonstration_comes_and_goes(empty: Empty, visitor: Visitor) -> None:
    page = visitor().new_page()
    come_in(empty, page, "en-GB")
    page.goto(empty.url + "/start/first")
    page.get_by_role("button", name="Show the demonstration here").click()
    expect(page.locator(".start-alerts .chip").first).to_contain_text("demo", timeout=PATIENCE)
    page.get_by_role("button", name="Open the desk").click()
    expect(page.locator(".band")).to_contain_text("Demonstration data on this desk")
    row = page.locator(".row").first
    expect(row.locator(".chip-demo")).to_be_visible()
    page.goto(empty.url + "/demo/story/coup-rumour")  # where the links of its reports lead
    expect(page.locator("main")).to_contain_text("Nothing of it happened")
    page.get_by_role("button", name="Remove them").click()
    expect(page.get_by_text("No live alerts")).to_be_visible()
    expect(page.locator(".band")).to_have_count(0)
    with empty.store.read() as session:
        assert session.exec(select(Alert)).all() == []
        assert session.exec(select(SourceRow)).all() == []
