"""An archive on both databases: dates are kept, nobody is told, and what comes in afterwards alerts as ever."""

import io
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, func, select

from service.auth.access import operator_scope
from service.desk.archives import Asked, Tally, import_archive
from service.desk.sources import export_sources, resume_source
from service.errors import Conflict, Invalid, NotFound
from service.pipeline import collect_due, recheck_due
from service.scheduler import understand
from service.store.archives import end_interrupted, list_runs, start_run
from service.store.engine import Store
from service.store.lease import holder
from service.store.tables import Alert, AlertShare, ArchiveRun, EntryRow, Event, EventEntry, LogLine, Notice, SourceRow
from service.store.work import claim_entries
from tests.walk.command import start, watchfire, watchfire_here
from tests.walk.scene import COUP, START, Scene, model, scene

FILE = "herald.csv"


@pytest.fixture
def play(store: Store, tmp_path: Path) -> Iterator[Scene]:
    with scene(store, tmp_path, model()) as playing:
        yield playing


def table(*rows: tuple[datetime, str, str]) -> bytes:
    """A CSV of (date, title, outlet)."""
    lines = [f'"{title}",{at:%Y-%m-%dT%H:%M:%SZ},{outlet}' for at, title, outlet in rows]
    return "\n".join(["title,published,outlet", *lines]).encode()


def bring(play: Scene, body: bytes, **asked: Any) -> Tally:
    with play.house.store.read() as session:
        scope = operator_scope(session)
    return import_archive(play.house, scope, io.BytesIO(body), Asked(FILE, **asked), lambda _: None)


def rows(play: Scene, table: Any) -> list[Any]:
    with play.house.store.read() as session:
        return list(session.exec(select(table).order_by(col(table.id))).all())


def count(play: Scene, table: Any) -> int:
    with play.house.store.read() as session:
        return session.exec(select(func.count()).select_from(table)).one()


COUPS = [
    "Soldiers seize presidential palace in Niamey as officers announce coup in Niger",
    "Coup in Niger: army officers take power in Niamey, president held",
]
DAY = datetime(2021, 3, 31, 2, tzinfo=UTC)


def test_old_entries_keep_their_dates_are_joined_and_nobody_is_told(play: Scene) -> None:
    play.subscriber("niger", ["NE"])
    tally = bring(play, table((DAY, COUPS[0], "Herald"), (DAY + timedelta(hours=5), COUPS[1], "Tribune")))
    assert (tally.read, tally.new, tally.known, tally.unreadable) == (2, 2, 0, 0)
    assert tally.made == ["Herald", "Tribune"]
    play.go()
    entries = rows(play, EntryRow)
    assert [entry.stage for entry in entries] == ["decided", "decided"]
    assert all(entry.archived for entry in entries)
    assert [entry.first_seen_at for entry in entries] == [DAY, DAY + timedelta(hours=5)]
    assert [entry.published_at for entry in entries] == [DAY, DAY + timedelta(hours=5)]
    (event,) = rows(play, Event)
    assert (event.opened_at, event.last_at) == (DAY, DAY + timedelta(hours=5))
    assert count(play, EventEntry) == 2
    for told in (Alert, AlertShare, Notice):
        assert count(play, told) == 0
    assert play.received("niger") == []


def test_what_lies_years_apart_is_not_one_event_and_the_order_in_the_file_does_not_matter(play: Scene) -> None:
    later = DAY + timedelta(days=900)
    bring(play, table((later, COUPS[0], "A"), (DAY + timedelta(hours=9), COUPS[1], "B"), (DAY, COUPS[0], "C")))
    play.go()
    events = sorted(rows(play, Event), key=lambda event: event.opened_at)
    assert [(event.opened_at, event.last_at) for event in events] == [
        (DAY, DAY + timedelta(hours=9)),
        (later, later),
    ]


def test_fresh_dates_do_not_make_an_archive_news(play: Scene) -> None:
    play.subscriber("niger", ["NE"])
    bring(play, table((play.at - timedelta(minutes=20), COUPS[0], "Herald")))
    play.go()
    recheck_due(play.walk)
    assert (count(play, Event), count(play, Alert), count(play, Notice)) == (1, 0, 0)


def test_a_live_entry_afterwards_alerts_and_history_lends_it_no_voice(play: Scene) -> None:
    play.subscriber("niger", ["NE"])
    before = table(*[(play.at - timedelta(hours=n), COUPS[n % 2], f"Paper {n}") for n in (1, 2, 3)])
    bring(play, before)
    play.go()
    play.feed("herald", [COUP], reliability="D")
    play.go()
    (alert,) = rows(play, Alert)
    assert count(play, Event) == 1, "it belongs to the event that the archive knows"
    assert (alert.sources, alert.unconfirmed) == (1, True), "three old papers are no fresh witnesses"
    assert len(play.received("niger")) == 1
    alone = alert.score
    bring(play, table((play.at - timedelta(minutes=5), COUPS[1], "Gazette")))
    play.go()
    recheck_due(play.walk)
    (alert,) = rows(play, Alert)
    assert (alert.version, alert.sources, alert.score) == (1, 1, alone), "an archive never changes an alert"
    assert len(play.received("niger")) == 1
    play.feed("tribune", [replace(COUP, guid="t", title=COUPS[1])])
    play.go()
    (alert,) = rows(play, Alert)
    assert (alert.sources, alert.unconfirmed) == (2, False), "a second living witness counts"


def test_the_title_of_an_alert_is_a_live_reports(play: Scene) -> None:
    bring(play, table((play.at - timedelta(hours=1), COUPS[1], "Herald")))
    play.go()
    play.feed("tribune", [COUP], reliability="F")
    play.go()
    assert [alert.title for alert in rows(play, Alert)] == [COUP.title]


def test_live_entries_walk_before_archived_ones(play: Scene) -> None:
    bring(play, table(*[(DAY + timedelta(minutes=n), f"Row {n}", "Herald") for n in range(30)]))
    play.feed("herald", [COUP])
    play.runner.run(_collect(play))
    with play.house.store.write() as session:
        (first,) = claim_entries(session, "new", play.at, "me", 1)
        entry = session.get_one(EntryRow, first)
        assert (entry.key, entry.archived) == ("coup", False)


async def _collect(play: Scene) -> None:
    await collect_due(play.walk, all_active=True)


def test_a_second_run_adds_nothing_and_says_so(play: Scene) -> None:
    body = table(*[(DAY + timedelta(hours=n), f"Row {n}", "Herald") for n in range(1200)])
    assert bring(play, body).new == 1200
    again = bring(play, body)
    assert (again.new, again.known) == (0, 1200)
    assert count(play, EntryRow) == 1200
    first, second = rows(play, ArchiveRun)
    assert [(run.state, run.new, run.known) for run in (first, second)] == [("done", 1200, 0), ("done", 0, 1200)]
    assert all(run.ended_at is not None for run in (first, second))
    assert (first.oldest_at, first.newest_at) == (DAY, DAY + timedelta(hours=1199))
    ends = [line for line in rows(play, LogLine) if line.action == "archive.end"]
    assert [line.detail["new"] for line in ends] == [1200, 0]
    assert {entry.extra["archive"] for entry in rows(play, EntryRow)} == {str(first.id)}


def test_what_breaks_off_keeps_what_it_had_and_continues(play: Scene) -> None:
    body = table(*[(DAY + timedelta(hours=n), f"Row {n}", "Herald") for n in range(1200)])

    def stop(tally: Tally) -> None:
        if tally.read >= 500:
            raise KeyboardInterrupt

    with play.house.store.read() as session:
        scope = operator_scope(session)
    with pytest.raises(KeyboardInterrupt):
        import_archive(play.house, scope, io.BytesIO(body), Asked(FILE), stop)
    (run,) = rows(play, ArchiveRun)
    assert (run.state, run.new) == ("failed", 500)
    assert "import the same again" in run.error
    again = bring(play, body)
    assert (again.new, again.known) == (700, 500)


def test_a_run_whose_process_is_gone_is_ended(play: Scene) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    host, _, rest = holder().partition(":")
    with play.house.store.write() as session:
        start_run(session, "mine", holder(), play.at)
        start_run(session, "gone", f"{host}:{gone.pid}:{rest.rpartition(':')[2]}", play.at)
        start_run(session, "elsewhere", "another-host:1:ab", play.at)
        assert end_interrupted(session, play.at) == 1
    assert {run.name: run.state for run in rows(play, ArchiveRun)} == {
        "mine": "running",
        "gone": "failed",
        "elsewhere": "running",
    }


def test_bad_rows_are_counted_and_the_first_are_told(play: Scene) -> None:
    good = "\n".join(f"Row {n},2021-03-04,Herald" for n in range(60))
    bad = "\n".join("No date,,Herald" for _ in range(30))
    tally = bring(play, f"title,published,outlet\n{good}\n{bad}\n".encode())
    assert (tally.read, tally.new, tally.unreadable, len(tally.faults)) == (90, 60, 30, 20)
    assert tally.faults[0].line == 62
    assert rows(play, ArchiveRun)[0].unreadable == 30


def test_a_span_is_cut_out_and_a_dry_run_stores_nothing(play: Scene) -> None:
    body = table(*[(DAY + timedelta(days=n), f"Row {n}", "Herald") for n in range(10)])
    span = {"since": DAY + timedelta(days=2), "until": DAY + timedelta(days=5)}
    dry = bring(play, body, dry_run=True, **span)
    assert (dry.read, dry.outside, dry.new, dry.made) == (10, 7, 0, ["Herald"])
    assert (count(play, EntryRow), count(play, ArchiveRun), count(play, SourceRow)) == (0, 0, 0)
    assert bring(play, body, **span).new == 3


def test_rows_go_to_the_source_that_they_name_or_that_is_given(play: Scene) -> None:
    play.feed("herald", [COUP])
    body = table((DAY, "One", "HERALD"), (DAY, "Two", "Unknown Post"), (DAY, "Three", ""))
    tally = bring(play, body)
    assert tally.made == ["Unknown Post", FILE]
    sources = {row.id: row for row in rows(play, SourceRow)}
    assert [sources[entry.source_id].name for entry in rows(play, EntryRow)] == ["Herald", "Unknown Post", FILE]
    made = [row for row in sources.values() if row.kind == "archive"]
    assert {row.key for row in made} == {"archive-unknown-post", "archive-herald-csv"}
    assert not any(row.active for row in made)
    with play.house.store.read() as session:
        scope = operator_scope(session)
    with pytest.raises(Conflict, match="archive"):
        resume_source(play.house, scope, made[0].id)
    assert "archive:" not in export_sources(play.house, scope)
    assert bring(play, table((DAY, "Four", "Elsewhere")), source="herald").made == []
    with pytest.raises(NotFound, match="no source 'nobody'"):
        bring(play, body, source="nobody")


def test_what_was_seen_live_is_never_revised_by_an_archive(play: Scene) -> None:
    play.feed("herald", [COUP])
    play.go()
    body = f'id,title,url,published\ncoup,"{COUP.title}, later retold",https://news.example/coup,{START:%Y-%m-%d}\n'
    tally = bring(play, body.encode(), source="herald")
    assert (tally.new, tally.known) == (0, 1)
    assert [(entry.revision, entry.archived) for entry in rows(play, EntryRow)] == [(1, False)]


def test_items_under_one_lazy_key_are_told_apart_on_every_run(play: Scene) -> None:
    lines = "\n".join(f"Story {n},https://news.example/,2021-03-0{n}" for n in (1, 2, 3))
    body = f"title,url,published\n{lines}\n".encode()
    assert bring(play, body).new == 3
    again = bring(play, body)
    assert (again.new, again.known) == (0, 3)


def test_an_unreadable_file_is_a_failed_run_that_says_why(play: Scene) -> None:
    with pytest.raises(Invalid, match=r"herald\.csv: This is a feed"):
        bring(play, b"<rss/>")
    (run,) = rows(play, ArchiveRun)
    assert (run.state, run.read) == ("failed", 0)
    assert "feed" in run.error
    with play.house.store.read() as session:
        assert [one.name for one in list_runs(session, operator_scope(session)).items] == [FILE]


def test_killed_and_resumed_from_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "big.csv"
    file.write_bytes(table(*[(DAY + timedelta(minutes=n), f"Row {n}", f"Paper {n % 3}") for n in range(40_000)]))
    process = start(tmp_path, "archive", "import", str(file), log=tmp_path / "log")
    database = tmp_path / "watchfire.db"
    stored = 0
    for _ in range(1200):
        time.sleep(0.05)
        stored = _stored(database)
        if stored >= 1500 or process.poll() is not None:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert 1500 <= stored < 40_000, (tmp_path / "log").read_text(encoding="utf-8")
    kept = _stored(database)
    assert kept % 500 == 0, "whole batches only"
    again = watchfire(tmp_path, "archive", "import", str(file))
    assert again.returncode == 0, again.stderr
    assert f"{40_000 - kept:,} entries new, {kept:,} known already" in again.stdout
    assert "The import is over" in again.stdout
    listed = watchfire_here(tmp_path, "archive", "list").stdout
    assert "interrupted" in listed
    assert "done" in listed


def _stored(database: Path) -> int:
    if not database.exists():
        return 0
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)
    try:
        return int(connection.execute("SELECT count(*) FROM entry").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def test_understanding_an_archive_ends(play: Scene) -> None:
    bring(play, table(*[(DAY + timedelta(hours=n), f"Museum shows painted tiles {n}", "Herald") for n in range(100)]))
    understand(play.walk)
    assert {entry.stage for entry in rows(play, EntryRow)} == {"decided"}
