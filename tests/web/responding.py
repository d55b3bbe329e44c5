"""Plans at work on the seeded desk, started by the same function that the walk uses."""

from datetime import datetime, timedelta

from sqlmodel import Session

from rules.decision import Action, Decision
from rules.level import Level
from rules.owners import default_owners, find_owners
from rules.plan import plan_for
from rules.plan_file import default_plans
from scoring.category import Category
from service.record.response import Playbook, respond
from service.record.steps import act_on_step
from service.store.engine import Store
from service.store.responses import response_of, steps_of
from service.store.tables import Alert

BOOK = Playbook(default_plans(), default_owners())


def respond_to(store: Store, alert_id: int, at: datetime) -> None:
    """Start the plan of an alert at a time."""
    with store.write() as session:
        alert = session.get_one(Alert, alert_id)
        made = _decision(alert, at)
        respond(session, alert, made, BOOK, at, fresh=False)


def work_on(store: Store, alert_id: int, now: datetime) -> None:
    """Do some of what a fresh list asks for: the first is done, another under way, one skipped."""
    with store.write() as session:
        alert = session.get_one(Alert, alert_id)
        _act(session, alert, "people.roll-call", "done", "已确认 41/43；两名分包商人员未联系上，最后联系 06:40。", now)
        _act(session, alert, "command.take", "done", "指挥：李；副手：Okoro；现场：Diallo；记录：王。电话已写入。", now)
        _act(session, alert, "verify.second-source", "start", "", now)
        _act(session, alert, "site.valuables", "skip", "No cash or seals are kept at this site.", now)


def _act(session: Session, alert: Alert, key: str, act: str, text: str, now: datetime) -> None:
    response = response_of(session, alert.id or 0)
    assert response is not None
    step = next((one for one in steps_of(session, response) if one.key == key), None)
    if step is not None:
        act_on_step(session, alert, step, act, actor="wang", text=text, now=now - timedelta(minutes=4))


def _decision(alert: Alert, at: datetime) -> Decision:
    level, labels = Level(alert.level), tuple(Category(key) for key in alert.categories)
    duties = find_owners(BOOK.owners, alert.countries, labels, level, at)
    made = Decision(
        Action.OPEN, level, alert.score, alert.clause, alert.guideline, alert.unconfirmed,
        tuple(alert.countries), labels, tuple(alert.subtypes), (), duties,
    )  # fmt: skip
    plan = plan_for(made, BOOK.plans)
    assert plan is not None
    return Decision(**{name: getattr(made, name) for name in made.__slots__ if name != "plan"}, plan=plan.key)
