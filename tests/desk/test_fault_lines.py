"""What commands print of faulty files, in the language of the terminal: the file and its line first, in every one."""

import re
from pathlib import Path

import pytest

from rules.guideline import default_text
from service.cli import run
from tests.desk.test_rosters import ROSTER
from tests.locale.chinese import english, scalars
from tests.rules import test_planted as thirty
from tests.web.tongues import HAN

WRONG = default_text().replace("hold: 72 h", "hold: 72").replace("subtype: coup", "subtype: cuop")
HOUSE = thirty.planted(thirty.TREE, *thirty.OWNERS["a dead route"][:2])
PLANS = thirty.planted("".join(thirty._whole()), *thirty.PLANS["steps that wait for each other"][:2])
CASES = "cases:\n  - name: a case\n    steps:\n      - {at: 1 h}\n      - {at: soon, report: {source: a, kind: cuop}}\n"
PLACE = re.compile(r"(?:mine\.yaml|guideline):\d+: ")  # a proposal is called by what it is
CHECKS = {
    "rules check": WRONG,
    "rules check owners": HOUSE,
    "rules check roster": ROSTER.replace("[amina]", "[amna]"),
    "rules show": WRONG,
    "rules backtest": WRONG,
    "rules propose": WRONG,
    "rules test": CASES,
    "plan check": PLANS,
    "roster check": ROSTER.replace("[amina]", "[amna]").replace("every: week", "every: now"),
    "roster import": ROSTER.replace("[amina]", "[amna]").replace("every: week", "every: now"),
}


@pytest.fixture(autouse=True)
def _of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WATCHFIRE_DATABASE_URL", f"sqlite:///{tmp_path}/watchfire.db")
    for name in ("WATCHFIRE_GUIDELINE", "WATCHFIRE_OWNERS", "WATCHFIRE_PLANS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a file that is given stands."""
    return tmp_path / "mine.yaml"


@pytest.mark.parametrize("command", CHECKS)
def test_faults_are_told_in_the_language_that_is_asked_for(
    command: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(CHECKS[command], encoding="utf-8")
    words = [*command.split()[:2], str(file), "--lang"]
    lines = {}
    for lang in ("en", "zh"):
        assert run([*words, lang]) == 2
        lines[lang] = [one for one in capsys.readouterr().err.splitlines() if PLACE.match(one)]
    assert lines["zh"]
    assert [one.split(": ")[0] for one in lines["zh"]] == [one.split(": ")[0] for one in lines["en"]]
    for line in lines["zh"]:
        told = line.partition(": ")[2]
        assert HAN.search(told)
        assert english(told, {*scalars(CHECKS[command]), "report", "expect", "silence", "window"}) == [], line
    assert not any(HAN.search(re.sub(r"'[^']*'", "", one)) for one in lines["en"])


def test_a_roster_that_this_house_cannot_have_says_why(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(ROSTER.replace("owner: africa-lead", "owner: nobody-lead"), encoding="utf-8")
    assert run(["roster", "import", str(file), "--lang", "zh"]) == 2
    assert "mine.yaml:13: 没有名为 nobody-lead 的责任方" in capsys.readouterr().err
    assert run(["roster", "import", str(file), "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert "mine.yaml:13: There is no owner nobody-lead" in said
    assert "The roster was not put in force: 1 grave finding(s)." in said


def test_sites_and_the_start_speak_chinese_in_a_chinese_terminal(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    file.write_text("name,latitude,longitude\nA,north,2\nB,95,2\n", encoding="utf-8")
    assert run(["site", "import", str(file)]) == 2
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "mine.yaml:2: 纬度“north”不是数字。请用数字和小数点填写。"
    file.write_text(HOUSE, encoding="utf-8")
    monkeypatch.setenv("WATCHFIRE_OWNERS", str(file))
    assert run(["roster", "show"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert re.search(r"责任人文件无法使用：mine\.yaml 第 \d+ 行：路由“Sahel”永远不会用到", told[-1]), told
