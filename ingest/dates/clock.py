"""Times of day and their zones."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

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
# Zones that are named in words.
NAMED = {"北京时间": 8, "北京時間": 8, "beijing time": 8, "moscow time": 3, "мск": 3, "по москве": 3}

TIME = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?"
OFFSET = r"(?:(?:utc|gmt)?\s*([+\-])(\d{1,2}):?(\d{2})?(?!\d)|([^\W\d_]{1,5})(?![^\W_]))"
# Before and after noon: Latin, Arabic and Persian, Vietnamese, Greek, Turkish, Hindi, Swedish.
BEFORE = r"a\.?\s?m\b\.?|ص\b|صباحا|ق\.ظ\.?|sa\b|π\.\s?μ\.?|öö\b|पूर्वाह्न|fm\b"
AFTER = r"p\.?\s?m\b\.?|م\b|مساء|ب\.ظ\.?|ch\b|μ\.\s?μ\.?|ös\b|अपराह्न|em\b"
CLOCK = re.compile(rf"(?<!\d){TIME}\s*(?:({BEFORE})|({AFTER}))?\s*(?:{OFFSET})?")
HOUR = re.compile(rf"(?<![\d:])(\d{{1,2}})\s*(?:({BEFORE})|({AFTER}))(?!\w)")  # 3 p.m.
LONE_ZONE = re.compile(OFFSET + "$")
IANA = re.compile(r"\b[a-z]+/[a-z_]+\b")

Clock = tuple[int, int, int, str | timedelta | None]


def clock_of(text: str) -> Clock | None:
    """Hour, minute, second, and the zone as an offset or an abbreviation. ValueError: no such time of day."""
    found = CLOCK.search(text)
    if not found:
        return _without_minutes(text)
    hour = _of_twenty_four(int(found[1]), bool(found[4]), bool(found[5]))
    minute, second = int(found[2]), int(found[3] or 0)
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError
    if found[6]:
        offset = timedelta(hours=int(found[7]), minutes=int(found[8] or 0))
        return hour, minute, second, -offset if found[6] == "-" else offset
    return hour, minute, second, named_offset(text) or _place(text) or found[9]


def _without_minutes(text: str) -> Clock | None:
    if found := HOUR.search(text):
        return _of_twenty_four(int(found[1]), bool(found[2]), bool(found[3])), 0, 0, None
    named = LONE_ZONE.search(text.strip())
    return (0, 0, 0, "z") if named and named[4] == "z" else None


def _of_twenty_four(hour: int, is_morning: bool, is_afternoon: bool) -> int:
    if hour > 12 or not (is_morning or is_afternoon):
        return hour
    return hour % 12 + (12 if is_afternoon else 0)


def named_offset(text: str) -> timedelta | None:
    """The offset of a zone that the text names in words."""
    return next((timedelta(hours=hours) for name, hours in NAMED.items() if name in text), None)


def _place(text: str) -> str | None:
    found = IANA.search(text)
    return found[0] if found else None


def in_zone(naive: datetime, zone: str | None, offset: str | timedelta | None) -> datetime:
    """UTC moment of a local time: by its own offset or abbreviation, else by the zone, else as UTC."""
    return naive.replace(tzinfo=_tzinfo(naive, zone, offset)).astimezone(UTC)


def _tzinfo(naive: datetime, zone: str | None, offset: str | timedelta | None) -> tzinfo:
    if isinstance(offset, timedelta):
        return timezone(offset)
    local = _zone(zone) if zone else None
    if offset and "/" in offset:
        place = offset.title().replace("_Of_", "_of_").replace("_Es_", "_es_")
        return _zone(place) or local or UTC
    if offset and not (local and naive.replace(tzinfo=local).tzname() == offset.upper()) and offset in ZONES:
        return timezone(timedelta(hours=ZONES[offset]))
    return _zone(SEASONAL[offset]) or UTC if offset in SEASONAL else local or UTC


@cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # unknown, or a path that is none
        return None
