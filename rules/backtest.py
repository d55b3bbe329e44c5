"""Backtest: what a changed guideline would have done with what is stored, held against the one in force.

Each event is told again under both (rules.replay), for every organisation that it concerns (rules.parties), and looked
at from the outside: which alert there would have been, how grave, how early, and whom it would have called. Parts are
added up, so that events may be counted anywhere.
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
from rules.holdings import NOTHING, Holdings
from rules.level import Level
from rules.parties import Party, concerned, relive
from rules.reach import KINDS
from rules.replay import Heard
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
    heard: Sequence[Heard], guideline: Guideline, party: Party, since: datetime, until: datetime
) -> tuple[Course, int]:
    """How an event goes for an organisation from `since` on, and how many decisions were taken on it."""
    level, last, clause, score, steps, decisions = NONE, NONE, "", 0.0, 0, 0
    first: datetime | None = None
    grave: datetime | None = None
    calls: Counter[tuple[str, str]] = Counter()
    matched: set[str] = set()
    for told in relive(heard, guideline, party, until):
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
    said = [(each.levels, each.floors, each.time, each.exposure, each.crisis, each.restraint) for each in (one, other)]
    if said[0] != said[1]:
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


class Counting:
    """What is counted of one organisation while events pass."""

    def __init__(self) -> None:
        self.events = self.reports = self.decisions = 0
        self.matrix: Counter[tuple[int, int]] = Counter()
        self.kinds: Counter[str] = Counter()
        self.calls: tuple[Counter[tuple[str, str]], ...] = (Counter(), Counter())
        self.clauses: tuple[Counter[str], ...] = (Counter(), Counter())
        self.lead: list[float] = []
        self.differences: list[Difference] = []

    def note(self, key: str, reports: int, told: Sequence[tuple[Course, int]]) -> None:
        """Count an event as it went under the old guideline (first) and the new one."""
        (old, _), (new, _) = told
        self.events, self.reports = self.events + 1, self.reports + reports
        self.decisions += told[0][1] + told[1][1]
        self.matrix[old.level, new.level] += 1
        for place, (one, _) in enumerate(told):
            self.calls[place].update(one.calls)
            self.clauses[place].update(one.matched)
        if old.grave is not None and new.grave is not None:
            self.lead.append(round((old.grave - new.grave) / timedelta(hours=1), 2))
        found = compare(key, old, new)
        if found is not None:
            self.kinds[found.kind] += 1
            self.differences.append(found)

    def tally(self) -> Tally:
        """The sum so far."""
        shown = tuple(sorted(self.differences, key=Difference.worth)[:MOST_SHOWN])
        return Tally(
            events=self.events,
            reports=self.reports,
            decisions=self.decisions,
            matrix=self.matrix,
            kinds=self.kinds,
            old_calls=self.calls[0],
            new_calls=self.calls[1],
            old_clauses=self.clauses[0],
            new_clauses=self.clauses[1],
            lead=tuple(self.lead),
            differences=shown,
        )


def tally(
    events: Iterable[tuple[str, Sequence[Heard]]],
    guidelines: tuple[Guideline, Guideline],
    desk: Party,
    since: datetime,
    until: datetime,
) -> Tally:
    """The old guideline (first) and the new one over these events, for the desk alone."""
    return tallies(events, guidelines, (desk,), NOTHING, since, until)[desk.key]


def tallies(
    events: Iterable[tuple[str, Sequence[Heard]]],
    guidelines: tuple[Guideline, Guideline],
    parties: Sequence[Party],
    everybody: Holdings,
    since: datetime,
    until: datetime,
) -> dict[int, Tally]:
    """The same for each organisation, by its key: each event for the desk and for whom it may concern."""
    counts = {party.key: Counting() for party in parties}
    changed = changed_kinds(*guidelines)
    others = any(not party.desk for party in parties)
    for key, heard in events:
        keys = frozenset[int]().union(*(concerned(heard, everybody, one) for one in guidelines)) if others else ()
        again = touched(heard, changed)
        for party in parties:
            if not party.desk and party.key not in keys:
                continue
            first = course(heard, guidelines[0], party, since, until)
            told = (first, course(heard, guidelines[1], party, since, until) if again else first)
            if party.desk or any(decisions for _, decisions in told):
                counts[party.key].note(key, len(heard), told)
    return {key: one.tally() for key, one in counts.items()}


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
