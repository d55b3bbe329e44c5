"""A database of so many entries, a tenth as many events and a fiftieth as many alerts, built once and kept."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from ingest.feed import Feed
from service.auth.tokens import hash_token, hint_of
from service.desk.search import reindex
from service.store.bulk import insert_rows
from service.store.engine import Store, open_store
from service.store.migrate import head, upgrade
from service.store.people import found_home
from service.store.search import index_alerts, mark_current
from service.store.sources import add_sources
from service.store.tables import (
    Alert,
    AlertCategory,
    AlertCountry,
    AlertShare,
    ApiKey,
    AssessmentRow,
    Attempt,
    Channel,
    Duty,
    EntryRow,
    Event,
    EventCountry,
    EventEntry,
    LogLine,
    Notice,
    Organisation,
    Person,
    SavedView,
    Seen,
    SignIn,
    Snooze,
    Subscription,
)
from service.store.words import words_of
from tests.bench.scale_rows import (
    BODIES,
    COUNTRIES,
    KINDS,
    NOW,
    PERSON,
    SOURCES,
    Row,
    Words,
    alert_row,
    assessment_row,
    attempt_row,
    duty_row,
    entry_row,
    event_row,
    line_row,
    notice_row,
    placed,
    seen_at,
    snooze_row,
    where,
)

KEY = "wf_" + "benchmark-of-scale-" * 2  # known to everybody, and good for nothing but this database
SESSION = "benchmark-of-scale-" * 2
GUESTS = 4
BATCH = 10_000


def alerts_of(entries: int) -> int:
    """How many alerts the desk has."""
    return entries // 50


def built(folder: Path, entries: int) -> Path:
    """The database in a folder: the one from before if it is whole and of this version."""
    path, mark = folder / f"scale-{entries}.db", folder / f"scale-{entries}.{head()}.whole"
    if not mark.exists():
        for old in folder.glob(f"scale-{entries}.*"):
            old.unlink()
        store = open_store(f"sqlite:///{path}")
        upgrade(store)
        build(store, entries)
        store.dispose()
        mark.touch()
    return path


def build(store: Store, entries: int) -> None:
    """Fill a migrated, empty store."""
    words, events = Words(), entries // 10
    pairs = dict(placed(events, entries))
    with store.write() as session:
        home = _house(session)
    fast = store.engine.dialect.name == "sqlite"
    with store.engine.connect() as connection:
        if fast:
            connection.exec_driver_sql("PRAGMA cache_size = -400000")
    titles = {}

    def entry_rows() -> Iterator[Row]:
        for number in range(1, entries + 1):
            row = entry_row(number, entries, words)
            if number in pairs:
                titles[pairs[number]] = row["title"]
            yield row

    read = [words_of([body]) for body in words.bodies]
    for rows in _batches(entry_rows()):
        _put(store, EntryRow, rows)
        if fast:
            _findable(store, rows, read)
    last = {event: seen_at(entry, entries) for entry, event in pairs.items()}
    held = [number for number in range(1, events + 1) if number in last]
    _put_all(store, AssessmentRow, (assessment_row(n, entries, pairs.get(n, 0), words) for n in range(1, entries + 1)))
    _put_all(store, Event, (event_row(number, last[number], titles[number]) for number in held))
    _put_all(store, EventCountry, ({"event_id": n, "country": one} for n in held for one in where(n)))
    _put_all(
        store,
        EventEntry,
        ({"entry_id": one, "event_id": event, "origin": f"o{one % 1700}"} for one, event in pairs.items()),
    )
    _alerts(store, entries, held, home, words)
    _years_of_work(store, alerts_of(entries), home)
    _index(store, alerts_of(entries), fast=fast)


def _index(store: Store, alerts: int, *, fast: bool) -> None:
    if not fast:
        reindex(store)
    else:
        for start in range(1, alerts + GUESTS * 500 + 1, 500):
            with store.write() as session:
                index_alerts(session, range(start, start + 500))
        with store.write() as session:
            mark_current(session)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if not fast else "PRAGMA wal_checkpoint(TRUNCATE)")


def _findable(store: Store, rows: list[Row], read: list[list[str]]) -> None:
    """What `index_entries` writes, without reading each text anew: the same few thousand texts are borne by all."""
    found = [
        {
            "id": row["id"],
            "words": " ".join(
                dict.fromkeys(
                    [
                        *words_of([row["title"]]),
                        *read[row["id"] % BODIES],
                        *words_of([f"Paper {row['source_id'] - 1}"]),
                        *words_of(where(row["id"])),
                    ]
                )
            ),
        }
        for row in rows
    ]
    with store.write() as session:
        session.connection().execute(text("INSERT INTO search_entry (rowid, words) VALUES (:id, :words)"), found)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rows = iter(rows)
    while some := list(islice(rows, BATCH)):
        yield some


def _put_all(store: Store, table: Any, rows: Iterable[Row]) -> None:
    for some in _batches(rows):
        _put(store, table, some)


def _put(store: Store, table: Any, rows: list[Row]) -> None:
    with store.write() as session:
        insert_rows(session.connection(), table.__table__, rows)


def _house(session: Session) -> int:
    """The desk with its people, a key and a session of theirs, guests, sources, channels and views."""
    found_home(session, NOW)
    session.flush()
    guests = [
        Organisation(key=f"guest-{number}", name=f"Guest {number}", clearance="TLP:GREEN", created_at=NOW)
        for number in range(GUESTS)
    ]
    session.add_all(guests)
    session.flush()
    feeds = [
        Feed(key=f"paper-{number}", address=f"https://paper-{number}.example/feed", name=f"Paper {number}")
        for number in range(SOURCES)
    ]
    add_sources(session, feeds, NOW)
    home = 1
    session.add_all(
        Person(organisation_id=home, name=f"person-{number}", password_hash="-", role="manager", created_at=NOW)
        for number in range(12)
    )
    session.flush()
    session.add(
        SignIn(token_hash=hash_token(SESSION), person_id=2, created_at=NOW, expires_at=NOW + timedelta(days=14))
    )
    key = ApiKey(
        organisation_id=home, name="bench", role="manager", key_hash=hash_token(KEY), hint=hint_of(KEY), created_at=NOW
    )
    session.add(key)
    session.add_all(_channel(home, number) for number in range(8))
    for number, guest in enumerate(guests):
        session.add(
            Subscription(
                organisation_id=guest.id or 0, name="Everything", countries=list(COUNTRIES[number * 9 :][:9]),
                categories=[], created_at=NOW,
            )
        )  # fmt: skip
    session.add_all(
        SavedView(
            organisation_id=home, actor=PERSON, name=f"View {number}", query=f"country={one}", created_at=NOW
        )
        for number, one in enumerate(COUNTRIES[:5])
    )  # fmt: skip
    return home


def _channel(home: int, number: int) -> Channel:
    return Channel(
        organisation_id=home, kind="webhook", name=f"Channel {number}", address=f"https://room-{number}.example/in",
        created_at=NOW,
    )  # fmt: skip


def _alerts(store: Store, entries: int, held: list[int], home: int, words: Words) -> None:
    """The desk's alerts on the newest events, and some thousand of the guests' own on the newest of these."""
    count = alerts_of(entries)
    events = dict(zip(range(count, 0, -1), reversed(held), strict=False))
    if count not in events:
        return
    numbers = sorted(events)
    own = [
        (count + 500 * guest + place + 1, events[count - place], home + 1 + guest)
        for guest in range(GUESTS)
        for place in range(min(500, count // 4))
    ]
    whose = [*((number, events[number], home) for number in numbers), *own]
    large = [event for event in held if event % 2000 == 0]
    swapped = dict(zip((number for number, _, _ in whose[count - 40 : count : 8]), large[-5:], strict=False))
    taken = set(events.values())
    whose = [
        (number, swapped[number] if number in swapped and swapped[number] not in taken else event, who)
        for number, event, who in whose
    ]
    _put_all(store, Alert, (alert_row(number, count, event, who, words) for number, event, who in whose))
    countries = ((number, one) for number, event, _ in whose for one in where(event))
    _put_all(store, AlertCountry, ({"alert_id": number, "country": one} for number, one in countries))
    _put_all(store, AlertCategory, ({"alert_id": n, "category": KINDS[n % 5]} for n, _, _ in whose))
    _put_all(
        store,
        AlertShare,
        (
            {"alert_id": n, "subscription_id": n % GUESTS + 1, "organisation_id": n % GUESTS + 2, "shared_at": NOW}
            for n in numbers
            if n % 3 == 0
        ),
    )


def _years_of_work(store: Store, alerts: int, home: int) -> None:
    """Duties, history, notices with their attempts, snoozes and what has been seen."""
    every = range(1, alerts + 1)
    _put_all(store, Duty, (duty_row(number, place) for number in every for place in range(2)))
    steps = ("alert.open", "alert.raise", "alert.acknowledge", "alert.update", "alert.respond", "alert.resolve")
    _put_all(store, LogLine, (line_row(number, step, home) for step in steps for number in every))
    _put_all(store, Notice, (notice_row(number, place, home) for number in every for place in range(3)))
    _put_all(store, Attempt, (attempt_row(number, place) for number in every for place in range(3)))
    live = range(alerts * 7 // 10 + 1, alerts + 1)
    _put_all(store, Snooze, (snooze_row(number) for number in live if number % 29 == 0))
    _put_all(
        store,
        Seen,
        (
            {"organisation_id": home, "actor": f"person-{n % 12}", "alert_id": n, "at": NOW - timedelta(minutes=5)}
            for n in every
        ),
    )
