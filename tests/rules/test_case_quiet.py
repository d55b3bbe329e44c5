"""Cases with silences, windows, other alerts and a clock."""

from datetime import timedelta

import pytest

from rules.cases import CasesError, Outcome, parse_cases, run_case
from rules.guideline import default_guideline
from rules.owners import default_owners

SMALL = "{source: wire, kind: protest_strike, countries: [NE], severity: 0.3, reliability: B}"
COUP = "{source: radio, kind: coup, countries: [NE], severity: 0.95, reliability: B}"


def run(*steps: str) -> Outcome:
    """One case of these steps."""
    text = "cases:\n  - name: quiet\n    start: 2026-05-04T12:00Z\n    steps:\n"
    (case,) = parse_cases(text + "".join(f"      - {{{step}}}\n" for step in steps))
    return run_case(case, default_guideline(), default_owners())


def missed(*steps: str) -> list[tuple[str, str, str]]:
    """What was missed: what, wanted, got."""
    return [(miss.what, miss.wanted, miss.got) for miss in run(*steps).misses]


def test_a_silence_with_its_clock() -> None:
    silence = "at: 0 h, silence: {for: 8 h, countries: [NE], reason: site works}"
    held = "expect: {level: 4, hush: silence, hush_passed: false, hush_until: 8 h}"
    assert missed(silence, f"at: 1 h, report: {SMALL}", f"at: 1 h, {held}") == []
    assert missed(silence, f"at: 8 h, report: {SMALL}", "at: 8 h, expect: {action: open, hush: none}") == []
    passed = "at: 1 h, expect: {level: 1, hush: silence, hush_passed: true}"
    assert missed(silence, f"at: 1 h, report: {COUP}", passed) == []


def test_a_raise_out_of_a_silence_is_told() -> None:
    steps = (
        "at: 0 h, silence: {for: 48 h, countries: [NE]}",
        f"at: 1 h, report: {SMALL}",
        "at: 1 h, expect: {hush: silence, hush_passed: false}",
        f"at: 2 h, report: {COUP}",
        "at: 2 h, expect: {action: raise, level: 1, hush_passed: true}",
    )
    assert missed(*steps) == []


def test_a_weekly_window() -> None:
    window = "at: 0 h, window: {from: 2 h, for: 1 h, weekly: 30 d, countries: [NE], reason: siren test}"
    for hours, hush in ((1, "none"), (2, "window"), (3, "none"), (170, "window"), (171, "none")):
        found = missed(window, f"at: {hours} h, report: {SMALL}", f"at: {hours} h, expect: {{hush: {hush}}}")
        assert found == [], hours


def test_a_graver_alert_mutes_and_its_end_lets_go() -> None:
    graver = "at: 0 h, situation: {open: [{level: 1, countries: [NE, ML], categories: [political]}]}"
    held = "at: 1 h, expect: {hush: inhibited, hush_until: open}"
    assert missed(graver, f"at: 1 h, report: {SMALL}", held) == []
    calmer = graver.replace("level: 1", "level: 2")
    assert missed(calmer, f"at: 1 h, report: {SMALL}", "at: 1 h, expect: {hush: none}") == []


def test_cooldown_and_storm() -> None:
    closed = "closed: [{level: 4, countries: [NE], subtypes: [protest_strike], ago: 30 min}]"
    after = "at: 1 h, expect: {hush: cooldown, hush_until: 11.5 h}"
    assert missed(f"at: 0 h, situation: {{{closed}}}", f"at: 1 h, report: {SMALL}", after) == []
    storm = "at: 0 h, situation: {opened: 30}"
    assert missed(storm, f"at: 1 h, report: {SMALL}", "at: 1 h, expect: {hush: storm}") == []
    assert missed(storm, f"at: 1 h, report: {COUP}", "at: 1 h, expect: {level: 1, hush: none}") == []


def test_a_missed_expectation_names_its_line() -> None:
    found = run(f"at: 0 h, report: {SMALL}", "at: 0 h, expect: {hush: silence}")
    assert [(miss.line, miss.what, miss.got) for miss in found.misses] == [(6, "hush", "none")]
    assert found.told[0].at - found.case.start == timedelta()


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("at: 0 h, silence: {for: 8 h}", "would silence everything"),
        ("at: 0 h, silence: {countries: [NE]}", "has no for"),
        ("at: 0 h, silence: {for: 8 h, levels: [2]}", "unknown level 2"),
        ("at: 0 h, silence: {for: 8 h, countries: [NE], weekly: 30 d}", "unknown key weekly"),
        ("at: 0 h, expect: {hush: muted}", "unknown hush muted"),
        ("at: 0 h, situation: {open: [{countries: [NE]}]}", "has no level"),
        (f"at: 0 h, report: {SMALL}, expect: {{hush: none}}", "a step needs one of"),
    ],
)
def test_faults_of_quiet_steps(step: str, words: str) -> None:
    with pytest.raises(CasesError) as caught:
        run(step)
    assert any(words in one.what for one in caught.value.every)
