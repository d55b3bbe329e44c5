"""The triage list in Chromium at full size: bytes of the first load, interaction to paint, memory over two hours."""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

from playwright.sync_api import BrowserContext, CDPSession, Page, sync_playwright
from sqlalchemy import text

from service.store.engine import Store, open_store
from service.store.log import write_log
from tests.bench.scale_build import SESSION, alerts_of
from tests.bench.scale_rows import NOW
from tests.bench.scale_server import Served
from tests.web.browser import CHROMIUM_ARGS, chromium

CHANGES, SAMPLES = 7_200, 12  # two hours with a change a second; a look every ten minutes of them
QUICKENED = 12.0  # changes a second
FURTHER = 9  # pages of fifty rows that are asked for behind the first
OBSERVE = """
window.took = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (one.interactionId) window.took.push([one.name, one.duration]);
}).observe({ type: "event", durationThreshold: 16, buffered: true });
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """What the page and the server hold at a moment, after the rubbish was collected: MB, nodes of the document."""

    heap: float
    nodes: int
    server: float


def bench_browser(path: Path, entries: int, *, changes: int = CHANGES) -> None:
    """On a copy of the database, since the page acts on it."""
    where = chromium()
    if where is None:
        print("No Chromium: what the page takes is not measured.")
        return
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        copy = shutil.copy(path, Path(folder) / "copy.db")
        served = Served(f"sqlite:///{copy}")
        with sync_playwright() as player:
            browser = player.chromium.launch(executable_path=where, args=CHROMIUM_ARGS)
            try:
                with visiting(browser.new_context, served) as (page, cdp):
                    first_load(page, cdp, served)
                    for rows in (1, FURTHER):
                        interactions(page, rows)
                    store = open_store(f"sqlite:///{copy}")
                    memory(page, cdp, served, store, alerts_of(entries), changes)
                    store.dispose()
            finally:
                browser.close()
                served.stop()


@contextmanager
def visiting(profile: Callable[..., BrowserContext], served: Served) -> Iterator[tuple[Page, CDPSession]]:
    """A page of somebody who is signed in."""
    context = profile(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.add_cookies([{"name": "watchfire", "value": SESSION, "url": served.address}])
    context.set_default_timeout(60_000)
    context.add_init_script(OBSERVE)
    page = context.new_page()
    yield page, context.new_cdp_session(page)
    context.close()


def first_load(page: Page, cdp: CDPSession, served: Served) -> None:
    """Bytes over the wire until the list stands, with nothing in the browser's cache."""
    sizes: list[float] = []
    cdp.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    cdp.send("Network.enable")
    began = time.perf_counter()
    page.goto(f"{served.address}/", wait_until="load")
    took = time.perf_counter() - began
    page.wait_for_timeout(500)
    cdp.send("Network.disable")
    print(f"\nFirst load: {sum(sizes) / 1000:.0f} kB compressed in {len(sizes)} answers (aim 150), {took:.1f} s.")


def interactions(page: Page, further: int) -> None:
    """Keys and filters, each many times: from the hand to the next paint, as the browser itself measures it."""
    for place in range(1, further if further > 1 else 1):
        page.locator("#older a").click()
        page.locator(".row").nth(50 * place).wait_for()
    rows = page.locator(".row").count()
    print(f"\n| with {rows} rows | times | median ms | worst ms | answer there, median ms |\n|---|---|---|---|---|")
    page.evaluate("window.scrollTo(0, 0); window.took.length = 0; document.querySelector('.row-link').focus()")
    told(page, "j, to the next alert", [key(page, "j") for _ in range(20)])
    told(page, "Enter, open it", [opened(page) for _ in range(8)])
    told(page, "a, acknowledge", [acknowledged(page) for _ in range(8)])
    told(page, "a level in the filter", [filtered(page, level) for level in (3, 3, 4, 4)])


def key(page: Page, name: str) -> float:
    """Press a key; there is nothing to wait for."""
    page.keyboard.press(name)
    page.wait_for_timeout(60)
    return 0.0


def opened(page: Page) -> float:
    """The next alert beside the list; milliseconds until it stands there."""
    key(page, "j")
    number = page.evaluate("document.activeElement.closest('.row').dataset.id")
    began = time.perf_counter()
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#detail .alert[data-id='{number}']")
    return 1000 * (time.perf_counter() - began)


def acknowledged(page: Page) -> float:
    """The next open alert acknowledged; milliseconds until the desk has said so."""
    row = page.locator(".row[data-may*=acknowledge] .row-link").first
    row.focus()
    number = page.evaluate("document.activeElement.closest('.row').dataset.id")
    began = time.perf_counter()
    with page.expect_response(f"**/alerts/{number}/row*"):
        page.keyboard.press("a")
    return 1000 * (time.perf_counter() - began)


def filtered(page: Page, level: int) -> float:
    """The list with or without a level; milliseconds until it stands there."""
    asked = page.locator("#list").get_attribute("data-query") == f"/?level={level}"
    began = time.perf_counter()
    page.locator(f"#level-{level}").click()
    page.wait_for_selector(f"#list[data-query='/{'' if asked else f'?level={level}'}']")
    return 1000 * (time.perf_counter() - began)


def told(page: Page, what: str, answers: list[float]) -> None:
    """A row of the table; what took less than 16 ms is no event for the browser."""
    page.wait_for_timeout(300)
    took = [found[1] for found in page.evaluate("window.took.splice(0)")]
    took += [16.0] * max(0, len(answers) - len(took))
    answered = f"{statistics.median(answers):.0f}" if max(answers) > 0 else ""
    print(f"| {what} | {len(answers)} | {statistics.median(took):.0f} | {max(took):.0f} | {answered} |", flush=True)


def memory(page: Page, cdp: CDPSession, served: Served, store: Store, alerts: int, changes: int) -> None:
    """Two hours of changes, quickened: what page and server hold every ten minutes of them."""
    page.goto(f"{served.address}/", wait_until="load")
    page.wait_for_timeout(2000)
    samples = [sample(page, cdp, served)]
    began = time.perf_counter()
    for number in range(changes):
        change(store, number, alerts)
        page.wait_for_timeout(max(0, 1000 * (began + number / QUICKENED - time.perf_counter())))
        if (number + 1) % (changes // SAMPLES) == 0:
            samples.append(sample(page, cdp, served))
    print("\n| simulated minutes | heap of the page MB | nodes | server MB |\n|---|---|---|---|")
    for place, one in enumerate(samples):
        print(f"| {120 * place // SAMPLES} | {one.heap:.2f} | {one.nodes} | {one.server:.0f} |")
    print(
        f"\nFrom the first half hour on, a line through it: page {slope([one.heap for one in samples[3:]]):+.3f} MB "
        f"an hour, server {slope([one.server for one in samples[3:]]):+.2f} MB an hour."
    )


def change(store: Store, number: int, alerts: int) -> None:
    """A live alert is told anew: of four changes one is of an alert high up in the list, where it is shown."""
    newest = number % 40 if number % 4 == 0 else number * 7919 % (alerts // 4)
    with store.write() as session:
        at = datetime.now(UTC)
        values = {"id": alerts - newest, "at": NOW.strftime("%Y-%m-%d %H:%M:%S.%f")}
        changing = text("UPDATE alert SET version = version + 1, changed_at = :at WHERE id = :id")
        session.connection().execute(changing, values)
        write_log(
            session, at=at, actor="rules", action="alert.update", subject="alert", subject_id=alerts - newest,
            organisation_id=1, detail={"level": 3},
        )  # fmt: skip


def sample(page: Page, cdp: CDPSession, served: Served) -> Sample:
    """Now, after the collection of rubbish."""
    page.wait_for_timeout(1500)
    for _ in range(2):
        cdp.send("HeapProfiler.collectGarbage")
    used = cdp.send("Runtime.getHeapUsage")["usedSize"]
    nodes = cdp.send("Memory.getDOMCounters")["nodes"]
    return Sample(used / 2**20, nodes, served.memory)


def slope(values: list[float]) -> float:
    """MB an hour: the median of the slopes between any two of some values that are ten minutes apart."""
    pairs = combinations(enumerate(values), 2)
    return statistics.median((after - before) / (later - at) * SAMPLES / 2 for (at, before), (later, after) in pairs)
