"""Windows of the week by the clock on the wall: 22:00–06:00 stays so when the clock goes forward or back.

A window is open from the first to the last instant at which the clock of its zone shows a time inside it. So where the
clock goes forward over its beginning it opens with the jump, where it goes back over its end it stays open until the
clock shows that end for the second time; nothing of it is lost, and it never ends before it begins.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from rules.hours import zone_of

WEEK = timedelta(days=7)
STEP = timedelta(seconds=1)


@lru_cache(maxsize=65_536)
def opens(wall: datetime, zone: str) -> datetime:
    """The first instant at which the clock of that zone shows this time or, where it is skipped, one after it."""
    return _jump(wall, zone) or wall.replace(fold=0, tzinfo=zone_of(zone)).astimezone(UTC)


@lru_cache(maxsize=65_536)
def closes(wall: datetime, zone: str) -> datetime:
    """The last instant at which it shows this time; where it is skipped, that of the jump."""
    return _jump(wall, zone) or wall.replace(fold=1, tzinfo=zone_of(zone)).astimezone(UTC)


def weekly_until(start: datetime, length: timedelta, zone: str, now: datetime) -> datetime | None:
    """Until when the window is open that began at `start` and comes back every week; None when it is not open now."""
    wall = start.astimezone(zone_of(zone)).replace(tzinfo=None)
    today = now.astimezone(zone_of(zone)).date()
    weeks = (today - wall.date()).days // 7
    over = [_until(wall, length, zone, max(week, 0), now) for week in range(weeks - 1, weeks + 2)]
    return max((one for one in over if one is not None), default=None)


def _until(wall: datetime, length: timedelta, zone: str, week: int, now: datetime) -> datetime | None:
    begin = wall + week * WEEK
    over = closes(begin + length, zone)
    return over if opens(begin, zone) <= now < over else None


def read_wall(at: datetime, zone: str) -> datetime:
    """A time without a zone as that of this one, in UTC; one that names its own is taken as it is."""
    return opens(at, zone) if at.tzinfo is None else at.astimezone(UTC)


def _jump(wall: datetime, zone: str) -> datetime | None:
    """When the clock went forward over this time; None when it shows it."""
    there = zone_of(zone)
    late, early = (wall.replace(fold=fold, tzinfo=there).astimezone(UTC) for fold in (0, 1))
    if late <= early:
        return None  # shown once, or twice
    before = early.astimezone(there).utcoffset()
    while late - early > STEP:
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle.astimezone(there).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late
