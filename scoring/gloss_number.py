"""How a number is told (at least, about, at most), and sums of money with their currency."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from ingest.place.text import UNSPACED
from scoring.impact_toll import Count
from scoring.impact_words import Reading, key_of
from scoring.indicator_files import table
from scoring.numbers import chinese, digits

_BEFORE = 3  # words in front of a number that may say how it is meant
_ZH_BEFORE = 6  # characters
_STOP = re.compile(r"[,.;:!?،؛–—-]")
_LEAST_SUM = 1_000_000.0


class Bound(StrEnum):
    """How a number is meant."""

    EXACT = "exact"
    LEAST = "least"
    ABOUT = "about"
    MOST = "most"


@dataclass(frozen=True, slots=True)
class Money:
    """A sum in units of `currency`: a code of ISO 4217, or the sign as written where it may mean several."""

    value: float
    currency: str
    bound: Bound = Bound.EXACT


def bound_of(count: Count, reading: Reading) -> Bound:
    """How the number of a count is meant: `dozens` are at least, `une dizaine` is about, 多达 at most."""
    return _bound(reading, count.start, count.start + len(count.words))


def _bound(reading: Reading, start: int, end: int) -> Bound:
    within = reading.plain[start:end]
    if UNSPACED.search(within):
        return _bound_zh(reading.plain[max(0, start - _ZH_BEFORE) : start], within)
    places = [number for number, (at, _) in enumerate(reading.spans) if start <= at < end]
    if not places:
        return Bound.EXACT
    first = places[0]
    while first > max(0, places[0] - _BEFORE) and _joined(reading, first):
        first -= 1
    told = f" {' '.join(reading.keys[first : places[-1] + 1])} "
    bound = next((bound for bound, phrases in _phrases().items() if any(phrase in told for phrase in phrases)), None)
    return bound or (Bound.LEAST if _is_vague(reading.keys[places[0] : places[-1] + 1]) else Bound.EXACT)


def _joined(reading: Reading, number: int) -> bool:
    """Whether a word belongs to what stands before it: no stop parts them, and no other number."""
    return not reading.keys[number - 1][0].isdigit() and not _STOP.search(reading.gap(number - 1))


def _is_vague(keys: tuple[str, ...]) -> bool:
    """Whether a word such as `dozens` is all the number there is: of `3 millones` the millions are exact."""
    return not any(key[0].isdigit() for key in keys) and any(
        key in listed("vague") or key.removeprefix("و") in listed("vague") for key in keys
    )


def _bound_zh(before: str, within: str) -> Bound:
    for bound, (ahead, inside) in _patterns().items():
        if ahead.search(before) or inside.search(within):
            return bound
    return Bound.EXACT


@cache
def _phrases() -> Mapping[Bound, tuple[str, ...]]:
    listed = table("gloss")["bounds"]
    return {
        bound: tuple(f" {' '.join(map(key_of, phrase.split()))} " for phrase in listed[bound])
        for bound in (Bound.LEAST, Bound.ABOUT, Bound.MOST)
    }


@cache
def listed(name: str) -> frozenset[str]:
    """One of the plain lists of `gloss.yaml`, as words are compared."""
    return frozenset(map(key_of, table("gloss")[name]))


@cache
def _patterns() -> Mapping[Bound, tuple[re.Pattern[str], re.Pattern[str]]]:
    zh = table("gloss")["zh"]
    return {
        bound: (re.compile(f"(?:{zh['before'][bound]})$"), re.compile(zh["within"][bound]))
        for bound in (Bound.LEAST, Bound.MOST, Bound.ABOUT)
    }


_NUMBER = r"(\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+(?!\d)|\d+(?:[.,]\d+)?)"
# Longer ones first. Spanish and Portuguese count a thousand millions; their billón is a million millions.
_SCALES = (
    (r"mil millones|mil milh[õo]es", 1e9),
    (r"billones|bill[óo]n|trillions?|trn|tn|trilh(?:ões|ão|oes|ao)|триллион\w*|трлн|تريليون\w*|triliun", 1e12),
    (r"billions?|bn|milliards?|bilh(?:ões|ão|oes|ao)|миллиард\w*|млрд|مليارات?|miliar|tỷ", 1e9),
    (r"millions?|mn|millones|mill[óo]n|milh(?:ões|ão|oes|ao)|миллион\w*|млн|مليون|ملايين|juta|triệu", 1e6),
    (r"b", 1e9),
    (r"m", 1e6),
)
_SCALE = "|".join(f"(?P<s{place}>{words})" for place, (words, _) in enumerate(_SCALES))
_SIGNS = (
    ("US$", "USD"),
    ("HK$", "HKD"),
    ("NT$", "TWD"),
    ("A$", "AUD"),
    ("C$", "CAD"),
    ("S$", "SGD"),
    ("R$", "BRL"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("₽", "RUB"),
    ("₹", "INR"),
    ("$", "$"),
)
_SIGN = "|".join(re.escape(sign) for sign, _ in _SIGNS)
_NAMES = (
    ("USD", r"us dollars?|d[óo]lares estadounidenses|dollars américains|долл\w* сша|دولار [اأ]م[ري]+ك\w*"),
    ("$", r"dollars?|d[óo]lar(?:es)?|долл\w*|دولار\w*|dolar|đô la"),
    ("EUR", r"euros?|евро|يورو"),
    ("RUB", r"руб\w*"),
    ("CNY", r"yuan(?:es|s)?|rmb|юан\w*|يوان"),
    ("GBP", r"pounds sterling"),
    ("JPY", r"yen(?:s|es)?|иен\w*"),
)
_NAME = "|".join(f"(?P<{'dollar' if code == '$' else code}>{words})" for code, words in _NAMES)
_CODES = r"USD|EUR|GBP|CNY|JPY|RUB|INR|BRL"
_WORDS = re.compile(
    rf"(?:(?P<sign>{_SIGN})|\b(?P<code>{_CODES})) ?{_NUMBER}(?: ?(?:{_SCALE})\b)?"
    rf"|{_NUMBER} (?:{_SCALE.replace('?P<s', '?P<t')}) (?:(?:de |d['’]|of )?(?:{_NAME})\b|(?P<after>[€£$₽]|{_CODES}))",
    re.IGNORECASE,
)
_ZH = re.compile(
    r"(\d+(?:[.,]\d+)*|[一二三四五六七八九十百千两]+)(?:余|多)?(万亿|千亿|百亿|十亿|亿|千万|百万|万)?(?:余|多)?"
    r"(美元|欧元|英镑|日元|人民币|卢布|卢比|元人民币)"
)
_ZH_TIMES = {"万亿": 1e12, "千亿": 1e11, "百亿": 1e10, "十亿": 1e9, "亿": 1e8, "千万": 1e7, "百万": 1e6, "万": 1e4}
_ZH_CODES = {"美元": "USD", "欧元": "EUR", "英镑": "GBP", "日元": "JPY", "卢布": "RUB"}
_MONEY = re.compile(r"[$€£₽₹]|元|镑|币|卢|usd|eur|gbp|cny|jpy|rub|inr|brl|doll|d[oó]lar|долл|дол|دولار|đô la|евро|يورو|руб|yuan|rmb|юан|يوان|yen|иен|pounds", re.IGNORECASE)  # fmt: skip # noqa: E501


def money(reading: Reading) -> Money | None:
    """The largest sum of a million and more that the title tells with its currency; None where there is none."""
    title = reading.plain[: reading.title]
    if not _MONEY.search(title):
        return None
    found = [*_in_words(reading, title), *_in_chinese(reading, title)]
    return max((sum_ for sum_ in found if sum_.value >= _LEAST_SUM), key=lambda sum_: sum_.value, default=None)


def _in_words(reading: Reading, title: str) -> list[Money]:
    return [
        Money(digits(_number(match)) * _scale(match), _currency(match), _bound(reading, *match.span()))
        for match in _WORDS.finditer(title)
    ]


def _number(match: re.Match[str]) -> str:
    return next(part for part in match.groups() if part and part[0].isdigit()).replace("\u00a0", " ")


def _scale(match: re.Match[str]) -> float:
    parts = match.groupdict()
    return next((times for place, (_, times) in enumerate(_SCALES) if parts[f"s{place}"] or parts[f"t{place}"]), 1.0)


def _currency(match: re.Match[str]) -> str:
    parts = match.groupdict()
    written = (parts["sign"] or parts["after"] or "").upper()
    if written or parts["code"]:
        return dict(_SIGNS).get(written) or (parts["code"] or written).upper()
    return "$" if parts["dollar"] else next(code for code, _ in _NAMES if code != "$" and parts[code])


def _in_chinese(reading: Reading, title: str) -> list[Money]:
    if not UNSPACED.search(title):
        return []
    return [
        Money(
            chinese(match[1]) * _ZH_TIMES.get(match[2] or "", 1.0),
            _ZH_CODES.get(match[3], "CNY"),
            _bound(reading, *match.span()),
        )
        for match in _ZH.finditer(title)
        if match[3] != "卢比"
    ]
