"""`python -m tests.bench backtest`: a changed guideline over 200,000 stored assessments, on every core."""

import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert

from ingest.feed import Feed
from rules.guideline import default_text
from rules.owners import default_owners
from scoring.category import SUBTYPES
from service.desk.backtest import run_backtest
from service.record.situated import Means
from service.store.engine import Store, open_store
from service.store.migrate import upgrade
from service.store.people import found_home, home_organisation
from service.store.sources import add_sources
from service.store.tables import AssessmentRow, EntryRow, Event, EventEntry, Organisation, SiteRow
from tests.bench.exposure import _sites

ASSESSMENTS, SOURCES, AT_ONCE = 200_000, 60, 1_500
OTHERS, SITES = 10, 500
START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 180
COUNTRIES = ("NE", "ML", "KE", "CL", "KZ", "NO", "NG", "PK", "MM", "FR")
CODES = ("severity.dead", "category.words", "country.named", "certainty.source", "subtype.words", "urgency.now")
REASONS = [
    {"kind": code.partition(".")[0], "code": code, "value": "12", "words": "12 dead", "weight": 0.7} for code in CODES
]
CLAUSES = ("{1: 76, 2: 56, 3: 36, 4: 22}", "{1: 80, 2: 60, 3: 40, 4: 26}")  # natural hazards, calmer
URGENCY = ("urgency: 0.35", "urgency: 0.3")  # touches every event


def bench_backtest() -> None:
    """A change of one clause, and one that touches everything; first for the desk alone, then with others."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'history.db'}")
        upgrade(store)
        count = _filled(store)
        print(f"\n### Backtest: {count:,} stored assessments, {os.cpu_count()} cores\n")
        print("| change | organisations | events | decisions | wall s | processor s of each process |")
        print("|---|---|---|---|---|---|")
        _row(store, "one clause", CLAUSES)
        _row(store, "a weight of all", URGENCY)
        _settled(store)
        _row(store, "a weight of all", URGENCY)
        store.dispose()


def _row(store: Store, name: str, change: tuple[str, str]) -> None:
    texts = (default_text(), default_text().replace(*change))
    found = run_backtest(store, texts, Means(default_owners()), START, START + timedelta(days=DAYS + 60))
    made = found.tally.decisions + sum(one.decisions for one in found.others)
    spent = ", ".join(f"{one:.1f}" for one in found.processor)
    row = (name, 1 + len(found.others), f"{found.tally.events:,}", f"{made:,}", f"{found.seconds:.1f}", spent)
    print(f"| {' | '.join(map(str, row))} |", flush=True)


def _settled(store: Store) -> None:
    """Sites for the desk and for other organisations, all over the world."""
    random = Random(3)
    with store.write() as session:
        home = home_organisation(session).id or 0
        rows = [Organisation(key=f"o{number}", name=f"O {number}", created_at=START) for number in range(OTHERS)]
        session.add_all(rows)
        session.flush()
        keys = [home, *(row.id or 0 for row in rows)]
        for site in _sites(random, SITES):
            lists = [list(point) for point in site.points]
            more = {"people": site.people, "criticality": site.criticality, "created_at": START, "changed_at": START}
            whose = keys[site.id % len(keys)]
            row = SiteRow(organisation_id=whose, name=site.name, country=site.country, points=lists, **more)
            session.add(row)


def _filled(store: Store) -> int:
    draw, entry, event = Random(5), 0, 0
    with store.write() as session:
        found_home(session, START)
        feeds = [Feed(key=f"s{n}", name=f"S{n}", address=f"https://bench.example/{n}") for n in range(SOURCES)]
        add_sources(session, feeds, START)
    while entry < ASSESSMENTS:
        rows: dict[Any, list[dict[str, Any]]] = {Event: [], EntryRow: [], AssessmentRow: [], EventEntry: []}
        for _ in range(AT_ONCE):
            event += 1
            entry = _story(draw, rows, event, entry)
        with store.write() as session:
            for table, values in rows.items():
                session.connection().execute(insert(table), values)
    return entry


def _story(draw: Random, rows: dict[Any, list[dict[str, Any]]], event: int, entry: int) -> int:
    """One event of one to forty reports, three on average, some hours apart."""
    subtype, country = draw.choice(list(SUBTYPES)), draw.choice(COUNTRIES)
    first = at = START + timedelta(minutes=draw.randint(0, DAYS * 1440))
    base, kind = draw.random() ** 2, SUBTYPES[subtype].value
    for _ in range(min(40, int(draw.expovariate(1 / 2.5)) + 1)):
        entry, source = entry + 1, draw.randrange(SOURCES)
        rows[EntryRow].append(_entry(entry, source, at))
        made = {"labels": [kind], "uncertain": [], "subtypes": [subtype], "countries": [country], "reasons": REASONS}
        factors = {
            "severity": round(min(1, max(0, base + draw.uniform(-0.15, 0.15))), 3),
            "urgency": draw.choice([0.5, 0.7, 0.9]),
            "certainty": draw.choice([0.3, 0.6, 0.85]),
            "concern": draw.random() < 0.05,
            "hedged": draw.random() < 0.2,
            "denied": draw.random() < 0.03,
        }
        more = {"entry_id": entry, "model": "bench", "made_at": at, "probabilities": {}, "vector": b""}
        rows[AssessmentRow].append({**made, **factors, **more})
        rows[EventEntry].append({"entry_id": entry, "event_id": event, "origin": f"s{source}"})
        at += timedelta(minutes=int(draw.expovariate(1 / 400)))
    rows[Event].append(
        {
            "id": event,
            "title": f"Event {event}",
            "language": "en",
            "sharing": "TLP:CLEAR",
            "vector": b"",
            "countries": [country],
            "categories": [kind],
            "subtypes": [subtype],
            "opened_at": first,
            "last_at": at,
        }
    )
    return entry


def _entry(number: int, source: int, at: datetime) -> dict[str, Any]:
    texts = {"key": f"k{number}", "raw_hash": "x", "title": f"Entry {number}", "text": "", "language": "en"}
    marks = {"date_quality": "exact", "status": "actual", "sharing": "TLP:CLEAR", "stage": "decided"}
    plain = {"revision": 1, "latest": True, "archived": False, "tries": 0, "countries": [], "extra": {}}
    times = {"published_at": at - timedelta(minutes=5), "first_seen_at": at}
    return {
        "id": number,
        "source_id": source + 1,
        "reliability": "ABCDEF"[source % 6],
        **texts,
        **marks,
        **plain,
        **times,
    }
