"""What never leaves the house: addresses of people, numbers that reach or identify them, links, keys, and own names."""

import re
from collections.abc import Sequence

# Chinese sets no blanks: its characters are letters to `\w` and `\b`, but no part of an address or a number.
_LETTER = r"(?:(?![\u3400-\u9fff])\w)"
_MAIL = re.compile(
    rf"(?:{_LETTER}|[.+-]){{1,64}}(?:@|＠| ?\[at\] ?)(?:{_LETTER}|-)+(?:\.(?:{_LETTER}|-)+)+", re.IGNORECASE
)
_LINK = re.compile(r"(?:[a-z][a-z0-9+.-]{1,15}://|www\.)[^\s<>\"'，。；、）】》]+", re.IGNORECASE)
_BARE_LINK = re.compile(
    r"(?<![A-Za-z0-9.-])[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/[^\s<>\"'，。；、）】》]*[?&=][^\s<>\"'，。；、）】》]*"
)
_KEY = re.compile(r"(?<![A-Za-z0-9_-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9_-]{20,}(?![A-Za-z0-9_-])", re.ASCII)
_DATE = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}|\d{4}[-–]\d{4}")
# Digits with what people set between those of a telephone number; a thousands comma is none of it.
_NUMBER = re.compile(r"(?<![A-Za-z0-9_.,])(?:\+|00)?\(?\d(?:[ \u00a0().·/-]{0,2}\d){7,19}(?![A-Za-z0-9_%])(?![.,]\d)")
_GROUPED = re.compile(r"\d{1,3}(?:[ \u00a0.]\d{3})+")  # 12 000 000 people are no telephone
_LEAST_DIGITS = 9
_HAN = re.compile(r"[\u3400-\u9fff]")


def redacted(text: str, names: Sequence[str] = ()) -> str:
    """The text with a word in brackets in place of what must stay here.

    `names` are people of the house; only full ones are taken out, for a surname alone is somebody else's as well.
    """
    text = _MAIL.sub("[mail]", text)
    text = _BARE_LINK.sub("[link]", _LINK.sub("[link]", text))
    text = _KEY.sub("[key]", text)
    text = _NUMBER.sub(_number, text)
    for name in sorted(filter(_is_full, names), key=len, reverse=True):
        ends = ("", "") if _HAN.search(name) else (rf"(?<!{_LETTER})", rf"(?!{_LETTER})")
        text = re.sub(f"{ends[0]}{re.escape(name)}{ends[1]}", "[name]", text, flags=re.IGNORECASE)
    return text


def _number(match: re.Match[str]) -> str:
    """A telephone, identity or account number; dates and large counts stay."""
    told = match[0]
    digits = sum(char.isdigit() for char in told)
    reaches = told[0] == "+" or told.startswith("00")
    if _DATE.match(told) or _GROUPED.fullmatch(told) or (digits < _LEAST_DIGITS and not reaches):
        return told
    return "[number]"


def _is_full(name: str) -> bool:
    return len(name) >= 3 if _HAN.search(name) else len(name) >= 6 and " " in name.strip()
