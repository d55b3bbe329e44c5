"""The door: what follows from an event as it stands now.

sift the reports → grade them → restrain the step → merge places and kinds → give it to its owners → say why →
say what keeps it quiet → name the plan.
Pure: the same reports, situation, guideline and `now` give the same decision, in whatever order the reports come.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TypeVar

from rules.decision import BEGINS, Action, Decision, Duty
from rules.evidence import EARSHOT, Evidence
from rules.exposure import touched_in
from rules.grade import Grade
from rules.guideline import Guideline
from rules.hush import hushed
from rules.level import NORMAL
from rules.merge import merged
from rules.owners import find_owners
from rules.plan import plan_for
from rules.reasons import reasons_for
from rules.restrain import Step, restrain
from rules.situation import Report, Situation, Standing
from rules.weigh import weigh
from scoring.category import SUBTYPES, Category

Name = TypeVar("Name", str, Category)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an event happens and of what kinds it is, the main ones first."""

    countries: tuple[str, ...]
    categories: tuple[Category, ...]
    subtypes: tuple[str, ...]


def decide(reports: Sequence[Report], situation: Situation, guideline: Guideline, now: datetime) -> Decision:
    """What becomes of the event's alert, under which clause, by whom to be acted upon and why.

    With a level there is always a clause of this guideline (or the one that the open alert already cites) and exactly
    one accountable duty. Without an alert `level` is None and `clause` cites what came closest, or "" when no report
    bears a category. `calmer_since` is to be remembered whatever the action. `now` is aware.
    """
    standing = situation.standing
    weighed = weigh(reports, situation, guideline, now)
    situation, evidence = weighed.situation, weighed.evidence
    exposure, graded = weighed.exposure, weighed.graded
    scope = _scope(evidence, graded, standing)
    step = _step(standing, evidence, graded, scope, guideline, now)
    clause = _clause(standing, graded, step, guideline)
    sites = touched_in(situation, exposure.hits)
    decision = Decision(
        action=step.action,
        level=step.level,
        score=graded.score if graded else 0.0,
        clause=clause,
        guideline=guideline.version,
        unconfirmed=_unconfirmed(standing, graded, step),
        countries=scope.countries,
        categories=scope.categories,
        subtypes=scope.subtypes,
        reasons=reasons_for(graded, evidence, step, scope.categories, now),
        duties=_duties(situation, scope, sites, step, clause, guideline, now),
        calmer_since=step.calmer_since,
        exposure=exposure.hits,
    )
    if situation.quiet is not None:
        heard = {report.source for report in evidence.live}
        hush = hushed(decision, standing, situation.quiet, guideline.restraint, now, heard)
        decision = replace(decision, hush=hush) if hush is not None else decision
    plan = plan_for(decision, situation.plans, _for_plans(situation)) if situation.plans is not None else None
    return replace(decision, plan=plan.key) if plan is not None else decision


def _for_plans(situation: Situation) -> str:
    """The posture that plans may ask for: one that a person stands behind. No rule alone starts an evacuation."""
    by_rule = bool(situation.postures) and all(one.by_rule for one in situation.postures)
    return NORMAL if by_rule else situation.posture


def _step(
    standing: Standing | None,
    evidence: Evidence,
    graded: Grade | None,
    scope: Scope,
    guideline: Guideline,
    now: datetime,
) -> Step:
    if standing is None:
        return restrain(None, graded.level if graded else None, timedelta(), now)
    if evidence.void:
        return Step(Action.NONE if standing.withdrawn else Action.WITHDRAW, standing.level)
    if not evidence.spoken:
        # Nothing real was heard: unknown must never look like clear.
        return Step(Action.NONE, standing.level, standing.calmer_since)
    hold = guideline.hold(standing.clause, standing.level)
    step = restrain(standing, graded.level if graded else None, hold, now)
    if step.level is None:
        return replace(step, level=standing.level)
    if step.action is Action.NONE:
        return replace(step, action=_sideways(standing, graded, step, scope))
    return step


def _sideways(standing: Standing, graded: Grade | None, step: Step, scope: Scope) -> Action:
    """What changes at the same level."""
    if graded is not None and graded.level == step.level:
        if standing.unconfirmed and not graded.unconfirmed:
            return Action.CONFIRM
        if graded.unconfirmed and not standing.unconfirmed:
            return Action.UPDATE
    moved = set(scope.countries) != set(standing.countries) or set(scope.categories) != set(standing.categories)
    return Action.UPDATE if moved else Action.NONE


def _unconfirmed(standing: Standing | None, graded: Grade | None, step: Step) -> bool:
    """An alert held above what the reports now say stays as doubtful as it was."""
    if standing is not None and (graded is None or graded.level != step.level):
        return standing.unconfirmed
    return graded is not None and graded.level is not None and graded.unconfirmed


def _clause(standing: Standing | None, graded: Grade | None, step: Step, guideline: Guideline) -> str:
    """The clause that gives the level: that of an open alert while it is held, if this guideline still has it."""
    if standing is None or (graded is not None and graded.level is not None and graded.level == step.level):
        return graded.clause.id if graded else ""
    if graded is None or standing.clause in guideline.by_id:
        return standing.clause
    return graded.clause.id


def _scope(evidence: Evidence, graded: Grade | None, standing: Standing | None) -> Scope:
    """Merged from what bears the event out; what an open alert already says keeps its order."""
    told = _told(evidence, *((standing.countries, standing.categories) if standing is not None else ()))
    countries, categories, subtypes = told.countries, list(told.categories), list(told.subtypes)
    if graded is not None:
        # What the cited clause speaks of is part of the event, however few say so.
        categories.append(graded.clause.category)
        subtypes += [graded.clause.subtype] if graded.clause.subtype else []
    kinds = tuple(dict.fromkeys(categories))
    if standing is not None:
        countries, kinds = _settled(countries, standing.countries), _settled(kinds, standing.categories)
    return Scope(countries, kinds, tuple(dict.fromkeys(subtypes)))


@lru_cache(maxsize=EARSHOT)
def _told(evidence: Evidence, places: tuple[str, ...] = (), labels: tuple[Category, ...] = ()) -> Scope:
    """What the reports say, where an open alert says these places and labels already."""
    heard_as = evidence.heard_as
    return Scope(
        merged(evidence.live, lambda report: report.assessment.countries, heard_as, places),
        tuple(map(Category, merged(evidence.live, lambda report: report.assessment.labels, heard_as, labels))),
        merged(evidence.live, _subtypes, heard_as),
    )


def _subtypes(report: Report) -> tuple[str, ...]:
    return tuple(key for key in report.assessment.subtypes if SUBTYPES.get(key) in report.assessment.labels)


def _settled(found: tuple[Name, ...], known: tuple[Name, ...]) -> tuple[Name, ...]:
    """What was found; in the known order when it is the same, and the known when nothing was found."""
    return known if not found or set(found) == set(known) else found


def _duties(
    situation: Situation,
    scope: Scope,
    sites: tuple[str, ...],
    step: Step,
    clause: str,
    guideline: Guideline,
    now: datetime,
) -> tuple[Duty, ...]:
    if step.level is None:
        return ()
    waits = guideline.waits_in(situation.posture)
    duties = find_owners(
        situation.owners,
        scope.countries,
        scope.categories,
        step.level,
        now,
        acknowledge=waits,
        clause=clause,
        routes=situation.routes,
        organisation=situation.organisation,
        sites=sites,
        roster=guideline.posture(situation.posture).roster,
    )
    standing = situation.standing
    if standing is None or standing.level is not step.level or step.action is Action.OPEN:
        return duties
    # Time does not start anew for those who were given the duty when this level began.
    due = standing.due or standing.since + guideline.waits[step.level]
    begun = min((one.since for one in situation.postures), default=standing.since)
    if situation.posture != NORMAL and begun > standing.since:
        due = min(due, begun + waits[step.level])  # what stood already is to be answered as if it came with the crisis
    elif situation.posture == NORMAL and standing.usual is not None and now < due:
        due = standing.usual  # the crisis is over; who is late already stays so
    return tuple(replace(duty, acknowledge_by=due) if duty.owner in standing.owners else duty for duty in duties)


def usual_of(action: Action, before: datetime | None, due: datetime | None, kept: datetime | None) -> datetime | None:
    """What a deadline was before a crisis drew it nearer; None where none did, or that was given back.

    `before` and `due`: the deadline before and after a decision, `kept`: what is known of it already.
    """
    if action in BEGINS or before is None or due is None:
        return None
    usual = kept or (before if due < before else None)
    return usual if usual is not None and due < usual else None
