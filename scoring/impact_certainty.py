"""How sure it is: who says so, how carefully, and whether it is taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ingest.entry import Status
from scoring.assessment import Reason, ReasonKind
from scoring.impact_words import Reading
from scoring.indicator_files import table

# What a source of each Admiralty letter is worth; F cannot be judged and counts as the middle.
RELIABILITY: Mapping[str, float] = {"A": 0.95, "B": 0.85, "C": 0.70, "D": 0.50, "E": 0.35, "F": 0.50}
_DENIED = 0.5
_DISPUTED = 0.8
_HEDGED = 0.8  # a hedge that leaves no more than this marks the report
_LIGHT = "light"  # plain attribution: a little less sure, but not hedged
_RUMOUR = "rumour"


@dataclass(frozen=True, slots=True)
class Certainty:
    """The value 0–1, whether the words are hedged or deny the thing, and why."""

    value: float
    hedged: bool
    denied: bool
    reasons: tuple[Reason, ...]


def certainty_of(reading: Reading, reliability: str, status: Status, *, deadly: bool) -> Certainty:
    """Reliability of the source × how carefully it speaks × one half if it denies.

    A denial counts where it is the news (in the title). If the text counts dead, or a part in it is denied, the thing
    stands and is merely disputed. A hedge makes the whole report hedged if it is in the title, or strong; who denies a
    rumour is not unsure, the rumour is.
    """
    letter = reliability.upper() if reliability.upper() in RELIABILITY else "F"
    value = RELIABILITY[letter]
    reasons = [Reason(ReasonKind.CERTAINTY, "certainty.source", letter, "", value)]
    doubt = _doubt(reading, deadly=deadly)
    disputed = doubt is not None and doubt.code == "certainty.disputed"
    hedge = _hedge(reading, denied=doubt is not None and not disputed)
    for made in (hedge, doubt):
        if made is not None:
            value *= made.weight
            reasons.append(made)
    hedged = disputed or (hedge is not None and hedge.weight <= _HEDGED)
    cancelled = status is Status.CANCEL
    if cancelled:
        reasons.append(Reason(ReasonKind.CERTAINTY, "certainty.cancelled", weight=_DENIED))
    denied = cancelled or (doubt is not None and not disputed)
    return Certainty(round(value, 3), hedged, denied, tuple(reasons))


def _hedge(reading: Reading, *, denied: bool) -> Reason | None:
    """The strongest hedge; in the lede it counts half as much as in the title."""
    factors, best = _factors(), None
    for mark in reading.of("hedge"):
        if denied and mark.sense.code == _RUMOUR:
            continue
        factor = factors[mark.sense.code]
        if not reading.in_title(mark):
            factor = (1.0 + factor) / 2
        if best is None or factor < best.weight:
            code = "certainty.attributed" if mark.sense.code == _LIGHT else "certainty.hedged"
            best = Reason(ReasonKind.CERTAINTY, code, "", reading.words(mark), factor)
    return best


def _doubt(reading: Reading, *, deadly: bool) -> Reason | None:
    """What takes the news back, or disputes it: in the title only, where it is what is told."""
    title = {
        group: mark
        for group in ("part", "denial", "retraction")
        for mark in reading.of(group)
        if mark.start < reading.title
    }
    if "retraction" in title:
        return Reason(ReasonKind.CERTAINTY, "certainty.retracted", "", reading.words(title["retraction"]), _DENIED)
    if "denial" not in title:
        return None
    words = reading.words(title["denial"])
    if deadly or "part" in title:
        return Reason(ReasonKind.CERTAINTY, "certainty.disputed", "", words, _DISPUTED)
    return Reason(ReasonKind.CERTAINTY, "certainty.denied", "", words, _DENIED)


@cache
def _factors() -> Mapping[str, float]:
    return {code: float(row["factor"]) for code, row in table("manner")["hedge"].items()}
