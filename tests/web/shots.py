"""Pictures of every page, to be looked at: `python -m tests.web.shots DIR [WORD]`, WORD limits them by name.

Wide, medium and narrow, in both languages and themes, over the seeded desk.
"""

import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from rules.guideline import default_guideline
from rules.owners import default_owners
from service.auth.invite import first_invitation
from service.locale.catalogue import Catalogue
from service.record.alarm import Bell, ring_alarms
from service.store.engine import Store, open_store
from service.store.migrate import upgrade
from tests.web.browser import CHROMIUM_ARGS, chromium
from tests.web.desk import house_of, serving
from tests.web.holdings import add_holdings
from tests.web.quieting import add_silences
from tests.web.responding import respond_to, work_on
from tests.web.seed import alert_called, seed
from tests.web.staff import staff
from tests.web.waiting import held_alert, hold_some

SIZES = {"wide": (1440, 900), "medium": (1000, 800), "narrow": (390, 844)}


def main() -> None:
    """Take them all."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    with tempfile.TemporaryDirectory() as room, sync_playwright() as player:
        full, empty = _store(Path(room) / "full.db"), _store(Path(room) / "empty.db")
        home = seed(full, datetime.now(UTC))
        coup = alert_called(full, "尼日尔").id or 0
        respond_to(full, coup, datetime.now(UTC) - timedelta(minutes=50))
        work_on(full, coup, datetime.now(UTC))
        with full.write() as session:  # the one that nobody looks at is worth an alarm
            bell = Bell(default_guideline(), default_owners(), home, Catalogue())
            ring_alarms(session, bell, datetime.now(UTC), demo=True)
        staff(house_of(full), datetime.now(UTC))
        digest = hold_some(full, home, datetime.now(UTC))
        add_silences(house_of(full), datetime.now(UTC))
        add_holdings(full, datetime.now(UTC), alert_called(full, "尼日尔").id or 0)
        seed(empty, datetime.now(UTC), stories=(), bare=True)
        browser = player.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGS)
        with (
            serving(house_of(full)) as desk,
            serving(house_of(empty)) as bare,
            serving(house_of(empty, demo=False)) as door,
        ):
            pages = [
                *_pages(desk, full),
                ("held", f"{desk}/deliveries?state=held"),
                ("held-digest", f"{desk}/deliveries?within={digest}"),
                ("held-alert", f"{desk}/alerts/{held_alert(full)}"),
                ("empty", f"{bare}/"),
                ("empty-sources", f"{bare}/sources"),
                ("empty-roster", f"{bare}/roster?example"),
                ("sign-in", f"{door}/sign-in"),
                ("missing", f"{door}/nothing"),
            ]
            pages.append(("welcome", first_invitation(empty, datetime.now(UTC), door) or door))
            for name, context in _contexts(browser.new_context):
                page = context.new_page()
                for title, address in pages:
                    if wanted in f"{title}-{name}":
                        page.goto(address)
                        page.wait_for_function("document.documentElement.classList.contains('js')")
                        whole = not title.startswith(("list", "detail")) or "narrow" in name
                        page.screenshot(path=folder / f"{title}-{name}.png", full_page=whole)
                context.close()
        browser.close()


def _store(path: Path) -> Store:
    store = open_store(f"sqlite:///{path}")
    upgrade(store)
    return store


def _pages(desk: str, store: Store) -> list[tuple[str, str]]:
    coup = alert_called(store, "尼日尔").id
    event = alert_called(store, "尼日尔").event_id
    return [
        ("list", f"{desk}/"),
        ("detail", f"{desk}/alerts/{coup}"),
        ("event", f"{desk}/events/{event}"),
        *(
            (name.replace("/", "-"), f"{desk}/{name}")
            for name in (
                "subscriptions",
                "channels",
                "deliveries",
                "sources",
                "reports",
                "report",
                "sites",
                "plans",
                "plans/coup",
            )
        ),
        ("silences", f"{desk}/silences"),
        ("silence-one", f"{desk}/silences/1"),
        ("silence-new", f"{desk}/silences/new?alert={coup}"),
        ("site-one", f"{desk}/sites/3"),
        ("source-ok", f"{desk}/sources/1"),
        ("roster", f"{desk}/roster"),
        ("escalated", f"{desk}/alerts/{alert_called(store, 'gunmen').id}"),
        ("source-new", f"{desk}/sources/new"),
        ("catalogue", f"{desk}/catalogue"),
        ("balance", f"{desk}/catalogue/balance"),
        ("source-unknown", f"{desk}/sources/6"),
        ("source-quiet", f"{desk}/sources/4"),
        ("source-alarm", f"{desk}/alerts/{alert_called(store, 'Office of Tremors').id}"),
        ("nothing-fits", f"{desk}/?level=1&country=FR"),
    ]


def _contexts(make: object) -> Iterator[tuple[str, BrowserContext]]:
    assert callable(make)
    for size, (width, height) in SIZES.items():
        for language in ("zh", "en"):
            for theme in ("light", "dark"):
                context = make(
                    viewport={"width": width, "height": height},
                    locale="zh-CN" if language == "zh" else "en-GB",
                    color_scheme=theme,
                    reduced_motion="reduce",
                )
                yield f"{size}-{language}-{theme}", context


if __name__ == "__main__":
    main()
