"""Explain: why an event is graded as it is, and for every other clause why it is not the one.

The same weighing as in `decide`, exposure and all, with nothing thrown away on the road.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from rules.clause import Clause
from rules.condition import Facts, context_of
from rules.counterfactual import counterfactuals
from rules.decide import decide
from rules.decision import Decision
from rules.exposure import Exposure, touched_in
from rules.grade import Grade, facts_as_told, grades
from rules.guideline import Guideline
from rules.level import Level
from rules.routing import Asked, find
from rules.situation import Report, Situation
from rules.weigh import weigh
from scoring.category import SUBTYPES


class Verdict(StrEnum):
    """What became of a clause."""

    CITED = "cited"  # it gives the level
    HELD = "held"  # it gave the level that the alert is held at; by the reports alone it no longer would
    NAMED = "named"  # it speaks, and gives the level because own people or companies are named
    OUTWEIGHED = "outweighed"  # it would alert too, another one graver
    BELOW = "below"  # it speaks of the event; the score stays under its lowest threshold
    CONDITION = "condition"  # its condition does not hold
    BEFORE = "before"  # another clause of its kind speaks first
    KIND = "kind"  # no current report is of its kind


@dataclass(frozen=True, slots=True)
class ClauseWhy:
    """One clause and why it is, or is not, the one. `missing` is how many points its next graver level is away."""

    clause: Clause
    verdict: Verdict
    score: float | None = None
    level: Level | None = None
    missing: float | None = None
    other: str = ""  # the clause that speaks instead
    floor: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with everything that led to it. `left_out` counts reports that do not speak, by why; `path` are the
    routes by which the accountable owner was found, from the root down; () where there is no tree."""

    decision: Decision
    situation: Situation
    exposure: Exposure
    path: tuple[str, ...]
    facts: Facts | None
    clauses: tuple[ClauseWhy, ...]
    left_out: dict[str, int]
    live: int


def explain(reports: Sequence[Report], situation: Situation, guideline: Guideline, now: datetime) -> Explanation:
    """Why, and why not; the decision is the one that `decide` gives, with what would be otherwise."""
    decision = decide(reports, situation, guideline, now)
    if decision.level is not None:
        otherwise = counterfactuals(reports, situation, guideline, now)
        decision = replace(decision, counterfactuals=otherwise)
    weighed = weigh(reports, situation, guideline, now)
    situation, evidence = weighed.situation, weighed.evidence
    found = {one.clause.id: one for one in grades(evidence, guideline, situation.posture, weighed.exposure.factor)}
    if weighed.graded is not None and weighed.graded.named:
        found[weighed.graded.clause.id] = weighed.graded
    facts = facts_as_told(evidence, situation.posture)
    kinds = {
        kind
        for one in evidence.current
        for kind in (*one.assessment.subtypes, *map(str, one.assessment.labels))
        if kind
    }
    left_out = {
        "old": len(evidence.old),
        "exercise": evidence.drills,
        "denial": len(evidence.denials),
        "cancel": len(evidence.cancels),
        "refuted": len(evidence.refuted),
        "disputed": len(evidence.disputed),
        "superseded": sum(not one.latest for one in reports),
        "earlier_picture": len(evidence.live) - len(evidence.current),
    }
    clauses = tuple(_why(one, found, kinds, facts, guideline, decision) for one in guideline.clauses)
    told = {name: count for name, count in left_out.items() if count}
    return Explanation(
        decision,
        situation,
        weighed.exposure,
        _path(decision, situation, guideline, now),
        facts,
        tuple(sorted(clauses, key=_weight)),
        told,
        len(evidence.live),
    )


def _path(decision: Decision, situation: Situation, guideline: Guideline, now: datetime) -> tuple[str, ...]:
    if situation.routes is None or decision.level is None:
        return ()
    country = decision.countries[0] if decision.countries else ""
    sites = touched_in(situation, decision.exposure)
    roster = guideline.posture(situation.posture).roster
    asked = Asked(decision.level, country, decision.categories, situation.organisation, sites, roster)
    return find(situation.routes, asked, now).path


def _why(
    clause: Clause,
    found: dict[str, Grade],
    kinds: set[str],
    facts: Facts | None,
    guideline: Guideline,
    decision: Decision,
) -> ClauseWhy:
    grade = found.get(clause.id)
    cited = clause.id == decision.clause and decision.level is not None
    if grade is not None:
        missing = _missing(clause, grade)
        if cited and grade.level != decision.level:
            return ClauseWhy(clause, Verdict.HELD, grade.score, decision.level, missing)
        verdict = (Verdict.NAMED if grade.named else Verdict.CITED) if cited else Verdict.OUTWEIGHED
        if grade.level is None:
            return ClauseWhy(clause, Verdict.BELOW, grade.score, None, missing)
        return ClauseWhy(clause, verdict, grade.score, grade.level, missing, floor=grade.floor is not None)
    if cited:
        return ClauseWhy(clause, Verdict.HELD, None, decision.level)
    if clause.kind not in kinds:
        return ClauseWhy(clause, Verdict.KIND)
    if clause.when is not None and (facts is None or not clause.when.holds(context_of(facts))):
        return ClauseWhy(clause, Verdict.CONDITION)
    return ClauseWhy(clause, Verdict.BEFORE, other=_instead(clause, found))


def _instead(clause: Clause, found: dict[str, Grade]) -> str:
    """Who speaks of the clause's kind, or of its sub-types where it is for the rest of a category."""
    same = [one.clause.id for one in found.values() if one.clause.kind == clause.kind]
    own = [
        one.clause.id
        for one in found.values()
        if clause.subtype is None and SUBTYPES.get(one.clause.subtype or "") is clause.category
    ]
    return next(iter((*same, *own)), "")


def _missing(clause: Clause, grade: Grade) -> float | None:
    """Points until the next graver level; None at level 1."""
    if grade.level is Level.RED:
        return None
    graver = Level(grade.level - 1) if grade.level is not None else Level.BLUE
    wanted = clause.threshold(graver, grade.scale)
    return round(max(0.0, wanted - grade.score), 2)


def _weight(why: ClauseWhy) -> tuple[int, float]:
    return (list(Verdict).index(why.verdict), -(why.score or 0.0))
