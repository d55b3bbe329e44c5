"""`watchfire status`, and what a worker writes down while it works."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scoring.keywords import keyword_model
from service.app import build_house, build_ticks, build_walk
from service.settings import load
from service.store.beat import workers
from service.store.engine import Store, open_store
from service.store.failures import Failure, keep_failures
from service.store.people import found_home
from tests.desk.test_commands import data, say

__all__ = ["data", "say"]


def test_it_says_how_things_are_and_makes_nothing(data: Path, say) -> None:
    assert "There is no database" in say("status", fails=2)
    assert not (data / "data").exists()
    say("db", "upgrade")
    told = say("status")
    assert "No worker ever reported here" in told
    assert "Something could not be looked at" in told
    lines = {line["key"]: line for line in json.loads(say("status", "--json"))}
    assert lines["database"]["state"] == "well"
    assert lines["work"] == {
        "part": "work",
        "key": "work",
        "state": "unknown",
        "code": "never",
        "values": {},
        "original": None,
    }


def test_it_ends_with_1_when_something_is_broken(data: Path, say, capsys: pytest.CaptureFixture[str]) -> None:
    from service.cli import run

    say("db", "upgrade")
    say("db", "downgrade", "0014")
    assert run(["status"]) == 1
    told = capsys.readouterr().out
    assert "version 0014; this program needs" in told
    assert "watchfire db upgrade" in told


def test_a_worker_reports_what_it_does(sqlite_store: Store, tmp_path: Path) -> None:
    with sqlite_store.write() as session:
        found_home(session, datetime.now(UTC))
    house = build_house(load(data=tmp_path), sqlite_store)
    walk = build_walk(house, keyword_model)

    async def work() -> None:
        ticks = build_ticks(house, walk)
        ticks.start()
        await asyncio.sleep(1.6)
        await ticks.stop()
        await walk.client.aclose()

    asyncio.run(work())
    store = open_store(f"sqlite:///{sqlite_store.engine.url.database}")
    with store.read() as session:
        (row,) = workers(session)
    store.dispose()
    assert row.name == walk.by
    assert row.stopped_at is not None
    assert {"collect", "understand", "deliver", "recheck", "beat", "make_model"} <= set(row.ticks)
    assert row.ticks["understand"]["ok"] == row.ticks["understand"]["at"]
    assert row.ticks["deliver"]["every"] == 1.0


def test_what_failed_is_listed(data: Path, say) -> None:
    say("db", "upgrade")
    assert say("status", "--failures") == "Nothing failed.\n"
    assert "Failures of regular work" not in say("status")
    store = open_store(f"sqlite:///{data / 'data' / 'watchfire.db'}")
    now = datetime.now(UTC)
    with store.write() as session:
        keep_failures(session, [Failure("deliver", "one", now, 1.25, "The mail server\x1b[31m is away.")])
        keep_failures(session, [Failure("collect", "one", now - timedelta(days=2), 3.0, "no network")])
    store.dispose()
    assert "Failures of regular work within a day: 1." in say("status")
    assert isinstance(json.loads(say("status", "--json")), list)
    table = say("status", "--failures")
    assert "Sending" in table
    assert "\x1b" not in table
    assert [row["why"] for row in json.loads(say("status", "--failures", "--json"))][1] == "no network"
