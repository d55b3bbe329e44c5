"""How bad, how soon, how sure, and whether it touches one's own: read from the words, each with its reason.

`severity` follows the labelling guide: a quarter is one step (notice, elevated, major, critical) and nothing without a
label. Up to 19 dead are elevated, 20 to 199 major, 200 and more critical.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.entry import Status
from scoring.assessment import Reason, ReasonKind
from scoring.category import Category
from scoring.impact_certainty import certainty_of
from scoring.impact_severity import severity_of
from scoring.impact_toll import toll
from scoring.impact_urgency import urgency_of
from scoring.impact_words import Reading, read

HOME = "CN"  # whose people, companies and missions are one's own


@dataclass(frozen=True, slots=True)
class Impact:
    """All scores run 0–1. `concern`: own people, companies or missions abroad are named as touched."""

    severity: float
    urgency: float
    certainty: float
    concern: bool
    hedged: bool
    denied: bool
    reasons: tuple[Reason, ...]


def weigh(
    title: str,
    text: str,
    *,
    language: str | None,
    published: datetime | None,
    now: datetime,
    reliability: str,
    status: Status,
    labels: Sequence[Category],
    subtypes: Sequence[str],
    probabilities: Mapping[Category, float],
    countries: tuple[str, ...],
    home: str = HOME,
    learnt: float | None = None,
) -> Impact:
    """Severity, urgency, certainty and concern of one entry.

    `labels` and `subtypes` are those held to apply, `countries` where it happens, `reliability` the Admiralty letter
    A–F, `learnt` the severity 0–1 that the model expects. Only the title and the first 400 characters of the text are
    read. Never raises on any text.
    """
    reading = read(title, text)
    counts = toll(reading)
    concern = _concern(reading, countries, home) if labels else ()
    certainty = certainty_of(reading, reliability, status, deadly="dead" in counts and counts["dead"].told)
    severity = severity_of(
        reading,
        counts,
        tuple(labels),
        tuple(subtypes),
        own=bool(concern),
        denied=certainty.denied,
        learnt=learnt,
    )
    urgency = urgency_of(reading, published, now)
    return Impact(
        severity.value,
        urgency.value,
        certainty.value,
        bool(concern),
        certainty.hedged,
        certainty.denied,
        (*severity.reasons, *urgency.reasons, *certainty.reasons, *concern),
    )


def _concern(reading: Reading, countries: tuple[str, ...], home: str) -> tuple[Reason, ...]:
    """Own people, companies and missions named, unless it all happens at home; one reason for each kind."""
    if countries == (home,):
        return ()
    found: dict[str, str] = {}
    for mark in reading.of(f"own.{home}"):
        if mark.sense.code != "brands":
            found.setdefault(mark.sense.code, reading.words(mark))
        elif reading.in_title(mark):
            found.setdefault("companies", reading.words(mark))
    return tuple(
        Reason(ReasonKind.CONCERN, f"concern.{code}", home, words, 1.0) for code, words in sorted(found.items())
    )
