"""What looks come to: sums that stay small, a rhythm that knows nights and weekends, and a word that never flatters."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.feed import Feed, FeedState, Outcome
from ingest.health import FAILED, HEALTHY, Health, Look, State, health_of, health_values, observe
from ingest.state import GRACE, lag, rhythm, silence, state_of, success, troubles

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)  # a Monday
FEED = Feed("herald", "Herald", "https://herald.example/rss")
ORDER = (State.OK, State.NEW, State.MOVED, State.DEGRADED, State.QUIET, State.FAILING, State.REFUSED, State.UNKNOWN)
KINDS = ("news", "advisory", "hazard", "sanctions", "health", "economy", "report")
counts = st.integers(0, 5_000)
looks = st.builds(
    Look,
    at=st.integers(0, 730 * 86_400).map(lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)),
    outcome=st.sampled_from([outcome.value for outcome in Outcome]),
    reason=st.sampled_from(["", "timeout", "http 403", "parser", "http 500", "x" * 200]),
    interval=st.integers(1, 40 * 86_400),
    bytes=st.integers(0, 10**8),
    read=st.booleans(),
    items=counts,
    copies=counts,
    fresh=st.one_of(st.just(0), counts),
    missing=counts,
    lag=st.one_of(st.none(), st.integers(0, 10**7)),
    problems=st.lists(st.text(max_size=400), max_size=5).map(tuple),
)
histories = st.lists(looks, max_size=40)
feeds = st.builds(
    Feed,
    key=st.just("a"),
    name=st.just("A"),
    address=st.just("https://a.example/"),
    kind=st.sampled_from(KINDS),
    interval=st.integers(1, 40 * 86_400),
    critical=st.booleans(),
)


def after(history: list[Look]) -> Health:
    health = HEALTHY
    for look in sorted(history, key=lambda one: one.at):
        health = observe(health, look)
    return health


def kept(health: Health, **more: object) -> FeedState:
    last = datetime.fromtimestamp(health.at, UTC)
    return FeedState(**{"health": health, "next_check": last + timedelta(hours=1), **more})  # type: ignore[arg-type]


def steady(days: int, minutes: int = 20, hours: range = range(24), rest: tuple[int, ...] = ()) -> Health:
    """A source that brings something every so many minutes, in these hours, but on no day of rest (0 is Monday)."""
    health, at = HEALTHY, START
    while at < START + timedelta(days=days):
        brings = at.hour in hours and at.weekday() not in rest
        outcome = "new" if brings else "unchanged"
        health = observe(
            health,
            Look(at, outcome, read=brings, items=30, fresh=int(brings), lag=300, bytes=9_000, interval=60 * minutes),
        )
        at += timedelta(minutes=minutes)
    return health


@given(histories)
def test_observing_is_total_and_what_is_kept_comes_back(history: list[Look]) -> None:
    health = HEALTHY
    for look in history:  # in no order: clocks go back
        health = observe(health, look)
    assert health.looks == len(history)
    assert health_of(json.loads(json.dumps(health_values(health)))) == health


@given(st.lists(looks, min_size=60, max_size=120))
def test_what_is_kept_stays_small(history: list[Look]) -> None:
    small = [
        replace(look, problems=tuple(one.encode("ascii", "ignore").decode() for one in look.problems))
        for look in history
    ]
    health = after(small)
    assert len(health.past) <= 27
    assert len(json.dumps(health_values(health))) < 2_000


def test_an_ordinary_source_needs_about_a_kilobyte() -> None:
    assert len(json.dumps(health_values(steady(40)))) < 1_500


@given(
    feeds, histories, st.timedeltas(timedelta(0), timedelta(days=200)), st.timedeltas(timedelta(0), timedelta(days=200))
)
def test_time_alone_never_makes_a_state_better(
    feed: Feed, history: list[Look], one: timedelta, more: timedelta
) -> None:
    state = kept(after(history))
    now = datetime.fromtimestamp(state.health.at, UTC) + one
    before, later = state_of(feed, state, now), state_of(feed, state, now + more)
    assert ORDER.index(later) >= ORDER.index(before)


@given(feeds, histories, st.timedeltas(timedelta(0), timedelta(days=100)))
def test_a_look_that_finds_nothing_new_never_ends_a_silence(feed: Feed, history: list[Look], wait: timedelta) -> None:
    health = observe(after(history), Look(START + timedelta(days=400), "unchanged"))
    now = START + timedelta(days=400)
    assert state_of(feed, kept(health), now + timedelta(hours=1)) is not State.NEW
    if state_of(feed, kept(health), now) is State.QUIET:
        later = now + wait
        health = observe(health, Look(later, "unchanged"))
        assert state_of(feed, kept(health), later) is State.QUIET


@given(feeds, histories, looks, st.booleans())
def test_a_source_that_fails_is_never_called_well(feed: Feed, history: list[Look], last: Look, moved: bool) -> None:
    health = observe(after(history), replace(last, at=START + timedelta(days=400)))
    state = kept(health, address="https://b.example/" if moved else None)
    word = state_of(feed, state, START + timedelta(days=400))
    if last.outcome in FAILED:
        assert word not in (State.OK, State.MOVED, State.NEW)
    assert word is not State.UNKNOWN


@given(feeds, histories, st.timedeltas(timedelta(seconds=1), timedelta(days=900)))
def test_what_nobody_looked_at_in_time_is_unknown_whatever_it_was(
    feed: Feed, history: list[Look], late: timedelta
) -> None:
    state = kept(after(history))
    assert state.next_check is not None
    assert state_of(feed, state, state.next_check + GRACE + late) is State.UNKNOWN


def test_the_words_one_by_one() -> None:
    well, now = steady(10), START + timedelta(days=10)
    fail = Look(now, "failed", reason="http 500")
    once, twice = observe(well, fail), observe(observe(well, fail), fail)

    def word(health: Health, **more: object) -> State:
        return state_of(FEED, kept(health, **more), now)

    assert word(well) is State.OK
    assert word(well, address="https://moved.example/") is State.MOVED
    assert state_of(FEED, FeedState(next_check=now), now) is State.NEW
    assert state_of(FEED, FeedState(next_check=now), now + GRACE * 2) is State.UNKNOWN
    assert word(once) is State.DEGRADED
    assert word(twice) is State.FAILING
    assert word(observe(HEALTHY, fail)) is State.FAILING, "it never worked: there is nothing to be patient about"
    assert word(observe(well, replace(fail, reason="http 403"))) is State.REFUSED
    assert word(observe(well, Look(now, "refused", reason="too large"))) is State.REFUSED
    assert word(observe(twice, Look(now, "held"))) is State.DEGRADED
    assert word(observe(twice, Look(now, "unchanged"))) is State.OK
    assert state_of(FEED, kept(well, next_check=now + timedelta(days=9)), now + timedelta(hours=9)) is State.QUIET


@pytest.mark.parametrize(
    ("code", "look"),
    [
        ("problems", Look(START, "new", read=True, items=3, fresh=1, problems=("Two items have no title.",))),
        ("dates", Look(START, "new", read=True, items=20, fresh=20, missing=11)),
        ("dates", Look(START, "new", read=True, items=20, fresh=20, missing=4, future=4, ancient=2, unreadable=1)),
        ("copies", Look(START, "new", read=True, items=30, fresh=30, copies=16)),
        ("held", Look(START, "held")),
    ],
)
def test_what_is_wrong_with_a_source_that_answers(code: str, look: Look) -> None:
    health = observe(HEALTHY, look)
    assert troubles(FEED, health) == (code,)
    assert state_of(FEED, kept(health), START) is State.DEGRADED


def test_lists_need_no_dates_and_hazards_may_be_empty() -> None:
    undated = observe(HEALTHY, Look(START, "new", read=True, items=20, fresh=20, missing=20))
    assert troubles(replace(FEED, kind="sanctions"), undated) == ()
    empty = observe(undated, Look(START, "empty", read=True))
    assert "empty" in troubles(FEED, empty)
    assert "empty" not in troubles(replace(FEED, kind="hazard"), empty)


def test_an_unchanged_document_is_as_odd_as_it_was() -> None:
    odd = observe(HEALTHY, Look(START, "new", read=True, items=3, fresh=1, problems=("Odd.",)))
    assert observe(odd, Look(START, "unchanged")).problems == ("Odd.",)
    assert observe(odd, Look(START, "unchanged", read=True, items=3)).problems == ()


def test_unsteady_is_a_fifth_of_the_looks() -> None:
    health = steady(3)
    for number in range(12):
        health = observe(health, Look(START + timedelta(days=3), "failed" if number % 2 else "new", fresh=1))
    health = observe(health, Look(START + timedelta(days=3), "new", fresh=1))
    assert success(health) == pytest.approx(44 / 50)
    for number in range(12):
        health = observe(health, Look(START + timedelta(days=3), "new" if number % 2 else "failed", fresh=1))
    assert success(health) == pytest.approx(38 / 50)
    assert troubles(FEED, health) == ("unsteady",)


def test_a_night_is_no_silence() -> None:
    """A paper that works from six to eighteen is silent for twelve hours each night, and for no longer."""
    health = steady(10, hours=range(6, 18))
    learnt = rhythm(FEED, health)
    assert (learnt.usual, learnt.learnt) == (timedelta(minutes=20), True)
    assert learnt.longest == timedelta(hours=12, minutes=20)
    assert learnt.patience == 2 * timedelta(hours=12, minutes=20)


@pytest.mark.parametrize("days", [8, 15, 22, 29, 36])
def test_a_weekend_is_no_silence_once_one_was_seen(days: int) -> None:
    """The span from Friday evening to Monday morning stays in, however long we have watched."""
    health = steady(days, hours=range(6, 18), rest=(5, 6))
    assert (rhythm(FEED, health).longest or timedelta(0)) >= timedelta(hours=60)


def test_one_break_down_does_not_make_us_deaf() -> None:
    """Five silent days once in four weeks: after that, a day is still long for a source of every hour."""
    health, at = HEALTHY, START
    for hour in range(28 * 24):
        brings = not 300 <= hour < 420
        health = observe(health, Look(at, "new" if brings else "unchanged", read=True, items=9, fresh=int(brings)))
        at += timedelta(hours=1)
    assert rhythm(FEED, health).patience < timedelta(days=1)


def test_our_own_absence_is_no_silence_of_theirs() -> None:
    health = steady(10)
    back = START + timedelta(days=15)
    assert observe(health, Look(back, "new", read=True, fresh=3)).gaps == health.gaps
    failing = observe(health, Look(START + timedelta(days=10), "failed", reason="timeout"))
    assert observe(failing, Look(START + timedelta(days=10, minutes=20), "new", fresh=3)).gaps == health.gaps
    days = observe(health, Look(back, "unchanged")).days
    assert [day.looks for day in days[-6:]] == [18, 0, 0, 0, 0, 1]


def test_a_critical_source_is_missed_before_its_rhythm_is_known() -> None:
    health = observe(HEALTHY, Look(START, "new", read=True, fresh=20))
    for feed, least in (
        (replace(FEED, critical=True), timedelta(days=1)),
        (replace(FEED, critical=True, kind="hazard"), timedelta(days=7)),
        (replace(FEED, critical=True, interval=3 * 3600), timedelta(days=12)),
        (FEED, timedelta(days=14)),
        (replace(FEED, kind="sanctions"), timedelta(days=42)),
    ):
        assert (rhythm(feed, health).patience, rhythm(feed, health).learnt) == (least, False)


def test_an_event_driven_source_is_given_three_times_its_longest_silence() -> None:
    health = steady(12, minutes=360)
    assert rhythm(replace(FEED, kind="hazard"), health).patience == timedelta(hours=24)
    assert rhythm(replace(FEED, kind="hazard", interval=28_800), health).patience == timedelta(hours=32)


def test_the_lag_is_the_median_and_forgets_the_first_look() -> None:
    health = observe(HEALTHY, Look(START, "new", fresh=50, lag=900_000))
    for seconds in (60, 120, 90_000):
        health = observe(health, Look(START, "new", fresh=1, lag=seconds))
    assert lag(health) == timedelta(seconds=120)
    assert lag(HEALTHY) is None
    assert silence(HEALTHY, START) == timedelta(0)


def test_failures_are_counted_by_kind_the_latest_first() -> None:
    health = HEALTHY
    for reason in ("timeout", "http 403", "timeout", "a", "b", "c", "d"):
        health = observe(health, Look(START, "failed", reason=reason))
    assert [(one.kind, one.times) for one in health.failures] == [
        ("d", 1),
        ("c", 1),
        ("b", 1),
        ("a", 1),
        ("timeout", 2),
    ]
    assert (health.failed, health.good) == (7, 0)


@pytest.mark.parametrize("damage", [{"past": [[1, 2, 3, 4, 5, 6]]}, {"recent": 7}, {"failures": [1]}])
def test_what_another_version_wrote_begins_anew(damage: dict[str, object]) -> None:
    assert health_of(health_values(steady(2)) | damage) == HEALTHY
    assert health_of({"looks": 7, "hue": "blue"}) == replace(HEALTHY, looks=7)
