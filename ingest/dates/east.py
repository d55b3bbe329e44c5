"""Dates of China, Japan and Korea: numerals, eras, times of day."""

import re

from ingest.dates.clock import Clock, named_offset

ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民国": 1911, "民國": 1911}
NUMERALS = {char: str(i) for i, char in enumerate("〇一二三四五六七八九")} | {"零": "0", "两": "2", "兩": "2"}
NUMBER = r"([\d一二三四五六七八九十]{1,3})"
DATE = re.compile(
    r"(?:(\d{4}|[〇零一二三四五六七八九]{4}|(?:令和|平成|昭和|民国|民國)\s*(?:\d{1,3}|元))\s*[年년]\s*)?"
    rf"{NUMBER}\s*[月월]\s*{NUMBER}\s*[日号號일]"
)
TIME = re.compile(
    r"(上午|下午|中午|晚上|晚间|晚間|傍晚|夜间|夜間|凌晨|早上|早晨|清晨|午前|午後|오전|오후)?\s*"
    r"(\d{1,2})\s*(?:[:时時点點시])\s*"
    r"(?:(\d{1,2})\s*[分분]?|(半))?(?:[:]?(\d{2})\s*[秒초]?)?"
)
AFTERNOON = frozenset(("下午", "晚上", "晚间", "晚間", "傍晚", "夜间", "夜間", "午後", "오후"))


def east_date(text: str) -> tuple[int, int, int, re.Match[str]] | None:
    """Year (0: not written), month and day, and where they stand."""
    found = DATE.search(text)
    if not found:
        return None
    return east_year(found[1]) if found[1] else 0, east_number(found[2]), east_number(found[3]), found


def east_year(text: str) -> int:
    """2026, 二〇二六, 令和8, 民國115."""
    for era, before in ERAS.items():
        if text.startswith(era):
            number = text.removeprefix(era).strip()
            return before + (1 if number == "元" else int(number))
    return int("".join(NUMERALS.get(char, char) for char in text))


def east_number(text: str) -> int:
    """五, 十五, 二十, 二十一 or plain digits."""
    if "十" not in text:
        return int("".join(NUMERALS.get(char, char) for char in text))
    tens, ones = text.split("十", 1)
    return int(NUMERALS.get(tens, tens or "1")) * 10 + int(NUMERALS.get(ones, ones or "0"))


def east_clock(text: str) -> Clock | None:
    """The time of day in eastern words; None where it is written as everywhere. ValueError: no such time."""
    found = TIME.search(text)
    if not found or not (found[1] or re.search("[时時点點시]", found[0])):
        return None
    hour, minute, second = int(found[2]), int(found[3] or (30 if found[4] else 0)), int(found[5] or 0)
    if found[1] in AFTERNOON and hour < 12:
        hour += 12
    if found[1] in ("凌晨", "오전", "上午", "午前") and hour == 12:
        hour = 0
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError
    return hour, minute, second, named_offset(text)
