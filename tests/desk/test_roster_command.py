"""`watchfire roster`: checked, put in force, shown and swapped from the command line."""

import json
from pathlib import Path

import pytest

from service.cli import run
from tests.desk.test_rosters import ROSTER


@pytest.fixture(autouse=True)
def _of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WATCHFIRE_DATABASE_URL", f"sqlite:///{tmp_path}/watchfire.db")
    monkeypatch.delenv("WATCHFIRE_OWNERS", raising=False)


def test_from_the_example_to_who_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "roster.yaml"
    assert run(["roster", "example"]) == 0
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    assert run(["roster", "check", str(file)]) == 0
    file.write_text(ROSTER, encoding="utf-8")
    assert run(["roster", "import", str(file), "--note", "winter"]) == 0
    file.write_text(ROSTER.replace("[amina]", "[amna]"), encoding="utf-8")
    assert run(["roster", "import", str(file)]) == 2
    assert "roster.yaml:19" in capsys.readouterr().err
    assert run(["roster", "export"]) == 0
    assert capsys.readouterr().out.endswith(ROSTER)
    assert run(["roster", "who", "NE", "security", "4", "--json"]) == 0
    (duty,) = json.loads(capsys.readouterr().out)
    assert (duty["owner"], duty["asked"][0]) == ("africa-lead", "amina (duty)")
    swap = ["--from", "2030-01-07T08:00:00Z", "--until", "2030-01-08T08:00:00Z"]
    assert run(["roster", "swap", "africa-lead", "li.wei", *swap]) == 0
    assert run(["roster", "show", "--at", "2030-01-07T08:00:00Z", "--days", "2", "--json"]) == 0
    out = capsys.readouterr().out
    shown = [one for one in json.loads(out[out.index("[") :]) if one["owner"] == "africa-lead"]
    assert [one["person"] for one in shown] == ["li.wei", "amina"]
    assert run(["roster", "unswap", "1"]) == 0
    assert run(["roster", "who", "QQ", "security", "4"]) != 0
