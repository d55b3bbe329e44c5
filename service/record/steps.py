"""What becomes of a step: a person's acts, and the reminders of what is late."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from rules.level import Level
from rules.respond import Line, chain_of, remind
from service.errors import Conflict, Invalid
from service.notify.message import StepLine, stamp
from service.record.audience import read_audience
from service.record.notices import Telling, tell
from service.record.response import open_steps
from service.store.engine import advisory_lock
from service.store.log import LOG_LOCK, log_alert
from service.store.responses import OPEN, due_steps, response_of, steps_of
from service.store.tables import Alert, Response, ResponseStep

# act → (states that it is possible in, state after it)
STEP_ACTS: dict[str, tuple[tuple[str, ...], str]] = {
    "start": (("todo",), "doing"),
    "done": (OPEN, "done"),
    "skip": (OPEN, "skipped"),
    "reopen": (("done", "skipped"), "todo"),
}
FIRST = 3  # steps told of in a notice


def act_on_step(
    session: Session, alert: Alert, step: ResponseStep, act: str, *, actor: str, text: str, now: datetime
) -> ResponseStep:
    """Start, finish, skip or reopen a step; the same act again changes nothing.

    Invalid when a finished step lacks its result or a skipped one its reason, Conflict when it is past that act.
    """
    before, after = STEP_ACTS[act]
    if step.state == after and act != "reopen":
        return step
    if step.state not in before:
        raise Conflict(f"Step {step.id} is {step.state}: it cannot be {after} any more.", "Reload to see it as it is.")
    if act == "done" and not text:
        raise Invalid("A step is done when its result is there.", "Write what came of it, as the plan asks.")
    if act == "skip" and not text:
        raise Invalid("A step is skipped for a reason.", "Write why.")
    step.state = after
    step.result = text if act == "done" else None if act == "reopen" else step.result
    step.reason = text if act == "skip" else None if act == "reopen" else step.reason
    step.changed_at, step.changed_by = now, actor
    if after in OPEN:
        step.look_at = step.look_at if act == "start" else max(step.due_at, now)
    else:
        step.look_at, step.reminders = None, 0
    session.add(step)
    _log(session, alert, f"step.{act}", actor, {"step": step.key, "text": text, "owner": step.owner}, now)
    return step


def hand_over(
    session: Session, alert: Alert, step: ResponseStep, owner: str, *, actor: str, now: datetime
) -> ResponseStep:
    """Make another owner accountable for an open step; the one before supports."""
    if step.state not in OPEN:
        raise Conflict(f"Step {step.id} is {step.state}: nobody need answer for it any more.", "What was done stays.")
    if owner == step.owner:
        return step
    before = step.owner
    step.support = list(dict.fromkeys([before, *(key for key in step.support if key != owner)]))
    step.owner, step.handed, step.reminders = owner, True, 0
    step.look_at = max(step.due_at, now)
    session.add(step)
    _log(session, alert, "step.hand", actor, {"step": step.key, "before": before, "owner": owner}, now)
    return step


def first_steps(session: Session, response: Response | None) -> dict[str, tuple[StepLine, ...]]:
    """The next open steps of each owner, for the notices of an alert."""
    if response is None or response.closed_at is not None:
        return {}
    found: dict[str, list[StepLine]] = defaultdict(list)
    for step in open_steps(steps_of(session, response)):
        if len(found[step.owner]) < FIRST:
            found[step.owner].append(step_line(step))
    return {owner: tuple(lines) for owner, lines in found.items()}


def first_lines(lines: Iterable[Line]) -> dict[str, tuple[StepLine, ...]]:
    """The same of a response that has just begun, without asking the database."""
    found: dict[str, list[StepLine]] = defaultdict(list)
    for line in sorted(lines, key=lambda one: one.due):
        if len(found[line.owner]) < FIRST:
            found[line.owner].append(StepLine(line.step.what.en, line.step.what.zh, stamp(line.due) or ""))
    return {owner: tuple(told) for owner, told in found.items()}


def step_line(step: ResponseStep) -> StepLine:
    """A step as a notice tells it."""
    words = step.said.get("do") or {}
    return StepLine(str(words.get("en", step.key)), str(words.get("zh", step.key)), stamp(step.due_at) or "")


def remind_late(
    session: Session, organisation_id: int, waits: Mapping[Level, timedelta], public_url: str, now: datetime
) -> int:
    """Tell of steps that are late: the accountable, then the lead, then the central lead. Answers how many steps.

    Steps of one alert that go to one owner go in one notice.
    """
    advisory_lock(session, LOG_LOCK)  # before any row is touched, in the order in which people's acts take them
    told: dict[tuple[int, str], list[ResponseStep]] = defaultdict(list)
    alerts: dict[int, Alert] = {}
    late = due_steps(session, organisation_id, now)
    for step, response, alert in late:
        alerts[alert.id or 0] = alert
        owner = _next(session, step, response, alert, waits[Level(alert.level)], now)
        if owner is not None:
            told[alert.id or 0, owner].append(step)
    if not told:
        return len(late)
    audience = read_audience(session, organisation_id, now)  # whoever is on duty is told too
    for (number, owner), steps in told.items():
        lines = {owner: tuple(step_line(step) for step in steps[:FIRST])}
        marks = ",".join(f"{step.id}.{step.reminders}" for step in steps)
        about = hashlib.sha256(marks.encode()).hexdigest()[:16]
        telling = Telling(alerts[number], (), "overdue", None, public_url, steps=lines, about=about)
        tell(session, audience, telling, set(), [owner], now)
    return len(late)


def _next(
    session: Session, step: ResponseStep, response: Response, alert: Alert, wait: timedelta, now: datetime
) -> str | None:
    """Move a late step on by one in its line; answers who is to be told, None when the line has ended."""
    chain = chain_of(step.owner, response.lead, response.central)
    found = remind(chain, step.reminders, wait, now)
    detail: dict[str, Any] = {"step": step.key, "stage": step.reminders, "due": stamp(step.due_at)}
    if found is None:
        step.look_at = None
        _log(session, alert, "step.unanswered", "rules", {**detail, "owner": step.owner}, now)
    else:
        step.reminders, step.look_at = found.stage, found.next_look
        _log(session, alert, "step.overdue", "rules", {**detail, "stage": found.stage, "owner": found.owner}, now)
    session.add(step)
    return found.owner if found is not None else None


def count_open(session: Session, alert: Alert) -> int:
    """How many steps of an alert's response are yet to be done."""
    response = response_of(session, alert.id or 0)
    return len(open_steps(steps_of(session, response))) if response is not None else 0


def _log(session: Session, alert: Alert, action: str, actor: str, detail: dict[str, Any], now: datetime) -> None:
    log_alert(session, alert, action, actor, detail, now, subject="response")
