"""The service is stopped and started again under open pages: they say so, come back by themselves, and lose nothing."""

import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from service.store.engine import open_store
from tests.ingest.webserver import WebServer, webserver
from tests.walk.command import start
from tests.walk.scene import COUP, Story
from tests.web.conftest import Visitor
from tests.web.ways.hand import PATIENCE, Hand
from tests.web.ways.world import now, print_paper, settle_in

pytestmark = pytest.mark.browser
QUAKE = Story(
    "quake",
    "Earthquake of magnitude 7.1 strikes near Bengkulu, Indonesia; 40 dead",
    "Rescue teams are on their way to Bengkulu in Indonesia; at least 40 people were killed.",
)
SETTINGS = {"allow_nets": "127.0.0.0/8", "model": "keywords"}


class Machine:
    """The service as a process of its own, that can be stopped and started on the same port."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port, self.url = folder, port, f"http://127.0.0.1:{port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = self.folder / "log"
        self.process = start(self.folder, "serve", "--port", str(self.port), log=log, **SETTINGS)
        while self.process.poll() is None:
            with suppress(httpx.TransportError):
                httpx.get(f"{self.url}/sign-in").raise_for_status()
                return
            time.sleep(0.1)
        raise AssertionError(log.read_text())

    def stop(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


@pytest.fixture
def web() -> Iterator[WebServer]:
    with webserver() as found:
        yield found


@pytest.fixture
def machine(sqlite_template: Path, tmp_path: Path, web: WebServer, free_port: Callable[[], int]) -> Iterator[Machine]:
    path = tmp_path / "watchfire.db"
    shutil.copy(sqlite_template, path)
    store = open_store(f"sqlite:///{path}")
    settle_in(store, print_paper(web, "herald", [COUP], now()), interval=5)
    store.dispose()
    made = Machine(tmp_path, free_port())
    made.start()
    yield made
    if made.process is not None and made.process.poll() is None:
        made.stop()


@pytest.mark.long
def test_pages_outlive_a_restart(machine: Machine, web: WebServer, visitor: Visitor) -> None:
    li, zhao = (
        Hand(visitor(locale=locale).new_page(), machine.url, lang).sign_in(name)
        for name, locale, lang in (("li", "en-GB", "en"), ("zhao", "zh-CN", "zh"))
    )
    for hand in (li, zhao):
        expect(hand.page.locator(".row, .waiting:not([hidden])").first).to_be_visible(timeout=PATIENCE)
        hand.press("n")
        hand.reads(COUP.title)
    why = li.unfold("web.act.dismiss", li.page.locator("#detail"))
    li.field("web.dismiss.note", why).fill("Waiting for the embassy")
    menu = zhao.unfold("triage.hand", zhao.page.locator("#detail"))
    zhao.field("triage.reason", menu).fill("等待使馆答复")

    machine.stop()
    for hand in (li, zhao):
        expect(hand.page.locator("#lost")).to_be_visible(timeout=PATIENCE)
        expect(hand.page.locator("#lost")).to_contain_text(hand.say("web.live.lost").split("{")[0])
    print_paper(web, "herald", [COUP, QUAKE], now())
    machine.start()

    for hand in (li, zhao):
        expect(hand.page.locator("#lost")).to_be_hidden(timeout=PATIENCE)
        expect(hand.page.locator(".waiting")).to_be_visible(timeout=PATIENCE)
    expect(li.field("web.dismiss.note", why)).to_have_value("Waiting for the embassy")
    expect(zhao.field("triage.reason", menu)).to_have_value("等待使馆答复")

    # What one of them does now shows at the other's, and takes nothing out of the other's hands.
    zhao.page.locator(".row-link").first.focus()
    zhao.press("a")
    badge = li.page.locator("#detail .state-badge")
    expect(badge).to_have_text(li.say("web.state.acknowledged"), timeout=PATIENCE)
    expect(li.field("web.dismiss.note", why)).to_have_value("Waiting for the embassy")
    expect(li.field("web.dismiss.note", why)).to_be_visible()
    li.page.locator(".waiting").click()
    expect(li.page.locator(".row", has_text=QUAKE.title)).to_be_visible()
    expect(li.field("web.dismiss.note", why)).to_have_value("Waiting for the embassy")
    assert li.complaints + zhao.complaints == []
