"""Is this entry a copy of another one? What decides on the event that it belongs to is `scoring.joint`."""

import re

from scoring.words import normalise, units, words

TITLE_LIKE = 0.8
LEDE_LIKE = 0.6
LEDE = 300  # characters of the text that are compared
LEAST_SHINGLES = 12

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def same_origin(a_title: str, a_text: str, b_title: str, b_text: str) -> bool:
    """Whether one is a copy of the other: nearly the same title with the same numbers, or nearly the same lede."""
    if _numbers(a_title) == _numbers(b_title) and _overlap(_pieces(a_title, 1), _pieces(b_title, 1)) >= TITLE_LIKE:
        return True
    a_lede, b_lede = _pieces(a_text[:LEDE], 3), _pieces(b_text[:LEDE], 3)
    return min(len(a_lede), len(b_lede)) >= LEAST_SHINGLES and _overlap(a_lede, b_lede) >= LEDE_LIKE


def _numbers(title: str) -> set[str]:
    return {number.replace(",", ".") for number in _NUMBER.findall(normalise(title))}


def _pieces(text: str, size: int) -> set[str]:
    """Words, or in scripts without blanks characters, as runs of `size` (there of one more)."""
    found: list[str] = []
    dense = False
    for word in words(normalise(text)):
        dense = dense or word.dense
        found += units(word.key) if word.dense else [word.key]
    width = size + 1 if dense else size
    return {" ".join(found[i : i + width]) for i in range(max(len(found) - width + 1, 1))} - {""}


def _overlap(a: set[str], b: set[str]) -> float:
    return len(a & b) / len(a | b) if a and b else 0.0
