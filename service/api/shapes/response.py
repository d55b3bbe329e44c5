"""Plans, and the responses that work by them, as the API answers them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from rules.document import Words
from rules.level import Level
from rules.plan import Plan, Plans, Step
from service.api.shapes.common import InWords
from service.store.tables import LogLine, Response, ResponseStep

OPEN = ("todo", "doing")


class StepShape(BaseModel):
    """One step at work. `owner` alone is accountable; `result` is what came of it, `done_when` what was asked."""

    id: int
    key: str
    plan: str
    do: InWords
    done_when: InWords
    resource: InWords | None
    owner: str
    support: list[str]
    after: list[str]
    state: str
    due_at: datetime
    overdue: bool
    reminders: int
    result: str | None
    reason: str | None
    added_at: datetime
    changed_at: datetime | None
    changed_by: str | None


class ResponseLogShape(BaseModel):
    """One thing that was done about an alert."""

    id: int
    at: datetime
    actor: str
    action: str
    detail: dict[str, str | int | None]


class ResponseShape(BaseModel):
    """The response to an alert: the plan at work and its steps, the next one due first, then those that are over."""

    alert_id: int
    plan: str
    plans: str
    title: InWords
    level: int
    command: str
    lead: str
    central: str
    added: list[str]
    started_at: datetime
    planned_at: datetime
    closed_at: datetime | None
    close_reason: str | None
    closes: InWords
    avoid: list[InWords]
    open: int
    overdue: int
    steps: list[StepShape]
    history: list[ResponseLogShape]


class PlanStepShape(BaseModel):
    """One step of a plan. `within` is the time in seconds from the start, by level."""

    key: str
    do: InWords
    done_when: InWords
    resource: InWords | None
    who: str
    support: list[str]
    after: list[str]
    within: dict[int, int]


class PlanShape(BaseModel):
    """A plan: when it starts, who leads, in how many steps at each of its levels."""

    key: str
    title: InWords
    levels: list[int]
    categories: list[str]
    subtypes: list[str]
    countries: list[str]
    posture: str | None
    troubles: list[str]
    command: str
    lead: str
    support: list[str]
    modules: list[str]
    steps_at: dict[int, int]
    in_use: int
    version: str


class PlanWhole(PlanShape):
    """A plan with its steps."""

    closes: InWords
    avoid: list[InWords]
    steps: list[PlanStepShape]


def response_shape(
    response: Response, steps: Sequence[ResponseStep], log: Sequence[LogLine], now: datetime
) -> ResponseShape:
    """A response with its steps."""
    shown = sorted(steps, key=lambda one: (one.state not in OPEN, one.due_at, one.position))
    shapes = [step_shape(one, now) for one in shown]
    return ResponseShape(
        alert_id=response.alert_id,
        plan=response.plan,
        plans=response.plans,
        title=_kept(response.said, "title"),
        level=response.level,
        command=response.command,
        lead=response.lead,
        central=response.central,
        added=response.added,
        started_at=response.started_at,
        planned_at=response.planned_at,
        closed_at=response.closed_at,
        close_reason=response.close_reason,
        closes=_kept(response.said, "closes"),
        avoid=[InWords(**one) for one in response.said.get("avoid", ())],
        open=sum(one.state in OPEN for one in steps),
        overdue=sum(one.overdue for one in shapes),
        steps=shapes,
        history=[_line(line) for line in log],
    )


def step_shape(step: ResponseStep, now: datetime) -> StepShape:
    """One step at work."""
    return StepShape(
        id=step.id or 0,
        key=step.key,
        plan=step.plan,
        do=_kept(step.said, "do"),
        done_when=_kept(step.said, "result"),
        resource=_kept(step.said, "resource") if step.said.get("resource") else None,
        owner=step.owner,
        support=step.support,
        after=step.after,
        state=step.state,
        due_at=step.due_at,
        overdue=step.state in OPEN and step.due_at <= now,
        reminders=step.reminders,
        result=step.result,
        reason=step.reason,
        added_at=step.added_at,
        changed_at=step.changed_at,
        changed_by=step.changed_by,
    )


def plan_shape(plan: Plan, plans: Plans, uses: Mapping[str, int]) -> PlanShape:
    """A plan in a list."""
    return PlanShape(**_plan(plan, plans, uses))


def plan_whole(plan: Plan, plans: Plans, uses: Mapping[str, int]) -> PlanWhole:
    """A plan with its steps."""
    return PlanWhole(
        **_plan(plan, plans, uses),
        closes=_words(plan.closes),
        avoid=[_words(one) for one in plan.avoid],
        steps=[_step(step, plan) for step in plan.steps],
    )


def _plan(plan: Plan, plans: Plans, uses: Mapping[str, int]) -> dict[str, Any]:
    start = plan.start
    return {
        "key": plan.key,
        "title": _words(plan.title),
        "levels": [int(level) for level in start.levels],
        "categories": [key.value for key in start.categories],
        "subtypes": list(start.subtypes),
        "countries": list(start.countries),
        "posture": start.posture or None,
        "troubles": list(start.troubles),
        "command": plan.command,
        "lead": plan.lead,
        "support": list(plan.support),
        "modules": list(plan.modules),
        "steps_at": {int(level): len(plan.steps_at(level)) for level in start.levels},
        "in_use": uses.get(plan.key, 0),
        "version": plans.version,
    }


def _step(step: Step, plan: Plan) -> PlanStepShape:
    levels = [level for level in Level if level in step.levels and level in plan.start.levels]
    return PlanStepShape(
        key=step.key,
        do=_words(step.what),
        done_when=_words(step.result),
        resource=_words(step.resource) if step.resource is not None else None,
        who=step.who,
        support=list(step.support),
        after=list(step.after),
        within={int(level): int(step.within[level].total_seconds()) for level in levels},
    )


def _words(words: Words) -> InWords:
    return InWords(zh=words.zh, en=words.en)


def _kept(said: Mapping[str, Any], key: str) -> InWords:
    words = said.get(key) or {}
    return InWords(zh=str(words.get("zh", "")), en=str(words.get("en", "")))


def _line(line: LogLine) -> ResponseLogShape:
    detail: dict[str, str | int | None] = {
        key: value for key, value in line.detail.items() if isinstance(value, str | int)
    }
    return ResponseLogShape(id=line.id or 0, at=line.at, actor=line.actor, action=line.action, detail=detail)
