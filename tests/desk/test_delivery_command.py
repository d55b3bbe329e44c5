"""`watchfire delivery` on a database with held notices."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.cli import run
from service.store.engine import Store
from tests.web.seed import seed
from tests.web.waiting import hold_some


@pytest.fixture
def digest(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A seeded database with held notices, which the commands find; the number of its digest."""
    monkeypatch.setenv("WATCHFIRE_DATABASE_URL", str(sqlite_store.engine.url))
    monkeypatch.setenv("WATCHFIRE_DATA", str(tmp_path))
    now = datetime.now(UTC)
    return hold_some(sqlite_store, seed(sqlite_store, now), now)


def test_what_is_held_and_sent_by_hand(digest: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["delivery", "list", "--state", "held", "--json"]) == 0
    held = json.loads(capsys.readouterr().out)
    assert "silence 3" in {row["held by"] for row in held}
    assert all(row["told at the latest"] for row in held)
    assert run(["delivery", "send", held[0]["number"]]) == 0
    assert run(["delivery", "send", held[0]["number"]]) == 1
    said = capsys.readouterr()
    assert "goes out now" in said.out
    assert "only a held one can be sent now" in said.err
    assert run(["delivery", "list", "--within", digest]) == 0
    assert "storm mode" in capsys.readouterr().out
    assert run(["delivery", "load"]) == 0
    assert "Africa" in capsys.readouterr().out


def test_dead_letters_of_one_cause_are_sent_again_together(digest: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert digest
    assert run(["delivery", "list", "--state", "dead", "--json"]) == 0
    dead = json.loads(capsys.readouterr().out)
    first = next(row for row in dead if row["channel"])
    number = first["number"]
    like = [row for row in dead if (row["channel"], row["error"]) == (first["channel"], first["error"])]
    assert run(["delivery", "retry", number, "--like"]) == 0
    assert capsys.readouterr().out == f"Deliveries that are sent again: {len(like)}.\n"
    assert run(["delivery", "retry", number, "--like"]) == 1
    assert "only a dead one" in capsys.readouterr().err
