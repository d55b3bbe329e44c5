"""Times that people type, on a page, in a command or in a request."""

from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import available_timezones

from rules.hours import is_zone
from rules.windows import read_wall
from service.errors import Invalid

DAY = len("2026-05-01")
PARTS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def zones() -> tuple[str, ...]:
    """Names of zones to choose from: UTC, and those of places."""
    return ("UTC", *sorted(name for name in available_timezones() if name.split("/")[0] in PARTS))


def typed_time(given: str, problem: str, hint: str) -> datetime:
    """A time as it was typed, with a zone only if it names one; Invalid with these words for what is no time."""
    try:
        return datetime.fromisoformat(given)
    except ValueError as error:
        raise Invalid(problem, hint) from error


def utc_time(given: str, problem: str, hint: str) -> datetime:
    """The same, in UTC where it names no zone."""
    found = typed_time(given, problem, hint)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def wall_time(given: str, zone: str, problem: str, hint: str) -> datetime:
    """The same, in UTC; without a zone of its own it is what the clock on the wall of this one shows."""
    if not is_zone(zone):
        raise Invalid(f"{zone[:40]} is no time zone.", "Use an IANA name such as Africa/Cairo.")
    return read_wall(typed_time(given, problem, hint), zone)


def zoned_time(given: str, problem: str, hint: str) -> datetime:
    """The same, in UTC; Invalid without a zone: who is on duty at eight depends on whose eight it is."""
    found = typed_time(given, problem, hint)
    if found.tzinfo is None:
        raise Invalid(f"'{given[:40]}' has no zone.", "End it with Z, or with an offset such as +08:00.")
    return found.astimezone(UTC)


def is_day(given: str) -> bool:
    """Whether only a day was typed."""
    return len(given) <= DAY


def end_of_day(day: datetime) -> datetime:
    """The last minute of a day, in UTC."""
    return datetime.combine(day.date(), time(), UTC) + timedelta(days=1) - timedelta(minutes=1)
