"""Simplified or traditional Chinese, told by characters that only one of the two national standards holds.

GB 2312 (1980) was made for simplified text and Big5 (1984) for traditional text; what stands in one of them alone is a
character that the other script writes otherwise. Of Big5, only its first level counts: the characters in common use.
"""

import re
from functools import cache

ENOUGH = 2  # different characters that must tell; one may be a name
CLEARLY = 4  # times as many as of the other script
KANA = re.compile("[\u3041-\u30ff]")
SAMPLE = 2_000


def script_of(text: str) -> str | None:
    """ISO 15924 code "Hans" or "Hant" of a Chinese text; None when it is too short, mixed, or not Chinese."""
    text = text[:SAMPLE]
    if text.isascii() or KANA.search(text):
        return None
    simplified_only, traditional_only = _sets()
    letters = set(text)
    simplified, traditional = len(letters & simplified_only), len(letters & traditional_only)
    most, least = max(simplified, traditional), min(simplified, traditional)
    if most < ENOUGH or most < CLEARLY * least:
        return None
    return "Hans" if simplified > traditional else "Hant"


@cache
def _sets() -> tuple[frozenset[str], frozenset[str]]:
    simplified = _held("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF))
    traditional = _held("big5", range(0xA4, 0xFA), range(0x40, 0xFF))
    common = _held("big5", range(0xA4, 0xC7), range(0x40, 0xFF))
    return simplified - traditional, common - simplified


def _held(codec: str, first: range, second: range) -> frozenset[str]:
    """The ideographs of a two-byte encoding between these bytes."""
    # One decoding for all, each pair on a line of its own so that a wrong one spoils no other: 5 ms and not 60.
    pairs = b"".join(bytes((one, other, 10)) for one in first for other in second)
    text = pairs.decode(codec, "ignore")
    return frozenset(char for char in text if "\u4e00" <= char <= "\u9fff")
