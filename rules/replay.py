"""Replay: one event's reports told again in the order in which they came, and what the rules make of them.

The door is the same `decide`, and an alert follows a decision as the record has it follow. Nobody acts in a replay:
what people acknowledged, closed or dismissed is left out. While an alert stands, time alone does one thing only: it
lowers an alert whose picture has been calmer for its hold; so the moments to look again are known and few.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rules.decide import decide, usual_of
from rules.decision import Action, Decision
from rules.exposure import sites_of
from rules.guideline import Guideline
from rules.level import NORMAL, Level
from rules.posture import Posture
from rules.quiet import Quiet
from rules.situation import Owner, Report, Situation, Standing


@dataclass(frozen=True, slots=True)
class Heard:
    """A report and when it came in. Revisions of one item share `item`: the newest heard is the latest."""

    at: datetime
    item: str
    report: Report
    mark: int = 0  # how strict the mark is that it bears: who is not cleared for it is not shown it


@dataclass(frozen=True, slots=True)
class Told:
    """One decision of a replay: when, and whether it is only another look at what was known."""

    at: datetime
    decision: Decision
    again: bool = False


class Life:
    """One event as it is lived through: what is known of it, and the alert as it stands."""

    def __init__(self, guideline: Guideline, situation: Situation) -> None:
        self.guideline, self.situation = guideline, situation
        self.known: list[Report] = []
        self._at: datetime | None = None
        self._edges = sorted({at for one in situation.postures for at in (one.since, one.ended) if at is not None})
        self._newest: dict[str, int] = {}

    @property
    def standing(self) -> Standing | None:
        """The alert as it stands."""
        return self.situation.standing

    def hear(self, one: Heard) -> None:
        """Let a report come in; what it revises is the latest no more."""
        before = self._newest.get(one.item)
        if before is not None:
            self.known[before] = replace(self.known[before], latest=False)
        self._newest[one.item] = len(self.known)
        self.known.append(one.report if one.report.latest else replace(one.report, latest=True))

    def told(self) -> Sequence[Report]:
        """What is decided on."""
        return self.known

    def concerns(self) -> bool:
        """Whether anything is decided at all by now."""
        return True

    def decide(self, at: datetime, *, again: bool = False) -> Told:
        """Decide on what is known, and carry it out."""
        self._at = at
        decision = decide(self.told(), self.situation, self.guideline, at)
        self.situation = replace(self.situation, standing=follow(self.standing, decision, at))
        return Told(at, decision, again)

    def decide_on(self, at: datetime) -> Iterator[Told]:
        """Decide on what came in. A crisis that a rule enters now was brought by this very batch: that was decided
        without it, and is looked at again under it."""
        every = self.situation.postures
        before = tuple(one for one in every if not one.by_rule or one.since != at)
        if len(before) == len(every):
            yield self.decide(at)
            return
        self.situation = replace(self.situation, postures=before)
        yield self.decide(at)
        self.situation = replace(self.situation, postures=every)
        yield self.decide(at, again=True)

    def pass_until(self, end: datetime) -> Iterator[Told]:
        """Let time pass, and look again whenever time alone may change something."""
        moved = True
        while True:
            due = next_look(self.standing, self.guideline) if moved else None
            times = [at for at in (due, self._next_edge()) if at is not None and at < end]
            if not times:
                return
            before, at = self.standing, min(times)
            yield self.decide(at, again=True)
            moved = self.standing != before or (moved and at != due)

    def _next_edge(self) -> datetime | None:
        """When a crisis next begins or ends: everything that is known is looked at again."""
        if not self._edges or not self.known or self._at is None:
            return None
        return next((edge for edge in self._edges if edge > self._at), None)


def replay(
    heard: Sequence[Heard],
    guideline: Guideline,
    owners: tuple[Owner, ...],
    until: datetime,
    posture: str = NORMAL,
    postures: tuple[Posture, ...] = (),
    quiet: Quiet | None = None,
) -> Iterator[Told]:
    """Every decision on one event, in order; `heard` is in the order of coming in. `postures` are those that there
    were: what this event would itself have opened by rule is for the caller to say."""
    situation = Situation(None, owners, posture=posture, postures=postures, quiet=quiet)
    return live_through(Life(guideline, nearby(situation, heard)), heard, until)


def nearby(situation: Situation, heard: Sequence[Heard]) -> Situation:
    """The situation with only the postures of places that are told of: others cost looks that change nothing."""
    if not situation.postures:
        return situation
    countries = {code for one in heard for code in one.report.assessment.countries}
    return replace(situation, postures=tuple(one for one in situation.postures if one.covers(countries)))


def live_through(life: Life, heard: Sequence[Heard], until: datetime) -> Iterator[Told]:
    """Every decision of a life that begins with nothing known."""
    for place, one in enumerate(heard):
        life.hear(one)
        last = place + 1 == len(heard)
        end = until if last else heard[place + 1].at
        if one.report.archived or (end == one.at and not last):
            continue  # history alerts nobody; what came at once is decided on at once
        if not life.concerns():
            continue
        yield from life.decide_on(one.at)
        yield from life.pass_until(end)


def next_look(standing: Standing | None, guideline: Guideline) -> datetime | None:
    """When time alone may lower an alert; None while it may not."""
    if standing is None or standing.withdrawn or standing.calmer_since is None or standing.level is Level.BLUE:
        return None
    return standing.calmer_since + guideline.hold(standing.clause, standing.level)


def drawn(standing: Standing, decision: Decision) -> datetime | None:
    """Until when an alert that does not change is to be answered: a crisis draws the deadline nearer, and its end gives
    back what it took."""
    told = [duty.acknowledge_by for duty in decision.duties if duty.owner in standing.owners]
    if standing.due is None or not told:
        return standing.due
    given_back = standing.usual is not None and min(told) > standing.due
    return min(told) if given_back else min((standing.due, *told))


def follow(standing: Standing | None, decision: Decision, now: datetime) -> Standing | None:
    """The alert as it stands once a decision is carried out."""
    if decision.action is Action.NONE or decision.level is None:
        if standing is None:
            return None
        due = drawn(standing, decision)
        usual = usual_of(decision.action, standing.due, due, standing.usual)
        return replace(standing, calmer_since=decision.calmer_since, due=due, usual=usual)
    moved = standing is None or standing.level is not decision.level
    since = now if standing is None or moved else standing.since
    withdrawn = decision.action is Action.WITHDRAW or (
        decision.action is Action.UPDATE and standing is not None and standing.withdrawn
    )
    told = now if decision.hush is None or decision.hush.passed else standing.told if standing is not None else None
    owners = tuple(duty.owner for duty in decision.duties) or (standing.owners if standing is not None else ())
    due = min((duty.acknowledge_by for duty in decision.duties), default=standing.due if standing else None)
    values: dict[str, Any] = {
        "level": decision.level,
        "clause": decision.clause,
        "unconfirmed": decision.unconfirmed,
        "since": since,
        "countries": decision.countries,
        "categories": decision.categories,
        "calmer_since": decision.calmer_since,
        "withdrawn": withdrawn,
        "owners": owners,
        "told": told,
        "due": due,
        "usual": usual_of(decision.action, standing.due, due, standing.usual) if standing is not None else None,
        "sites": sites_of(decision.exposure) or (standing.sites if standing is not None else ()),
    }
    return Standing(**values) if standing is None else replace(standing, **values)
