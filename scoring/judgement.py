"""A person's judgement laid over what the machine said of an entry: from then on the person's word holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from scoring.assessment import Assessment, Reason, ReasonKind
from scoring.category import CATEGORIES, SUBTYPES, Category

PERSON = "person"  # the model's name in an assessment that a person gave
GRAVEST = 4
SETTLED = (ReasonKind.CATEGORY, ReasonKind.SUBTYPE, ReasonKind.COUNTRY, ReasonKind.SEVERITY)


class JudgementError(ValueError):
    """A judgement that contradicts itself; the message says how."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an entry is about. No labels means no risk at all; `severity` is 0–4 as in the labelling guide."""

    labels: tuple[Category, ...]
    subtypes: tuple[str, ...]
    severity: int
    countries: tuple[str, ...]

    def __post_init__(self) -> None:
        """JudgementError for what cannot go together."""
        strange = [key for key in self.subtypes if SUBTYPES.get(key) not in self.labels]
        if strange:
            raise JudgementError(f"The sub-type '{strange[0][:40]}' belongs to none of the categories given.")
        if not 0 <= self.severity <= GRAVEST:
            raise JudgementError(f"The severity {self.severity} is not within 0 to {GRAVEST}.")
        if bool(self.labels) != bool(self.severity):
            raise JudgementError(
                "A risk has a severity of 1 to 4." if self.labels else "An entry without a category has severity 0."
            )

    def values(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "labels": [label.value for label in self.labels],
            "subtypes": list(self.subtypes),
            "severity": self.severity,
            "countries": list(self.countries),
        }


def judgement_of(values: Mapping[str, Any]) -> Judgement:
    """The judgement that was kept."""
    return Judgement(
        labels=tuple(Category(key) for key in values["labels"]),
        subtypes=tuple(values["subtypes"]),
        severity=int(values["severity"]),
        countries=tuple(values["countries"]),
    )


def machine_values(assessment: Assessment) -> dict[str, Any]:
    """What the machine said, in the same form; its severity is no whole number."""
    return {
        "labels": [label.value for label in assessment.labels],
        "subtypes": list(assessment.subtypes),
        "severity": round(assessment.severity * GRAVEST, 2),
        "countries": list(assessment.countries),
    }


def proposed(assessment: Assessment, labels: tuple[Category, ...]) -> Judgement:
    """The judgement that these labels alone would make: whatever of the machine's reading goes with them is kept."""
    grave = min(GRAVEST, max(1, round(assessment.severity * GRAVEST))) if labels else 0
    kept = tuple(key for key in assessment.subtypes if SUBTYPES.get(key) in labels)
    return Judgement(tuple(c for c in CATEGORIES if c in labels), kept, grave, assessment.countries)


def judged(assessment: Assessment, judgement: Judgement) -> Assessment:
    """The assessment with the person's word in it, and reasons that say so and name nobody.

    Urgency, certainty and concern stay: nobody was asked about them. So does the vector, which tells events apart.
    """
    said = (*_reasons(assessment, judgement), *(one for one in assessment.reasons if one.kind not in SETTLED))
    return replace(
        assessment,
        places=tuple(place for place in assessment.places if place.country in judgement.countries),
        probabilities={category: float(category in judgement.labels) for category in CATEGORIES},
        labels=judgement.labels,
        uncertain=(),
        subtypes=judgement.subtypes,
        countries=judgement.countries,
        severity=judgement.severity / GRAVEST,
        reasons=said,
        model=PERSON,
    )


def _reasons(assessment: Assessment, judgement: Judgement) -> Iterator[Reason]:
    for label in judgement.labels:
        yield Reason(ReasonKind.CATEGORY, "category.corrected", label.value, weight=1.0)
    if not judgement.labels:
        yield Reason(ReasonKind.CATEGORY, "category.corrected_none", weight=1.0)
    named = {one.value: one for one in assessment.reasons if one.kind is ReasonKind.COUNTRY}
    for code in judgement.countries:
        yield named.get(code) or Reason(ReasonKind.COUNTRY, "country.corrected", code)
    if judgement.labels:
        yield Reason(ReasonKind.SEVERITY, "severity.corrected", str(judgement.severity), weight=judgement.severity / 4)
