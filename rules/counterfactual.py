"""Counterfactuals: what the level would be if one thing were otherwise. Found by grading again, not by guessing.

Asked are: each of the gravest voices away, one more independent source that says the same, and nothing of one's own
touched. Only what would change the level is told. The level meant is what the reports give by themselves, before
hysteresis holds it: "without source X: level III" is true even while the alert is kept at II.

They are no part of a decision: each costs a grading of its own, and only people read them. Whoever shows a decision
to somebody asks for them; replay and backtest do not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from rules.evidence import EARSHOT, Same
from rules.grade import Grade, gravest
from rules.guideline import Guideline
from rules.level import Level
from rules.situation import Report, Situation
from rules.weigh import Weighed, heard, weigh
from scoring.assessment import Reason, ReasonKind

ASKED = 3  # voices that are left out in turn, the gravest first
OTHER = "one more"  # the made-up source


def counterfactuals(
    reports: Sequence[Report], situation: Situation, guideline: Guideline, now: datetime
) -> tuple[Reason, ...]:
    """What would give another level; () where there is nothing to grade."""
    found = weigh(reports, situation, guideline, now)
    if found.graded is None:
        return ()
    told = [
        *_without_sources(reports, found, found.graded, situation, guideline, now),
        *_one_more(reports, found.graded, situation, guideline, now),
        *_untouched(found, found.graded, guideline),
    ]
    return tuple(told)


def _without_sources(
    reports: Sequence[Report],
    found: Weighed,
    graded: Grade,
    situation: Situation,
    guideline: Guideline,
    now: datetime,
) -> Iterable[Reason]:
    live = found.evidence.live
    keys = dict(zip(map(id, live), found.evidence.heard_as, strict=True))
    if len(set(keys.values())) < 2:
        return  # without its only source there is no event: that says nothing
    asked = list(dict.fromkeys(keys[id(report)] for report in graded.bearers))[:ASKED]
    for voice in asked:
        gone = {id(report) for report in live if keys[id(report)] == voice}
        left = [report for report in reports if id(report) not in gone]
        level = _level(left, situation, guideline, now)
        if level != graded.level:
            names = dict.fromkeys(report.source for report in live if id(report) in gone)
            yield _said("without", level, ", ".join(names))


def _one_more(
    reports: Sequence[Report], graded: Grade, situation: Situation, guideline: Guideline, now: datetime
) -> Iterable[Reason]:
    more = _another(Same(graded.bearers[:1]))
    level = _level([*reports, more], situation, guideline, now)
    if level != graded.level:
        yield _said("more", level)


@lru_cache(maxsize=EARSHOT)
def _another(told: Sequence[Report]) -> Report:
    """The same said by somebody else."""
    (lead,) = told
    return replace(lead, entry=f"{lead.entry} {OTHER}", source=OTHER, origin=OTHER, title="", text="")


def _untouched(found: Weighed, graded: Grade, guideline: Guideline) -> Iterable[Reason]:
    if not graded.exposure.count:
        return
    bare = gravest(found.evidence, guideline, found.situation.posture)
    level = bare.level if bare is not None else None
    if level != graded.level:
        yield _said("untouched", level)


def _level(reports: Sequence[Report], situation: Situation, guideline: Guideline, now: datetime) -> Level | None:
    """The level that these reports give by themselves."""
    situation, evidence, exposure = heard(reports, situation, guideline, now)
    best = gravest(evidence, guideline, situation.posture, exposure)
    return best.level if best is not None else None


def _said(what: str, level: Level | None, value: str = "") -> Reason:
    code = f"counter.{what}.{int(level) if level is not None else 0}"
    return Reason(ReasonKind.CERTAINTY, code, value, weight=1.0)
