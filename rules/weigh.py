"""Weigh: what the reports of an event come to before any alert is thought of. Deciding, explaining and asking what
would be otherwise all look through this one door, so that none of them sees another event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rules.evidence import Evidence, sift
from rules.exposure import Exposure, exposure_of
from rules.grade import Grade, grade
from rules.guideline import Guideline
from rules.situation import Report, Situation


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is left of the reports, whom they touch, and the grade (None when no report bears a category), in this
    situation."""

    situation: Situation
    evidence: Evidence
    exposure: Exposure
    graded: Grade | None


def weigh(reports: Sequence[Report], situation: Situation, guideline: Guideline, now: datetime) -> Weighed:
    """The reports as they count in this situation at this time."""
    evidence, exposure = heard(reports, situation, guideline, now)
    return Weighed(situation, evidence, exposure, grade(evidence, guideline, situation.posture, exposure))


def heard(
    reports: Sequence[Report], situation: Situation, guideline: Guideline, now: datetime
) -> tuple[Evidence, Exposure]:
    """What is left of the reports, and whom they touch."""
    evidence = sift(reports, guideline.time, standing=situation.standing is not None, now=now)
    return evidence, exposure_of(evidence.live, situation.holdings, guideline.exposure)
