"""How much the happening itself weighs: its kind, what is done, what became of people, and how it is told."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import permutations

from scoring.assessment import Reason, ReasonKind
from scoring.category import SUBTYPES, Category
from scoring.impact_people import people
from scoring.impact_toll import Count
from scoring.impact_words import Mark, Reading
from scoring.indicator_files import table
from scoring.numbers import digits

_MAGNITUDES = ((4.0, 0.25), (5.0, 0.36), (6.0, 0.52), (7.0, 0.72), (8.0, 0.86))
_MAGNITUDE = re.compile(
    r"(?:magnitude|magnitud|magnitudo|магнитуд\w*|بقوه|بقوة)[\s:-]*(?:of |de |a )?(\d(?:[.,]\d)?)(?![\d.,]*\d)"
    r"|(?<![\d.,])(\d[.,]\d)[- ](?:magnitude|magnitud)|(?<![\d.,])(\d(?:\.\d)?)级(?:地震|强震|左右)",
    re.IGNORECASE,
)
_QUAKES = ("级", "magnitud", "магнитуд", "بقو")
_IN_LEDE = 0.8  # a measure that is named only after the title
_DENIED = 0.5  # what a denied coup or default can weigh at most
_LEAST = 0.08
LEARNT = 0.5  # what the learnt severity counts against the words
PLAIN = 0.8  # words that name a coup, a war, a default speak for themselves
_UNREAD = 0.6  # kinds alone, with nothing grave in the words, weigh no more than elevated
_AMOUNT = 0.05  # billions at stake
_MONEY = re.compile(
    r"(?:[$€£¥]|\b(?:usd|eur|rmb) ?)(\d[\d.,]*) ?(bn|billion|tn|trillion)\b"
    r"|(\d[\d.,]*) (billion|trillion|milliards?|mil millones|bilhões|bilhoes|миллиард\w*|مليار)"
    r"|(\d[\d.,]*|[一二三四五六七八九十百千两]+)([万千百]?亿)(?:美|欧|英|日|人民|加|澳|港)?元",
    re.IGNORECASE,
)
_TITLE_ONLY = frozenset(("talk", "small", "relief"))


@dataclass(frozen=True, slots=True)
class Severity:
    """The value 0–1 and what it was read from, heaviest first."""

    value: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Measure:
    least: float
    needs: frozenset[str]
    title: bool
    company: bool


def severity_of(
    reading: Reading,
    counts: Mapping[str, Count],
    labels: tuple[Category, ...],
    subtypes: tuple[str, ...],
    *,
    own: bool,
    denied: bool,
    learnt: float | None = None,
) -> Severity:
    """Severity of a text with these labels; 0 and no reasons without a label. `own`: own citizens are named.

    `learnt`, 0–1, is what people gave texts like this one: it stands beside what the words weigh, and below what was
    counted (the dead, a magnitude). None where there is no model.
    """
    if not labels:
        return Severity(0.0, ())
    taken_back = taken_back_by(reading)
    told = [_of_kind(labels, subtypes, taken_back), *measures(reading, labels, taken_back)]
    if denied:
        told = [replace(reason, weight=min(_DENIED, reason.weight)) for reason in told]
    shifts = [*_shifts(reading), *_money(reading, labels)]
    weight = max(reason.weight for reason in told) + sum(reason.weight for reason in shifts)
    if learnt is not None:
        heard = min(_DENIED, learnt) if denied else learnt
        if weight < PLAIN:
            weight = LEARNT * heard + (1 - LEARNT) * weight
        told.append(Reason(ReasonKind.SEVERITY, "severity.learnt", f"{4 * learnt:.1f}", "", round(heard, 3)))
    struck = [*people(reading, counts, labels, own=own), *_magnitude(reading, labels)]
    value = max([weight, _LEAST, *(reason.weight for reason in struck)])
    reasons = sorted((*struck, *told, *shifts), key=lambda reason: -abs(reason.weight))
    return Severity(round(min(1.0, value), 3), tuple(reasons))


def _of_kind(labels: tuple[Category, ...], subtypes: tuple[str, ...], taken_back: frozenset[str]) -> Reason:
    """What such happenings weigh before anything else is read: the heaviest sub-type, else the heaviest category."""
    priors = _priors()
    kinds = [key for key in subtypes if SUBTYPES.get(key) in labels and key not in taken_back] or list(labels)
    heaviest = max(kinds, key=lambda kind: priors[kind])
    pair = max((priors.get(f"{a} {b}", 0.0) for a, b in permutations(labels, 2)), default=0.0)
    weight = max(priors[heaviest], min(_UNREAD, priors[heaviest] + pair))
    code = "severity.subtype" if heaviest in SUBTYPES else "severity.category"
    return Reason(ReasonKind.SEVERITY, code, str(heaviest), "", round(weight, 3))


def taken_back_by(reading: Reading) -> frozenset[str]:
    """The measures that other words of the text take back: `anti-coup` is no coup."""
    return frozenset(mark.sense.code for mark in reading.of("unless"))


def measures(reading: Reading, labels: tuple[Category, ...], taken_back: frozenset[str]) -> Iterator[Reason]:
    """What is done or declared, each once, by what it weighs at least."""
    known, seen = _least(), set(taken_back)
    for mark in reading.of("least"):
        code, title = mark.sense.code, reading.in_title(mark)
        measure = known[code]
        if code in seen or measure.needs.isdisjoint(labels) or (measure.title and not title):
            continue
        if measure.company and not _accompanied(reading, mark):
            continue
        seen.add(code)
        weight = measure.least * (1.0 if title else _IN_LEDE)
        yield Reason(ReasonKind.SEVERITY, f"severity.{code}", "", reading.words(mark), round(weight, 3))


def _accompanied(reading: Reading, mark: Mark) -> bool:
    title = reading.in_title(mark)
    return any(other.sense.code == mark.sense.code and reading.in_title(other) == title for other in reading.of("with"))


def _shifts(reading: Reading) -> Iterator[Reason]:
    """How it is told: talk, small things and relief weigh less, wide ones more; each once, by the title's words."""
    known, seen = _shift(), set()
    for mark in reading.of("shift"):
        code = mark.sense.code
        after_title = not reading.in_title(mark)
        if code in seen or (after_title and code in _TITLE_ONLY):
            continue
        seen.add(code)
        weight = known[code] * (0.5 if after_title else 1.0)
        yield Reason(ReasonKind.SEVERITY, f"severity.{code}", "", reading.words(mark), weight)


def _magnitude(reading: Reading, labels: tuple[Category, ...]) -> Iterator[Reason]:
    """The strongest earthquake named."""
    found = magnitude(reading) if Category.SECURITY in labels else None
    if found is not None:
        value, words = found
        weight = max((weight for least, weight in _MAGNITUDES if value >= least), default=0.1)
        yield Reason(ReasonKind.SEVERITY, "severity.magnitude", f"{value:g}", words, weight)


def magnitude(reading: Reading) -> tuple[float, str] | None:
    """The magnitude of the strongest earthquake named, and the words that name it."""
    if not any(word in reading.plain.lower() for word in _QUAKES):
        return None
    found = [(digits(next(filter(None, match.groups()))), match) for match in _MAGNITUDE.finditer(reading.plain)]
    if not found:
        return None
    value, match = max(found, key=lambda pair: pair[0])
    return value, reading.text[match.start() : match.end()]


def _money(reading: Reading, labels: tuple[Category, ...]) -> Iterator[Reason]:
    """Sums of a billion and more, where money or law is at stake."""
    if Category.FINANCIAL not in labels and Category.LEGAL not in labels:
        return
    match = _MONEY.search(reading.plain)
    if match:
        yield Reason(ReasonKind.SEVERITY, "severity.amount", "", reading.text[match.start() : match.end()], _AMOUNT)


@cache
def _priors() -> Mapping[str, float]:
    raw = table("priors")
    return {
        **{key: float(row["weight"]) for key, row in raw["subtypes"].items()},
        **{key: float(weight) for key, weight in raw["categories"].items()},
        **{key: float(weight) for key, weight in raw["pairs"].items()},
    }


@cache
def _least() -> Mapping[str, _Measure]:
    rows = table("measures")["least"].items()
    return {
        code: _Measure(float(row["least"]), frozenset(row["needs"]), "title" in row, "with" in row)
        for code, row in rows
    }


@cache
def _shift() -> Mapping[str, float]:
    return {code: float(row["shift"]) for code, row in table("measures")["shift"].items()}
