"""Grade: the reports of one event, weighed together under each clause that speaks of it.

For each severity s that a report claims we ask *how sure are we that it is at least this bad*: everybody who reports s
or more is a supporter, independent supporters raise the certainty as 1 − ∏(1 − cᵢ), the most urgent one gives the
urgency, and the clause's formula gives the score of that claim. The best claim counts. So a wild claim by one doubtful
source stands beside the soberer one that several bear out, and whichever weighs more is graded. Raising any report's
severity, urgency or certainty can never lower the result: for every s the supporters only grow, and every factor with
them.

Confirmed means: one source of reliability A or B says so without hedging, or at least two independent voices do, where
"so" is a severity that, were it certain, would reach the level. One such source suffices, because the desk calls the
same sources reliable when it rates them; two of any kind suffice, because copies are counted once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rules.clause import SUREST, Clause, Floor
from rules.condition import Facts, context_of
from rules.evidence import DISPUTED, EARSHOT, RANKS, Evidence, rank
from rules.exposure import UNTOUCHED, Exposure
from rules.guideline import Guideline
from rules.level import NORMAL, Level, graver
from rules.situation import Report

TRUSTED = 1  # Admiralty B


@dataclass(frozen=True, slots=True)
class Claim:
    """The event is at least this severe, and what its supporters together say of it. All 0–1."""

    severity: float
    urgency: float
    certainty: float
    concern: bool


@dataclass(frozen=True, slots=True)
class Grade:
    """The best claim under the gravest clause. `level` None: below the lowest threshold.

    `floor` is the rule that lifted the level, if one did; `named` says that a direct hit did. `sources` counts
    independent voices that bear the level out. The score has the factor of `exposure` in it.
    """

    clause: Clause
    claim: Claim
    score: float
    level: Level | None
    floor: Floor | None
    unconfirmed: bool
    sources: int
    bearers: tuple[Report, ...]  # those who make claims under the clause, gravest first
    exposure: Exposure = UNTOUCHED
    named: bool = False
    scale: float = 1.0  # of the posture, on every threshold


def grade(
    evidence: Evidence, guideline: Guideline, posture: str = NORMAL, exposure: Exposure = UNTOUCHED, cited: str = ""
) -> Grade | None:
    """The grade of an event as it stands, for whom it touches so; None when no report bears a category. `posture` is
    its country's, `cited` the clause by which its alert is open."""
    best = gravest(evidence, guideline, posture, exposure, cited)
    return _with_sources(best, evidence, guideline) if best is not None else None


def gravest(
    evidence: Evidence, guideline: Guideline, posture: str = NORMAL, exposure: Exposure = UNTOUCHED, cited: str = ""
) -> Grade | None:
    """The same, before anybody has counted who bears it out: for those who ask for the level alone."""
    found = grades(evidence, guideline, posture, exposure.factor)
    return _exposed(min(found, key=lambda one: _gravest_first(one, cited)), exposure) if found else None


def grades(evidence: Evidence, guideline: Guideline, posture: str = NORMAL, factor: float = 1.0) -> list[Grade]:
    """What every clause that speaks of the event makes of it; sources are not counted yet. `factor` is of exposure."""
    claims, bearers = _claims(evidence), _bearers(evidence, guideline, posture)
    scale = guideline.posture(posture).thresholds
    made = (_under(clause, reports, claims, guideline, factor, scale) for clause, reports in bearers)
    return [one if scale == 1.0 else replace(one, scale=scale) for one in made]


def facts_as_told(evidence: Evidence, posture: str = NORMAL) -> Facts | None:
    """What conditions look at in this event; None when nothing bears it out."""
    claims = _claims(evidence)
    return facts_of(evidence, claims, posture) if claims else None


def certainty_of(report: Report, *, disputed: bool = False) -> float:
    """A report's certainty as it counts: 0–0.99, half when a source at least as good denies it."""
    return min(SUREST, unit(report.assessment.certainty)) * (DISPUTED if disputed else 1.0)


def unit(value: float) -> float:
    """The value within 0–1; what is no number is 0."""
    return min(1.0, max(0.0, value)) if value == value else 0.0


def facts_of(evidence: Evidence, claims: Mapping[float, Claim], posture: str) -> Facts:
    """What conditions may look at. Only growing factors change when a report gets graver or surer."""
    told = [report.assessment for report in evidence.current]
    surest = max(claims.values(), key=lambda claim: claim.certainty)
    return Facts(
        severity=max((unit(made.severity) for made in told), default=0.0),
        urgency=surest.urgency,
        certainty=surest.certainty,
        concern=any(made.concern for made in told),
        sources=len(set(evidence.heard_as)),
        reports=len(evidence.live),
        best=RANKS[min((rank(report) for report in evidence.live), default=len(RANKS) - 1)],
        countries=_named(made.countries for made in told),
        categories=_named([label.value for label in made.labels] for made in told),
        subtypes=_named(made.subtypes for made in told),
        indicators=_named([reason.code for reason in made.reasons] for made in told),
        posture=posture,
    )


def _named(several: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(sorted({one for some in several for one in some}))


@lru_cache(maxsize=EARSHOT)
def _bearers(evidence: Evidence, guideline: Guideline, posture: str) -> tuple[tuple[Clause, tuple[Report, ...]], ...]:
    """The clauses that speak of the event, each with the reports that make claims under it, the gravest first."""
    claims = _claims(evidence)
    asked = bool(claims) and any(guideline.asks_of(report.assessment) for report in evidence.current)
    context = context_of(facts_of(evidence, claims, posture)) if asked else None
    found: dict[str, tuple[Clause, list[Report]]] = {}
    for report in evidence.current:
        for clause in guideline.clauses_of(report.assessment.labels, report.assessment.subtypes, context):
            found.setdefault(clause.id, (clause, []))[1].append(report)
    return tuple((clause, tuple(sorted(reports, key=_gravest_report))) for clause, reports in found.values())


def _gravest_report(report: Report) -> tuple[float, float]:
    return (-unit(report.assessment.severity), -certainty_of(report))


@lru_cache(maxsize=EARSHOT)
def _claims(evidence: Evidence) -> Mapping[float, Claim]:
    """Severity → the claim that the event is at least that severe, for every severity that is reported."""
    keys = evidence.heard_as
    order = sorted(range(len(keys)), key=lambda place: -unit(evidence.live[place].assessment.severity))
    doubts: dict[str, float] = {}
    claims: dict[float, Claim] = {}
    urgency, concern = 0.0, False
    for place in order:
        report = evidence.live[place]
        severity = unit(report.assessment.severity)
        doubt = 1.0 - certainty_of(report, disputed=place in evidence.disputed)
        doubts[keys[place]] = min(doubt, doubts.get(keys[place], 1.0))
        urgency = max(urgency, unit(report.assessment.urgency))
        concern = concern or report.assessment.concern
        claims[severity] = Claim(severity, urgency, round(1.0 - _product(doubts), 9), concern)
    return claims


def _product(doubts: dict[str, float]) -> float:
    product = 1.0
    for key in sorted(doubts):
        product *= doubts[key]
    return product


def _exposed(best: Grade, exposure: Exposure) -> Grade:
    """The grade with what it owes to exposure: whoever is named in it is warned, however mild the event."""
    if exposure is UNTOUCHED:
        return best
    level = graver(best.level, exposure.level)
    if level == best.level:
        return replace(best, exposure=exposure)
    return replace(best, exposure=exposure, level=level, floor=None, named=True)


def _under(
    clause: Clause,
    ordered: tuple[Report, ...],
    claims: Mapping[float, Claim],
    guideline: Guideline,
    factor: float,
    scale: float,
) -> Grade:
    worst = unit(ordered[0].assessment.severity)
    # Others' lower claims count too: else a report that turns graver could leave its own supporters behind.
    held = [claim for severity, claim in claims.items() if severity <= worst]
    score, _, claim = max((_score(clause, claim, factor), claim.severity, claim) for claim in held)
    by_score = clause.level(score, scale)
    lifted, over = _floor(held, guideline.floors)
    level = graver(by_score, lifted.level if lifted else None)
    if lifted is None or over is None or level == by_score:
        return Grade(clause, claim, score, by_score, None, True, 0, ordered)
    return Grade(clause, over, score, level, lifted, True, 0, ordered)


def _floor(claims: Sequence[Claim], floors: Sequence[Floor]) -> tuple[Floor | None, Claim | None]:
    """The gravest floor under any of the claims, and the gravest claim that stands on it."""
    for floor in sorted(floors, key=lambda floor: (floor.level, -floor.severity)):
        for claim in claims:
            if floor.under(claim.severity, claim.urgency):
                return floor, claim
    return None, None


def _score(clause: Clause, claim: Claim, factor: float) -> float:
    score = clause.score(claim.severity, claim.urgency, claim.certainty, claim.concern)
    return score if factor == 1.0 else min(100.0, round(score * factor, 2))


def _gravest_first(one: Grade, cited: str = "") -> tuple[int, bool, bool, float, str]:
    """Of those that give the same level the clause that is cited already, then those that name the kind of event.

    Scores of clauses with different weights and thresholds say little against each other; a capital control is not to
    be cited as "legal, all other", nor an earthquake as the stop of a port, because that weighs urgency less.
    """
    general = one.clause.subtype is None
    if one.level is None:
        return (len(Level) + 1, False, False, -one.score, one.clause.id)
    return (one.level, one.clause.id != cited, general, -one.score, one.clause.id)


def _with_sources(best: Grade, evidence: Evidence, guideline: Guideline) -> Grade:
    """The grade with the number of voices that bear its level out, and whether that confirms it."""
    keys = evidence.heard_as
    saying: set[str] = set()
    trusted = False
    for place, report in enumerate(evidence.live):
        if place in evidence.disputed or not _says(report, best, guideline):
            continue
        saying.add(keys[place])
        trusted = trusted or (rank(report) <= TRUSTED and not report.assessment.hedged)
    return replace(best, unconfirmed=not (trusted or len(saying) > 1), sources=max(1, len(saying)))


def _says(report: Report, best: Grade, guideline: Guideline) -> bool:
    """Whether this report, were it certain, would give the level or a graver one."""
    if best.level is None or best.named:
        return True
    severity, urgency = unit(report.assessment.severity), best.claim.urgency
    if any(floor.level <= best.level and floor.under(severity, urgency) for floor in guideline.floors):
        return True
    claim = Claim(severity, urgency, 1.0, best.claim.concern)
    level = best.clause.level(_score(best.clause, claim, best.exposure.factor), best.scale)
    return level is not None and level <= best.level
