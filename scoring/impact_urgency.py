"""How soon: from tense, time words and the age of the item."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from scoring.assessment import Reason, ReasonKind
from scoring.impact_words import Mark, Reading
from scoring.indicator_files import table

_USUAL = 0.7  # news without a word of time: it has just happened
# What stands in the title outweighs the lede; within one place a look back or a far date outweighs "today".
_ORDER = ("imminent", "at_once", "ongoing", "days", "weeks", "later", "past", "planned")
_LEDE = frozenset(("imminent", "ongoing", "days", "weeks"))  # the others say little outside a title
_AGES = ((timedelta(days=60), 0.2), (timedelta(days=14), 0.45), (timedelta(days=3), 0.8))


@dataclass(frozen=True, slots=True)
class Urgency:
    """The value 0–1: 1 within hours, 0.9 going on, 0.55 planned, 0.3 a year away, 0 an anniversary; and why."""

    value: float
    reasons: tuple[Reason, ...]


def urgency_of(reading: Reading, published: datetime | None, now: datetime) -> Urgency:
    """Urgency of a text that was published then, as seen now (both aware)."""
    values, reasons = _values(), []
    mark = _deciding(reading)
    value = _USUAL
    if mark:
        value = values[mark.sense.code]
        code = f"urgency.{mark.sense.code}"
        reasons.append(Reason(ReasonKind.URGENCY, code, "", reading.words(mark), value))
    factor, days = _age(published, now)
    if factor < 1.0:
        value *= factor
        reasons.append(Reason(ReasonKind.URGENCY, "urgency.age", str(days), "", factor))
    return Urgency(round(value, 3), tuple(reasons))


def looks_back(reading: Reading) -> Mark | None:
    """The words of the title by which it is an anniversary and nothing new."""
    if any(reading.in_title(mark) for mark in reading.of("fresh")):
        return None
    marks = (mark for mark in reading.of("urgency") if mark.sense.code == "anniversary" and reading.in_title(mark))
    return next(marks, None)


def _deciding(reading: Reading) -> Mark | None:
    """The time words that count: the title's before the lede's; among them the first in `_ORDER`."""
    marks = [mark for mark in reading.of("urgency") if mark.sense.code != "anniversary"]
    title = [mark for mark in marks if reading.in_title(mark)]
    lede = [mark for mark in marks if not reading.in_title(mark) and mark.sense.code in _LEDE]
    first = min(title or lede, key=lambda mark: _ORDER.index(mark.sense.code), default=None)
    return looks_back(reading) or first


def _age(published: datetime | None, now: datetime) -> tuple[float, int]:
    """What is left of the urgency after so many days; a date in the future is not believed."""
    if published is None or published > now:
        return 1.0, 0
    age = now - published
    return next(((factor, age.days) for least, factor in _AGES if age >= least), (1.0, age.days))


@cache
def _values() -> Mapping[str, float]:
    return {code: float(row["value"]) for code, row in table("manner")["urgency"].items()}
