"""Plan: what is done about an alert, by whom, by when and to what degree; and which plan starts with which alert.

Choosing looks at what a decision says as sets: in whatever order countries, categories and sub-types were found, the
same plan starts. The more a plan asks for, the earlier it is tried: a posture, then sub-types, then countries; of two
that ask for as much, the one that stands first in the file. Once started, a plan gives way only to a graver level, or
at the same level to one that is tried earlier: people in the middle of their steps are not sent elsewhere by each new
report.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from rules.decision import Decision
from rules.document import Words
from rules.level import NORMAL, Level
from scoring.category import SUBTYPES, Category

COMMANDS = ("central", "local")  # central lead with temporary unified command; local lead with central support
# Who may answer for a step besides a department: the alert's accountable owner, the local lead, the central lead.
LEADS = ("lead", "local", "central")


@dataclass(frozen=True, slots=True)
class Start:
    """When a plan starts. Empty tuples and an empty posture ask for nothing.

    With `troubles` (of rules.watching) it starts with alarms about our own sources, which have no category.
    """

    levels: tuple[Level, ...]
    categories: tuple[Category, ...]
    subtypes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    posture: str = ""
    troubles: tuple[str, ...] = ()

    def fits(
        self,
        level: Level,
        categories: frozenset[Category],
        subtypes: frozenset[str],
        countries: frozenset[str],
        posture: str,
    ) -> bool:
        """Whether an alert such as this starts the plan."""
        return (
            level in self.levels
            and not categories.isdisjoint(self.categories)
            and (not self.subtypes or not subtypes.isdisjoint(self.subtypes))
            and (not self.countries or not countries.isdisjoint(self.countries))
            and (not self.posture or posture == self.posture)
        )

    @property
    def asks(self) -> tuple[bool, bool, bool]:
        """How much is asked for, the weightier first."""
        return (bool(self.posture), bool(self.subtypes), bool(self.countries))


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a responsibility list. `key` is `module.step`, or `plan.step` for a plan's own.

    `who` alone is accountable: `lead`, `local`, `central` or a department; the `support` help. `within` is the time
    from the start at each level, `levels` those at which the step is taken at all. `result` is what can be measured.
    """

    key: str
    what: Words
    who: str
    within: Mapping[Level, timedelta]
    result: Words
    support: tuple[str, ...] = ()
    resource: Words | None = None
    after: tuple[str, ...] = ()
    levels: tuple[Level, ...] = tuple(Level)
    line: int = 0


@dataclass(frozen=True, slots=True)
class Module:
    """Steps that several plans take, and what to avoid while taking them."""

    key: str
    title: Words
    steps: tuple[Step, ...]
    avoid: tuple[Words, ...] = ()
    line: int = 0
    file: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A response plan. `steps` are those of its modules and its own, in order; `avoid` says what not to do."""

    key: str
    title: Words
    start: Start
    command: str
    lead: str
    support: tuple[str, ...]
    modules: tuple[str, ...]
    steps: tuple[Step, ...]
    avoid: tuple[Words, ...]
    closes: Words
    line: int = 0
    file: str = ""

    def steps_at(self, level: Level) -> tuple[Step, ...]:
        """The steps that are taken at a level."""
        return tuple(step for step in self.steps if level in step.levels)


@dataclass(frozen=True, slots=True)
class Department:
    """Who leads or supports, by a word of the plans file; `owner` is the key in the owners file."""

    key: str
    title: Words
    owner: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Plans:
    """All plans of a house. `version` is the given one, a plus sign and a short hash of the content.

    `remind` is how long after its deadline a step is taken to the next in line, by the alert's level.
    """

    version: str
    title: Words
    departments: Mapping[str, Department]
    modules: tuple[Module, ...]
    plans: tuple[Plan, ...]
    remind: Mapping[Level, timedelta]
    by_key: Mapping[str, Plan]
    ranks: Mapping[str, int]
    tried: Mapping[Level, tuple[Plan, ...]]

    def best(
        self,
        level: Level,
        categories: Iterable[Category],
        subtypes: Iterable[str],
        countries: Iterable[str],
        posture: str = NORMAL,
    ) -> Plan | None:
        """The plan that such an alert starts; None only when the plans have a gap, which their check refuses."""
        asked = (level, frozenset(categories), frozenset(subtypes), frozenset(countries), posture)
        return next((plan for plan in self.tried[level] if plan.start.fits(*asked)), None)

    def for_alarm(self, level: Level, trouble: str) -> Plan | None:
        """The plan that an alarm about a source starts; None where the plans say nothing of such."""
        return next((plan for plan in self.tried[level] if trouble in plan.start.troubles), None)


def put_in_order(
    version: str,
    title: Words,
    departments: Mapping[str, Department],
    modules: Sequence[Module],
    plans: Sequence[Plan],
    remind: Mapping[Level, timedelta],
) -> Plans:
    """Plans with the order in which they are tried."""
    ranked = sorted(plans, key=lambda plan: tuple(not asked for asked in plan.start.asks))  # stable: file order stays
    return Plans(
        version=version,
        title=title,
        departments=MappingProxyType(dict(departments)),
        modules=tuple(modules),
        plans=tuple(plans),
        remind=MappingProxyType(dict(remind)),
        by_key=MappingProxyType({plan.key: plan for plan in plans}),
        ranks=MappingProxyType({plan.key: place for place, plan in enumerate(ranked)}),
        tried=MappingProxyType({one: tuple(p for p in ranked if one in p.start.levels) for one in Level}),
    )


def plan_for(decision: Decision, plans: Plans, posture: str = NORMAL) -> Plan | None:
    """The plan that this decision starts; None when it comes to no alert. Deterministic, whatever the order within."""
    if decision.level is None:
        return None
    labels = [*decision.categories, *(SUBTYPES[key] for key in decision.subtypes if key in SUBTYPES)]
    return plans.best(decision.level, labels, decision.subtypes, decision.countries, posture)


@dataclass(frozen=True, slots=True)
class Held:
    """The plan at work on an alert: its key, the level it works at, since when, and what was at work before that."""

    plan: str
    level: Level
    chosen: datetime
    before: str = ""
    before_level: Level | None = None


def settle(plans: Plans, held: Held | None, found: Plan, level: Level, now: datetime) -> Held:
    """What is at work after a decision that asks for `found` at this level.

    A choice made at this very `now` is not yet one that people act on: it is made anew from what stood before, so that
    the order within a batch does not matter.
    """
    if held is None:
        return Held(found.key, level, now)
    fresh = held.chosen == now
    key, stood = (held.before, held.before_level) if fresh else (held.plan, held.level)
    if stood is None or not key:
        return Held(found.key, level, now)
    if _gives_way(plans, key, stood, found, level):
        return Held(found.key, level, now, key, stood)
    return Held(key, stood, now, key, stood) if fresh else held


def _gives_way(plans: Plans, key: str, stood: Level, found: Plan, level: Level) -> bool:
    if level != stood:
        return level < stood
    return found.key != key and key in plans.ranks and plans.ranks[found.key] < plans.ranks[key]
