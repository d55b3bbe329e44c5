"""`python -m tests.bench joined`: the service's own way to an entry's event, with 20,000 open events of one country.

Reading the candidates, finding the event, placing the entry: the transaction of a batch, without the decision. By
features alone: the texts are a few that come again and again, and would all be looked at more closely.
"""

import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
from sqlalchemy import insert

from ingest.feed import Feed
from scoring.joint.traits import Traits, traits
from scoring.joint.weights import load
from service.record import open_book, remembered
from service.record.remembered import key_of, told_at
from service.store.engine import Store, open_store
from service.store.events import load_waiting
from service.store.migrate import upgrade
from service.store.people import found_home, home_organisation
from service.store.rows import assessment_of, entry_of
from service.store.sources import add_sources
from service.store.tables import AssessmentRow, EntryRow, Event, EventCountry, EventEntry
from tests.bench.documents import stories

OPEN, ASKED, BATCH, AXES, SOURCES, TEXTS = 20_000, 1_920, 64, 512, 60, 400
NOW = datetime(2026, 3, 4, tzinfo=UTC)
KINDS = ("unrest", "armed_conflict", "kidnapping", "accident", "epidemic")


def bench_joined() -> None:
    """One batch after the other; the first one reads everything there is."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'open.db'}")
        upgrade(store)
        home = _filled(store)
        _read_before(store)
        walls, cpus, joined = [], [], 0
        for start in range(OPEN + 1, OPEN + ASKED + 1, BATCH):
            wall, cpu = perf_counter(), process_time()
            joined += _joined(store, list(range(start, start + BATCH)), home)
            walls.append(perf_counter() - wall)
            cpus.append(process_time() - cpu)
        print(f"\n### Joining in the service: {OPEN:,} open events of one country, batches of {BATCH}\n")
        print("| batches | entries/s (wall) | entries/s (cpu) | ms an entry (cpu) |\n|---|---|---|---|")
        for name, some in (("the first", slice(0, 1)), ("the others", slice(1, None))):
            wall, cpu = sum(walls[some]) / len(walls[some]), sum(cpus[some]) / len(cpus[some])
            print(f"| {name} | {BATCH / wall:,.0f} | {BATCH / cpu:,.0f} | {1000 * cpu / BATCH:.2f} |")
        print(f"\n{joined} of {ASKED} joined an event")
        store.dispose()


def _read_before(store: Store) -> None:
    """What this process has joined it has read: the readings of the open events are remembered, as in service."""
    with store.read() as session:
        for start in range(1, OPEN + 1, 2_000):
            for one in load_waiting(session, list(range(start, start + 2_000))):
                entry = entry_of(one.entry, one.source)
                number = (one.entry.id or 0) % TEXTS
                if number not in _made:
                    _made[number] = traits(entry, assessment_of(one.assessment), load().rarity, told_at(one.entry))
                vector = np.frombuffer(one.assessment.vector, dtype=np.float16).astype(np.float32)
                read = replace(_made[number], key=one.entry.key, at=told_at(one.entry), vector=vector)
                remembered._read[key_of(one.entry, one.assessment, one.source)] = read


_made: dict[int, Traits] = {}


def _joined(store: Store, ids: list[int], home: int) -> int:
    count = 0
    with store.write() as session:
        book = open_book(session, ids, home, NOW, closely=False)
        with session.no_autoflush:
            for one in book.waiting:
                happening = book.join(one)
                count += happening is not None and not happening.fresh
    return count


def _filled(store: Store) -> int:
    rng = np.random.default_rng(11)
    told = list(stories(TEXTS))
    with store.write() as session:
        found_home(session, NOW)
        home = home_organisation(session).id or 0
        feeds = [Feed(key=f"s{n}", name=f"S{n}", address=f"https://bench.example/{n}") for n in range(SOURCES)]
        add_sources(session, feeds, NOW)
    for start in range(1, OPEN + ASKED + 1, 2_000):
        rows: dict[Any, list[dict[str, Any]]] = {
            table: [] for table in (Event, EventCountry, EntryRow, AssessmentRow, EventEntry)
        }
        for number in range(start, min(start + 2_000, OPEN + ASKED + 1)):
            _one(rows, number, told[number % TEXTS], rng)
        with store.write() as session:
            for table, values in rows.items():
                if values:
                    session.connection().execute(insert(table), values)
    return home


def _one(
    rows: dict[Any, list[dict[str, Any]]], number: int, told: tuple[str, str, str], rng: np.random.Generator
) -> None:
    title, text, language = told
    at, kind = NOW - timedelta(hours=float(rng.uniform(0, 72))), KINDS[number % len(KINDS)]
    plain = rng.normal(size=AXES)
    vector = (plain / np.linalg.norm(plain)).astype(np.float16).tobytes()
    rows[EntryRow].append({
        "id": number, "source_id": number % SOURCES + 1, "reliability": "B", "key": f"k{number}", "raw_hash": "x",
        "title": f"{title} ({number})", "text": text, "language": language, "date_quality": "good",
        "status": "actual", "sharing": "TLP:CLEAR", "stage": "decided", "revision": 1, "latest": True,
        "archived": False, "tries": 0, "countries": [], "extra": {}, "published_at": at, "first_seen_at": at,
    })  # fmt: skip
    rows[AssessmentRow].append({
        "entry_id": number, "model": "bench", "made_at": at, "probabilities": {}, "vector": vector,
        "labels": ["security"], "uncertain": [], "subtypes": [kind], "countries": ["NG"], "reasons": [],
        "severity": 0.5, "urgency": 0.5, "certainty": 0.5, "concern": False, "hedged": False, "denied": False,
    })  # fmt: skip
    if number > OPEN:
        return  # it waits
    rows[EventEntry].append({"entry_id": number, "event_id": number, "origin": f"s{number % SOURCES}"})
    rows[EventCountry].append({"event_id": number, "country": "NG"})
    rows[Event].append({
        "id": number, "title": title, "language": language, "sharing": "TLP:CLEAR", "vector": vector,
        "countries": ["NG"], "categories": ["security"], "subtypes": [kind], "opened_at": at, "last_at": at,
    })  # fmt: skip
