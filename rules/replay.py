"""Replay: one event's reports told again in the order in which they came, and what the rules make of them.

The door is the same `decide`, and an alert follows a decision as the record has it follow. Nobody acts in a replay:
what people acknowledged, closed or dismissed is left out. While an alert stands, time alone does one thing only: it
lowers an alert whose picture has been calmer for its hold; so the moments to look again are known and few.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rules.decide import decide
from rules.decision import Action, Decision
from rules.exposure import sites_of
from rules.guideline import Guideline
from rules.level import NORMAL, Level
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
        decision = decide(self.told(), self.situation, self.guideline, at)
        self.situation = replace(self.situation, standing=follow(self.standing, decision, at))
        return Told(at, decision, again)

    def pass_until(self, end: datetime) -> Iterator[Told]:
        """Let time pass, and look again whenever time alone may change something."""
        while (due := next_look(self.standing, self.guideline)) is not None and due < end:
            before = self.standing
            yield self.decide(due, again=True)
            if self.standing == before:
                return


def replay(
    heard: Sequence[Heard],
    guideline: Guideline,
    owners: tuple[Owner, ...],
    until: datetime,
    posture: str = NORMAL,
) -> Iterator[Told]:
    """Every decision on one event, in order; `heard` is in the order of coming in."""
    return live_through(Life(guideline, Situation(None, owners, posture=posture)), heard, until)


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
        yield life.decide(one.at)
        yield from life.pass_until(end)


def next_look(standing: Standing | None, guideline: Guideline) -> datetime | None:
    """When time alone may lower an alert; None while it may not."""
    if standing is None or standing.withdrawn or standing.calmer_since is None or standing.level is Level.BLUE:
        return None
    return standing.calmer_since + guideline.hold(standing.clause, standing.level)


def follow(standing: Standing | None, decision: Decision, now: datetime) -> Standing | None:
    """The alert as it stands once a decision is carried out."""
    if decision.action is Action.NONE or decision.level is None:
        return None if standing is None else replace(standing, calmer_since=decision.calmer_since)
    moved = standing is None or standing.level is not decision.level
    since = now if standing is None or moved else standing.since
    withdrawn = decision.action is Action.WITHDRAW or (
        decision.action is Action.UPDATE and standing is not None and standing.withdrawn
    )
    owners = tuple(duty.owner for duty in decision.duties) or (standing.owners if standing is not None else ())
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
        "sites": sites_of(decision.exposure) or (standing.sites if standing is not None else ()),
    }
    return Standing(**values) if standing is None else replace(standing, **values)
