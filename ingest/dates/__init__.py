"""Dates as publishers write them → aware UTC, with how far they may be believed."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from ingest.dates.ago import Ago, ago
from ingest.dates.clock import clock_of, in_zone
from ingest.dates.day import Day, day_of
from ingest.dates.east import east_clock
from ingest.dates.months import LOCALES
from ingest.entry import DateQuality

__all__ = ["LOCALES", "Dated", "moment_of", "read"]

UNWANTED = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")  # direction marks between figures
AHEAD = timedelta(days=1)  # further ahead of now, a published time is wrong
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)  # feeds are younger; before it stand epochs, defaults and mistakes
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FRENCH_HOUR = re.compile(r"(?<=\d)\s?h\s?(?=\d\d\b)")  # 10h30
DOTNET = re.compile(r"\\?/Date\((-?\d{1,16})(?:[+-]\d{4})?\)\\?/")
ENGLISH = "JanFebMarAprMayJunJulAugSepOctNovDec"
RFC_822 = re.compile(
    r"(?:[A-Za-z]{3}, ?)?(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) "
    r"(\d\d):(\d\d):(\d\d) (?:([+-])(0\d|1[0-4])([0-5]\d)|GMT|UTC|Z)",
    re.ASCII,
)
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
TICKS = {9: 1, 10: 1, 12: 10**3, 13: 10**3, 16: 10**6, 19: 10**9}  # digits since 1970 → parts of a second


@dataclass(frozen=True, slots=True)
class Dated:
    """A moment (aware, UTC) and its quality; `moment` is None when missing or unreadable."""

    moment: datetime | None
    quality: DateQuality


MISSING = Dated(None, DateQuality.MISSING)
UNREADABLE = Dated(None, DateQuality.UNREADABLE)


def read(value: object, *, zone: str | None = None, now: datetime) -> Dated:
    """The moment that `value` (text, or a number of seconds, milliseconds … since 1970) means.

    `zone` is the IANA zone of dates that carry none; UTC without it. A date without a year is the last such day; "3
    hours ago" counts from `now`. Impossible dates and those whose day and month could be swapped are UNREADABLE;
    FUTURE and ANCIENT ones keep their moment.
    """
    if value is None or isinstance(value, bool) or not str(value).strip():
        return MISSING
    text = str(value).strip()[:100]
    moment = moment_of(text, zone) or _since(text, zone, now) or moment_of(text, zone, now.date())
    if moment is None:
        return UNREADABLE
    if moment > now + AHEAD:
        return Dated(moment, DateQuality.FUTURE)
    return Dated(moment, DateQuality.ANCIENT if moment < OLDEST else DateQuality.GOOD)


@lru_cache(maxsize=4096)
def moment_of(text: str, zone: str | None, today: date | None = None) -> datetime | None:
    """Aware UTC moment of a written date, or None. Without `today`, neither is a date that lacks its year."""
    if usual := _usual(text):
        return usual
    if re.fullmatch(r"-?\d+(\.\d*)?", text):
        return _from_number(text)
    if found := DOTNET.fullmatch(text):
        return _from_milliseconds(int(found[1]))
    try:
        return _from_words(_plain(text), zone, today)
    except (ValueError, OverflowError):
        return None


def _usual(text: str) -> datetime | None:
    """The two forms that nearly all feeds write, at a tenth of the time of the others."""
    try:
        if found := RFC_822.fullmatch(text):
            day, month, year, hour, minute, second = found.groups()[:6]
            ahead = timedelta(hours=int(found[8]), minutes=int(found[9])) if found[7] else timedelta(0)
            number = ENGLISH.index(month) // 3 + 1
            moment = datetime(int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
            return moment + ahead if found[7] == "-" else moment - ahead
        return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0) if RFC_3339.fullmatch(text) else None
    except (ValueError, OverflowError):
        return None


def _since(text: str, zone: str | None, now: datetime) -> datetime | None:
    """The moment of "3 hours ago" or "yesterday 14:05"."""
    try:
        found = ago(_plain(text))
        if found is None:
            return None
        moment = now - found.back
        return moment.astimezone(UTC) if not found.is_day else _clocked_on(_local_day(moment, zone), found, zone)
    except (ValueError, OverflowError):
        return None


def _local_day(moment: datetime, zone: str | None) -> Day:
    ahead = moment.replace(tzinfo=None) - in_zone(moment.replace(tzinfo=None), zone, None).replace(tzinfo=None)
    local = moment.astimezone(UTC) + ahead
    return Day(local.year, local.month, local.day, "")


def _clocked_on(day: Day, found: Ago, zone: str | None) -> datetime | None:
    return _with_clock(Day(day.year, day.month, day.day, found.rest), zone)


def _from_number(text: str) -> datetime | None:
    digits = text.split(".")[0]
    try:
        if len(digits) == 14:
            return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        if len(digits) == 8 and digits.startswith(("19", "20")):
            return datetime.strptime(digits, "%Y%m%d").replace(tzinfo=UTC)
        scale = TICKS.get(len(digits.lstrip("-")))
        return EPOCH + timedelta(seconds=float(text) / scale) if scale else None
    except (ValueError, OverflowError):
        return None


def _from_milliseconds(number: int) -> datetime | None:
    try:
        return EPOCH + timedelta(milliseconds=number)
    except OverflowError:
        return None


def _plain(text: str) -> str:
    """Lower case, with ASCII digits for full-width, Arabic, Persian or Indic ones; typographic signs made plain."""
    if not text.isascii():
        text = UNWANTED.sub("", unicodedata.normalize("NFKC", text))
        text = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in text).replace("−", "-")
    return FRENCH_HOUR.sub(":", text.lower())


def _from_words(text: str, zone: str | None, today: date | None) -> datetime | None:
    day = day_of(text)
    if day is None:
        return None
    if day.year:
        return _with_clock(day, zone)
    if today is None:
        return None
    # The year is missing: the last such day, or today's morrow where the zones differ.
    for year in (today.year + 1, today.year, today.year - 1):
        if (day.month, day.day) != (2, 29) or year % 4 == 0:
            moment = _with_clock(Day(year, day.month, day.day, day.rest), zone)
            if moment.date() <= today + AHEAD:
                return moment
    return None


def _with_clock(day: Day, zone: str | None) -> datetime:
    naive = datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- the zone follows
    clock = east_clock(day.rest) or clock_of(day.rest)
    if clock is None:
        return in_zone(naive, zone, None)
    hour, minute, second, offset = clock
    naive += timedelta(days=hour // 24)  # 24:00 is the next day's midnight
    return in_zone(naive.replace(hour=hour % 24, minute=minute, second=min(second, 59)), zone, offset)
