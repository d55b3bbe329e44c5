"""Letters and the marks on them, composed (NFC) in a time that no text can blow up."""

import re
import unicodedata
from functools import cache
from itertools import chain

# More marks on one letter than any language sets (UAX 15, Stream-Safe Text Format). Composing takes the square of
# of their number: 200,000 of them, 27 s.
MOST = 30


def _piles(*blocks: range) -> re.Pattern[str]:
    marks = "".join(char for char in map(chr, chain(*blocks)) if unicodedata.combining(char))
    return re.compile(f"[{marks}][{marks}]{{{MOST - 1}}}[{marks}]+")


# Two patterns: a class that reaches beyond the basic plane is looked up forty times as slowly.
BASIC = _piles(
    range(0x300, 0x3100), range(0xA66F, 0xAC00), range(0xFB1E, 0xFE30)
)  # what lies between is Chinese and Korean
MAY_BE_BEYOND = re.compile("[\U000101fd-\U0001e94f]")


def composed(text: str) -> str:
    """The text in NFC, with at most MOST marks on a letter."""
    thin = _thinned(text)
    normal = unicodedata.normalize("NFC", thin)
    return normal if normal is thin else _thinned(normal)


def _thinned(text: str) -> str:
    if MAY_BE_BEYOND.search(text):
        text = _beyond().sub(_least, text)
    return BASIC.sub(_least, text)


@cache
def _beyond() -> re.Pattern[str]:
    return _piles(range(0x101FD, 0x1E950))


def _least(pile: re.Match[str]) -> str:
    return pile[0][:MOST]
