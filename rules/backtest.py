"""Backtest: what a changed guideline would have done with what is stored, held against the one in force.

Each event is told again under both (rules.replay) and looked at from the outside: which alert there would have been,
how grave, how early, and whom it would have called. Parts are added up, so that events may be counted anywhere.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from rules.clause import Clause
from rules.decision import Action
from rules.guideline import Guideline
from rules.level import Level
from rules.posture import Posture
from rules.reach import KINDS
from rules.replay import Heard, replay
from rules.situation import Owner
from scoring.category import SUBTYPES

MOST_SHOWN = 400
GRAVE = Level.ORANGE
CALLS = frozenset({Action.OPEN, Action.RAISE, Action.LOWER, Action.CONFIRM, Action.WITHDRAW})
NONE = 5  # as a level: no alert


@dataclass(frozen=True, slots=True)
class Course:
    """How an event went under one guideline: its gravest level (5: none), by which clause, when, whom it called."""

    level: int
    clause: str
    score: float
    first: datetime | None  # the first alert
    grave: datetime | None  # first at level 1 or 2
    steps: int  # changes that were told
    calls: Mapping[tuple[str, str], int]  # (owner, week) → interruptions
    matched: frozenset[str]  # clauses that it was told under
    last: int  # the level at the end


@dataclass(frozen=True, slots=True)
class Difference:
    """One event that goes differently: added, gone, raised, lowered, or (same level) clause, earlier, later."""

    event: str
    kind: str
    old_level: int
    new_level: int
    old_clause: str
    new_clause: str
    score: float
    at: datetime | None
    title: str = ""

    def worth(self) -> tuple[int, int, str]:
        """The gravest and widest first."""
        return (min(self.old_level, self.new_level), -abs(self.old_level - self.new_level), self.event)


@dataclass(frozen=True, slots=True)
class Tally:
    """The sum over events. `matrix` counts (old level, new level), 5 for no alert; `lead` are hours gained (negative:
    lost) until level 1 or 2, for events that reach it under both.
    """

    events: int = 0
    reports: int = 0
    decisions: int = 0
    matrix: Mapping[tuple[int, int], int] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    old_calls: Mapping[tuple[str, str], int] = field(default_factory=dict)
    new_calls: Mapping[tuple[str, str], int] = field(default_factory=dict)
    old_clauses: Mapping[str, int] = field(default_factory=dict)
    new_clauses: Mapping[str, int] = field(default_factory=dict)
    lead: tuple[float, ...] = ()
    differences: tuple[Difference, ...] = ()

    def median_lead(self) -> float:
        """Hours gained until level 1 or 2, in the middle of those that changed; 0 when none did."""
        changed = [hours for hours in self.lead if hours]
        return median(changed) if changed else 0.0


def course(
    heard: Sequence[Heard],
    guideline: Guideline,
    owners: tuple[Owner, ...],
    since: datetime,
    until: datetime,
    postures: tuple[Posture, ...] = (),
) -> tuple[Course, int]:
    """How an event goes from `since` on, and how many decisions were taken on it."""
    level, last, clause, score, steps, decisions = NONE, NONE, "", 0.0, 0, 0
    first: datetime | None = None
    grave: datetime | None = None
    calls: Counter[tuple[str, str]] = Counter()
    matched: set[str] = set()
    for told in replay(heard, guideline, owners, until, postures=postures):
        decision = told.decision
        decisions += 1
        if decision.action is Action.NONE or decision.level is None:
            continue
        last = NONE if decision.action is Action.WITHDRAW else int(decision.level)
        first = first or told.at
        if grave is None and decision.level <= GRAVE and decision.action is not Action.WITHDRAW:
            grave = told.at
        if told.at < since:
            continue
        steps += 1
        matched.add(decision.clause)
        if decision.level < level and decision.action is not Action.WITHDRAW:
            level, clause, score = int(decision.level), decision.clause, decision.score
        if decision.action in CALLS:
            week = week_of(told.at)
            calls.update((duty.owner, week) for duty in decision.duties)
    return Course(level, clause, score, first, grave, steps, calls, frozenset(matched), last), decisions


def changed_kinds(one: Guideline, other: Guideline) -> frozenset[str] | None:
    """Sub-types and categories of which two guidelines say different things; None when it is everything."""
    if (one.levels, one.floors, one.time, one.crisis) != (other.levels, other.floors, other.time, other.crisis):
        return None
    return frozenset(kind for kind in KINDS if _said(one, kind) != _said(other, kind))


def _said(guideline: Guideline, kind: str) -> tuple[Clause | None, ...]:
    """What a guideline says of a kind, and what it falls back to."""
    own = (*guideline.by_condition.get(kind, ()), guideline.by_kind.get(kind))
    return own if own[-1] is not None else (*own, *_said(guideline, SUBTYPES[kind].value))


def touched(heard: Iterable[Heard], changed: frozenset[str] | None) -> bool:
    """Whether an event is of a kind of which something else is said: no other decision on it can be different."""
    if changed is None:
        return True
    made = (one.report.assessment for one in heard)
    return any(kind in changed for one in made for kind in (*one.subtypes, *one.labels))


def week_of(at: datetime) -> str:
    """The ISO week, as 2026-W18."""
    year, week, _ = at.isocalendar()
    return f"{year}-W{week:02d}"


def compare(event: str, old: Course, new: Course) -> Difference | None:
    """What is different about an event, None when nothing is that anybody would notice."""
    kind = _kind(old, new)
    if not kind:
        return None
    at = new.first if new.level < NONE else old.first
    return Difference(event, kind, old.level, new.level, old.clause, new.clause, new.score or old.score, at)


def _kind(old: Course, new: Course) -> str:
    if old.level != new.level:
        if NONE in (old.level, new.level):
            return "added" if old.level == NONE else "gone"
        return "raised" if new.level < old.level else "lowered"
    if old.level == NONE:
        return ""
    if old.grave and new.grave and old.grave != new.grave:
        return "earlier" if new.grave < old.grave else "later"
    if old.last != new.last or old.steps != new.steps:
        return "course"
    return "clause" if old.clause != new.clause else ""


def tally(
    events: Iterable[tuple[str, Sequence[Heard]]],
    guidelines: tuple[Guideline, Guideline],
    owners: tuple[Owner, ...],
    since: datetime,
    until: datetime,
    postures: tuple[Posture, ...] = (),
) -> Tally:
    """The old guideline (first) and the new one over these events."""
    count = reports = decisions = 0
    matrix: Counter[tuple[int, int]] = Counter()
    kinds: Counter[str] = Counter()
    calls: tuple[Counter[tuple[str, str]], ...] = (Counter(), Counter())
    clauses: tuple[Counter[str], ...] = (Counter(), Counter())
    lead: list[float] = []
    differences: list[Difference] = []
    changed = changed_kinds(*guidelines)
    for key, heard in events:
        first = course(heard, guidelines[0], owners, since, until, postures)
        new_one = touched(heard, changed)
        again = course(heard, guidelines[1], owners, since, until, postures) if new_one else first
        told = [first, again]
        (old, _), (new, _) = told
        count, reports, decisions = count + 1, reports + len(heard), decisions + told[0][1] + told[1][1]
        matrix[old.level, new.level] += 1
        for place, (one, _) in enumerate(told):
            calls[place].update(one.calls)
            clauses[place].update(one.matched)
        if old.grave is not None and new.grave is not None:
            lead.append(round((old.grave - new.grave) / timedelta(hours=1), 2))
        found = compare(key, old, new)
        if found is not None:
            kinds[found.kind] += 1
            differences.append(found)
    shown = tuple(sorted(differences, key=Difference.worth)[:MOST_SHOWN])
    return Tally(
        count, reports, decisions, matrix, kinds, calls[0], calls[1], clauses[0], clauses[1], tuple(lead), shown
    )


def added_up(parts: Iterable[Tally]) -> Tally:
    """The tallies of parts as one."""
    several = list(parts)

    def sums(name: str) -> Counter[Any]:
        total: Counter[Any] = Counter()
        for part in several:
            total.update(getattr(part, name))
        return total

    mapped = ("matrix", "kinds", "old_calls", "new_calls", "old_clauses", "new_clauses")
    differences = sorted((one for part in several for one in part.differences), key=Difference.worth)
    return Tally(
        events=sum(part.events for part in several),
        reports=sum(part.reports for part in several),
        decisions=sum(part.decisions for part in several),
        lead=tuple(hours for part in several for hours in part.lead),
        differences=tuple(differences[:MOST_SHOWN]),
        **{name: sums(name) for name in mapped},
    )
