"""The budget of interruptions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.budget import LONGEST, OWNER, PRESSING, SUBSCRIPTION, day_start, due, may_wait, over_budget
from rules.decision import HUSHES, Hush
from rules.guideline import default_guideline
from rules.level import Level
from rules.quiet_rule import HELD

NOW = datetime(2026, 5, 4, 12, 7, tzinfo=UTC)
RULE = default_guideline().restraint
MOST = {OWNER: 20, SUBSCRIPTION: 60}


@pytest.mark.parametrize("role", MOST)
def test_up_to_the_budget_everything_is_told(role: str) -> None:
    most = RULE.budget[role]
    assert over_budget(most - 1, Level.BLUE, role, RULE, NOW) is None
    assert over_budget(most, Level.BLUE, role, RULE, NOW) == Hush("budget", f"budget:{most}", NOW.replace(minute=15))


def test_what_is_held_in_one_span_is_told_together() -> None:
    later = over_budget(99, Level.YELLOW, OWNER, RULE, NOW + timedelta(minutes=7, seconds=59))
    assert later is not None
    assert later.until == NOW.replace(minute=15)


def test_without_a_number_there_is_no_limit() -> None:
    assert over_budget(10_000, Level.BLUE, "somebody", RULE, NOW) is None


@settings(max_examples=2000, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from(list(Level)),
    st.sampled_from((OWNER, SUBSCRIPTION)),
    st.integers(1, 200),
    st.integers(0, 10**6),
)
def test_levels_one_and_two_are_never_held(sent: int, level: Level, role: str, most: int, seconds: int) -> None:
    rule = replace(RULE, budget={role: most})
    now = NOW + timedelta(seconds=seconds)
    found = over_budget(sent, level, role, rule, now)
    assert (found is not None) == (level in HELD and sent >= most)
    if found is not None:
        assert found.kind in HUSHES
        assert now < due(found, now) <= now + rule.digest


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("action", ["open", "raise", "lower", "resolve", "dismiss", "update", "withdraw", *PRESSING])
def test_nothing_grave_waits(level: int, action: str) -> None:
    assert not may_wait(level, None, action)
    assert not may_wait(4, level, action), "and not the end of it either"


def test_nobody_who_is_pressed_for_an_answer_waits() -> None:
    assert [may_wait(4, None, action) for action in PRESSING] == [False] * len(PRESSING)
    assert may_wait(4, 3, "open")


def test_what_waits_for_the_end_of_its_cause_waits_a_day_at_most() -> None:
    assert due(Hush("inhibited", "alert:1"), NOW) == NOW + LONGEST
    far = NOW + timedelta(days=20)
    assert due(Hush("silence", "silence:1", far), NOW) == far, "a person said so, with an end"


def test_a_day_begins_where_the_person_is() -> None:
    assert day_start(NOW) == datetime(2026, 5, 4, tzinfo=UTC)
    assert day_start(NOW, "Asia/Shanghai") == datetime(2026, 5, 3, 16, tzinfo=UTC)
    assert day_start(NOW.replace(hour=17), "Asia/Shanghai") == datetime(2026, 5, 4, 16, tzinfo=UTC)
