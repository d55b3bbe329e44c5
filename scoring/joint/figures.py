"""Numbers of a text as values, whatever script and words they are written in: 42,000 · 4.2万 · nine million · 九百万.

Days, hours and years are left out: they say when, and the joiner knows that from elsewhere.
"""

import re
from collections.abc import Iterator

from ingest.place.fold import fold
from ingest.place.han import simplified
from scoring.numbers import chinese, spelled

_CHARS = "零〇一二两三四五六七八九十百千万亿"
_HAN = re.compile(rf"\d+(?:[.,]\d+)*[{_CHARS}]*|[{_CHARS}]+")
_WHEN_HAN = frozenset("日月号时点分年届岁")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORD = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,\u00a0\u202f]\d+)*|[^\W\d_]+")
_MONTH_NAMES = """
january february march april may june july august september october november december jan feb mar apr jun jul aug sep
oct nov dec janvier février mars avril mai juin juillet août septembre octobre novembre décembre enero febrero marzo
abril mayo junio julio agosto septiembre octubre noviembre diciembre января февраля марта апреля мая июня июля августа
сентября октября ноября декабря يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
"""
_MONTHS = frozenset(map(fold, _MONTH_NAMES.split()))
_CLOCK = frozenset(("h", "am", "pm", "a", "p", "heures", "часов", "утра", "الساعة", "hours"))


def figures(text: str) -> Iterator[float]:
    """The values in a text, as they come; the same value may come twice."""
    plain = simplified(text)
    for match in _HAN.finditer(plain):
        if not _is_han(plain, match) or plain[match.end() : match.end() + 1] in _WHEN_HAN:
            continue
        value = 0.0 if _YEAR.fullmatch(match.group()) else chinese(match.group())
        if value > 0:
            yield value
    found = [(fold(match.group()), match.start(), match.end()) for match in _WORD.finditer(plain)]
    yield from _spaced([key for key, _, _ in found], plain, [span for _, *span in found])


def _is_han(text: str, match: "re.Match[str]") -> bool:
    """Whether a number is written in Han, or stands in Han text."""
    if any(char >= "\u4e00" or char == "〇" for char in match.group()):
        return True
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return "\u4e00" <= before <= "\u9fff" or "\u4e00" <= after <= "\u9fff"


def _spaced(keys: list[str], text: str, spans: list[list[int]]) -> Iterator[float]:
    at = 0
    while at < len(keys):
        if "\u4e00" <= text[spans[at][1] : spans[at][1] + 1] <= "\u9fff" or "\u4e00" <= keys[at][0] <= "\u9fff":
            at += 1
            continue
        read = spelled(keys, at)
        if read is None:
            at += 1
            continue
        value, taken = read
        if not _is_when(keys, at, taken) and (taken > 1 or not _YEAR.fullmatch(keys[at])):
            yield value
        at += taken


def _is_when(keys: list[str], at: int, taken: int) -> bool:
    """`March 19`, `19 mars`, `7.12 a.m.`"""
    around = {*keys[max(at - 1, 0) : at], *keys[at + taken : at + taken + 1]}
    after = {*keys[at + taken : at + taken + 2]}
    return bool(around & _MONTHS or after & _CLOCK or (keys[at + taken : at + taken + 1] == ["de"] and after & _MONTHS))
