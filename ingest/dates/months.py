"""Names of months in many languages (source: Unicode CLDR through babel)."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from babel import Locale

from ingest.dates.east import east_number

LOCALES = (
    "en", "es", "fr", "de", "pt", "it", "ru", "uk", "nl", "pl", "tr", "id", "ms", "th", "el", "sv", "da", "nb", "fi",
    "cs", "hu", "ro", "bg", "hr", "fa", "ar", "ar_SY", "ar_DZ", "ar_MA", "hi", "bn", "ur", "he", "my", "sw", "am", "ne",
    "ta", "te", "si", "km", "lo", "sk", "sl", "sr", "mk", "lt", "lv", "et", "ka", "hy", "az", "uz", "kk", "sq", "ca",
    "fil", "so", "ps", "is", "be", "mn",
)  # fmt: skip
# Months of the moon, by a word that no other name holds: such a date cannot be reckoned without sightings.
LUNAR = re.compile(
    r"محرم|صفر|ربيع|جماد|رجب|شعبان|رمضان|شوال|ذو ?القعدة|ذو ?الحجة|ذي ?القعدة|ذي ?الحجة|هـ|\bramadan\b|\bah\b"
)
ALSO = {"sept": 9, "setiembre": 9}
# Letters with their marks: without these, Indic and Thai words fall apart into other words.
WORD = re.compile(
    "(?:[^\\W\\d_]|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e\u0eb1-\u0ece"
    "\u102b-\u109d\u17b4-\u17d3])+"
)
INDIC = "\u0900"  # from here on, marks are vowels and not accents
EAST = re.compile(r"([一二三四五六七八九十]{1,3})月")


def month_of(text: str) -> int | None:
    """The month that the text names. A weekday may look like a month (French "mar."), so the last name counts."""
    names = _months()
    words = [bare(word).removeprefix("ב") for word in WORD.findall(text)]  # Hebrew "in"
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    for candidates in (pairs, words):
        if found := [names[word] for word in candidates if word in names]:
            return found[-1]
    east = EAST.search(text)
    return east_number(east[1]) if east else None


def is_lunar(text: str) -> bool:
    """True when the text names a month of the lunar Hijri calendar."""
    return LUNAR.search(text) is not None


def bare(word: str) -> str:
    """Without case and accents, as "février" and "fevrier" are the same month."""
    return "".join(
        char for char in unicodedata.normalize("NFD", word.lower()) if char >= INDIC or not unicodedata.combining(char)
    )


@cache
def _months() -> dict[str, int]:
    """Names and abbreviations of the months in all LOCALES.

    A name that means different months in two languages (listopad: October or November) means none; English goes first.
    """
    meanings: defaultdict[str, set[int]] = defaultdict(set)
    for locale in LOCALES[1:]:
        for name, number in _month_names(locale):
            meanings[name].add(number)
    names = {name: min(numbers) for name, numbers in meanings.items() if len(numbers) == 1}
    return names | dict(_month_names("en")) | ALSO


def _month_names(locale: str) -> Iterator[tuple[str, int]]:
    months = Locale.parse(locale).months
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in months[context][width].items():
                key = " ".join(bare(word) for word in WORD.findall(name))
                if len(key) > 1 and not any(map(str.isdigit, name)):
                    yield key, number
