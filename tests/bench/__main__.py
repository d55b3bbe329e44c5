"""`make bench`: speed and memory by stage, with a database on disk. Prints tables; asserts nothing.

`python -m tests.bench PART…` runs the named parts only: walk, understand, collect,
archive, crowd, decide, backtest, plans, holding, exposure, joining, joined, quiet, scale. A number behind scale is how
many entries it has.
"""

import os
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeVar

from sqlmodel import SQLModel, func, select

from ingest.entry import Entry, Sharing
from ingest.feed import Collected, Feed, FeedState, Outcome
from ingest.parse import parse_document
from service.app import build_house, build_walk, open_database
from service.pipeline import Walk, assess_due, decide_due
from service.settings import Settings
from service.store.collected import store_looks
from service.store.sources import add_sources, claim_sources
from service.store.tables import Alert, EntryRow, Event
from tests.bench.backtest import bench_backtest
from tests.bench.collect import bench_archive, bench_collect
from tests.bench.crowd import bench_crowd
from tests.bench.decide import bench_decide
from tests.bench.documents import documents
from tests.bench.exposure import bench_exposure
from tests.bench.holding import bench_holding
from tests.bench.joining import bench_joining
from tests.bench.joining_service import bench_joined
from tests.bench.plans import bench_plans
from tests.bench.quiet import bench_quiet
from tests.bench.scale import bench_scale

ENTRIES, A_FEED = 2_000, 50
NOW = datetime.now(UTC).replace(microsecond=0)
Answer = TypeVar("Answer")


class Stopwatch:
    """Wall and processor seconds by stage."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, float, float]] = []

    def time(self, stage: str, step: Callable[[], Answer]) -> Answer:
        """Run a step and remember what it took."""
        wall, cpu = perf_counter(), process_time()
        answer = step()
        self.rows.append((stage, perf_counter() - wall, process_time() - cpu))
        return answer

    def report(self, entries: int) -> None:
        """The table in Markdown."""
        rows = [*self.rows, ("all", sum(row[1] for row in self.rows), sum(row[2] for row in self.rows))]
        print("| stage | wall s | cpu s | entries/s | µs an entry |\n|---|---|---|---|---|")
        for stage, wall, cpu in rows:
            print(f"| {stage} | {wall:.2f} | {cpu:.2f} | {entries / wall:,.0f} | {wall / entries * 1e6:,.0f} |")


def walk_in(folder: Path) -> Walk:
    """A walk on a fresh SQLite database, its model loaded."""
    settings = Settings(data=folder)
    house = build_house(settings, open_database(settings, migrate=True))
    walk = build_walk(house)
    walk.model()
    return walk


def bench_walk(folder: Path) -> None:
    """Parse, store, assess and decide on invented documents, half English and half Chinese, as far as possible."""
    watch, walk = Stopwatch(), walk_in(folder)
    bodies = documents(ENTRIES, A_FEED, NOW)
    parsed = watch.time("parse", lambda: [parse_document(body, now=NOW) for body in bodies])
    feeds = [
        Feed(key=f"bench-{n}", name=f"Bench {n}", address=f"https://bench.example/{n}") for n in range(len(bodies))
    ]

    def store() -> int:
        with walk.store.write() as session:
            add_sources(session, feeds, NOW)
            due = claim_sources(session, NOW, walk.by, len(feeds))
        stored = 0
        for one, document in zip(due, parsed, strict=True):
            entries = tuple(Entry(one.feed.key, "B", Sharing.CLEAR, NOW, item) for item in document.items)
            look = Collected(Outcome.NEW, entries, FeedState(next_check=NOW + timedelta(days=1)))
            with walk.store.write() as session:
                stored += store_looks(session, [(one.id, look)], NOW, walk.by)[one.id].new
        return stored

    stored = watch.time("store", store)
    watch.time("assess (with storing)", lambda: drain(lambda: assess_due(walk)))
    watch.time("grade: join, decide, record", lambda: drain(lambda: decide_due(walk)))
    print(f"\n### One core, {stored:,} entries: parse → store → assess → grade\n")
    watch.report(stored)
    with walk.store.read() as session:
        counts = {table.__name__: session.exec(count_of(table)).one() for table in (EntryRow, Event, Alert)}
    print(f"\n{counts}; peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    walk.store.dispose()


def bench_stages() -> None:
    """The walk on a folder and a core of its own."""
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_setaffinity") else set()
    if cores:
        os.sched_setaffinity(0, {min(cores)})
    with tempfile.TemporaryDirectory() as folder:
        bench_walk(Path(folder))
    if cores:
        os.sched_setaffinity(0, cores)


def count_of(table: type[SQLModel]):  # type: ignore[no-untyped-def]
    """How many rows a table has."""
    return select(func.count()).select_from(table)


def drain(step: Callable[[], int]) -> None:
    """Repeat a step until nothing waits."""
    while step():
        pass


def main() -> None:
    """The named parts, or all of them, one after the other."""
    print(f"Python {platform.python_version()}, {platform.machine()}, {datetime.now(UTC):%Y-%m-%d}")
    asked = sys.argv[1:]
    if asked[:1] == ["scale"] and len(asked) == 2:
        bench_scale(int(asked[1]))
        return
    for name in asked or PARTS:
        PARTS[name]()


def bench_understand() -> None:
    """In a process of its own, whose memory is the model's and not that of everything else here."""
    sys.stdout.flush()
    subprocess.run([sys.executable, "-m", "tests.bench.understand"], check=True)


PARTS: dict[str, Callable[[], None]] = {
    "walk": bench_stages,
    "understand": bench_understand,
    "collect": bench_collect,
    "archive": bench_archive,
    "crowd": bench_crowd,
    "decide": bench_decide,
    "backtest": bench_backtest,
    "plans": bench_plans,
    "holding": bench_holding,
    "exposure": bench_exposure,
    "joining": bench_joining,
    "scale": bench_scale,
    "joined": bench_joined,
    "quiet": bench_quiet,
}

if __name__ == "__main__":
    main()
