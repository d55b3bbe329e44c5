"""Dates as publishers write them → aware UTC, with how far they may be believed."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from babel import Locale

from ingest.entry import DateQuality

UNWANTED = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")  # direction marks between figures
AHEAD = timedelta(days=1)  # further ahead of now, a published time is wrong
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)  # feeds are younger; before it stand epochs, defaults and mistakes
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Offsets in hours. Where one abbreviation means several zones, RFC 822 or the most populous one; the feed's own
# zone goes first.
ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "ast": -4, "adt": -3, "nst": -3.5, "brt": -3,
    "art": -3, "clt": -4, "pet": -5, "cot": -5, "vet": -4, "wet": 0, "west": 1, "cet": 1, "mez": 1, "cest": 2,
    "mesz": 2, "bst": 1, "eet": 2, "eest": 3, "msk": 3, "trt": 3, "gst": 4, "irst": 3.5, "pkt": 5, "ist": 5.5,
    "npt": 5.75, "ict": 7, "wib": 7, "wita": 8, "wit": 9, "hkt": 8, "sgt": 8, "myt": 8, "pht": 8, "awst": 8,
    "jst": 9, "kst": 9, "acst": 9.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "wat": 1, "cat": 2,
    "eat": 3, "sast": 2,
}  # fmt: skip
SEASONAL = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
LOCALES = (
    "en", "es", "fr", "de", "pt", "it", "ru", "uk", "nl", "pl", "tr", "id", "ms", "th", "el", "sv", "da", "nb", "fi",
    "cs", "hu", "ro", "bg", "hr", "fa", "ar", "ar_SY", "ar_DZ", "ar_MA", "hi", "bn", "ur",
)  # fmt: skip
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
NUMERALS = {char: str(i) for i, char in enumerate("〇一二三四五六七八九")} | {"零": "0"}

TIME = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?"
OFFSET = r"(?:(?:utc|gmt)?\s*([+\-])(\d{1,2}):?(\d{2})?(?!\d)|([^\W\d_]{1,5})(?![^\W_]))"
CLOCK = re.compile(rf"(?<!\d){TIME}\s*(?:([ap])\.?\s?m\b\.?)?\s*(?:{OFFSET})?")
COMPACT = re.compile(r"(?<=t)(\d\d)(\d\d)(\d\d)?(?=$|[z+\-.])")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?=$|[\stz_+,]|\d{1,2}:)|(\d{4})(\d\d)(\d\d)(?=$|t)")
YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?!\d)")
YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s*([/.\-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?!\d)")
EAST_NUMBER = r"([\d一二三四五六七八九十]{1,3})"
EAST = re.compile(
    r"(\d{4}|[〇零一二三四五六七八九]{4}|(?:令和|平成|昭和)\s*(?:\d{1,2}|元))\s*[年년]\s*"
    rf"{EAST_NUMBER}\s*[月월]\s*{EAST_NUMBER}\s*[日号號일]"
)
EAST_TIME = re.compile(
    r"(上午|下午|中午|晚上|凌晨|早上|午前|午後|오전|오후)?\s*"
    r"(\d{1,2})\s*(?:[:时時点點시])\s*"
    r"(?:(\d{1,2})\s*[分분]?)?(?::(\d{2}))?"
)
AFTERNOON = frozenset(("下午", "晚上", "午後", "오후"))
VIETNAMESE = re.compile(r"(\d{1,2})\s*(?:tháng|thg)\s*(\d{1,2}),?\s*(?:năm\s*)?(\d{4})")
# Letters with their marks: without these, Indic and Thai words fall apart into other words.
WORD = re.compile("(?:[^\\W\\d_]|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e])+")
INDIC = "\u0900"  # from here on, marks are vowels and not accents
NUMBER = re.compile(r"(?<![\d:])\d{1,4}(?![\d:])")


@dataclass(frozen=True, slots=True)
class Dated:
    """A moment (aware, UTC) and its quality; `moment` is None when missing or unreadable."""

    moment: datetime | None
    quality: DateQuality


MISSING = Dated(None, DateQuality.MISSING)
UNREADABLE = Dated(None, DateQuality.UNREADABLE)


def read(value: object, *, zone: str | None = None, now: datetime) -> Dated:
    """The moment that `value` (text, or a number of seconds or milliseconds since 1970) means.

    `zone` is the IANA zone of dates that carry none; UTC without it. Impossible dates and those whose day and month
    could be swapped are UNREADABLE; FUTURE and ANCIENT ones keep their moment.
    """
    if value is None or isinstance(value, bool) or not str(value).strip():
        return MISSING
    moment = moment_of(str(value).strip()[:100], zone)
    if moment is None:
        return UNREADABLE
    if moment > now + AHEAD:
        return Dated(moment, DateQuality.FUTURE)
    return Dated(moment, DateQuality.ANCIENT if moment < OLDEST else DateQuality.GOOD)


@lru_cache(maxsize=4096)
def moment_of(text: str, zone: str | None) -> datetime | None:
    """Aware UTC moment of a written date, or None."""
    if re.fullmatch(r"-?\d+(\.\d*)?", text):
        return _from_number(text)
    text = re.sub(r"(?<=\d)\s?h\s?(?=\d\d\b)", ":", _plain_digits(text).lower())  # French 10h30
    try:
        return _from_words(text, zone)
    except (ValueError, OverflowError):
        return None


def _from_number(text: str) -> datetime | None:
    digits = text.split(".")[0]
    try:
        if len(digits) == 14:
            return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        if len(digits) == 8 and digits.startswith(("19", "20")):
            return datetime.strptime(digits, "%Y%m%d").replace(tzinfo=UTC)
        scale = {9: 1, 10: 1, 12: 10**3, 13: 10**3, 16: 10**6}.get(len(digits.lstrip("-")))
        return EPOCH + timedelta(seconds=float(text) / scale) if scale else None
    except (ValueError, OverflowError):
        return None


def _plain_digits(text: str) -> str:
    """ASCII digits for full-width, Arabic, Persian or Indic ones; typographic signs made plain."""
    if text.isascii():
        return text
    text = UNWANTED.sub("", unicodedata.normalize("NFKC", text))
    return "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in text).replace("−", "-")


def _from_words(text: str, zone: str | None) -> datetime | None:
    day = _day(text)
    if day is None:
        return None
    (year, month, date), rest = day
    naive = datetime(year, month, date)  # noqa: DTZ001 -- the zone follows
    clock = _east_clock(rest) or _clock(rest)
    if clock is None:
        return _in_zone(naive, zone, None)
    hour, minute, second, offset = clock
    naive += timedelta(days=hour // 24)  # 24:00 is the next day's midnight
    return _in_zone(naive.replace(hour=hour % 24, minute=minute, second=min(second, 59)), zone, offset)


def _day(text: str) -> tuple[tuple[int, int, int], str] | None:
    """Year, month and day, and what is left of the text for the time."""
    if found := ISO.match(text) or YEAR_FIRST.search(text):
        numbers = [int(group) for group in found.groups() if group]
        return (numbers[0], numbers[1], numbers[2]), _rest(text, found)
    if found := VIETNAMESE.search(text):
        return (int(found[3]), int(found[2]), int(found[1])), _rest(text, found)
    if found := EAST.search(text):
        return (_east_year(found[1]), _east_number(found[2]), _east_number(found[3])), _rest(text, found)
    if found := YEAR_LAST.search(text):
        ordered = _day_or_month_first(int(found[1]), int(found[3]), found[2])
        return ((_full_year(found[4]), *ordered), _rest(text, found)) if ordered else None
    return _named_month(text)


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


def _east_year(text: str) -> int:
    for era, before in ERAS.items():
        if text.startswith(era):
            number = text.removeprefix(era).strip()
            return before + (1 if number == "元" else int(number))
    return int("".join(NUMERALS.get(char, char) for char in text))


def _east_number(text: str) -> int:
    """五, 十五, 二十, 二十一 or plain digits."""
    if "十" not in text:
        return int("".join(NUMERALS.get(char, char) for char in text))
    tens, ones = text.split("十", 1)
    return int(NUMERALS.get(tens, "1")) * 10 + int(NUMERALS.get(ones, "0"))


def _named_month(text: str) -> tuple[tuple[int, int, int], str] | None:
    bare = CLOCK.sub(" ", text, count=1)
    month = _month(bare)
    numbers = NUMBER.findall(bare)
    if month is None or len(numbers) < 2:
        return None
    # 5 March 2024 and March 5, 2024 alike; "2024, 5 March" has the year first.
    day, year = (numbers[1], numbers[0]) if len(numbers[0]) == 4 else (numbers[0], numbers[1])
    full = _full_year(year)
    return (full - 543 if full > 2400 else full, month, int(day)), text  # Thai dates count from the Buddha


def _month(text: str) -> int | None:
    """The month that the text names. A weekday may look like a month (French "mar."), so the last name counts."""
    names = _months()
    words = [_bare(word) for word in WORD.findall(text)]
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    for candidates in (pairs, words):
        if found := [names[word] for word in candidates if word in names]:
            return found[-1]
    east = re.search(r"([一二三四五六七八九十]{1,3})月", text)
    return _east_number(east[1]) if east else None


def _bare(word: str) -> str:
    """Without case and accents, as "février" and "fevrier" are the same month."""
    return "".join(
        char for char in unicodedata.normalize("NFD", word.lower()) if char >= INDIC or not unicodedata.combining(char)
    )


@cache
def _months() -> dict[str, int]:
    """Names and abbreviations of the months in all LOCALES (source: Unicode CLDR through babel).

    A name that means different months in two languages (listopad: October or November) means none; English goes first.
    """
    meanings: defaultdict[str, set[int]] = defaultdict(set)
    for locale in LOCALES[1:]:
        for name, number in _month_names(locale):
            meanings[name].add(number)
    names = {name: min(numbers) for name, numbers in meanings.items() if len(numbers) == 1}
    return names | dict(_month_names("en")) | {"sept": 9}


def _month_names(locale: str) -> Iterator[tuple[str, int]]:
    months = Locale.parse(locale).months
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in months[context][width].items():
                key = " ".join(_bare(word) for word in WORD.findall(name))
                if key and not any(map(str.isdigit, name)):
                    yield key, number


Clock = tuple[int, int, int, str | timedelta | None]


def _clock(text: str) -> Clock | None:
    """Hour, minute, second, and the zone as an offset or an abbreviation."""
    found = CLOCK.search(text)
    if not found:
        named = re.search(OFFSET + "$", text.strip())
        return (0, 0, 0, "z") if named and named[4] == "z" else None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        hour = hour % 12 + (12 if found[4] == "p" else 0)
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError
    if found[5]:
        offset = timedelta(hours=int(found[6]), minutes=int(found[7] or 0))
        return hour, minute, second, -offset if found[5] == "-" else offset
    return hour, minute, second, found[8]


def _east_clock(text: str) -> Clock | None:
    found = EAST_TIME.search(text)
    if not found or not (found[1] or re.search("[时時点點시]", text)):
        return None
    hour, minute, second = int(found[2]), int(found[3] or 0), int(found[4] or 0)
    if found[1] in AFTERNOON and hour < 12:
        hour += 12
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError
    return hour, minute, second, None


def _in_zone(naive: datetime, zone: str | None, offset: str | timedelta | None) -> datetime:
    return naive.replace(tzinfo=_tzinfo(naive, zone, offset)).astimezone(UTC)


def _tzinfo(naive: datetime, zone: str | None, offset: str | timedelta | None) -> tzinfo:
    if isinstance(offset, timedelta):
        return timezone(offset)
    local = _zone(zone) if zone else None
    if offset and not (local and naive.replace(tzinfo=local).tzname() == offset.upper()) and offset in ZONES:
        return timezone(timedelta(hours=ZONES[offset]))
    return _zone(SEASONAL[offset]) or UTC if offset in SEASONAL else local or UTC


@cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # unknown, or a path that is none
        return None
