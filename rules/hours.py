"""Hours of a week by a clock on the wall, and the instants at which that clock shows a time.

Everything that a roster says is said in local time: who takes over at nine takes over at nine, summer or winter.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from yaml.nodes import Node, ScalarNode

from rules.document import Document, told

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAILY = frozenset(range(7))
_HOURS = re.compile(r"([A-Za-z, -]+?)\s+(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_EXAMPLE = "Write it like `Mon-Fri 09:00-18:00`, `Sat,Sun 00:00-24:00` or `daily 20:00-08:00`."


@lru_cache(maxsize=256)
def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name; ValueError when this machine knows none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise ValueError(f"{name} is no time zone") from error


def is_zone(name: str) -> bool:
    """Whether this machine knows a zone of that name."""
    try:
        zone_of(name)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=65_536)
def instant(day: date, clock: time, zone: str) -> datetime:
    """When the clock of that zone shows this time on this day, in UTC.

    A time that comes twice (the clock goes back) is its first; one that is skipped (it goes forward) is as much later
    as the clock jumped, so that 02:30 becomes 03:30.
    """
    return datetime.combine(day, clock, zone_of(zone)).astimezone(UTC)


def local_date(now: datetime, zone: str) -> date:
    """The date that a calendar on the wall shows there."""
    return now.astimezone(zone_of(zone)).date()


@dataclass(frozen=True, slots=True)
class Hours:
    """A window of the week: the days (0 is Monday) on which it begins, and from when to when.

    An end at or before the start is on the next day; 24:00 is kept as 00:00 of the next.
    """

    days: frozenset[int]
    start: time
    end: time

    def bounds(self, day: date, zone: str) -> tuple[datetime, datetime] | None:
        """From when to when the window that begins on this day is open; None when none does."""
        if day.weekday() not in self.days:
            return None
        last = day if self.end > self.start else day + timedelta(days=1)
        return instant(day, self.start, zone), instant(last, self.end, zone)

    def covers(self, now: datetime, zone: str) -> bool:
        """Whether the window is open."""
        today = local_date(now, zone)
        opened = (self.bounds(day, zone) for day in (today - timedelta(days=1), today))
        return any(found is not None and found[0] <= now < found[1] for found in opened)


def read_hours(document: Document, node: Node, where: str) -> Hours:
    """A window as it is written; a fault leaves one that is always open."""
    written = node.value.strip() if isinstance(node, ScalarNode) else ""
    match = _HOURS.fullmatch(written)
    days = _days(match[1]) if match else None
    start, end = (_clock(match[2]), _clock(match[3])) if match else (None, None)
    if days is None or start is None or end is None:
        document.fault(node, f"{where} {told(node)} is no window of the week", _EXAMPLE)
        return Hours(DAILY, time(), time())
    return Hours(days, start, end)


def read_clock(document: Document, node: Node | None, where: str) -> time:
    """A time of day such as 09:00; midnight after a fault."""
    if node is None:
        return time()
    written = told(node)
    found = _clock(written)
    if found is None:
        document.fault(node, f"{where} {written} is no time of day", "Write hours and minutes: 09:00.")
    return found or time()


def read_zone(document: Document, node: Node | None, where: str) -> str:
    """An IANA time zone; UTC after a fault or when none is given."""
    if node is None:
        return "UTC"
    written = document.text(node, where, 60)
    try:
        zone_of(written or "UTC")
    except ValueError:
        document.fault(node, f"{where} {written} is no time zone", "Use an IANA name such as Asia/Shanghai.")
        return "UTC"
    return written or "UTC"


def read_date(document: Document, node: Node | None, where: str) -> date | None:
    """A day such as 2026-12-01; None after a fault or when none is given."""
    if node is None:
        return None
    written = told(node)
    try:
        return date.fromisoformat(written)
    except ValueError:
        document.fault(node, f"{where} {written} is no day", "Write year, month and day: 2026-12-01.")
        return None


def weekday_of(written: str) -> int | None:
    """0 for Monday; None for what is no day of the week."""
    short = written.strip().capitalize()[:3]
    return DAYS.index(short) if short in DAYS else None


def _clock(written: str) -> time | None:
    match = _CLOCK.fullmatch(written)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2])
    if (hour, minute) == (24, 0):
        return time()
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _days(written: str) -> frozenset[int] | None:
    if written.strip().lower() == "daily":
        return DAILY
    found: set[int] = set()
    for part in written.split(","):
        first, _, last = part.partition("-")
        begin, end = weekday_of(first), weekday_of(last or first)
        if begin is None or end is None:
            return None
        found |= {(begin + step) % 7 for step in range((end - begin) % 7 + 1)}
    return frozenset(found) or None
