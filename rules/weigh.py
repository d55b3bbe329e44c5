"""Weigh: what the reports of an event come to before any alert is thought of. Deciding, explaining and asking what
would be otherwise all look through this one door, so that none of them sees another event."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from rules.evidence import EARSHOT, Evidence, sift
from rules.exposure import Exposure, exposure_of
from rules.grade import Grade, grade
from rules.guideline import Guideline
from rules.level import NORMAL
from rules.merge import merged
from rules.posture import here, posture_of
from rules.situation import Report, Situation


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is left of the reports, whom they touch, and the grade (None when no report bears a category), in this
    situation: with the posture of the event's place, and only the postures that hold there."""

    situation: Situation
    evidence: Evidence
    exposure: Exposure
    graded: Grade | None


def weigh(reports: Sequence[Report], situation: Situation, guideline: Guideline, now: datetime) -> Weighed:
    """The reports as they count in this situation at this time."""
    situation, evidence, exposure = heard(reports, situation, guideline, now)
    cited = situation.standing.clause if situation.standing is not None else ""
    graded = grade(evidence, guideline, situation.posture, exposure, cited)
    return Weighed(situation, evidence, exposure, graded)


def heard(
    reports: Sequence[Report], situation: Situation, guideline: Guideline, now: datetime
) -> tuple[Situation, Evidence, Exposure]:
    """The situation in the place that the reports tell of, what is left of them, and whom they touch."""
    evidence = sift(reports, guideline.time, standing=situation.standing is not None, now=now)
    exposure = exposure_of(evidence.live, situation.holdings, guideline.exposure)
    return in_place(situation, evidence, now), evidence, exposure


def in_place(situation: Situation, evidence: Evidence, now: datetime) -> Situation:
    """The situation with the posture of the event's countries, and only the postures that hold there."""
    if not situation.postures:
        return situation
    known = situation.standing.countries if situation.standing is not None else ()
    countries = (*_countries(evidence), *known)
    held = here(countries, situation.postures, now)
    posture = posture_of(countries, held, now) if situation.posture == NORMAL else situation.posture
    return replace(situation, posture=posture, postures=held)


@lru_cache(maxsize=EARSHOT)
def _countries(evidence: Evidence) -> tuple[str, ...]:
    return merged(evidence.live, lambda report: report.assessment.countries, evidence.heard_as)
