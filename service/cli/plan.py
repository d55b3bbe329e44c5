"""`watchfire plan` and `response`: the plans in force, checked and shown; what works by them, and acting on it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from rules.document import DocumentError
from rules.level import Level
from rules.owners import default_owners, parse_owners
from rules.plan import Plan, Plans, Step
from rules.plan_file import default_plans, default_texts, parse_plans
from service.cli.fault import faults_told
from service.cli.office import Row, in_words, open_office, read_file, show, show_one
from service.cli.tongue import SPOKEN, Language
from service.desk.owners import read_owners
from service.desk.plans import plan_texts, read_plans
from service.desk.responses import act_on, put_beside
from service.errors import NotFound
from service.locale.catalogue import Catalogue
from service.record.response import open_steps
from service.settings import Settings, load
from service.store.read_alerts import get_alert
from service.store.responses import read_response
from service.store.tables import Response, ResponseStep

plan_app = typer.Typer(no_args_is_help=True, add_completion=False)
response_app = typer.Typer(no_args_is_help=True, add_completion=False)
Json = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
Alert = Annotated[int, typer.Argument(help="Number of the alert.", min=1)]


@plan_app.command("list")
def list_(
    level: Annotated[int | None, typer.Option(min=1, max=4, help="Only those that start at this level.")] = None,
    lang: Language = SPOKEN,
    as_json: Json = False,
) -> None:
    """The plans in force, those that are tried first at the top."""
    plans = read_plans(load())
    shown = sorted(plans.plans, key=lambda plan: plans.ranks[plan.key])
    rows = [_row(plan, plans, lang) for plan in shown if level is None or Level(level) in plan.start.levels]
    show(rows, as_json, "No plan starts at that level.")


@plan_app.command("show")
def show_plan(
    key: Annotated[str | None, typer.Argument(help="Key of a plan.")] = None,
    lang: Language = SPOKEN,
    source: Annotated[bool, typer.Option("--source", help="The shipped files as they are written.")] = False,
    as_json: Json = False,
) -> None:
    """One plan with its steps; or the shipped files, to start your own from."""
    if source:
        for name, text in default_texts().items():
            print(f"# ---- {name}\n{text}", end="\n")
        return
    plans = read_plans(load())
    plan = plans.by_key.get(key or "")
    if plan is None:
        raise NotFound(f"There is no plan '{(key or '')[:60]}'.", "`watchfire plan list` names them.")
    steps = [_step(step, plan, lang) for step in plan.steps]
    if as_json:
        more = {"closes": plan.closes.of(lang), "avoid": [note.of(lang) for note in plan.avoid], "steps": steps}
        show_one({**_row(plan, plans, lang), **more}, as_json=True)
        return
    show_one({**_row(plan, plans, lang), "closes": plan.closes.of(lang)})
    print()
    show(steps, False, "")
    for note in plan.avoid:
        print(f"- {note.of(lang)}")


@plan_app.command("check")
def check(
    files: Annotated[list[Path] | None, typer.Argument(help="Files or a folder; none: those in force.")] = None,
    owners: Annotated[Path | None, typer.Option(help="Owners file to hold them against; empty: that in force.")] = None,
    lang: Language = SPOKEN,
) -> None:
    """Check plans: OK with their version, or every fault with file, line and advice (exit code 2)."""
    settings = load()
    try:
        known = parse_owners(read_file(owners), owners.name) if owners is not None else read_owners(settings)
        if files:
            plans = parse_plans({name: text for path in files for name, text in _given(path).items()}, known)
        else:
            # The shipped plans are for the shipped owners; held against others they tell whom those lack.
            plans = default_plans() if known == default_owners() else parse_plans(_texts(settings), known)
    except DocumentError as error:
        raise faults_told(error.every, lang) from error
    steps = len({step.key for plan in plans.plans for step in plan.steps})
    told = {"version": plans.version, "plans": len(plans.plans), "modules": len(plans.modules), "steps": steps}
    print(Catalogue().say("plans.ok", lang, **told))


@response_app.command("show")
def show_response(alert: Alert, lang: Language = SPOKEN, as_json: Json = False) -> None:
    """The responsibility list of an alert, the next step due first."""
    with open_office() as office, office.store.read() as session:
        found = read_response(session, scope := office.scope(), get_alert(session, scope, alert))
        now = office.clock()
    if found is None:
        raise NotFound(f"No plan is at work on alert {alert}.", "`watchfire response add` starts one.")
    response, steps = found
    left = open_steps(steps)
    rows = [_at_work(step, lang, late=step in left and step.due_at <= now) for step in _ordered(steps, left)]
    if as_json:
        show_one({**_response(response, lang), "steps": rows}, as_json=True)
        return
    show_one(_response(response, lang))
    print()
    show(rows, False, "It has no steps.")


@response_app.command("step")
def step(
    alert: Alert,
    number: Annotated[int, typer.Argument(help="Number of the step, as `response show` tells it.", min=1)],
    act: Annotated[str, typer.Argument(help="start, done, skip, reopen or hand.")],
    text: Annotated[str, typer.Argument(help="Result (done), reason (skip) or owner (hand).")] = "",
) -> None:
    """Act on a step of a response."""
    with open_office() as office:
        found = act_on(office, office.scope(), alert, number, act, text)
    print(f"Step {found.id}: {found.state}, {found.owner}. {in_words(found.result or found.reason or '')}".strip())


@response_app.command("add")
def add(alert: Alert, plan: Annotated[str, typer.Argument(help="Key of a plan.")]) -> None:
    """Put another plan's steps beside those at work on an alert."""
    with open_office() as office:
        found = put_beside(office, office.scope(), alert, plan)
    print(f"Alert {alert}: {found.plan} {' '.join(found.added)}".strip())


def _given(path: Path) -> dict[str, str]:
    return plan_texts(path) if path.is_dir() else {path.name: read_file(path)}


def _texts(settings: Settings) -> dict[str, str]:
    return plan_texts(settings.plans) if settings.plans is not None else default_texts()


def _ordered(steps: Sequence[ResponseStep], left: Sequence[ResponseStep]) -> list[ResponseStep]:
    return [*left, *(step for step in steps if step not in left)]


def _row(plan: Plan, plans: Plans, lang: str) -> Row:
    start = plan.start
    return {
        "plan": plan.key,
        "title": plan.title.of(lang),
        "levels": " ".join(f"{level.roman}:{len(plan.steps_at(level))}" for level in sorted(start.levels)),
        "starts_with": " ".join(start.subtypes or start.troubles or [key.value for key in start.categories]),
        "countries": " ".join(start.countries),
        "posture": start.posture,
        "command": plan.command,
        "lead": plan.lead,
        "modules": " ".join(plan.modules),
    }


def _step(one: Step, plan: Plan, lang: str) -> Row:
    levels = [level for level in Level if level in one.levels and level in plan.start.levels]
    return {
        "step": one.key,
        "do": one.what.of(lang),
        "who": one.who,
        "within": " ".join(f"{level.roman}:{_span(int(one.within[level].total_seconds()))}" for level in levels),
        "done_when": one.result.of(lang),
        "after": " ".join(one.after),
    }


def _span(seconds: int) -> str:
    sizes = (("d", 86_400), ("h", 3600), ("min", 60))
    return next((f"{seconds // size}{unit}" for unit, size in sizes if seconds % size == 0), f"{seconds}s")


def _response(response: Response, lang: str) -> dict[str, object]:
    return {
        "plan": response.plan,
        "title": response.said.get("title", {}).get(lang, ""),
        "plans": response.plans,
        "level": response.level,
        "command": response.command,
        "lead": response.lead,
        "added": response.added,
        "started": response.started_at,
        "closed": response.closed_at,
        "closes": response.said.get("closes", {}).get(lang, ""),
    }


def _at_work(one: ResponseStep, lang: str, *, late: bool) -> Row:
    return {
        "step": one.id,
        "state": f"{one.state} (late)" if late else one.state,
        "due": one.due_at,
        "owner": one.owner,
        "do": one.said.get("do", {}).get(lang, one.key),
        "came_of_it": one.result or one.reason or "",
        "by": one.changed_by,
    }
