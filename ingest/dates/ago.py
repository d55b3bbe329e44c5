"""Moments told from now: "3 hours ago", "yesterday 14:05", in many languages (source: Unicode CLDR through babel)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from babel.dates import format_timedelta

from ingest.dates.east import NUMERALS
from ingest.dates.months import LOCALES

UNITS = {
    "seconds": (1, 2, 3, 5, 11, 21, 30), "minutes": (1, 2, 3, 5, 11, 21, 30), "hours": (1, 2, 3, 5, 11, 21),
    "days": (1, 2, 3, 5), "weeks": (1, 2, 3),
}  # fmt: skip
TONGUES = (*LOCALES, "zh", "zh_Hant", "ja", "ko", "vi")
DAYS = {
    0: "today|今天|今日|本日|きょう|오늘|hoy|aujourd'hui|heute|hoje|oggi|сегодня|сьогодні|اليوم|امروز|bugün|hari ini"
    "|hôm nay|วันนี้|आज|আজ|leo|dzisiaj|vandaag|idag",
    1: "yesterday|昨天|昨日|きのう|어제|ayer|hier|gestern|ontem|ieri|вчера|вчора|أمس|دیروز|dün|kemarin|hôm qua"
    "|เมื่อวาน|গতকাল|jana|wczoraj|gisteren|igår|i går",
    2: "前天|前日|一昨日|おととい|그제|그저께|anteayer|avant-hier|vorgestern|anteontem|позавчера|позавчора",
}
DAY = {back: re.compile(rf"(?<![^\W_])(?:{words})(?![a-zà-ÿ])") for back, words in DAYS.items()}
NOW = re.compile(
    r"just now|right now|刚刚|剛剛|刚才|剛才|たった今|방금|ahora mismo|à l'instant|gerade eben|только что|الآن|az önce"
)
EAST = re.compile(
    r"(\d{1,4}|[一二两兩三四五六七八九十]|半)\s*个?個?\s*"
    r"(秒钟?|秒鐘|分钟?|分鐘|小时|小時|鐘頭|钟头|時間|天|日|周|週間?|星期|礼拜|禮拜|个?月|個月|か月|ヶ月|年)\s*(?:之|以)?前"
)
EAST_UNITS = {
    "秒": 1, "分": 60, "小": 3_600, "鐘": 3_600, "钟": 3_600, "時": 3_600, "天": 86_400, "日": 86_400, "周": 604_800,
    "週": 604_800, "星": 604_800, "礼": 604_800, "禮": 604_800, "月": 2_592_000, "个": 2_592_000, "個": 2_592_000,
    "か": 2_592_000, "ヶ": 2_592_000, "年": 31_536_000,
}  # fmt: skip
ENGLISH = re.compile(
    r"(?:about |around |over |almost |~ ?)?(\d{1,4}|an?|one)\s*"
    r"(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?|mos?|months?|y|yrs?|years?)\s+ago"
)
ENGLISH_UNITS = {"s": 1, "mi": 60, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800, "mo": 2_592_000, "y": 31_536_000}
FIGURES = re.compile(r"\d{1,3}")


class Ago(NamedTuple):
    """How far back, and whether only the day is told; `rest` is what may hold the time of that day."""

    back: timedelta
    is_day: bool
    rest: str


def ago(text: str) -> Ago | None:
    """What a text with plain digits and lower case tells from now, or None."""
    if found := EAST.search(text):
        number = (
            0.5 if found[1] == "半" else int("".join(NUMERALS.get(char, char) for char in found[1].replace("十", "10")))
        )
        return Ago(timedelta(seconds=number * EAST_UNITS[found[2][0]]), False, "")
    if found := ENGLISH.search(text):
        unit = ENGLISH_UNITS.get(found[2][:2]) or ENGLISH_UNITS[found[2][0]]
        return Ago(timedelta(seconds=(int(found[1]) if found[1].isdigit() else 1) * unit), False, "")
    if NOW.search(text):
        return Ago(timedelta(0), False, "")
    return _in_words(text) or _by_day(text)


def _in_words(text: str) -> Ago | None:
    figures = FIGURES.findall(text)
    if len(figures) > 1:
        return None
    unit = _phrases().get(FIGURES.sub("#", " ".join(text.split()).strip(".")))
    if unit is None:
        return None
    return Ago(unit * (int(figures[0]) if figures else 1), False, "")


def _by_day(text: str) -> Ago | None:
    for back, pattern in DAY.items():
        if found := pattern.search(text):
            return Ago(timedelta(days=back), True, text[: found.start()] + " " + text[found.end() :])
    return None


@cache
def _phrases() -> dict[str, timedelta]:
    """Like "il y a # heures" → one hour; a number in words → the whole time. What means two things is out."""
    found: dict[str, timedelta] = {}
    double: set[str] = set()
    for phrase, back in _written():
        if found.setdefault(phrase, back) != back:
            double.add(phrase)
    return {phrase: back for phrase, back in found.items() if phrase not in double}


def _written() -> Iterator[tuple[str, timedelta]]:
    for locale in TONGUES:
        for unit, numbers in UNITS.items():
            for number in numbers:
                back = timedelta(**{unit: number})
                phrase = format_timedelta(-back, add_direction=True, locale=locale, threshold=1).lower()
                phrase = " ".join(phrase.split()).strip(".")
                has_figures = FIGURES.search(phrase) is not None
                yield FIGURES.sub("#", phrase), back / number if has_figures else back
