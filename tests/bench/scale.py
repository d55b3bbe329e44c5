"""The desk with a million entries, 100,000 events and 20,000 alerts: `python -m tests.bench scale [ENTRIES]`.

The database is built once and kept in the folder that WATCHFIRE_BENCH names, or in the system's temporary one.
"""

import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

from tests.bench.scale_browser import bench_browser
from tests.bench.scale_build import alerts_of, built
from tests.bench.scale_http import BY_KEY, BY_SESSION, HEAD, quietest
from tests.bench.scale_server import Served

ENTRIES = 1_000_000
EACH = 0.1  # seconds between two commits of somebody else
WORDS = ("word1", "word1 word2", "word900", "word3 word7 word40", "政变", "港口罢工", "制裁 word1", "zzz", "wor")


def bench_scale(entries: int = ENTRIES) -> None:
    """Build what is not there, then ask it everything that a shift asks."""
    folder = Path(os.environ.get("WATCHFIRE_BENCH") or Path(tempfile.gettempdir()) / "watchfire-bench")
    folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    path = built(folder, entries)
    took, size = time.perf_counter() - began, path.stat().st_size / 2**20
    print(f"\n### {entries:,} entries, {alerts_of(entries):,} alerts: {size:,.0f} MB, {took:.0f} s to build\n")
    served = Served(f"sqlite:///{path}")
    try:
        ask_pages(served, entries)
        ask_api(served, path)
    finally:
        served.stop()
    bench_browser(path, entries)


def ask_pages(served: Served, entries: int) -> None:
    """What a person waits for, one after the other, signed in by session."""
    print(HEAD)
    for what, (paths, aim) in asked_pages(entries).items():
        print(quietest(served, paths, BY_SESSION).line(what, aim), flush=True)


def asked_pages(entries: int) -> dict[str, tuple[list[str], str]]:
    """What is asked of a desk with so many entries, and the aim in milliseconds."""
    newest = alerts_of(entries)
    events = entries // 10
    large = [max(1, events - events % 2000 - 2000 * step) for step in range(5)]
    return {
        "triage": (["/", "/?level=3", "/?state=open"], "150"),
        "triage, every state, by change": (["/?state=all&sort=changed", "/?state=resolved"], "150"),
        "triage, by country or category": (["/?country=NE", "/?category=political&state=all"], "150"),
        "triage with counts": (["/?facets=1"], "150"),
        "triage, by words": ([f"/?q={one}&state=all" for one in WORDS], "300"),
        "alert page": ([f"/alerts/{newest - number}" for number in range(0, 200, 7)], "150"),
        "event page": ([f"/events/{events - number}" for number in range(1, 200, 7)], "150"),
        "event page, 200 reports": ([f"/events/{one}" for one in large], "150"),
        "search page": ([f"/search?q={one}" for one in WORDS], "300"),
    }


def ask_api(served: Served, path: Path) -> None:
    """What a machine asks for, signed in by key; the list beside bare rows, in turn, on 16 connections.

    A list is read anew when something was committed: it is asked for while nothing is, and while something is.
    """
    facets = ["/api/v1/facets", "/api/v1/facets?q=word1"]
    print(quietest(served, facets, BY_KEY).line("facets", "250"), flush=True)
    search = [f"/api/v1/search?q={one}" for one in WORDS]
    print(quietest(served, search, BY_KEY).line("search", "300"), flush=True)
    pairs = []
    for _ in range(3):
        bare = quietest(served, ["/bare"], {}, connections=16, rounds=1, by=0.99)
        listed = quietest(served, ["/api/v1/alerts"], BY_KEY, connections=16, rounds=1, by=0.99)
        pairs.append((bare, listed))
    with committing(path):
        anew = quietest(served, ["/api/v1/alerts"], BY_KEY, connections=16, rounds=3, by=0.99)
    bare, listed = max(pairs, key=lambda pair: pair[1].rate)
    print(bare.line("bare rows, 16 connections"))
    print(listed.line("API list, 16 connections", "50 (p99)"))
    print(anew.line(f"the same, a commit each {EACH * 1000:.0f} ms"))
    ratios = ", ".join(f"{one.rate / other.rate:.2f}" for other, one in pairs)
    spent = ", ".join(f"{other.cpu / one.cpu:.2f}" for other, one in pairs)
    print(f"\nThe list's rate as a part of that of bare rows: {ratios}; by processor time: {spent} (aim 0.6).")


@contextmanager
def committing(path: Path) -> Iterator[None]:
    """Somebody else commits to the database all the while, something that changes no answer."""
    ended = Event()

    def commit() -> None:
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
            while not ended.wait(EACH):
                connection.execute("UPDATE organisation SET name = name")

    by = Thread(target=commit)
    by.start()
    try:
        yield
    finally:
        ended.set()
        by.join()
