"""Where the words of reasons stand in an entry as it was published."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scoring.assessment import Reason

TITLE, TEXT = "title", "text"


class Span(NamedTuple):
    """Characters `start` to `end` of the `part` (title or text) carried reason number `reason`."""

    part: str
    start: int
    end: int
    reason: int


def spans(title: str, text: str, reasons: Sequence[Reason]) -> tuple[Span, ...]:
    """The first place of each reason's words, the title before the text, in reading order. Spans may overlap: a number
    of dead may both be a severity and have carried a category. Reasons whose words are nowhere have none."""
    found = [span for number, reason in enumerate(reasons) for span in _first(title, text, reason.words, number)]
    return tuple(sorted(found, key=lambda span: (span.part != TITLE, span.start, -span.end, span.reason)))


def _first(title: str, text: str, words: str, number: int) -> Iterator[Span]:
    for part, whole in ((TITLE, title), (TEXT, text)):
        at = whole.find(words) if words else -1
        if at >= 0:
            yield Span(part, at, at + len(words), number)
            return
