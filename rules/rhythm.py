"""Rhythm: in a crisis a situation report is due every so many hours, and whoever leads there is reminded.

Counted from the last report, and from the beginning of the crisis where there was none. What is not sent goes up the
line like a late step of a plan: the lead of the place, then the central lead, and then it stands late on the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.level import Level
from rules.owners import find_owners
from rules.respond import chain_of
from rules.routing import Route
from rules.situation import Owner


@dataclass(frozen=True, slots=True)
class Reporting:
    """Where the reports of a crisis stand. `stage`: how many were reminded of the one that is due; `look`: when that
    is next looked at, None before the first reminder and after the last."""

    since: datetime
    reported: datetime | None = None
    stage: int = 0
    look: datetime | None = None

    @property
    def begun(self) -> datetime:
        """From when the next report is counted."""
        return self.reported or self.since

    def due(self, every: timedelta | None) -> datetime | None:
        """When the next report is due; None where no rhythm is set."""
        return self.begun + every if every is not None else None

    def presses(self, every: timedelta | None, now: datetime) -> bool:
        """Whether somebody is to be reminded now."""
        by = self.due(every)
        if by is None or now < by:
            return False
        return self.stage == 0 if self.look is None else self.look <= now


def line_of_report(
    owners: Sequence[Owner],
    countries: Sequence[str],
    now: datetime,
    *,
    routes: Route | None = None,
    organisation: str = "",
    roster: str = "",
) -> tuple[str, ...]:
    """Who is reminded of a report on these countries, one after the other: who leads locally, the central lead."""

    def accountable(level: Level) -> str:
        found = find_owners(owners, countries, (), level, now, routes=routes, organisation=organisation, roster=roster)
        return found[0].owner

    lead, central = accountable(Level.YELLOW), accountable(Level.RED)
    return chain_of(lead, lead, central)
