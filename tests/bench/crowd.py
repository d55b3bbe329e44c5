"""Two thousand sources, one in twenty failing: do the healthy ones keep their rhythm, and the memory its bound?

Time runs faster than life: the walk is handed a faster clock, and limits of time shorter by as much.
"""

import asyncio
import resource
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from itertools import pairwise
from pathlib import Path

from ingest.feed import Feed, FeedState, Outcome
from ingest.fetch import LIMITS
from ingest.http import make_client
from ingest.rhythm import next_check
from ingest.visitor import _jitter
from service.app import build_house, build_walk, open_database
from service.collecting import Collector
from service.pipeline import Walk
from service.scheduler import COLLECT
from service.settings import Settings
from service.store.sources import add_sources
from tests.bench.chart import line_chart
from tests.bench.feedserver import Plan, Process, kind_of

SOURCES, ITEMS, INTERVAL = 2_000, 20, 300
SPAN = timedelta(minutes=30)
SCALE = 10.0
WINDOW = 120.0  # simulated seconds that a point of the curve stands for
BOUND = 0.10  # how far a healthy source may be off its rhythm
MEMORY = 400  # MB
CHART = Path(__file__).parents[2] / "docs" / "bench-crowd.svg"


@dataclass
class Sampled:
    """Memory of this process, twice a second (simulated seconds, MB)."""

    scale: float
    points: list[tuple[float, float]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Sample until told to stop."""
        began = time.monotonic()
        while not self.stopping.wait(0.5):
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
            self.points.append(((time.monotonic() - began) * self.scale, pages * resource.getpagesize() / 2**20))


@dataclass(frozen=True)
class Gap:
    """The time between two requests of one source: when it ended (simulated seconds), and how long for its rhythm."""

    at: float
    ratio: float


def bench_crowd(scale: float = SCALE, *, failing: bool = True) -> None:
    """Run the crowd, print the curve as a table and draw it; without `failing` ones to see what those cost."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Plan(SOURCES, ITEMS, scale, str(Path(folder) / "asked.json"), failing)
        server = Process(plan)
        sampled = Sampled(scale)
        threading.Thread(target=sampled.run, daemon=True).start()
        began, cpu = time.monotonic(), time.process_time()
        try:
            feeds = asyncio.run(_crowd(Path(folder), server.addresses, scale))
        finally:
            sampled.stopping.set()
            asked = server.stop()
        cpu = time.process_time() - cpu
    healthy = [number for number in range(SOURCES) if kind_of(number, plan) == "good"]
    gaps = [gap for number in healthy for gap in _gaps(asked.get(number, []), feeds[number], began, scale)]
    _report(gaps, sampled.points, asked, healthy, cpu)


async def _crowd(folder: Path, addresses: Sequence[str], scale: float) -> list[Feed]:
    settings = Settings(data=folder, allow_nets=(ip_network("127.0.0.0/8"),))
    house = build_house(settings, open_database(settings, migrate=True))
    began, real = time.monotonic(), datetime.now(UTC)

    def clock() -> datetime:
        return real + timedelta(seconds=(time.monotonic() - began) * scale)

    feeds = [
        Feed(key=f"quay-{number}", name=f"Quay {number}", address=address, interval=INTERVAL)
        for number, address in enumerate(addresses)
    ]
    with house.store.write() as session:
        add_sources(session, feeds, clock())
    async with make_client(settings.allow_nets, timeout=20.0 / scale) as client:
        limits = replace(LIMITS, seconds=LIMITS.seconds / scale)
        walk = replace(build_walk(house), client=client, clock=clock, limits=limits)
        try:
            async with asyncio.timeout(SPAN.total_seconds() / scale):
                await _ticking(walk, scale)
        except TimeoutError:
            pass
    await house.sender.client.aclose()
    house.store.dispose()
    return feeds


async def _ticking(walk: Walk, scale: float) -> None:
    """What a worker's ticks do, at their pace."""
    collector = Collector(walk.collecting())
    try:
        while True:
            await collector.round()
            await asyncio.sleep(COLLECT.total_seconds() / scale)
    finally:
        await collector.aclose()


def _gaps(times: Sequence[float], feed: Feed, began: float, scale: float) -> list[Gap]:
    """Each gap against the rhythm that this source is meant to have, its own place in the spread counted in."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    wait = next_check(feed, FeedState(), Outcome.UNCHANGED, start, _jitter(feed, FeedState())) - start
    return [
        Gap((later - began) * scale, (later - earlier) * scale / wait.total_seconds())
        for earlier, later in pairwise(times)
    ]


def _share(values: Sequence[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def _report(
    gaps: Sequence[Gap],
    memory: Sequence[tuple[float, float]],
    asked: Mapping[int, Sequence[float]],
    healthy: Sequence[int],
    cpu: float,
) -> None:
    print(f"\n### {SOURCES:,} sources every {INTERVAL} s, one in twenty failing, {SPAN.seconds // 60} minutes\n")
    print("| minutes | visits of healthy ones | gap / intended: median | p95 | furthest off | memory MB |")
    print("|---|---|---|---|---|---|")
    lines: dict[str, list[tuple[float, float]]] = {"furthest": [], "p95": [], "median": []}
    for start in range(0, int(SPAN.total_seconds()), int(WINDOW)):
        ratios = [gap.ratio for gap in gaps if start <= gap.at < start + WINDOW]
        used = max((mb for at, mb in memory if start <= at < start + WINDOW), default=0.0)
        if not ratios:
            continue
        middle, high = _share(ratios, 0.5), _share(ratios, 0.95)
        far = max(ratios, key=lambda ratio: abs(ratio - 1))
        minute = (start + WINDOW) / 60
        for name, value in (("furthest", far), ("p95", high), ("median", middle)):
            lines[name].append((minute, value))
        when = f"{start / 60:.0f}–{minute:.0f}"
        print(f"| {when} | {len(ratios):,} | {middle:.3f} | {high:.3f} | {far:.3f} | {used:.0f} |")
    ratios = [gap.ratio for gap in gaps]
    off = [abs(ratio - 1) for ratio in ratios]
    within = sum(one <= BOUND for one in off) / len(off)
    never = sum(not asked.get(number) for number in healthy)
    print(
        f"\nAll: {len(ratios):,} gaps, median {_share(ratios, 0.5):.3f}, p95 {_share(ratios, 0.95):.3f}, "
        f"p95 off by {_share(off, 0.95):.1%}, at most {max(off):.1%}; within {BOUND:.0%}: {within:.2%}; "
        f"healthy sources never visited: {never}; peak memory {max(mb for _, mb in memory):.0f} MB of {MEMORY}; "
        f"{cpu:.1f} s of processor time."
    )
    CHART.write_text(
        line_chart(
            f"{SOURCES:,} sources, one in twenty failing: how healthy ones keep their rhythm",
            "minutes of simulated time",
            "gap between two visits / intended gap (the scale begins at 0)",
            lines,
            mark=1 + BOUND,
        ),
        encoding="utf-8",
    )
    print(f"The curve is drawn in docs/{CHART.name}.")
