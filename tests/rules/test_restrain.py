"""Raised at once, lowered by one step after the hold; and what a subscriber is told of."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.decision import Action
from rules.follow import Follow, follows
from rules.level import Level, graver
from rules.restrain import restrain
from scoring.category import CATEGORIES, Category
from tests.rules.making import NOW, stands

HOLD = timedelta(hours=24)
levels = st.sampled_from(Level)


@given(levels, st.none() | levels)
def test_raising_is_immediate(standing: Level, graded: Level | None) -> None:
    step = restrain(stands(standing, calmer_since=NOW), graded, HOLD, NOW)
    if graded is not None and graded <= standing:
        assert step.level is graded
        assert step.calmer_since is None
        assert step.action is (Action.RAISE if graded < standing else Action.NONE)


@given(levels, st.none() | levels, st.integers(0, 72))
def test_a_day_of_calm_is_needed_for_each_step(standing: Level, graded: Level | None, hours: int) -> None:
    """However the picture moves, hour by hour: never two steps within one hold."""
    alert, lowered = stands(standing), []
    for hour in range(hours):
        now = NOW + timedelta(hours=hour)
        step = restrain(alert, graded, HOLD, now)
        if step.action is Action.LOWER:
            lowered.append(now)
        assert step.level is not None
        alert = stands(step.level, calmer_since=step.calmer_since)
    assert all(later - earlier >= HOLD for earlier, later in pairwise(lowered))
    wanted = min(graded or Level.BLUE, Level.BLUE)
    assert len(lowered) == min(max(0, wanted - standing), max(0, hours - 1) // 24)


def test_a_grave_hour_starts_the_hold_anew() -> None:
    calm = restrain(stands(2), Level.BLUE, HOLD, NOW)
    assert (calm.calmer_since, calm.until) == (NOW, NOW + HOLD)
    grave = restrain(stands(2, calmer_since=NOW), Level.ORANGE, HOLD, NOW + HOLD)
    assert grave.calmer_since is None


def test_the_lowest_level_is_not_lowered() -> None:
    step = restrain(stands(4, calmer_since=NOW - 9 * HOLD), None, HOLD, NOW)
    assert (step.action, step.level) == (Action.NONE, Level.BLUE)


@pytest.mark.parametrize("graded", [None, *Level])
def test_without_an_open_alert_there_is_nothing_to_hold(graded: Level | None) -> None:
    for standing in (None, stands(1, withdrawn=True)):
        step = restrain(standing, graded, HOLD, NOW)
        assert (step.action, step.level) == (Action.NONE if graded is None else Action.OPEN, graded)


def test_graver_of_two_levels() -> None:
    assert graver(Level.RED, Level.BLUE) is Level.RED
    assert graver(None, Level.BLUE) is Level.BLUE
    assert graver(None, None) is None
    assert [level.roman for level in Level] == ["I", "II", "III", "IV"]


def test_an_empty_follow_follows_everything() -> None:
    for level in Level:
        assert follows(Follow(), countries=(), categories=(), level=level)
    assert not follows(Follow(), countries=("NE",), categories=(), level=None)


def test_a_follow_asks_for_all_it_names() -> None:
    follow = Follow(("NE", "ML"), (Category.LEGAL,), Level.YELLOW, ("zh",))
    legal = (Category.LEGAL, Category.POLITICAL)
    assert follows(follow, countries=("TD", "ML"), categories=legal, level=Level.YELLOW)
    assert not follows(follow, countries=("TD",), categories=legal, level=Level.RED)
    assert not follows(follow, countries=(), categories=legal, level=Level.RED)
    assert not follows(follow, countries=("ML",), categories=(Category.SECURITY,), level=Level.RED)
    assert not follows(follow, countries=("ML",), categories=legal, level=Level.BLUE)


@given(levels, levels, st.sets(st.sampled_from(CATEGORIES)), st.sets(st.sampled_from(("NE", "ML"))))
def test_a_graver_level_reaches_no_fewer(one: Level, other: Level, kinds: set[Category], places: set[str]) -> None:
    follow = Follow(("NE",), (Category.LEGAL,), Level.YELLOW)
    grave, calm = min(one, other), max(one, other)
    reached = follows(follow, countries=places, categories=kinds, level=calm)
    assert follows(follow, countries=places, categories=kinds, level=grave) or not reached
