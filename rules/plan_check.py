"""What is wrong with plans that can be read: gaps, overlaps, dead plans, unknown owners, circles."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import product

from rules.level import POSTURES, Level
from rules.plan import LEADS, Module, Plan, Plans
from rules.routing import CENTRAL
from rules.situation import Owner
from scoring.category import CATEGORIES, SUBTYPES, Category

NOWHERE = "ZZ"


@dataclass(frozen=True, slots=True)
class Found:
    """One fault, where it stands and what to do about it."""

    file: str
    line: int
    what: str
    advice: str


def check_plans(plans: Plans, owners: Sequence[Owner]) -> list[Found]:
    """Every fault of the plans as a whole; what cannot be read at all was found before."""
    found = [*_owners(plans, owners), *_modules(plans), *_twice(plans)]
    for plan in plans.plans:
        found += [*_words(plan, plans), *_command(plan), *_kinds(plan), *_steps(plan, plans), *_order(plan, plans)]
    # What is wrong with a module is told once, however many plans use it.
    found = list({(one.file, one.line, one.what): one for one in reversed(found)}.values())[::-1]
    found += [*_unused_steps(plans), *_gaps(plans)]
    return found if any(_twice(plans)) else [*found, *_overlaps(plans), *_dead(plans)]


def _owners(plans: Plans, owners: Sequence[Owner]) -> Iterator[Found]:
    keys = [owner.key for owner in owners]
    for one in plans.departments.values():
        if one.owner not in keys:
            what = f"department {one.key} is owner {one.owner}, whom the owners file does not know"
            yield Found("", one.line, what, _near(one.owner, keys))


def _modules(plans: Plans) -> Iterator[Found]:
    used = {key for plan in plans.plans for key in plan.modules}
    known = [module.key for module in plans.modules]
    for module in plans.modules:
        if module.key not in used:
            yield Found(module.file, module.line, f"no plan uses module {module.key}", "Use it or leave it out.")
    for plan in plans.plans:
        for key in plan.modules:
            if key not in known:
                yield Found(plan.file, plan.line, f"plan {plan.key} uses unknown module {key}", _near(key, known))


def _twice(plans: Plans) -> Iterator[Found]:
    seen: set[str] = set()
    things: list[Plan | Module] = [*plans.modules, *plans.plans]
    for thing in things:
        if thing.key in seen:
            yield Found(thing.file, thing.line, f"key {thing.key} is taken", "Give each plan and module its own key.")
        seen.add(thing.key)
        own = [step for step in thing.steps if step.key.startswith(f"{thing.key}.")]
        for place, step in enumerate(own):
            if any(step.key == before.key for before in own[:place]):
                yield Found(thing.file, step.line, f"step {step.key} stands twice", "Give each step its own key.")


def _words(plan: Plan, plans: Plans) -> Iterator[Found]:
    """Every word for somebody is a department or a lead."""
    known = (*LEADS, *plans.departments)
    said = [(plan.line, word) for word in (plan.lead, *plan.support)]
    said += [(step.line, word) for step in plan.steps for word in (step.who, *step.support)]
    for line, word in said:
        if word not in known:
            file = plan.file if line == plan.line else _home(plan, line, plans)
            yield Found(file, line, f"{word} is no department", _near(word, known))


def _home(plan: Plan, line: int, plans: Plans) -> str:
    step = next(step for step in plan.steps if step.line == line)
    return next((one.file for one in plans.modules if step.key.startswith(f"{one.key}.")), plan.file)


def _command(plan: Plan) -> Iterator[Found]:
    grave = [level for level in plan.start.levels if level in CENTRAL]
    if grave and plan.command != "central":
        what = f"plan {plan.key} leaves level {int(grave[0])} to local command"
        yield Found(plan.file, plan.line, what, "Levels 1 and 2 are under the central lead: write `command: central`.")


def _kinds(plan: Plan) -> Iterator[Found]:
    for key in plan.start.subtypes:
        if SUBTYPES[key] not in plan.start.categories:
            what = f"plan {plan.key} starts with {key}, which is a sub-type of {SUBTYPES[key].value}"
            yield Found(plan.file, plan.line, what, f"Add {SUBTYPES[key].value} to its categories.")


def _steps(plan: Plan, plans: Plans) -> Iterator[Found]:
    """Something to do at each level, and nothing waits for what is not in the plan."""
    for level in plan.start.levels:
        if not plan.steps_at(level):
            yield Found(plan.file, plan.line, f"plan {plan.key} has no step at level {int(level)}", "Add one.")
    keys = {step.key: step for step in plan.steps}
    for step in plan.steps:
        for name in step.after:
            before = keys.get(name)
            if before is None:
                what = f"step {step.key} comes after {name}, which plan {plan.key} does not have"
                yield Found(plan.file, plan.line, what, _near(name, keys))
                continue
            late = [one for one in plan.start.levels if one in step.levels and before.within[one] > step.within[one]]
            if late:
                what = f"step {step.key} is due before {name}, which it comes after"
                yield Found(
                    _home(plan, step.line, plans), step.line, what, f"Give it more time at level {int(late[0])}."
                )


def _order(plan: Plan, plans: Plans) -> Iterator[Found]:
    """Steps that wait for each other would wait for ever."""
    after = {step.key: set(step.after) for step in plan.steps}
    while ready := [key for key, names in after.items() if not names & after.keys()]:
        for key in ready:
            del after[key]
    if after:
        waiting = sorted(after)
        line = next(step.line for step in plan.steps if step.key == waiting[0])
        what = f"steps {', '.join(waiting)} wait for each other"
        yield Found(_home(plan, line, plans), line, what, "Take one `after` out.")


def _unused_steps(plans: Plans) -> Iterator[Found]:
    taken: set[str] = set()
    for plan in plans.plans:
        taken |= {step.key for level in plan.start.levels for step in plan.steps_at(level)}
    things: list[Plan | Module] = [*plans.modules, *plans.plans]
    for thing in things:
        used = not isinstance(thing, Module) or any(thing.key in plan.modules for plan in plans.plans)
        for step in thing.steps if used else ():
            if step.key not in taken and step.key.startswith(f"{thing.key}."):
                what = f"step {step.key} is never taken: no plan with it starts at its levels"
                yield Found(thing.file, step.line, what, "Correct its levels or leave it out.")


def _gaps(plans: Plans) -> Iterator[Found]:
    """For each category and level there is a plan that asks for nothing else."""
    whole = {
        (category, level)
        for plan in plans.plans
        if not any(plan.start.asks)
        for category, level in product(plan.start.categories, plan.start.levels)
    }
    for category, level in product(CATEGORIES, Level):
        if (category, level) not in whole:
            what = f"no plan for every alert of category {category.value} at level {int(level)}"
            file, line = _beside(plans, category)
            yield Found(file, line, what, "Add one without subtypes, countries and posture.")


def _beside(plans: Plans, category: Category) -> tuple[str, int]:
    """Where the plan that is missing would stand: before the first one of its category."""
    whole = (plan for plan in plans.plans if category in plan.start.categories and not any(plan.start.asks))
    found = next(whole, plans.plans[0] if plans.plans else None)
    return (found.file, found.line) if found is not None else ("", 1)


def _overlaps(plans: Plans) -> Iterator[Found]:
    """Two plans that ask for the same would start for the same alert: the second never would."""
    for place, plan in enumerate(plans.plans):
        for before in plans.plans[:place]:
            shared = _shared(plan, before)
            if shared:
                what = f"plans {before.key} and {plan.key} both start for {shared}"
                yield Found(plan.file, plan.line, what, "Tell them apart by levels, subtypes, countries or posture.")


def _shared(one: Plan, other: Plan) -> str:
    if one.start.asks != other.start.asks or one.start.posture != other.start.posture:
        return ""
    levels = set(one.start.levels) & set(other.start.levels)
    kinds: set[str] = set(one.start.subtypes) & set(other.start.subtypes)
    if not one.start.subtypes:
        kinds = {key.value for key in one.start.categories} & {key.value for key in other.start.categories}
    kinds = kinds or set(one.start.troubles) & set(other.start.troubles)
    places = set(one.start.countries) & set(other.start.countries) or ({""} if not one.start.countries else set())
    if not (levels and kinds and places):
        return ""
    return f"{min(kinds)} at level {int(min(levels))}" + (f" in {min(places)}" if any(places) else "")


def _dead(plans: Plans) -> Iterator[Found]:
    """A plan that no alert whatever would start."""
    for plan in plans.plans:
        alarms = product(plan.start.levels, plan.start.troubles)
        starts = any(plans.for_alarm(*alarm) is plan for alarm in alarms)
        if not starts and not any(plans.best(*probe) is plan for probe in _probes(plan)):
            what = f"plan {plan.key} never starts: others come before it in all that it asks for"
            yield Found(plan.file, plan.line, what, "Ask for something that they do not, or leave it out.")


def _probes(plan: Plan) -> Iterable[tuple[Level, tuple[Category, ...], tuple[str, ...], tuple[str, ...], str]]:
    start = plan.start
    postures = (start.posture,) if start.posture else POSTURES
    places = start.countries or (NOWHERE,)
    kinds: list[tuple[tuple[Category, ...], tuple[str, ...]]] = [((SUBTYPES[key],), (key,)) for key in start.subtypes]
    kinds = kinds or [((category,), ()) for category in start.categories]
    for level, (labels, names), place, posture in product(start.levels, kinds, places, postures):
        yield level, labels, names, (place,), posture


def _near(word: str, known: Iterable[str]) -> str:
    known = tuple(known)
    near = get_close_matches(word, known, 1)
    return f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known[:12])}."
