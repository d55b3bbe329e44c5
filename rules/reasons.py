"""Reasons of a grade: codes with values, which the message catalogues turn into sentences."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from rules.evidence import Evidence
from rules.grade import Grade
from rules.level import Level
from rules.restrain import Step
from rules.situation import Report
from scoring.assessment import Reason, ReasonKind
from scoring.category import Category

READ_FROM = 3  # reports whose own reasons are told
EACH = 2  # reasons told of each kind
KINDS = (
    ReasonKind.SEVERITY,
    ReasonKind.CONCERN,
    ReasonKind.CERTAINTY,
    ReasonKind.URGENCY,
    ReasonKind.SUBTYPE,
    ReasonKind.CATEGORY,
    ReasonKind.COUNTRY,
)
NAMED = 3  # sources named in one reason


def reasons_for(
    grade: Grade | None, evidence: Evidence, step: Step, categories: Iterable[Category], now: datetime
) -> tuple[Reason, ...]:
    """Why this level: the grade's own reasons first, then the strongest words of the gravest reports.

    What speaks for a category that the alert does not bear is left out.
    """
    borne = frozenset(categories)
    told = [*_of_grade(grade), *_of_evidence(evidence, now), *_of_step(step)]
    words = strongest(grade.bearers if grade else ())
    return (*told, *(one for one in words if one.kind is not ReasonKind.CATEGORY or one.value in borne))


def strongest(reports: Iterable[Report]) -> list[Reason]:
    """The weightiest reasons of each kind from the first few reports, each code and value once, impact first."""
    kept: dict[tuple[str, str], Reason] = {}
    for report in tuple(reports)[:READ_FROM]:
        for reason in report.assessment.reasons:
            kept.setdefault((reason.code, reason.value), reason)
    # By kind, because weights of different kinds do not compare: a word's score may exceed any certainty.
    ranked = sorted(kept.values(), key=lambda reason: (-reason.weight, reason.code, reason.value))
    return [reason for kind in KINDS for reason in [one for one in ranked if one.kind is kind][:EACH]]


def _of_grade(grade: Grade | None) -> list[Reason]:
    if grade is None:
        return [_why(ReasonKind.CATEGORY, "grade.no_category")]
    claim, clause = grade.claim, grade.clause
    told = [
        _why(ReasonKind.SEVERITY, "grade.score", f"{grade.score:.0f}"),
        _why(
            ReasonKind.SEVERITY, "grade.factors", f"{claim.severity:.2f} · {claim.urgency:.2f} · {claim.certainty:.2f}"
        ),
    ]
    if grade.level is None:
        return [
            *told,
            _why(ReasonKind.SEVERITY, "grade.below", f"{clause.threshold(Level.BLUE, grade.scale):g}"),
            *_scaled(grade),
        ]
    if grade.named:
        told.append(_why(ReasonKind.CONCERN, "grade.named"))
    elif grade.floor is not None:
        told.append(_why(ReasonKind.SEVERITY, "grade.floor", f"{grade.floor.severity:g}"))
    else:
        told.append(_why(ReasonKind.SEVERITY, "grade.threshold", f"{clause.threshold(grade.level, grade.scale):g}"))
    told += _scaled(grade)
    if claim.concern:
        told.append(_why(ReasonKind.CONCERN, "grade.concern", f"{clause.weights.concern:g}"))
    if grade.exposure.count:  # how much it weighs; what of whom is touched is told to that organisation only
        told.append(_why(ReasonKind.CONCERN, "grade.exposure", f"{grade.exposure.factor:.2f}"))
    borne = "grade.unconfirmed" if grade.unconfirmed else "grade.confirmed"
    return [*told, _why(ReasonKind.CERTAINTY, borne, str(grade.sources))]


def _scaled(grade: Grade) -> list[Reason]:
    """That the thresholds are those of a crisis, and by how much."""
    return [] if grade.scale == 1.0 else [_why(ReasonKind.SEVERITY, "grade.posture", f"{grade.scale:g}")]


def _of_evidence(evidence: Evidence, now: datetime) -> list[Reason]:
    told = []
    if evidence.denials:
        told.append(_why(ReasonKind.CERTAINTY, "grade.denied", _sources(evidence.denials)))
    if evidence.cancels:
        told.append(_why(ReasonKind.CERTAINTY, "grade.cancelled", _sources(evidence.cancels)))
    if evidence.old:
        newest = max(report.published or report.seen for report in evidence.old)
        told.append(_why(ReasonKind.URGENCY, "grade.old", str(max(0, (now - newest) // timedelta(days=1)))))
    if evidence.drills:
        told.append(_why(ReasonKind.CERTAINTY, "grade.exercise", str(evidence.drills)))
    return told


def _of_step(step: Step) -> list[Reason]:
    if step.until is None:
        return []
    return [_why(ReasonKind.URGENCY, "grade.held", step.until.strftime("%Y-%m-%d %H:%M UTC"))]


def _sources(reports: Iterable[Report]) -> str:
    names = list(dict.fromkeys(report.source for report in reports))
    return ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")


def _why(kind: ReasonKind, code: str, value: str = "") -> Reason:
    return Reason(kind, code, value, weight=1.0)
