"""The words of a report that carried what is said of it, marked where they stand."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

from scoring.assessment import Reason, ReasonKind
from scoring.spans import TEXT, TITLE, Span, spans
from service.notify.text import clean, shorten
from service.web.shown.row import Telling

LEAST = 2  # letters of a Latin word, one of Chinese: a single letter says nothing
KINDS = ("category", "place", "severity", "urgency", "certainty", "concern")  # as the legend tells them apart
_KIND = {ReasonKind.SUBTYPE: "category", ReasonKind.COUNTRY: "place", ReasonKind.SOURCE: "certainty"}
_JOINED = "\u200c\u200d\ufe0e\ufe0f"
PHRASE = 120


@dataclass(frozen=True, slots=True)
class Carried:
    """A report's title and text as HTML with the words marked, the text cut in two, and the kinds of marks in it."""

    title: Markup
    start: Markup
    rest: Markup
    kinds: tuple[str, ...]


def carried(title: str, text: str, cut: int, reasons: Iterable[Mapping[str, Any]], telling: Telling) -> Carried:
    """Title and text are what is shown: cleaned, and in whole characters of Python, whatever scripts count in."""
    told = [one for one in reasons if _is_word(clean(str(one.get("words", ""))))]
    found = spans(title, text, [_reason(one) for one in told])
    marks = [_Mark.of(span, title if span.part == TITLE else text, told[span.reason], telling) for span in found]
    in_title = [mark for mark in marks if mark.part == TITLE]
    in_text = [mark for mark in marks if mark.part == TEXT]
    present = {mark.kind for mark in marks}
    return Carried(
        _html(title, 0, len(title), in_title),
        _html(text, 0, cut, in_text),
        _html(text, cut, len(text), in_text),
        tuple(kind for kind in KINDS if kind in present),
    )


@dataclass(frozen=True, slots=True)
class _Mark:
    part: str
    start: int
    end: int
    kind: str
    why: str

    @classmethod
    def of(cls, span: Span, whole: str, reason: Mapping[str, Any], telling: Telling) -> "_Mark":
        start, end = _whole(whole, span.start, span.end)
        kind = ReasonKind(reason["kind"])
        said = telling.words.reason_text({**reason, "words": ""}, telling.lang)
        return cls(span.part, start, end, _KIND.get(kind, kind.value), shorten(clean(said), PHRASE))


def _is_word(words: str) -> bool:
    return len(words) >= LEAST or any(char >= "\u2e80" for char in words)


def _reason(values: Mapping[str, Any]) -> Reason:
    return Reason(ReasonKind(values["kind"]), str(values.get("code", "")), words=clean(str(values.get("words", ""))))


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """The same span, grown so that no letter is torn from its accent and no emoji into its parts."""
    while start > 0 and (_clings(text[start]) or text[start - 1] == "\u200d"):
        start -= 1
    while end < len(text) and (_clings(text[end]) or text[end - 1] == "\u200d"):
        end += 1
    return start, end


def _clings(char: str) -> bool:
    return char in _JOINED or "\U0001f3fb" <= char <= "\U0001f3ff" or unicodedata.category(char)[0] == "M"


def _html(text: str, start: int, end: int, marks: Sequence[_Mark]) -> Markup:
    """Part of a text; marks may overlap: it is cut wherever one begins or ends, and each piece bears all that hold."""
    edges = {start, end, *(edge for mark in marks for edge in (mark.start, mark.end) if start < edge < end)}
    cuts = sorted(edges)
    return Markup("").join(_piece(text[a:b], a, b, marks) for a, b in pairwise(cuts))


def _piece(text: str, start: int, end: int, marks: Sequence[_Mark]) -> Markup:
    here = [mark for mark in marks if mark.start <= start and end <= mark.end]
    if not here:
        return escape(text)
    kinds = " ".join(f"carried-{kind}" for kind in KINDS if any(mark.kind == kind for mark in here))
    why = "; ".join(dict.fromkeys(mark.why for mark in here))
    return Markup('<mark class="carried {}" title="{}">{}</mark>').format(kinds, why, text)
