"""Which trouble of a source is an alarm: the guideline's clauses about sources, and the verdict on one source."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.feed import Feed, FeedState
from ingest.health import HEALTHY, Health, Look, State, observe
from ingest.state import state_of
from rules.alarm import Ringing, Step, Verdict, watch
from rules.guideline import GuidelineError, default_guideline, default_text, parse_guideline
from rules.level import Level
from rules.owners import default_owners
from rules.watching import Trouble

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
CRITICAL = Feed("gauge", "The Gauge", "https://gauge.example/", critical=True)
GUIDELINE, OWNERS = default_guideline(), default_owners()
NOTHING = Ringing()
OUTCOMES = ("new", "unchanged", "failed", "refused", "held", "empty")


def health(*outcomes: str) -> Health:
    """After looks that ended so, the latest first."""
    made = HEALTHY
    for outcome in reversed(outcomes):
        made = observe(made, Look(NOW, outcome, reason="timeout", fresh=int(outcome == "new")))
    return made


def told(*outcomes: str, feed: Feed = CRITICAL, ringing: Ringing = NOTHING, **state: object) -> Verdict:
    """The verdict after looks that ended so, the latest first."""
    made = FeedState(health=health(*outcomes), next_check=NOW + timedelta(minutes=15), error="It broke.")
    return watch(feed, replace(made, **state), ringing, GUIDELINE, OWNERS, NOW)  # type: ignore[arg-type]


def test_the_shipped_clauses() -> None:
    found = {clause.trouble: (clause.id, clause.level, clause.looks) for clause in GUIDELINE.sources}
    assert found == {
        Trouble.IMPLAUSIBLE: ("SRC-1", Level.YELLOW, 2),
        Trouble.FAILING: ("SRC-2", Level.YELLOW, 2),
        Trouble.QUIET: ("SRC-3", Level.YELLOW, 2),
        Trouble.UNSEEN: ("SRC-4", Level.YELLOW, 2),
    }
    assert all(clause.title.zh and clause.why.zh for clause in GUIDELINE.sources)


def test_a_guideline_without_a_word_on_sources_has_the_shipped_clauses() -> None:
    text = default_text()
    start, end = text.index("\nsources:\n"), text.index("\nclauses:\n")
    assert parse_guideline(text[:start] + text[end:]).sources == GUIDELINE.sources


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("trouble: quiet", "trouble: silent", "silent"),
        ("id: SRC-2", "id: SEC-1", "SEC-1"),
        ("id: SRC-2", "id: src two", "capital letters"),
        ("of: [critical, advisory, sanctions]", "of: [urgent]", "urgent"),
        ("    looks: 2\n", "    looks: 0\n", "looks"),
        ("    looks: 2\n", "    sound: loud\n", "sound"),
    ],
)
def test_a_fault_is_told_with_its_line(old: str, new: str, says: str) -> None:
    with pytest.raises(GuidelineError) as caught:
        parse_guideline(default_text().replace(old, new, 1))
    assert any(says in str(fault) for fault in caught.value.every)


def test_two_failures_open_an_alarm_for_the_central_lead() -> None:
    assert told("failed", "new").step is Step.NONE
    verdict = told("failed", "failed", "new", last_success=NOW - timedelta(hours=5))
    assert verdict.clause is not None
    assert (verdict.step, verdict.clause.id) == (Step.OPEN, "SRC-2")
    assert [(reason.code, reason.value) for reason in verdict.reasons] == [
        ("source.failing", "The Gauge"),
        ("source.error", "It broke."),
        ("source.answered_h", "5"),
    ]
    assert [(duty.owner, duty.role) for duty in verdict.duties] == [("central-lead", "accountable")]
    assert verdict.duties[0].acknowledge_by == NOW + GUIDELINE.levels[Level.YELLOW].acknowledge


def test_a_source_that_is_refused_from_the_first_look_rings_at_the_second() -> None:
    assert told("refused").step is Step.NONE
    assert told("refused", "refused").step is Step.OPEN


@pytest.mark.parametrize("kind", ["advisory", "sanctions"])
def test_what_was_held_back_rings_at_once_critical_or_not(kind: str) -> None:
    feed = replace(CRITICAL, critical=False, kind=kind)
    clause = told("held", "new", feed=feed).clause
    assert clause is not None
    assert clause.id == "SRC-1"
    assert told("failed", "failed", feed=feed).step is Step.NONE
    assert told("held", "new", feed=replace(feed, kind="news")).step is Step.NONE


def test_an_alarm_ends_after_two_good_looks() -> None:
    ringing = Ringing(clause="SRC-2")
    assert told("unchanged", "failed", "failed", "new", ringing=ringing).step is Step.NONE
    verdict = told("unchanged", "unchanged", "failed", "failed", "new", ringing=ringing)
    assert (verdict.step, verdict.why) == (Step.END, "source.answers")


def test_another_trouble_changes_the_alarm_and_the_same_does_not() -> None:
    assert told("failed", "failed", "new", ringing=Ringing(clause="SRC-2")).step is Step.NONE
    assert told("failed", "failed", "new", ringing=Ringing(clause="SRC-3")).step is Step.CHANGE


def test_a_pause_and_a_release_end_it() -> None:
    state = FeedState(health=health("failed", "failed"), next_check=NOW)
    paused = watch(CRITICAL, state, Ringing(clause="SRC-2"), GUIDELINE, OWNERS, NOW, paused=True)
    assert (paused.step, paused.why) == (Step.END, "source.paused")
    assert watch(CRITICAL, state, Ringing(), GUIDELINE, OWNERS, NOW, paused=True).step is Step.NONE
    anybody = replace(CRITICAL, critical=False)
    assert told("failed", "failed", feed=anybody, ringing=Ringing(clause="SRC-2")).why == "source.released"


@given(st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=12), st.booleans(), st.integers(-5_000, 5_000))
def test_no_alarm_ends_while_the_source_is_not_well(outcomes: list[str], rings: bool, minutes: int) -> None:
    """And whatever opens has a clause, reasons, and exactly one accountable owner."""
    state = FeedState(health=health(*outcomes), next_check=NOW + timedelta(minutes=minutes))
    verdict = watch(CRITICAL, state, Ringing(clause="SRC-2" if rings else None), GUIDELINE, OWNERS, NOW)
    if verdict.step is Step.END:
        assert state_of(CRITICAL, state, NOW) in (State.OK, State.MOVED, State.DEGRADED)
        assert state.health.good >= 2
    if verdict.step in (Step.OPEN, Step.CHANGE):
        assert verdict.clause is not None
        assert verdict.reasons
        assert [duty.role for duty in verdict.duties].count("accountable") == 1
