"""People at work on a response: it counts as an answer to the alert, and whoever is on duty hears of what is late."""

from sqlmodel import Session

from rules.decision import Action, Decision
from rules.level import Level
from rules.owners import default_owners, find_owners
from rules.plan_file import default_plans
from scoring.category import Category
from service.desk.alerts import act_on
from service.record.response import Playbook, respond
from service.record.steps import act_on_step, remind_late
from service.store.responses import response_of, steps_of
from service.store.tables import Alert
from tests.api.town import Town
from tests.desk.test_rosters import staffed, tick, told


def begin(here: Town, session: Session, number: int) -> Alert:
    """Let the plan for a coup start on an alert."""
    alert = session.get_one(Alert, number)
    duties = find_owners(default_owners(), ("NE",), (Category.POLITICAL,), Level.ORANGE, here.at)
    made = Decision(
        Action.OPEN, Level.ORANGE, 80.0, "POL-1", "1", False, ("NE",), (Category.POLITICAL,), ("coup",), (), duties,
        plan="coup",
    )  # fmt: skip
    respond(session, alert, made, Playbook(default_plans(), default_owners()), here.at, fresh=False)
    return alert


def test_work_on_a_step_of_the_response_is_a_deed(here: Town) -> None:
    staffed(here)
    number = here.alert(owner="africa-lead")
    with here.store.write() as session:
        begin(here, session, number)
    here.pass_time(minutes=5)
    act_on(here.house, here.operator(), number, "acknowledge")
    assert tick(here, minutes=50) == []
    with here.store.write() as session:
        alert = session.get_one(Alert, number)
        response = response_of(session, number)
        assert response is not None
        step = steps_of(session, response)[0]
        act_on_step(session, alert, step, "done", actor="amina", text="Bridge is open.", now=here.at)
    assert [tick(here, minutes=50), tick(here, minutes=10)] == [[], ["alert.ask_again"]], "an hour after it"


def test_a_late_step_is_told_to_whoever_is_on_duty(here: Town) -> None:
    """Else an owner who is reached by the roster alone would be a dead letter."""
    staffed(here)
    number = here.alert(owner="africa-lead")
    with here.store.write() as session:
        home = begin(here, session, number).organisation_id
    here.pass_time(minutes=61)
    with here.store.write() as session:
        remind_late(session, home, default_plans().remind, "http://d", here.at)
    assert ("africa-lead", "amina") in told(here, "overdue")
