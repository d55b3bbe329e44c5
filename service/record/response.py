"""The response to an alert: the plan that a decision starts, as a responsibility list that loses nothing when it grows.

A graver level brings the steps of the graver plan. What anybody has touched stays as it is; what nobody has touched
and the graver plan does not ask for is set aside, in the open. Shared steps keep their row, and their deadline only
ever draws nearer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from rules.decision import Action, Decision, Duty
from rules.document import Words
from rules.level import Level
from rules.plan import Held, Plan, Plans, settle
from rules.respond import Leads, Line, leads_of, line_up
from rules.routing import Route
from rules.situation import Owner
from scoring.category import Category
from service.record.assign import touched_sites
from service.store.log import log_alert
from service.store.responses import OPEN, response_of, steps_of
from service.store.tables import Alert, Response, ResponseStep

REPLACED = "plan.replaced"
RULES = "rules"


@dataclass(frozen=True, slots=True)
class Playbook:
    """The plans in force, and the owners who can be given their steps."""

    plans: Plans
    owners: tuple[Owner, ...]
    routes: Route | None = None
    organisation: str = ""  # whose alerts they are, by key


@dataclass(frozen=True, slots=True)
class Outcome:
    """The response after a decision, if the alert has one; `lines` are its steps where it has just begun."""

    response: Response | None
    lines: tuple[Line, ...] = ()


def respond(
    session: Session, alert: Alert, decision: Decision, book: Playbook, now: datetime, *, fresh: bool
) -> Outcome:
    """See to it that the right plan is at work on a live alert after a decision.

    A withdrawn alert keeps what it has: a person closes it.
    """
    found = book.plans.by_key.get(decision.plan)
    if found is None or decision.action is Action.WITHDRAW:
        return Outcome(None if fresh else response_of(session, alert.id or 0))
    return start_plan(session, alert, found, book, decision.duties, now, fresh=fresh)


def start_plan(
    session: Session, alert: Alert, found: Plan, book: Playbook, duties: Sequence[Duty], now: datetime, *, fresh: bool
) -> Outcome:
    """The plan that an alert with these duties asks for, at work unless one that is there already stays."""
    row = None if fresh else response_of(session, alert.id or 0)
    held = held_of(row) if row is not None else None
    settled = settle(book.plans, held, found, Level(alert.level), now)
    if row is not None and settled == held and settled.chosen != now:
        return Outcome(row)
    plan = book.plans.by_key.get(settled.plan)
    if plan is None:  # of an older file: what is at work stays
        return Outcome(row)
    leads = leads_in(book, duties, alert, now)
    before = (row.plan, row.level) if row is not None else None
    row = _written(session, alert, row, plan, settled, leads, book)
    lines = _lines(book, plan, row.added, settled.level, leads, now)
    counts = _begun(session, row, lines, now) if before is None else _merged(session, row, lines, now)
    if before != (row.plan, row.level):
        _log(session, alert, row, "plan.start" if before is None else "plan.change", RULES, counts, now)
    return Outcome(row, tuple(line for _, line in lines.values()) if before is None else ())


def add_plan(
    session: Session, alert: Alert, plan: Plan, book: Playbook, leads: Leads, actor: str, now: datetime
) -> Response:
    """Put the steps of another plan beside those at work, or start one where none is; what is there stays."""
    level = Level(alert.level)
    row = response_of(session, alert.id or 0)
    if row is None:
        row = _written(session, alert, None, plan, Held(plan.key, level, now), leads, book)
    elif plan.key not in (row.plan, *row.added):
        row.added = [*row.added, plan.key]
        session.add(row)
    main = book.plans.by_key.get(row.plan)
    lines = _lines(book, main, row.added, Level(row.level), leads, now)
    counts = _merged(session, row, lines, now, keep=main is None)
    _log(session, alert, row, "plan.add", actor, {**counts, "added": plan.key}, now)
    return row


def leads_in(book: Playbook, duties: Sequence[Duty], alert: Alert, now: datetime) -> Leads:
    """Who leads on an alert with these duties: found by the same tree as its owners."""
    return leads_of(
        duties,
        book.owners,
        alert.countries,
        categories_of(alert),
        now,
        routes=book.routes,
        organisation=book.organisation,
        sites=touched_sites(alert),
    )


def held_of(row: Response) -> Held:
    """The plan at work as the rules look at it."""
    before = Level(row.level_before) if row.level_before is not None else None
    return Held(row.plan, Level(row.level), row.planned_at, row.plan_before, before)


def close_response(session: Session, alert: Alert, reason: str, now: datetime) -> None:
    """End the response with its alert; open steps stay as they are, and nobody is reminded of them any more."""
    row = response_of(session, alert.id or 0)
    if row is None or row.closed_at is not None:
        return
    row.closed_at, row.close_reason = now, reason or None
    session.add(row)
    for step in steps_of(session, row):
        step.look_at = None
        session.add(step)


def open_steps(steps: Iterable[ResponseStep]) -> list[ResponseStep]:
    """Those that are yet to be done, the next one due first."""
    return sorted((one for one in steps if one.state in OPEN), key=lambda one: (one.due_at, one.position))


def _written(
    session: Session, alert: Alert, row: Response | None, plan: Plan, settled: Held, leads: Leads, book: Playbook
) -> Response:
    lead = leads.named(plan.lead, book.plans, frozenset(owner.key for owner in book.owners))
    values: dict[str, Any] = {
        "plan": plan.key,
        "plans": book.plans.version,
        "level": int(settled.level),
        "command": plan.command,
        "lead": lead,
        "central": leads.central,
        "said": {"title": said(plan.title), "closes": said(plan.closes), "avoid": [said(one) for one in plan.avoid]},
        "planned_at": settled.chosen,
        "plan_before": settled.before,
        "level_before": int(settled.before_level) if settled.before_level is not None else None,
    }
    if row is None:
        organisation = alert.organisation_id
        row = Response(
            alert_id=alert.id or 0, organisation_id=organisation, added=[], started_at=settled.chosen, **values
        )
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    return row


def said(words: Words | None) -> dict[str, str] | None:
    """Words as they are kept."""
    return {"en": words.en, "zh": words.zh} if words is not None else None


def _lines(
    book: Playbook, plan: Plan | None, added: Sequence[str], level: Level, leads: Leads, now: datetime
) -> dict[str, tuple[Plan, Line]]:
    """Every step that is asked for: of the plan at work first, then of those that were added."""
    asked = [plan, *(book.plans.by_key.get(key) for key in added)]
    found: dict[str, tuple[Plan, Line]] = {}
    for one in (one for one in asked if one is not None):
        for line in line_up(one, level, book.plans, leads, book.owners, now):
            found.setdefault(line.step.key, (one, line))
    return found


def _begun(session: Session, row: Response, lines: dict[str, tuple[Plan, Line]], now: datetime) -> dict[str, int]:
    """Write the steps of a response that begins: in one statement, since an alert opens in the walk of entries."""
    values = [_values(row, plan, line, place, now) for place, (plan, line) in enumerate(lines.values())]
    session.connection().execute(insert(ResponseStep), values)
    return {"steps": len(values), "replaced": 0}


def _merged(
    session: Session, row: Response, lines: dict[str, tuple[Plan, Line]], now: datetime, *, keep: bool = False
) -> dict[str, int]:
    """Bring the rows in line; answers how many steps came and how many were set aside."""
    there = {step.key: step for step in steps_of(session, row)}
    fresh = []
    for place, (key, (plan, line)) in enumerate(lines.items()):
        if key in there:
            _renew(there[key], plan, line, place, now)
        else:
            fresh.append(ResponseStep(**_values(row, plan, line, place, now)))
    aside = [] if keep else [step for key, step in there.items() if key not in lines and _untouched(step)]
    for step in aside:
        _set_aside(session, step, now)
    session.add_all(fresh)
    session.flush()
    return {"steps": len(fresh), "replaced": len(aside)}


def _values(row: Response, plan: Plan, line: Line, place: int, now: datetime) -> dict[str, Any]:
    step = line.step
    return {
        "response_id": row.id or 0,
        "key": step.key,
        "plan": plan.key,
        "position": place,
        "said": {"do": said(step.what), "result": said(step.result), "resource": said(step.resource)},
        "owner": line.owner,
        "support": list(line.support),
        "after": list(step.after),
        "state": "todo",
        "added_at": now,
        "due_at": line.due,
        "look_at": line.due,
        "reminders": 0,
        "handed": False,
    }


def _renew(step: ResponseStep, plan: Plan, line: Line, place: int, now: datetime) -> None:
    """A step that was there already and is asked for again."""
    step.position = place
    if step.state == "skipped" and step.changed_by == RULES:
        step.state, step.reason, step.changed_at, step.changed_by = "todo", None, None, None
    if step.state not in OPEN:
        return
    fresh = step.added_at == now
    due = line.due if fresh else min(step.due_at, line.due)
    if due != step.due_at or step.look_at is None:
        step.due_at, step.look_at, step.reminders = due, due, 0
    if _untouched(step):
        step.owner, step.support, step.plan = line.owner, list(line.support), plan.key


def _untouched(step: ResponseStep) -> bool:
    return step.state == "todo" and not step.handed and step.changed_by is None


def _set_aside(session: Session, step: ResponseStep, now: datetime) -> None:
    if step.added_at == now:  # of the same instant: nobody has seen it
        session.delete(step)
        return
    step.state, step.reason, step.look_at = "skipped", REPLACED, None
    step.changed_at, step.changed_by = now, RULES


def _log(
    session: Session, alert: Alert, row: Response, action: str, actor: str, counts: dict[str, Any], now: datetime
) -> None:
    detail = {"plan": row.plan, "level": row.level, "plans": row.plans, **counts}
    log_alert(session, alert, action, actor, detail, now, subject="response")


def categories_of(alert: Alert) -> tuple[Category, ...]:
    """The categories that an alert bears, as the rules know them."""
    return tuple(Category(key) for key in alert.categories)
