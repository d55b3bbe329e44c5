"""Parties: one event, lived through by every organisation that it concerns, each in its own situation.

Decisions carry state, and the state is an organisation's own: its alert, its sites, its posture. So history is told
again organisation by organisation. The desk decides on every event; another organisation is decided for as the
pipeline does it: from when the event first touches something of its own, on just the reports that it may be shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rules.exposure import may_touch, touched
from rules.guideline import Guideline
from rules.holdings import NOTHING, Holdings
from rules.replay import Heard, Life, Told, live_through, nearby
from rules.situation import Report, Situation

EVERY_MARK = 99


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation that history is told again for. `situation` is as it is without an alert, with every posture
    that there was; `mark` is the strictest that it may be shown, as Heard has it; `desk` decides on everything, touched
    or not."""

    key: int
    situation: Situation
    mark: int = EVERY_MARK
    desk: bool = True


class Standby(Life):
    """An event as an organisation lives through it that is asked only when something of its own is touched."""

    def __init__(self, guideline: Guideline, party: Party) -> None:
        super().__init__(guideline, party.situation)
        self._party = party
        self._marks: list[int] = []

    def hear(self, one: Heard) -> None:
        """Let a report come in, shown to this organisation or not."""
        super().hear(one)
        self._marks.append(one.mark)

    def told(self) -> Sequence[Report]:
        """What of it this organisation may be shown."""
        if self._party.mark >= max(self._marks, default=0):
            return self.known
        return [report for report, mark in zip(self.known, self._marks, strict=True) if mark <= self._party.mark]

    def concerns(self) -> bool:
        """Whether it is decided for at all by now."""
        if not self.told():
            return False
        if self.standing is not None:
            return True
        holdings = self.situation.holdings or NOTHING
        reports = [report for report in self.known if report.latest and not report.archived]
        return bool(touched(reports, holdings, self.guideline.exposure))


def relive(heard: Sequence[Heard], guideline: Guideline, party: Party, until: datetime) -> Iterator[Told]:
    """Every decision on one event for one organisation, in order; `heard` is in the order of coming in."""
    party = replace(party, situation=nearby(party.situation, heard))
    life = Life(guideline, party.situation) if party.desk else Standby(guideline, party)
    return live_through(life, heard, until)


def concerned(heard: Sequence[Heard], everybody: Holdings, guideline: Guideline) -> frozenset[int]:
    """Organisations that an event may come to concern at any time: the others need not live through it."""
    return may_touch([one.report for one in heard], everybody, guideline.exposure)
