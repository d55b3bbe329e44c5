"""Feeds read backwards into both databases, and stored days replayed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from service.auth.access import operator_scope
from service.desk.archive_feeds import Paging, Told, import_feeds
from service.errors import Invalid
from service.replay import Span, replayed
from service.store.engine import Store, open_store
from service.store.migrate import upgrade
from service.store.people import found_home
from service.store.tables import Alert, ArchiveRun, EntryRow, Notice, SourceRow, metadata
from tests.ingest.test_archive_feeds import link, rss
from tests.ingest.webserver import Answer
from tests.walk.command import watchfire, watchfire_here
from tests.walk.scene import COUP, START, Scene, Story, model, scene
from tests.walk.test_archive import COUPS, bring, rows, table

DAY = datetime(2024, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def play(store: Store, tmp_path: Path) -> Iterator[Scene]:
    with scene(store, tmp_path, model()) as playing:
        yield playing


def read_back(play: Scene, *paths: str, **paging: Any) -> Told:
    with play.house.store.read() as session:
        scope = operator_scope(session)
    lines = "\n".join(play.web.url(path) for path in paths)
    asked = Paging("feeds.txt", lines, **{"wait": 0.0, **paging})
    return play.runner.run(import_feeds(play.house, scope, play.walk.client, asked))


def test_pages_are_kept_with_their_dates_and_the_feed_rests(play: Scene) -> None:
    play.web.answers["/quay"] = rss("2024-03-03", "2024-03-02", head=link("next", "/quay2"))
    play.web.answers["/quay2"] = rss("2024-03-01")
    told = read_back(play, "/quay", "/gone")
    assert (told.tally.new, told.tally.known) == (3, 0)
    assert sorted(line[0] for line in told.lines) == [" ", "!"], "one is read, the other has failed"
    entries = rows(play, EntryRow)
    assert all(entry.archived and entry.first_seen_at == entry.published_at for entry in entries)
    assert [row.active for row in rows(play, SourceRow)] == [False, False]
    (run,) = rows(play, ArchiveRun)
    assert (run.state, run.read, run.new) == ("done", 3, 3)
    play.go()
    assert (rows(play, Alert), [path for path in play.web.paths() if path == "/quay"]) == ([], ["/quay"])
    again = read_back(play, "/quay")
    assert (again.tally.new, again.tally.known) == (0, 3)


def test_a_watched_source_goes_on_being_watched_and_alerts(play: Scene) -> None:
    play.subscriber("niger", ["NE"])
    play.feed("herald", [Story("old", "Museum shows painted tiles")])
    assert read_back(play, "/herald").tally.new == 1
    assert rows(play, SourceRow)[0].active
    play.feed("herald", [COUP], known=True)
    play.go()
    assert len(play.received("niger")) == 1


def test_a_bad_list_of_feeds_is_told(play: Scene) -> None:
    with play.house.store.read() as session:
        scope = operator_scope(session)
    with pytest.raises(Invalid, match="line 1"):
        play.runner.run(import_feeds(play.house, scope, play.walk.client, Paging("x.txt", "ftp://quay.example/")))


def dump(store: Store) -> dict[str, list[Any]]:
    with store.read() as session:
        return {
            name: sorted(map(repr, session.connection().execute(text(f'SELECT * FROM "{name}"')).all()))
            for name in metadata.tables
        }


def test_a_replay_tells_what_would_have_been_told_and_changes_nothing(play: Scene, tmp_path: Path) -> None:
    body = table(
        (DAY, COUPS[0], "Herald"),
        (DAY + timedelta(hours=3), COUPS[1], "Tribune"),
        (DAY, "Museum shows tiles", "Herald"),
    )
    bring(play, body)
    play.go()
    before = dump(play.house.store)
    span = Span(DAY - timedelta(days=1), DAY + timedelta(days=3))
    slept: list[float] = []
    changes = list(replayed(play.walk, span, tmp_path, slept.append))
    assert dump(play.house.store) == before
    assert slept == []
    opened, confirmed = changes[:2]
    assert (opened["action"], opened["at"], opened["countries"]) == ("open", DAY, ["NE"])
    assert (confirmed["at"], confirmed["action"], confirmed["sources"]) == (DAY + timedelta(hours=3), "confirm", 2)
    assert {change["alert"] for change in changes} == {opened["alert"]}
    assert [change["at"] for change in changes] == sorted(change["at"] for change in changes)
    with open_store(f"sqlite:///{tmp_path / 'replay.db'}").read() as session:
        notices = session.exec(select(Notice)).all()
    assert {notice.attempts for notice in notices} == {0}
    assert {notice.state for notice in notices} == {"dead"}, "nobody's channel is known there"


def test_a_replay_at_a_speed_waits_between(play: Scene, tmp_path: Path) -> None:
    bring(play, table((DAY, "One", "Herald"), (DAY + timedelta(hours=2), "Two", "Herald")))
    slept: list[float] = []
    span = Span(DAY, DAY + timedelta(hours=4), speed=3600)
    assert list(replayed(play.walk, span, tmp_path, slept.append)) == []
    assert sum(slept) == pytest.approx(4)


def test_a_replay_of_live_days_gives_the_alerts_that_were_given(play: Scene, tmp_path: Path) -> None:
    play.feed("herald", [COUP], reliability="D")
    play.go()
    play.feed("tribune", [Story("t", COUPS[1])])
    play.go()
    (alert,) = rows(play, Alert)
    changes = list(replayed(play.walk, Span(START, START + timedelta(hours=1)), tmp_path, lambda _: None))
    assert changes[-1]["level"] == alert.level
    assert changes[-1]["clause"] == alert.clause
    assert (changes[-1]["sources"], changes[-1]["unconfirmed"]) == (alert.sources, alert.unconfirmed)


def test_the_commands_import_list_and_replay(tmp_path: Path) -> None:
    file = tmp_path / "herald.csv"
    file.write_bytes(table((DAY, COUPS[0], "Herald")) + b"\nNo date at all,,Herald\n")
    done = watchfire(tmp_path, "archive", "import", str(file), "--map", "title=title")
    assert (done.returncode, done.stdout.count("\n")) == (0, 4), done.stderr
    assert "2 rows read; 1 entries new, 0 known already, 1 unreadable" in done.stdout
    assert "line 3: the row has no date" in done.stderr
    (run,) = json.loads(watchfire_here(tmp_path, "archive", "list", "--json").stdout)
    assert (run["state"], run["new"], run["unreadable"]) == ("done", 1, 1)
    told = watchfire(tmp_path, "archive", "replay", "--from", "2024-03-01", "--to", "2024-03-02")
    (change,) = [json.loads(line) for line in told.stdout.splitlines()]
    assert (change["action"], change["at"]) == ("open", "2024-03-01T08:00:00Z")
    assert told.stderr == "1 changes of alerts from 2024-03-01 to 2024-03-02; nobody was told.\n"
    for wrong in (["--from", "2024-03-02", "--to", "2024-03-01"], ["--from", "soon", "--to", "later"]):
        refused = watchfire_here(tmp_path, "archive", "replay", *wrong)
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)


def test_feeds_from_the_command_line(tmp_path: Path, play: Scene) -> None:
    play.web.answers["/quay"] = Answer(200, rss("2024-03-03").body)
    file = tmp_path / "feeds.txt"
    file.write_text(play.web.url("/quay"), encoding="utf-8")
    store = open_store(f"sqlite:///{tmp_path / 'cli' / 'watchfire.db'}")
    upgrade(store)
    with store.write() as session:
        found_home(session, START)
    store.dispose()
    done = watchfire(tmp_path / "cli", "archive", "feeds", str(file), "--wait", "0", allow_nets="127.0.0.0/8")
    assert done.returncode == 0, done.stderr
    assert "1 pages, 1 new entries; the feed names no older page." in done.stdout
    assert "alert nobody" in done.stdout
