"""Processor seconds of whole commands, as an operator's machine spends them: start, work and end of a process."""

import csv
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.bench.feedserver import Plan, Process
from tests.walk.command import COMMAND, ROOT, environment

FEEDS, ITEMS = 500, 50
ROWS, OUTLETS = 100_000, 40
TITLE = "Harbour master reports on shipment {} at quay {} after a quiet night shift"
TEXT = "The harbour master wrote that shipment {0} came in on time and was unloaded without any trouble. " * 3


def spent(folder: Path, *arguments: str, **settings: str) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and peak memory (MB) of one command."""
    began = time.perf_counter()
    number = os.posix_spawn(
        sys.executable,
        [*COMMAND, *arguments],
        {**environment(folder, **settings), "PYTHONPATH": str(ROOT)},
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, str(folder / "log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644),
        ],
    )
    _, status, used = os.wait4(number, 0)
    if status:
        raise RuntimeError((folder / "log").read_text(encoding="utf-8")[-2000:])
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def bench_collect() -> None:
    """`watchfire collect --once` on 500 feeds of 50 entries: all new, nothing new in three ways, one new in each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = Process(Plan(FEEDS, ITEMS, 0, str(folder / "asked.json"), failing=False))
        try:
            listed = folder / "feeds.txt"
            listed.write_text("\n".join(server.addresses), encoding="utf-8")
            spent(folder, "source", "import", str(listed))
            rows = _looks(folder, server)
        finally:
            server.stop()
    print(f"\n### `watchfire collect --once`: {FEEDS} feeds with {ITEMS} entries each, whole process\n")
    _table("what comes", rows, FEEDS * ITEMS)


def _looks(folder: Path, server: Process) -> Mapping[str, tuple[float, float, float]]:
    rows = {}
    steps = (
        ("all new", ()),
        ("nothing new: 304", ()),
        ("nothing new: the same bytes", ("etags/off",)),
        ("one new each", ("epoch/2",)),
        ("one new each again", ("epoch/3",)),
    )
    for label, told in steps:
        for what in told:
            server.tell(what)
        rows[label] = spent(folder, "collect", "--once", allow_nets="127.0.0.0/8")
    return rows


def bench_archive() -> None:
    """`watchfire archive import` of a CSV, and once more when everything is known."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "archive.csv"
        with file.open("w", newline="", encoding="utf-8") as opened:
            writer = csv.writer(opened)
            writer.writerow(("id", "headline", "summary", "url", "published", "source", "country"))
            writer.writerows(_row(number) for number in range(ROWS))
        rows = {label: spent(folder, "archive", "import", str(file)) for label in ("all new", "all known already")}
        size = file.stat().st_size / ROWS
    print(f"\n### `watchfire archive import`: {ROWS:,} rows of {size:.0f} bytes from {OUTLETS} outlets into SQLite\n")
    _table("what comes", rows, ROWS)


def _row(number: int) -> tuple[str, ...]:
    day = f"{2015 + number % 9}-{number % 12 + 1:02d}-{number % 28 + 1:02d}T{number % 24:02d}:00:00Z"
    outlet = number % OUTLETS
    link = f"https://quay.example/{number}"
    return f"row-{number}", TITLE.format(number, outlet), TEXT.format(number), link, day, f"Paper {outlet}", "Kenya"


def _table(first: str, rows: Mapping[str, tuple[float, float, float]], entries: int) -> None:
    print(f"| {first} | wall s | cpu s | µs cpu an entry | entries/cpu s | peak MB |\n|---|---|---|---|---|---|")
    for label, (wall, cpu, peak) in rows.items():
        print(f"| {label} | {wall:.2f} | {cpu:.2f} | {cpu / entries * 1e6:,.0f} | {entries / cpu:,.0f} | {peak:.0f} |")
