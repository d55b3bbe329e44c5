"""The commands of corrections and models, on a database of their own."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from service.cli import run
from service.desk.models import shipped_name
from service.pipeline import decide_due
from service.store.engine import Store
from tests.learning.teaching import contest, teacher
from tests.learning.unsure import make_unsure
from tests.walk.scene import CALM, COUP, model, scene

Say = Callable[..., str]


@pytest.fixture
def say(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Say:
    """Run a command on a database with two entries; `fails` is the exit code that is expected."""
    with scene(sqlite_store, tmp_path, model()) as play:
        play.feed("herald", [COUP, CALM])
        play.go()
        assert decide_due(play.walk) == 0
    make_unsure(sqlite_store, 1)
    monkeypatch.delenv("WATCHFIRE_DATABASE_URL", raising=False)
    monkeypatch.setenv("WATCHFIRE_DATA", str(tmp_path))

    def saying(*words: str, fails: int = 0) -> str:
        code = run(list(words))
        printed = capsys.readouterr()
        assert code == fails, printed.err
        assert "Traceback" not in printed.err
        return printed.err if fails else printed.out

    # The clock of a command is the real one; the entries of the scene are older than the queue looks back.
    monkeypatch.setattr("service.desk.queue.RECENT", __import__("datetime").timedelta(days=3650))
    return saying


def test_corrections_by_command(say: Say) -> None:
    (first,) = json.loads(say("correction", "queue", "--json"))[:1]
    number = str(first["entry"])
    assert "legal" in first["why"]
    told = say("correction", "add", number, "--label", "legal", "--severity", "2", "--country", "NE", "--reason", "Law")
    assert told.endswith("→ legal, severity 2, NE\n")
    (listed,) = json.loads(say("correction", "list", "--json"))
    assert (listed["why"], listed["by"], listed["ended"]) == ("Law", "operator", None)
    assert "legal, severity 2" in say("correction", "undo", number)
    assert "No correction" in say("correction", "undo", number, fails=1)
    assert "Give --label" in say("correction", "add", number, fails=2)
    assert "Give --label" in say("correction", "add", number, "--none", "--label", "legal", fails=2)
    assert "no entry" in say("correction", "add", "999", "--none", fails=1)


def test_models_by_command(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.cli.learning.teach", teacher(better=False))
    assert "no correction" in say("train", "--corrections", fails=2)
    say("correction", "add", "1", "--none")
    lost = say("train", "--corrections")
    assert "No better than the model in use" in lost
    assert "+0.001" in lost
    (shipped, loser) = json.loads(say("model", "list", "--json"))
    assert (shipped["model"], shipped["state"], loser["state"]) == (shipped_name(), "in_use", "refused")
    assert "no better" in say("model", "use", loser["model"], fails=1)
    assert say("model", "use", loser["model"], "--anyway") == f"In use: {loser['model']}\n"
    assert say("model", "use", shipped_name()) == f"In use: {shipped_name()}\n"
    say("correction", "add", "2", "--label", "legal")
    monkeypatch.setattr("service.cli.learning.teach", teacher())
    assert "in use now" in say("train", "--corrections")
    (_, winner, _) = json.loads(say("model", "list", "--json"))
    assert winner["state"] == "in_use"
    assert "model.use" in say("model", "list", "--history")
    monkeypatch.setattr("service.cli.learning.held_against", lambda *_: contest(True))
    assert "+0.200" in say("model", "compare", shipped_name(), winner["model"])
    assert "no model" in say("model", "compare", "../x", winner["model"], fails=1)
    assert "Entries counted" in say("model", "drift")
    monkeypatch.setenv("WATCHFIRE_MODEL", str(Path(__import__("scoring").__path__[0]) / "models" / "watchfire.npz"))
    assert "Unset it" in say("model", "use", loser["model"], fails=1)
