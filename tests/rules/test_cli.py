"""`watchfire rules`: a file is checked before it is trusted, and the guideline can be read by a person."""

import re
from pathlib import Path

import pytest

from rules.guideline import default_guideline, default_text
from rules.owners import default_owners_text
from service.cli import run
from service.locale.catalogue import Catalogue

REASONS = re.compile(r'"(grade\.\w+)"')


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WATCHFIRE_GUIDELINE", "WATCHFIRE_OWNERS", "WATCHFIRE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "120")


def test_check_says_ok_with_the_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(default_text(), encoding="utf-8")
    assert run(["rules", "check", str(file)]) == 0
    assert default_guideline().version in capsys.readouterr().out
    file.write_text(default_owners_text(), encoding="utf-8")
    assert run(["rules", "check", str(file), "--lang", "zh"]) == 0
    assert "central-lead" in capsys.readouterr().out


def test_check_tells_every_fault_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.yaml"
    text = default_text().replace("72 h\n    why", "72 hours\n    why").replace("old_after: 7 d", "old_after: 7")
    file.write_text(text, encoding="utf-8")
    assert run(["rules", "check", str(file)]) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1 + default_text().count("72 h\n    why")
    assert all(re.match(r"mine\.yaml:\d+: .+", line) for line in told)


@pytest.mark.parametrize(("content", "why"), [(None, "cannot be read"), (b"\xff\xfe\x00", "not UTF-8 text")])
def test_what_cannot_be_read_is_one_sentence(
    content: bytes | None, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.yaml"
    if content is not None:
        file.write_bytes(content)
    assert run(["rules", "check", str(file)]) == 2
    told = capsys.readouterr().err.strip()
    assert why in told
    assert "\n" not in told


@pytest.mark.parametrize(("lang", "word"), [("en", "Kidnapping"), ("zh", "绑架")])
def test_show_prints_the_guideline(lang: str, word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "show", "--lang", lang]) == 0
    shown = capsys.readouterr().out
    assert word in shown
    for clause in default_guideline().clauses:
        assert clause.id in shown
    assert default_guideline().version in shown
    assert "rules." not in shown
    assert "…" not in shown


def test_show_prints_the_owners_and_the_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "show", "--owners"]) == 0
    assert "africa-lead" in capsys.readouterr().out
    assert run(["rules", "show", "--source"]) == 0
    assert capsys.readouterr().out == default_text()
    assert run(["rules", "show", "--owners", "--source"]) == 0
    assert capsys.readouterr().out == default_owners_text()


def test_show_prints_what_is_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(default_text().replace('version: "1"', 'version: "ours [b]"'), encoding="utf-8")
    monkeypatch.setenv("WATCHFIRE_GUIDELINE", str(file))
    assert run(["rules", "show"]) == 0
    assert "ours [b]+" in capsys.readouterr().out
    file.write_text("version: 1\n", encoding="utf-8")
    assert run(["rules", "show"]) == 2
    assert "mine.yaml:1: " in capsys.readouterr().err


def test_every_reason_of_a_grade_has_its_words() -> None:
    catalogue = Catalogue()
    source = (Path(__file__).parents[2] / "rules" / "reasons.py").read_text(encoding="utf-8")
    codes = set(REASONS.findall(source))
    assert len(codes) == 17
    assert codes == {key for key in catalogue.texts("en") if key.startswith("grade.")}


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("In a crisis", "0.85", "every 6 h")), ("zh", ("危机态势", "0.85"))]
)
def test_what_a_crisis_changes_is_shown(lang: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "show", "--lang", lang]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for word in words:
        assert word in shown
