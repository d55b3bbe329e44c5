"""`watchfire posture`: a crisis entered, seen, prolonged and left from the command line."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.cli import run


@pytest.fixture(autouse=True)
def _of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WATCHFIRE_DATABASE_URL", f"sqlite:///{tmp_path}/watchfire.db")
    monkeypatch.delenv("WATCHFIRE_OWNERS", raising=False)
    monkeypatch.delenv("WATCHFIRE_GUIDELINE", raising=False)


def test_from_entering_to_leaving(capsys: pytest.CaptureFixture[str]) -> None:
    day = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    later = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    assert run(["posture", "list"]) == 0
    assert "Nowhere is in crisis." in capsys.readouterr().out
    assert run(["posture", "enter", "ne", "--until", day, "--reason", "Shots at the palace"]) == 0
    assert f"NE is in crisis until {day} 23:59Z" in capsys.readouterr().out
    assert run(["posture", "enter", "NE", "--until", day, "--reason", "again"]) == 1
    assert "Prolong it instead" in capsys.readouterr().err
    assert run(["posture", "prolong", "NE", "--until", later, "--reason", "Curfew goes on"]) == 0
    capsys.readouterr()
    assert run(["posture", "show", "NE", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["by"], shown["thresholds"]) == ("operator", 0.85)
    assert "I: 7.5 min (usually 15 min)" in shown["answer"]
    assert run(["posture", "leave", "NE", "--note", "Calm since Monday"]) == 0
    capsys.readouterr()
    assert run(["posture", "list", "--past", "--json"]) == 0
    (past,) = json.loads(capsys.readouterr().out)
    assert (past["place"], past["note"]) == ("NE", "Calm since Monday")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["enter", "ZZ", "--until", "2999-01-01", "--reason", "why not"], "no country and no region"),
        (["enter", "NE", "--until", "soon", "--reason", "why not"], "no date"),
        (["enter", "NE", "--until", "2999-01-01T00:00:00", "--reason", "why not"], "no zone"),
        (["leave", "NE", "--note", "over"], "in no crisis"),
    ],
)
def test_what_cannot_be_done_says_why(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["posture", *arguments]) != 0
    assert words in capsys.readouterr().err
