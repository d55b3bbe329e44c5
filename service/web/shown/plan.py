"""Plans as pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass

from rules.document import Words
from rules.level import Level
from rules.plan import LEADS, Plan, Plans, Step
from service.web.shown.row import Telling


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan in the list. `levels` pairs each level of the plan with its numeral and the number of steps."""

    key: str
    title: str
    levels: tuple[tuple[int, str, int], ...]
    categories: tuple[str, ...]
    subtypes: tuple[str, ...]
    countries: tuple[str, ...]
    posture: str
    command: str
    command_short: str
    lead: str
    uses: int
    special: bool


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A step of a plan. `within` pairs each level's numeral with the time from the start."""

    key: str
    what: str
    who: str
    support: str
    within: tuple[tuple[int, str, str], ...]
    result: str
    resource: str
    after: str


@dataclass(frozen=True, slots=True)
class PlanGroup:
    """The steps of one module, or the plan's own (`title` is then the plan's)."""

    title: str
    steps: tuple[PlanStep, ...]


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A plan as a whole."""

    row: PlanRow
    support: str
    groups: tuple[PlanGroup, ...]
    avoid: tuple[str, ...]
    closes: str


def plan_row(plan: Plan, plans: Plans, uses: Mapping[str, int], telling: Telling) -> PlanRow:
    """A plan in the list."""
    start, words = plan.start, telling.words
    return PlanRow(
        key=plan.key,
        title=said(plan.title, telling),
        levels=tuple((int(level), level.roman, len(plan.steps_at(level))) for level in sorted(start.levels)),
        categories=_kinds(plan, telling),
        subtypes=tuple(words.subtype(key, telling.lang) for key in start.subtypes),
        countries=tuple(telling.country(code) for code in start.countries),
        posture=telling.say(f"plans.posture.{start.posture}") if start.posture else "",
        command=telling.say(f"plans.command.{plan.command}"),
        command_short=telling.say(f"plans.command_short.{plan.command}"),
        lead=who(plan.lead, plans, telling),
        uses=uses.get(plan.key, 0),
        special=any(start.asks),
    )


def _kinds(plan: Plan, telling: Telling) -> tuple[str, ...]:
    """Categories of events, or troubles of our own sources."""
    events = [telling.words.category(key.value, telling.lang) for key in plan.start.categories]
    return (*events, *(telling.say(f"trust.trouble.{one}") for one in plan.start.troubles))


def plan_shown(plan: Plan, plans: Plans, uses: Mapping[str, int], telling: Telling) -> PlanShown:
    """A plan as a whole, its steps by module."""
    titles = {module.key: said(module.title, telling) for module in plans.modules}
    names = {step.key: said(step.what, telling) for step in plan.steps}
    groups: dict[str, list[PlanStep]] = {}
    for step in sorted(plan.steps, key=lambda one: not one.key.startswith(f"{plan.key}.")):  # its own first
        home = step.key.rpartition(".")[0]
        shown = _step(step, plan, plans, names, telling)
        if shown.within:
            groups.setdefault(titles.get(home, said(plan.title, telling)), []).append(shown)
    return PlanShown(
        row=plan_row(plan, plans, uses, telling),
        support=telling.say("notify.list_joint").join(who(word, plans, telling) for word in plan.support),
        groups=tuple(PlanGroup(title, tuple(steps)) for title, steps in groups.items()),
        avoid=tuple(said(one, telling) for one in plan.avoid),
        closes=said(plan.closes, telling),
    )


def _step(step: Step, plan: Plan, plans: Plans, names: Mapping[str, str], telling: Telling) -> PlanStep:
    levels = [level for level in Level if level in step.levels and level in plan.start.levels]
    exact = telling.words.exact_span
    return PlanStep(
        key=step.key,
        what=said(step.what, telling),
        who=who(step.who, plans, telling),
        support=telling.say("notify.list_joint").join(who(word, plans, telling) for word in step.support),
        within=tuple((int(level), level.roman, exact(step.within[level], telling.lang)) for level in levels),
        result=said(step.result, telling),
        resource=said(step.resource, telling) if step.resource is not None else "",
        after=telling.say("web.joint.reasons").join(names[key] for key in step.after if key in names),
    )


def who(word: str, plans: Plans, telling: Telling) -> str:
    """What a word of the plans for somebody reads like."""
    if word in LEADS:
        return telling.say(f"plans.who.{word}")
    department = plans.departments.get(word)
    return said(department.title, telling) if department is not None else word


def said(words: Words, telling: Telling) -> str:
    """Words in the reader's language."""
    return words.of(telling.lang)
