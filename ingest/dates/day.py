"""The day that a text names, in figures or in words."""

import re
from datetime import date
from typing import NamedTuple

from ingest.dates import persian
from ingest.dates.clock import CLOCK, HOUR
from ingest.dates.east import east_date
from ingest.dates.months import WORD, bare, is_lunar, month_of

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?=$|[\stz_+,]|\d{1,2}:)|(\d{4})(\d\d)(\d\d)(?=$|t)")
WEEK = re.compile(r"(\d{4})-?w(\d\d)(?:-?([1-7]))?(?=$|[\st])")
ORDINAL = re.compile(r"(\d{4})-(\d{3})(?=$|[\stz])")
YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?!\d)")
YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s*([/.\-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?!\d)")
VIETNAMESE = re.compile(r"(\d{1,2})\s*(?:tháng|thg|th)\s*\.?(\d{1,2})\b,?\s*(?:năm\s*)?(\d{4})?")
COMPACT = re.compile(r"(?<=t)(\d\d)(\d\d)(\d\d)?(?=$|[z+\-.])")
NUMBER = re.compile(r"(?<![\d:])\d{1,4}(?![\d:])")
LUNAR_YEARS = range(1430, 1500)
BUDDHIST = range(2400, 2700)  # Thai years count from the Buddha, 543 years before ours


class Day(NamedTuple):
    """A day of our calendar (year 0: not written), and what is left of the text for the time."""

    year: int
    month: int
    day: int
    rest: str


def day_of(text: str) -> Day | None:
    """The day in a text with plain digits and lower case. ValueError: no such day."""
    found = _ordered(text) or _eastern(text) or _year_last(text) or _named(text)
    if found is None or found.year in LUNAR_YEARS or is_lunar(text):
        return None
    if persian.is_solar(found.year):
        solar = persian.gregorian(found.year, found.month, found.day)
        return Day(solar.year, solar.month, solar.day, found.rest)
    return found._replace(year=found.year - 543) if found.year in BUDDHIST else found


def _ordered(text: str) -> Day | None:
    if found := ISO.match(text) or YEAR_FIRST.search(text):
        numbers = [int(group) for group in found.groups() if group]
        return Day(numbers[0], numbers[1], numbers[2], _rest(text, found))
    if found := WEEK.match(text):
        day = date.fromisocalendar(int(found[1]), int(found[2]), int(found[3] or 1))
    elif found := ORDINAL.match(text):
        day = date.fromordinal(date(int(found[1]), 1, 1).toordinal() + int(found[2]) - 1)
        if day.year != int(found[1]):
            raise ValueError
    else:
        return None
    return Day(day.year, day.month, day.day, _rest(text, found))


def _eastern(text: str) -> Day | None:
    if found := VIETNAMESE.search(text):
        return Day(int(found[3] or 0), int(found[2]), int(found[1]), _rest(text, found))
    if east := east_date(text):
        return Day(*east[:3], _rest(text, east[3]))
    return None


def _year_last(text: str) -> Day | None:
    found = YEAR_LAST.search(text)
    if not found:
        return None
    ordered = _day_or_month_first(int(found[1]), int(found[3]), found[2])
    if ordered is None:
        raise ValueError
    return Day(_full_year(found[4]), *ordered, _rest(text, found))


def _rest(text: str, found: re.Match[str]) -> str:
    after = text[found.end() :]
    if compact := COMPACT.match(after, 1):
        after = ":".join(group for group in compact.groups() if group) + after[compact.end() :]
    return text[: found.start()] + " " + after.removeprefix("t")


def _day_or_month_first(one: int, other: int, sign: str) -> tuple[int, int] | None:
    """Month and day. A dot means day first everywhere; otherwise only what cannot be read both ways counts."""
    if sign == "." or one > 12 or one == other:
        return other, one
    return (one, other) if other > 12 else None


def _full_year(text: str) -> int:
    return int(text) if len(text) > 2 else 2000 + int(text) if int(text) < 70 else 1900 + int(text)


def _named(text: str) -> Day | None:
    """Day, month by its name and year, in any order; the year may be missing."""
    without_clock = HOUR.sub(" ", CLOCK.sub(" ", text, count=1), count=1)
    numbers = NUMBER.findall(without_clock)
    month = _solar_month(without_clock, numbers) or month_of(without_clock)
    if month is None or not numbers:
        return None
    if len(numbers) == 1:
        return Day(0, month, int(numbers[0]), text) if len(numbers[0]) < 3 else None
    # 5 March 2024 and March 5, 2024 alike; "2024, 5 March" has the year first.
    day, year = (numbers[1], numbers[0]) if len(numbers[0]) == 4 else (numbers[0], numbers[1])
    return Day(_full_year(year), month, int(day), text)


def _solar_month(text: str, numbers: list[str]) -> int | None:
    if not any(persian.is_solar(int(number)) for number in numbers):
        return None
    return next((persian.MONTHS[word] for word in map(bare, WORD.findall(text)) if word in persian.MONTHS), None)
