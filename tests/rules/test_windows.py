"""Weekly windows by the clock on the wall, through changes of that clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.hours import zone_of
from rules.quiet import Silence
from rules.windows import WEEK, closes, opens, weekly_until

ZONES = (
    "Africa/Cairo",
    "Europe/Paris",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Shanghai",
    "UTC",
    "Asia/Tehran",
)
HOUR = timedelta(hours=1)


def silence(zone: str, start: datetime, hours: float) -> Silence:
    return Silence("1", start, start + 60 * WEEK, "li", "works", "window", length=hours * HOUR, zone=zone)


def test_a_night_in_cairo_stays_local_when_the_clock_changes() -> None:
    """Cairo goes to summer time on Friday 24 April 2026 at midnight, and back at the end of Thursday 29 October."""
    night = silence("Africa/Cairo", datetime(2026, 4, 9, 20, tzinfo=UTC), 8)  # Thursdays 22:00–06:00
    there = zone_of("Africa/Cairo")
    for day in ((2026, 4, 16), (2026, 4, 23), (2026, 4, 30), (2026, 10, 29), (2026, 11, 5)):
        evening = datetime(*day, 22, tzinfo=there).astimezone(UTC)
        morning = (datetime(*day, 6, tzinfo=there) + timedelta(days=1)).astimezone(UTC)
        assert night.until(evening - timedelta(seconds=1)) is None
        assert night.until(evening) == morning
        assert night.until(morning - timedelta(seconds=1)) == morning
        assert night.until(morning) is None
    spring = weekly_until(night.start, 8 * HOUR, "Africa/Cairo", datetime(2026, 4, 23, 22, tzinfo=UTC))
    assert spring == datetime(2026, 4, 24, 3, tzinfo=UTC), "an hour shorter by the sun, the same on the wall"


@pytest.mark.parametrize(
    ("wall", "first", "last"),
    [
        ("2026-03-29T02:30", "2026-03-29T01:00", "2026-03-29T01:00"),  # skipped: the jump
        ("2026-10-25T02:30", "2026-10-25T00:30", "2026-10-25T01:30"),  # shown twice
        ("2026-07-01T12:00", "2026-07-01T10:00", "2026-07-01T10:00"),
    ],
)
def test_gaps_and_overlaps(wall: str, first: str, last: str) -> None:
    at = datetime.fromisoformat(wall)
    assert opens(at, "Europe/Paris") == datetime.fromisoformat(first).replace(tzinfo=UTC)
    assert closes(at, "Europe/Paris") == datetime.fromisoformat(last).replace(tzinfo=UTC)


@settings(deadline=None, max_examples=400)
@given(
    zone=st.sampled_from(ZONES),
    minute=st.integers(0, 365 * 24 * 60),
    minutes=st.integers(1, 24 * 60),
    later=st.integers(0, 26 * 7 * 24 * 60),
)
def test_it_is_quiet_whenever_the_clock_shows_a_time_inside(zone: str, minute: int, minutes: int, later: int) -> None:
    """Also: an answer is always later than now, and never further than the window is long, but for a doubled hour."""
    start = datetime(2026, 1, 1) + timedelta(minutes=minute)  # noqa: DTZ001 - the clock on a wall
    begun, length = opens(start, zone), timedelta(minutes=minutes)
    now = begun + timedelta(minutes=later)
    over = silence(zone, begun, length / HOUR).until(now)
    first = begun.astimezone(zone_of(zone)).replace(tzinfo=None)
    shown = now.astimezone(zone_of(zone)).replace(tzinfo=None)
    inside = timedelta() <= (shown - first) % WEEK < length and shown >= first
    if inside:
        assert over is not None
    if over is not None:
        assert now < over <= now + length + 2 * HOUR
        ends = over.astimezone(zone_of(zone)).replace(tzinfo=None)
        drift = (ends - first - length) % WEEK
        assert min(drift, WEEK - drift) <= HOUR, "it ends by the wall, but where the clock jumps over its end"


@settings(deadline=None, max_examples=200)
@given(later=st.integers(0, 26 * 7 * 24 * 60), minutes=st.integers(1, 24 * 60))
def test_in_utc_it_is_as_it_ever_was(later: int, minutes: int) -> None:
    start, length = datetime(2026, 5, 4, 9, tzinfo=UTC), timedelta(minutes=minutes)
    now = start + timedelta(minutes=later)
    begun = start + (now - start) // WEEK * WEEK
    expected = begun + length if now < begun + length else None
    assert silence("UTC", start, length / HOUR).until(now) == expected
