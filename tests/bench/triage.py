"""The list at work over many alerts: search, counts, a page of the list. `python -m tests.bench.triage [ENTRIES]`.

Synthetic: titles of twelve words out of 4,000 English and 3,000 Chinese ones, by Zipf's law; texts of 80, each borne
by several.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from sqlmodel import Session

from ingest.feed import Feed
from service.auth.access import operator_scope
from service.desk.search import reindex
from service.store.bulk import insert_rows
from service.store.engine import Store, open_store
from service.store.facets import count_facets
from service.store.migrate import upgrade
from service.store.people import found_home
from service.store.read_alerts import AlertFilter, list_alerts
from service.store.read_rest import found_entries
from service.store.read_triage import beside, list_triage
from service.store.sources import add_sources
from service.store.tables import (
    Alert,
    AlertCategory,
    AlertCountry,
    Duty,
    EntryRow,
    Event,
    EventEntry,
)

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
COUNTRIES = ("NE", "CM", "ID", "AR", "EG", "FR", "PE", "SD", "MM", "PK", "ET", "CL")
KINDS = ("security", "political", "legal", "financial", "reputational")
HAN = "政变港口矿业罢工制裁爆炸地震边境首都银行货币劳工法院关税选举抗议武装绑架疫情洪水铁路油田总统军队"
ALERTS = 20_000


def main() -> None:
    """Build, then ask."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/triage.db")
        upgrade(store)
        started = time.perf_counter()
        build(store, entries)
        print(f"{entries} entries, {min(ALERTS, entries // 5)} alerts stored: {time.perf_counter() - started:.0f} s")
        size, started = Path(folder, "triage.db").stat().st_size, time.perf_counter()
        alerts, indexed = reindex(store)
        took = time.perf_counter() - started
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        grown = (Path(folder, "triage.db").stat().st_size - size) / 2**20
        print(f"indexed {alerts} alerts and {indexed} entries: {took:.0f} s, {grown:.0f} MiB")
        ask(store)
        store.dispose()


def ask(store: Store) -> None:
    """Each question twenty times; median and worst in milliseconds."""
    with store.read() as session:
        scope = operator_scope(session)
    for words in ("word1", "word1 word2", "word900", "word3 word7 word40", "政变", "港口罢工", "尼日尔 word1", "zzz"):
        timed(store, f"alerts by {words!r}", lambda s, w=words: list_alerts(s, scope, AlertFilter(words=w)))
        timed(store, f"reports by {words!r}", lambda s, w=words: found_entries(s, scope, w))
    live = AlertFilter(state="live", snoozed_at=NOW)
    timed(store, "counts, live", lambda s: count_facets(s, scope, live, NOW))
    timed(store, "counts, with words", lambda s: count_facets(s, scope, AlertFilter(words="word1"), NOW))
    timed(store, "a page of the list", lambda s: beside(s, scope, list_triage(s, scope, live).items))


def timed(store: Store, what: str, asked: Callable[[Session], object]) -> None:
    """Print how long one question takes."""
    took = []
    for _ in range(20):
        started = time.perf_counter()
        with store.read() as session:
            asked(session)
        took.append(1000 * (time.perf_counter() - started))
    print(f"{what:32} median {statistics.median(took):7.1f} ms, worst {max(took):7.1f} ms")


def build(store: Store, entries: int) -> None:
    """A database of so many entries, a fifth as many events, and alerts about the first 20,000 of these."""
    dice = random.Random(7)
    weights = list(accumulate(1 / (rank + 1) for rank in range(4000)))
    english = [f"word{rank}" for rank in range(4000)]
    chinese = ["".join(dice.choices(HAN, k=3)) for _ in range(3000)]

    def words(count: int) -> str:
        return " ".join(
            [*dice.choices(english, weights, k=count), *dice.choices(chinese, weights[:3000], k=count // 3)]
        )

    with store.write() as session:
        found_home(session, NOW)
        session.flush()
        home = operator_scope(session).organisation_id
        add_sources(session, [Feed(key="one", address="https://one.example/feed", name="One")], NOW)
    events, alerts = entries // 5, min(ALERTS, entries // 5)
    bodies = [words(80) for _ in range(4000)]
    for start in range(0, entries, 5000):
        rows = [
            _entry(number, words(12), bodies[number % 4000])
            for number in range(start + 1, min(start + 5000, entries) + 1)
        ]
        with store.write() as session:
            insert_rows(session.connection(), EntryRow.__table__, rows)  # type: ignore[attr-defined]
    with store.write() as session:
        connection = session.connection()
        where = {number: [COUNTRIES[number * number % 12]] for number in range(1, events + 1)}
        rows = [_event(number, words(12), where[number]) for number in range(1, events + 1)]
        insert_rows(connection, Event.__table__, rows)  # type: ignore[attr-defined]
        placed = [{"entry_id": n, "event_id": (n - 1) % events + 1, "origin": "x"} for n in range(1, entries + 1)]
        insert_rows(connection, EventEntry.__table__, placed)  # type: ignore[attr-defined]
        session.add_all(_alert(home, number, words(12), where[number], dice) for number in range(1, alerts + 1))
        session.flush()
        session.add_all(AlertCountry(alert_id=n, country=where[n][0]) for n in range(1, alerts + 1))
        session.add_all(AlertCategory(alert_id=n, category=KINDS[n % 5]) for n in range(1, alerts + 1))
        session.add_all(
            Duty(
                alert_id=n, owner=f"owner-{n % 17}", role="accountable", acknowledge_by=NOW, clause="x", created_at=NOW
            )
            for n in range(1, alerts + 1)
        )


def _entry(number: int, title: str, body: str) -> dict[str, object]:
    row = EntryRow(
        source_id=1, key=str(number), raw_hash="", title=title, text=body, first_seen_at=NOW, date_quality="good",
        reliability="ABCDE"[number % 5], sharing="TLP:GREEN", stage="decided",
    )  # fmt: skip
    return {name: value for name, value in row.model_dump().items() if name != "id"} | {"id": number}


def _event(number: int, title: str, countries: list[str]) -> dict[str, object]:
    return {
        "id": number, "title": title, "language": "en", "countries": countries, "categories": [], "subtypes": [],
        "sharing": "TLP:GREEN", "opened_at": NOW, "last_at": NOW, "vector": b"", "source_id": None, "touched": 0,
    }  # fmt: skip


def _alert(home: int, number: int, title: str, countries: list[str], dice: random.Random) -> Alert:
    at = NOW - timedelta(minutes=number)
    return Alert(
        organisation_id=home, event_id=number, level=dice.choice((1, 2, 3, 3, 4, 4, 4, 4)),
        state=dice.choice(("open", "acknowledged", "responding", "resolved", "resolved", "dismissed")), title=title,
        clause="SEC-1", guideline="2026.1", score=dice.random() * 100, unconfirmed=False, sharing="TLP:GREEN",
        countries=countries, categories=[KINDS[number % 5]], subtypes=[], reasons=[], opened_at=at, changed_at=at,
        level_since=at, acknowledge_by=at,
    )  # fmt: skip


if __name__ == "__main__":
    main()
