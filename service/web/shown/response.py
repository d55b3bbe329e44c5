"""The response to an alert, as a responsibility list that a page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.notify.text import clean, shorten
from service.record.response import REPLACED, open_steps
from service.store.tables import LogLine, Response, ResponseStep
from service.web.shown.detail import HistoryShown
from service.web.shown.row import Telling
from service.web.shown.times import Deadline, Moment, deadline, time_left

FIRST = 6  # open steps shown before the rest is folded away
SHORT = 60


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step. `waits` names what comes before it and is not done; `may` are the acts that its reader may take."""

    id: int
    state: str
    state_name: str
    what: str
    result_asked: str
    resource: str
    owner: str
    owner_key: str
    support: str
    waits: str
    due: Moment
    deadline: Deadline | None
    time_left: str
    late: bool
    reminders: int
    result: str
    reason: str
    changed: Moment | None
    by: str
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResponseShown:
    """The list: the next one due first, `over` are the steps that are done or skipped."""

    plan: str
    title: str
    command: str
    lead: str
    first: tuple[StepShown, ...]
    rest: tuple[StepShown, ...]
    over: tuple[StepShown, ...]
    done: int
    all: int
    open: int
    late: int
    avoid: tuple[str, ...]
    closes: str
    history: tuple[HistoryShown, ...]
    closed: bool


def response_shown(
    response: Response, steps: Sequence[ResponseStep], log: Sequence[LogLine], telling: Telling, *, may: frozenset[int]
) -> ResponseShown:
    """A response in the reader's language; `may` are the numbers of the steps that its reader may act on."""
    left = open_steps(steps)
    over = sorted(
        (one for one in steps if one not in left), key=lambda one: (one.changed_at or one.added_at, one.position)
    )
    names = {one.key: one for one in steps}
    closed = response.closed_at is not None
    titles = {response.plan: kept(response.said.get("title"), telling)}
    shown = [_step(one, names, telling, may=not closed and one.id in may) for one in (*left, *over)]
    asked = [one for one in over if one.reason != REPLACED]
    return ResponseShown(
        plan=response.plan,
        title=kept(response.said.get("title"), telling),
        command=telling.say(f"plans.command.{response.command}"),
        lead=telling.owner(response.lead) or "",
        first=tuple(shown[: min(FIRST, len(left))]),
        rest=tuple(shown[FIRST : len(left)]),
        over=tuple(shown[len(left) :]),
        done=sum(one.state == "done" for one in steps),
        all=len(left) + len(asked),
        open=len(left),
        late=sum(one.due_at <= telling.now for one in left) if not closed else 0,
        avoid=tuple(kept(one, telling) for one in response.said.get("avoid", ())),
        closes=kept(response.said.get("closes"), telling),
        history=tuple(_done(line, names, titles, telling) for line in reversed(log)),
        closed=closed,
    )


def _step(step: ResponseStep, names: Mapping[str, ResponseStep], telling: Telling, *, may: bool) -> StepShown:
    ring = deadline(step.due_at, step.added_at, telling.now, telling.words, telling.lang)
    isopen = step.state in ("todo", "doing")
    before = [names[key] for key in step.after if key in names and names[key].state in ("todo", "doing")]
    joint = telling.say("notify.list_joint")
    late = step.due_at <= telling.now
    return StepShown(
        id=step.id or 0,
        state=step.state,
        state_name=telling.say(f"response.state.{step.state}"),
        what=kept(step.said.get("do"), telling),
        result_asked=kept(step.said.get("result"), telling),
        resource=kept(step.said.get("resource"), telling),
        owner=telling.owner(step.owner) or "",
        owner_key=step.owner,
        support=joint.join(telling.owner(key) or "" for key in step.support),
        waits=telling.say("web.joint.reasons").join(shorten(kept(one.said.get("do"), telling), SHORT) for one in before)
        if isopen
        else "",
        due=telling.surely(step.due_at),
        deadline=ring if isopen else None,
        time_left=time_left("response", step.due_at, telling.now, telling.words, telling.lang),
        late=isopen and late,
        reminders=step.reminders if isopen else 0,
        result=clean(step.result),
        reason=telling.say("response.replaced") if step.reason == REPLACED else clean(step.reason),
        changed=telling.moment(step.changed_at),
        by=telling.actor(step.changed_by or ""),
        may=acts_for(step.state) if may else (),
    )


def acts_for(state: str) -> tuple[str, ...]:
    """What can be done to a step in this state."""
    if state in ("done", "skipped"):
        return ("reopen",)
    return ("start", "done", "skip", "hand") if state == "todo" else ("done", "skip", "hand")


def kept(words: Mapping[str, Any] | None, telling: Telling) -> str:
    """Words that were kept in both languages, in the reader's."""
    return clean(str((words or {}).get("zh" if telling.lang == "zh" else "en", "")))


def _done(
    line: LogLine, names: Mapping[str, ResponseStep], titles: Mapping[str, str], telling: Telling
) -> HistoryShown:
    detail = line.detail
    plan = str(detail.get("added") or detail.get("plan") or "")
    step = names.get(str(detail.get("step", "")))
    values = {
        "plan": titles.get(plan, clean(plan)),
        "steps": detail.get("steps", 0),
        "replaced": detail.get("replaced", 0),
        "step": kept(step.said.get("do"), telling) if step else clean(str(detail.get("step", ""))),
        "owner": telling.owner(str(detail.get("owner", ""))) or "",
    }
    what = telling.say(f"response.log.{line.action}", **values)
    text = clean(str(detail.get("text") or ""))
    return HistoryShown(telling.surely(line.at), telling.actor(line.actor), what, text)
