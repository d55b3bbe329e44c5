"""Respond: a plan as a responsibility list with names in it, and what becomes of a step that is late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.decision import Duty
from rules.level import Level
from rules.owners import find_owners
from rules.plan import LEADS, Plan, Plans, Step
from rules.routing import Route
from rules.situation import Owner
from scoring.category import Category


@dataclass(frozen=True, slots=True)
class Line:
    """One step with its one accountable owner, by key, and those who support; `due` is counted from the start."""

    step: Step
    owner: str
    support: tuple[str, ...]
    due: datetime


@dataclass(frozen=True, slots=True)
class Leads:
    """Who leads on an alert, by the words that plans use."""

    lead: str
    local: str
    central: str

    def named(self, word: str, plans: Plans, owners: frozenset[str]) -> str:
        """The owner behind a word; a department that nobody of these owners bears falls to the alert's lead."""
        if word in LEADS:
            return str(getattr(self, word))
        department = plans.departments.get(word)
        return department.owner if department is not None and department.owner in owners else self.lead


def leads_of(
    duties: Sequence[Duty],
    owners: Sequence[Owner],
    countries: Sequence[str],
    categories: Sequence[Category],
    now: datetime,
    *,
    routes: Route | None = None,
    organisation: str = "",
    sites: Sequence[str] = (),
) -> Leads:
    """The leads on an alert with these duties, found as its owners are: who would be accountable at level 1 is the
    central one, at level 4 the local one."""

    def accountable(level: Level) -> str:
        found = find_owners(
            owners, countries, categories, level, now, routes=routes, organisation=organisation, sites=sites
        )
        return found[0].owner

    central, local = accountable(Level.RED), accountable(Level.BLUE)
    lead = next((duty.owner for duty in duties if duty.role == "accountable"), central)
    return Leads(lead, local, central)


def line_up(
    plan: Plan, level: Level, plans: Plans, leads: Leads, owners: Iterable[Owner], start: datetime
) -> tuple[Line, ...]:
    """The steps of a plan at a level, each with exactly one accountable owner, in the plan's order."""
    keys = frozenset(owner.key for owner in owners)
    return tuple(_line(step, level, plans, leads, keys, start) for step in plan.steps_at(level))


def _line(step: Step, level: Level, plans: Plans, leads: Leads, keys: frozenset[str], start: datetime) -> Line:
    owner = leads.named(step.who, plans, keys)
    support = dict.fromkeys(leads.named(word, plans, keys) for word in step.support)
    return Line(step, owner, tuple(key for key in support if key != owner), start + step.within[level])


def chain_of(accountable: str, lead: str, central: str) -> tuple[str, ...]:
    """Who is told of a late step, one after the other, each once: the accountable, the lead, the central lead."""
    return tuple(dict.fromkeys((accountable, lead, central)))


@dataclass(frozen=True, slots=True)
class Reminder:
    """A late step to be told of: to whom, as which in the line (from 1), and when the next look is due."""

    owner: str
    stage: int
    next_look: datetime


def remind(chain: Sequence[str], stage: int, wait: timedelta, now: datetime) -> Reminder | None:
    """The next reminder of a late step, after `stage` were sent; None when the line has ended and nobody answered."""
    if stage >= len(chain):
        return None
    return Reminder(chain[stage], stage + 1, now + wait)
