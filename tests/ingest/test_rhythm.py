"""When to look again: properties over feeds, failures, holds and jitter."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.feed import Feed, FeedState, Outcome
from ingest.rhythm import LONGEST, hold_until, is_held, next_check

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FEED = Feed("a", "A", "https://a.test/feed", interval=900)
FAILED = (Outcome.FAILED, Outcome.REFUSED)

feeds = st.builds(
    Feed,
    key=st.just("a"),
    name=st.just("A"),
    address=st.just("https://a.test/"),
    interval=st.integers(-5, 10**12),
    critical=st.booleans(),
)
jitters = st.floats(0, 1)
outcomes = st.sampled_from(Outcome)
holds = st.none() | st.datetimes(timezones=st.just(UTC))
states = st.builds(FeedState, failures=st.integers(0, 10**9), hold_until=holds)
ages = st.none() | st.integers(0, 10**9)


@given(feeds, states, outcomes, jitters, ages)
def test_never_before_now_and_never_before_the_hold(
    feed: Feed, state: FeedState, outcome: Outcome, jitter: float, age: int | None
) -> None:
    at = next_check(feed, state, outcome, NOW, jitter, age)
    assert at > NOW
    if state.hold_until is not None:
        assert at >= min(state.hold_until, NOW + LONGEST)


@given(feeds, states, st.sampled_from(FAILED), jitters)
def test_after_failure_within_a_day(feed: Feed, state: FeedState, outcome: Outcome, jitter: float) -> None:
    assert next_check(feed, state, outcome, NOW, jitter) <= NOW + LONGEST


@given(feeds, states, st.sampled_from(FAILED), jitters, st.integers(0, 100))
def test_more_failures_never_come_sooner(
    feed: Feed, state: FeedState, outcome: Outcome, jitter: float, more: int
) -> None:
    worse = replace(state, failures=state.failures + more)
    assert next_check(feed, worse, outcome, NOW, jitter) >= next_check(feed, state, outcome, NOW, jitter)


@given(feeds, outcomes, st.integers(0, 50), jitters, jitters)
def test_more_jitter_never_comes_sooner(feed: Feed, outcome: Outcome, failures: int, one: float, other: float) -> None:
    state = FeedState(failures=failures)
    low, high = sorted((one, other))
    assert next_check(feed, state, outcome, NOW, low) <= next_check(feed, state, outcome, NOW, high)


@pytest.mark.parametrize(
    ("failures", "waits"), [(1, 900), (2, 1_800), (3, 3_600), (7, 57_600), (8, 86_400), (99, 86_400)]
)
def test_the_wait_doubles_up_to_a_day(failures: int, waits: int) -> None:
    at = next_check(FEED, FeedState(failures=failures), Outcome.FAILED, NOW, 0.5)
    assert at == NOW + timedelta(seconds=waits)


def test_after_success_the_interval() -> None:
    for outcome in (Outcome.NEW, Outcome.UNCHANGED, Outcome.EMPTY):
        assert next_check(FEED, FeedState(), outcome, NOW, 0.5) == NOW + timedelta(seconds=900)


def test_max_age_lengthens_the_interval_a_little_but_not_for_what_is_critical() -> None:
    def waits(feed: Feed, age: int) -> float:
        return (next_check(feed, FeedState(), Outcome.NEW, NOW, 0.5, age) - NOW).total_seconds()

    assert [waits(FEED, age) for age in (0, 1_200, 10**9)] == [900, 1_200, 3_600]
    assert waits(replace(FEED, interval=7_200), 10**9) == 7_200
    assert waits(replace(FEED, critical=True), 10**9) == 900


@given(st.none() | st.timedeltas() | st.datetimes(timezones=st.just(UTC)))
def test_a_hold_lies_within_the_coming_day(asked: timedelta | datetime | None) -> None:
    hold = hold_until(asked, NOW)
    assert hold is None or NOW < hold <= NOW + LONGEST


def test_a_hold_in_seconds_and_as_a_date() -> None:
    assert hold_until(timedelta(seconds=90), NOW) == NOW + timedelta(seconds=90)
    assert hold_until(NOW + timedelta(hours=2), NOW) == NOW + timedelta(hours=2)
    assert hold_until(NOW - timedelta(hours=2), NOW) is None
    assert is_held(FeedState(hold_until=NOW + timedelta(seconds=1)), NOW)
    assert not is_held(FeedState(hold_until=NOW), NOW)
    assert not is_held(FeedState(), NOW)
