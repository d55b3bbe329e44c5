"""`rules test` and explaining: cases with a clock, their faults, and why another clause is not the one."""

from datetime import timedelta
from pathlib import Path

import pytest

from rules.cases import CasesError, parse_cases, run_case
from rules.explain import explain
from rules.guideline import default_guideline, default_text
from rules.owners import default_owners
from scoring.category import Category
from service.cli import run
from tests.rules.making import NOW, alone, report

CASE = """cases:
  - name: a coup goes out at once, is confirmed, and is lowered slowly
    start: 2026-05-04T12:00Z
    steps:
      - {at: 0 min, report: {source: wire, kind: coup, countries: [NE], severity: 0.95, certainty: 0.5}}
      - {at: 0 min, expect: {action: open, level: 1, clause: POL-1, owner: central-lead, unconfirmed: true}}
      - {at: 1 h, report: {source: agency, kind: coup, countries: [NE], severity: 0.95, reliability: B}}
      - {at: 1 h, expect: {action: confirm, level: 1, support: "africa-lead, government-affairs"}}
      - {at: 80 h, report: {source: agency, kind: coup, countries: [NE], severity: 0.2, reliability: B}}
      - {at: 90 h, expect: {level: 1, score_to: 30}}
      - {at: 7 d, expect: {action: lower, level: 2}}
  - name: a drill alerts nobody
    steps:
      - {at: 0 min, report: {source: wire, kind: coup, countries: [NE], severity: 0.95, status: exercise}}
      - {at: 0 min, expect: {action: none, level: none}}
"""
FAULTS = {
    "unknown word": ("kind: coup", "kind: cuop", 5, "unknown kind cuop"),
    "unknown key": ("severity: 0.95, certainty", "severty: 0.95, certainty", 5, "unknown key severty"),
    "percent": ("certainty: 0.5", "certainty: 50", 5, "outside 0–1"),
    "no unit": ("at: 80 h", "at: 80", 9, "is not a time span"),
    "backwards": ("at: 90 h", "at: 2 h", 10, "before the one above"),
    "nothing said": ("{action: lower, level: 2}", "{}", 11, "expect is empty"),
    "a level too many": ("level: 2}", "level: 7}", 11, "unknown level 7"),
    "two deeds": ("{at: 1 h, expect", "{at: 1 h, situation: {posture: crisis}, expect", 8, "one of report"),
    "odd posture": ("expect: {level: 1, score_to: 30}", "situation: {posture: panic}", 10, "unknown posture"),
    "not yet known": ("expect: {level: 1, score_to: 30}", "situation: {silence: x}", 10, "unknown key silence"),
}


def test_cases_are_lived_through_with_their_clock() -> None:
    coup, drill = (run_case(one, default_guideline(), default_owners()) for one in parse_cases(CASE))
    assert (coup.misses, drill.misses) == ((), ())
    assert [told.decision.action.value for told in coup.told] == ["open", "confirm", "none", "lower"]


def test_what_is_missed_is_told_with_its_line() -> None:
    one = parse_cases(CASE.replace("level: 2}", "level: 4}"))[0]
    (miss,) = run_case(one, default_guideline(), default_owners()).misses
    assert (miss.line, miss.what, miss.wanted, miss.got) == (11, "level", "4", "2")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_case_is_found_at_its_line(fault: str) -> None:
    good, bad, line, words = FAULTS[fault]
    with pytest.raises(CasesError) as caught:
        parse_cases(CASE.replace(good, bad, 1))
    assert (caught.value.line, words in caught.value.what) == (line, True), str(caught.value)
    assert caught.value.advice


def test_the_command_says_how_it_went(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases, guideline = tmp_path / "cases.yaml", tmp_path / "mine.yaml"
    guideline.write_text(default_text(), encoding="utf-8")
    cases.write_text(CASE, encoding="utf-8")
    assert run(["rules", "test", str(cases), "-g", str(guideline)]) == 0
    cases.write_text(CASE.replace("level: 2}", "level: 4}"), encoding="utf-8")
    assert run(["rules", "test", str(cases), "-g", str(guideline), "--lang", "zh"]) == 1
    assert "cases.yaml:11: level 应为 4，实为 2" in capsys.readouterr().out
    assert run(["rules", "schema"]) == 0
    assert '"$schema"' in capsys.readouterr().out


def test_why_and_why_not() -> None:
    taken = {"labels": (Category.SECURITY,), "subtypes": ("kidnapping",), "severity": 0.3, "countries": ("NE",)}
    many = [report("1", **taken), report("2", timedelta(days=20), **taken)]
    found = explain(many, alone(), default_guideline(), NOW)
    why = {one.clause.id: one for one in found.clauses}
    assert why["SEC-4"].verdict.value == "below" or found.decision.clause == "SEC-4"
    assert why["SEC-4A"].verdict.value == "condition"
    assert why["POL-1"].verdict.value == "kind"
    assert (why["SEC-0"].verdict.value, why["SEC-0"].other) == ("before", "SEC-4")
    assert found.left_out["old"] == 1
    assert why["SEC-4"].missing is not None
    assert why["SEC-4"].missing > 0
