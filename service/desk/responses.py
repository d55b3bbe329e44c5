"""What people do about an alert: the steps of its response, and plans that they put beside it."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from rules.decision import Duty as SaidDuty
from rules.plan import Plan
from rules.respond import Leads
from service.auth.access import demand_act, may_act
from service.auth.premises import Premises
from service.desk.owners import known_owner, read_owners, read_routes
from service.desk.plans import read_plans
from service.desk.words import one_line
from service.errors import Conflict, Invalid, NotFound
from service.record.response import Playbook, add_plan, leads_in
from service.record.steps import STEP_ACTS, act_on_step, hand_over
from service.store.engine import advisory_lock
from service.store.log import LOG_LOCK
from service.store.people import organisation_by_id
from service.store.read_alerts import LIVE, duties_of, get_alert
from service.store.responses import get_step, read_response
from service.store.scope import Scope
from service.store.tables import Alert, Response, ResponseStep

LONGEST = 1000
ACTS = (*STEP_ACTS, "hand")


def act_on(premises: Premises, scope: Scope, alert_id: int, step_id: int, act: str, text: str = "") -> ResponseStep:
    """Start, finish, skip, reopen or hand over a step of the response to an alert.

    `text` is the result of a finished step, the reason of a skipped one, the owner to whom one is handed. Refused when
    the reader answers neither for the alert nor for the step, NotFound, Conflict and Invalid as they fall.
    """
    text = one_line(text)
    if act not in ACTS:
        raise Invalid(f"'{act[:40]}' is nothing that can be done to a step.", f"Use one of {', '.join(ACTS)}.")
    if len(text) > LONGEST:
        raise Invalid("That is too long.", f"Use at most {LONGEST} characters.")
    owner = known_owner(premises.settings, text) if act == "hand" else ""
    now = premises.clock()
    with premises.store.write() as session:
        advisory_lock(session, LOG_LOCK)  # in the order in which the pipeline takes them
        alert, response = _live(session, scope, alert_id)
        step = get_step(session, response, step_id)
        demand_act(scope, {step.owner, *step.support, *_owners(session, scope, alert)})
        if act == "hand":
            return hand_over(session, alert, step, owner, actor=scope.actor, now=now)
        return act_on_step(session, alert, step, act, actor=scope.actor, text=text, now=now)


def put_beside(premises: Premises, scope: Scope, alert_id: int, key: str) -> Response:
    """Add a plan's steps to the response to an alert, or start one where there is none."""
    plan = plan_called(premises, key)
    now = premises.clock()
    with premises.store.write() as session:
        advisory_lock(session, LOG_LOCK)
        alert = get_alert(session, scope, alert_id, lock=True)
        book = _book(premises, organisation_by_id(session, alert.organisation_id).key)
        demand_act(scope, _owners(session, scope, alert))
        if alert.state not in LIVE:
            raise Conflict(f"Alert {alert.id} is {alert.state}: no plan starts on it any more.", "What was done stays.")
        return add_plan(session, alert, plan, book, _leads(session, scope, alert, book, now), scope.actor, now)


def plan_called(premises: Premises, key: str) -> Plan:
    """A plan by its key; NotFound when there is none such."""
    found = read_plans(premises.settings).by_key.get(key)
    if found is None:
        raise NotFound(f"There is no plan '{key[:60]}'.", "`watchfire plan list` names them.")
    return found


def may_step(scope: Scope, step: ResponseStep, owners: Collection[str]) -> bool:
    """Whether a reader may act on a step of an alert with these owners."""
    return may_act(scope, {step.owner, *step.support, *owners})


def _live(session: Session, scope: Scope, alert_id: int) -> tuple[Alert, Response]:
    alert = get_alert(session, scope, alert_id, lock=True)
    found = read_response(session, scope, alert)
    if found is None:
        raise NotFound(f"No plan is at work on alert {alert_id}.", "`watchfire response add` starts one.")
    if alert.state not in LIVE:
        raise Conflict(f"Alert {alert.id} is {alert.state}: its steps stay as they are.", "What was done stays.")
    return alert, found[0]


def _owners(session: Session, scope: Scope, alert: Alert) -> set[str]:
    return {duty.owner for duty in duties_of(session, scope, alert)}


def _leads(session: Session, scope: Scope, alert: Alert, book: Playbook, now: datetime) -> Leads:
    duties = [
        SaidDuty(duty.owner, duty.role, duty.acknowledge_by, duty.clause) for duty in duties_of(session, scope, alert)
    ]
    return leads_in(book, duties, alert, now)


def _book(premises: Premises, organisation: str) -> Playbook:
    settings = premises.settings
    return Playbook(read_plans(settings), read_owners(settings), read_routes(settings), organisation)
