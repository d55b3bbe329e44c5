"""Simplified or traditional Chinese, told by characters that only one of the two national standards holds.

GB 2312 (1980) was made for simplified text and Big5 (1984) for traditional text; what stands in one of them alone is a
character that the other script writes otherwise. Of Big5, only its first level counts: the characters in common use.
"""

import re

from ingest.han_letters import SIMPLIFIED, TRADITIONAL

ENOUGH = 2  # different characters that must tell; one may be a name
CLEARLY = 4  # times as many as of the other script
KANA = re.compile("[\u3041-\u30ff]")
SAMPLE = 2_000
SIMPLIFIED_ONLY, TRADITIONAL_ONLY = frozenset(SIMPLIFIED), frozenset(TRADITIONAL)


def script_of(text: str) -> str | None:
    """ISO 15924 code "Hans" or "Hant" of a Chinese text; None when it is too short, mixed, or not Chinese."""
    text = text[:SAMPLE]
    if text.isascii() or KANA.search(text):
        return None
    letters = set(text)
    simplified, traditional = len(letters & SIMPLIFIED_ONLY), len(letters & TRADITIONAL_ONLY)
    most, least = max(simplified, traditional), min(simplified, traditional)
    if most < ENOUGH or most < CLEARLY * least:
        return None
    return "Hans" if simplified > traditional else "Hant"
