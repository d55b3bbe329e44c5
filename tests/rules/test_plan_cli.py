"""`watchfire plan` and `response`: plans are checked before they are trusted, a list is worked from a terminal."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rules.plan_file import default_plans, default_texts
from service.cli import run
from service.cli.office import open_office
from service.store.people import home_organisation
from service.store.tables import Alert, Event
from tests.web.responding import respond_to


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("WATCHFIRE_PLANS", "WATCHFIRE_OWNERS", "WATCHFIRE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WATCHFIRE_DATA", str(tmp_path))


def written(folder: Path, **changed: str) -> list[str]:
    paths = []
    for name, text in default_texts().items():
        path = folder / name
        path.write_text(changed.get(name.removesuffix(".yaml"), text), encoding="utf-8")
        paths.append(str(path))
    return paths


def test_check_says_ok_or_every_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "check"]) == 0
    assert default_plans().version in capsys.readouterr().out
    assert run(["plan", "check", *written(tmp_path), "--lang", "zh"]) == 0
    assert "有效" in capsys.readouterr().out
    assert run(["plan", "check", str(tmp_path)]) == 0
    capsys.readouterr()
    broken = default_texts()["plans.yaml"].replace("use: [verify, people", "use: [verfy, people")
    assert run(["plan", "check", *written(tmp_path, plans=broken)]) == 2
    told = capsys.readouterr().err.splitlines()
    assert told
    assert all(
        re.match(r"plans\.yaml:\d+: plan \S+ uses unknown module verfy\. Did you mean verify\?", one) for one in told
    )


def test_plans_are_held_against_owners(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    owners = tmp_path / "owners.yaml"
    owners.write_text("owners:\n  - {key: boss, name: Boss, central: true}\n", encoding="utf-8")
    assert run(["plan", "check", "--owners", str(owners)]) == 2
    assert "department legal is owner legal-counsel" in capsys.readouterr().err


def test_a_faulty_file_stops_the_start_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "plans"
    folder.mkdir()
    written(folder, plans=default_texts()["plans.yaml"].replace("command: central", "command: local", 1))
    monkeypatch.setenv("WATCHFIRE_PLANS", str(folder))
    assert run(["plan", "list"]) == 2
    assert re.search(r"plans\.yaml:\d+: plan security-1 leaves level 1 to local command", capsys.readouterr().err)


def test_list_and_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "list", "--level", "1", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows[0]["plan"] == "evacuation", "what asks for most is tried first"
    assert run(["plan", "show", "coup", "--lang", "zh"]) == 0
    told = capsys.readouterr().out
    assert "政变或未遂政变" in told
    assert "不要" in told
    assert run(["plan", "show", "nothing"]) == 1
    assert run(["plan", "show", "--source"]) == 0
    assert "departments:" in capsys.readouterr().out


def test_a_list_is_worked_from_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime.now(UTC)
    with open_office() as office:
        with office.store.write() as session:
            lists = {"countries": ["NE"], "categories": ["political"], "subtypes": ["coup"]}
            marks = {"title": "Coup", "sharing": "TLP:CLEAR", "opened_at": now}
            event = Event(last_at=now, vector=b"", **lists, **marks)
            session.add(event)
            session.flush()
            alert = Alert(
                organisation_id=home_organisation(session).id or 0, event_id=event.id or 0, level=1, clause="POL-1",
                guideline="1", score=80.0, unconfirmed=False, reasons=[], changed_at=now, level_since=now,
                **lists, **marks,
            )  # fmt: skip
            session.add(alert)
            session.flush()
            number = alert.id or 0
        respond_to(office.store, number, now)
    assert run(["response", "show", str(number), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["plan"], len(shown["steps"])) == ("coup", 31)
    first = str(shown["steps"][0]["step"])
    assert run(["response", "step", str(number), first, "done"]) == 2
    assert "Write what came of it" in capsys.readouterr().err
    assert run(["response", "step", str(number), first, "done", "Four names stand there."]) == 0
    assert "done, central-lead. Four names stand there." in capsys.readouterr().out
    assert run(["response", "add", str(number), "evacuation"]) == 0
    assert "coup evacuation" in capsys.readouterr().out
    assert run(["response", "show", str(number + 1)]) == 1
