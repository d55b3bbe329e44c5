"""The response to an alert, on both databases: it starts, grows, loses nothing, reminds and ends."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from sqlmodel import select

from rules.decision import Action, Decision
from rules.level import Level
from rules.owners import default_owners, find_owners
from rules.plan_file import default_plans
from rules.respond import leads_of, line_up
from scoring.category import SUBTYPES
from service.errors import Conflict, Invalid
from service.record import act
from service.record.response import Playbook, open_steps, respond
from service.record.steps import act_on_step, hand_over, remind_late
from service.store.engine import Store
from service.store.responses import response_of, steps_of
from service.store.tables import Alert, LogLine, Notice, ResponseStep
from tests.api.town import Town, town

BOOK = Playbook(default_plans(), default_owners())
HOUR = timedelta(hours=1)


@dataclass
class Desk:
    """An alert without a response yet, and what can be done to it."""

    town: Town
    alert: int

    def decide(self, level: int, *subtypes: str, action: Action = Action.OPEN, at: datetime | None = None) -> None:
        """Let the rules have said this."""
        now = at or self.town.at
        with self.town.store.write() as session:
            alert = session.get_one(Alert, self.alert)
            alert.level = level
            made = decision(level, subtypes, action, now)
            respond(session, alert, made, BOOK, now, fresh=False)

    def steps(self) -> dict[str, ResponseStep]:
        """The steps as they are."""
        with self.town.store.read() as session:
            found = response_of(session, self.alert)
            return {step.key: step for step in steps_of(session, found)} if found is not None else {}

    def plan(self) -> tuple[str, int]:
        """The plan at work and its level."""
        with self.town.store.read() as session:
            found = response_of(session, self.alert)
            assert found is not None
            return found.plan, found.level

    def do(self, key: str, what: str, text: str = "") -> None:
        """Let a person act on a step."""
        with self.town.store.write() as session:
            step = session.get_one(ResponseStep, self.steps()[key].id)
            act_on_step(
                session, session.get_one(Alert, self.alert), step, what, actor="wang", text=text, now=self.town.at
            )

    def remind(self) -> list[tuple[str | None, int]]:
        """Look for what is late; the owners told and how many steps each was told of."""
        with self.town.store.write() as session:
            before = set(session.exec(select(Notice.id)).all())
            remind_late(session, self.town.numbers["organisation:home"], BOOK.plans.remind, "http://d", self.town.at)
            fresh = [one for one in session.exec(select(Notice)).all() if one.id not in before]
            return sorted((one.owner, len(one.payload["steps"])) for one in fresh)

    def log(self) -> list[str]:
        """What was written down about the response."""
        with self.town.store.read() as session:
            lines = session.exec(select(LogLine).where(LogLine.subject == "response").order_by(LogLine.id)).all()  # type: ignore[arg-type]
            return [line.action for line in lines]


def decision(level: int, subtypes: tuple[str, ...], action: Action, now: datetime) -> Decision:
    labels = tuple(dict.fromkeys(SUBTYPES[key] for key in subtypes))
    made = Decision(
        action, Level(level), 80.0, "POL-1", "1", False, ("NE",), labels, subtypes, (),
        find_owners(BOOK.owners, ("NE",), labels, Level(level), now),
    )  # fmt: skip
    found = BOOK.plans.best(Level(level), labels, subtypes, ("NE",))
    assert found is not None
    return replace(made, plan=found.key)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Iterator[Desk]:
    with town(store, tmp_path) as here:
        yield Desk(here, here.alert(owner="central-lead"))


def test_an_alert_opens_with_its_list(desk: Desk) -> None:
    desk.decide(2, "coup")
    steps = desk.steps()
    assert desk.plan() == ("coup", 2)
    assert len(steps) == 31
    assert steps["command.take"].owner == "central-lead"
    assert steps["people.roll-call"].owner == "africa-lead"
    assert steps["cash.position"].owner == "finance-officer"
    assert steps["command.take"].due_at == desk.town.at + HOUR
    assert all(step.state == "todo" and step.said["do"]["zh"] and step.said["result"]["en"] for step in steps.values())
    assert desk.log() == ["plan.start"]


def test_nothing_done_is_lost_when_the_level_rises(desk: Desk) -> None:
    desk.decide(3, "coup")
    desk.do("verify.second-source", "done", "Two sources say so.")
    desk.do("movement.hold", "start")
    desk.do("brief.note", "skip", "All are here.")
    mild = desk.steps()
    desk.town.pass_time(minutes=20)
    desk.decide(1, "coup", action=Action.RAISE)
    grave = desk.steps()
    assert desk.plan() == ("coup", 1)
    assert grave["verify.second-source"].state == "done"
    assert grave["verify.second-source"].result == "Two sources say so."
    assert grave["movement.hold"].state == "doing"
    assert grave["brief.note"].reason == "All are here."
    assert set(mild) <= set(grave)
    assert grave["command.take"].due_at == desk.town.at + timedelta(minutes=20)
    assert grave["people.roll-call"].due_at < mild["people.roll-call"].due_at
    assert grave["coup-watch.rumour"].state == "skipped"
    assert grave["coup-watch.rumour"].reason == "plan.replaced"
    assert grave["verify.second-source"].id == mild["verify.second-source"].id
    desk.town.pass_time(minutes=20)
    desk.decide(3, "coup", action=Action.LOWER)
    assert desk.plan() == ("coup", 1), "what was begun at a graver level is not taken back"


@pytest.mark.parametrize("order", list(permutations([(3, "election"), (1, "coup"), (2, "unrest")])))
def test_within_one_batch_the_last_word_alone_counts(
    sqlite_store: Store, tmp_path: Path, order: tuple[tuple[int, str], ...]
) -> None:
    with town(sqlite_store, tmp_path) as here:
        desk = Desk(here, here.alert(owner="central-lead"))
        for level, subtype in order:
            desk.decide(level, subtype)
        desk.decide(2, "capital_control")
        assert desk.plan() == ("capital-control", 2)
        plan = BOOK.plans.by_key["capital-control"]
        assert set(desk.steps()) == {step.key for step in plan.steps_at(Level.ORANGE)}
        assert {step.state for step in desk.steps().values()} == {"todo"}
        made = decision(2, ("capital_control",), Action.OPEN, here.at)
        leads = leads_of(made.duties, BOOK.owners, made.countries, made.categories, here.at)
        lines = line_up(plan, Level.ORANGE, BOOK.plans, leads, BOOK.owners, here.at)
        assert {key: (step.owner, step.due_at) for key, step in desk.steps().items()} == {
            line.step.key: (line.owner, line.due) for line in lines
        }


def test_late_steps_are_taken_up_the_line_and_the_end_is_written_down(desk: Desk) -> None:
    desk.decide(2, "capital_control")
    for key in desk.steps():
        if key != "screening.stop" and key != "cash.position":
            desk.do(key, "skip", "not here")
    assert desk.remind() == []
    desk.town.pass_time(hours=8)
    assert desk.remind() == [("finance-officer", 1)]
    assert desk.remind() == [], "once"
    desk.town.pass_time(minutes=31)
    assert desk.remind() == [("central-lead", 1)], "the plan's lead is the finance officer: told already"
    desk.town.pass_time(minutes=31)
    assert desk.remind() == []
    assert desk.log()[-3:] == ["step.overdue", "step.overdue", "step.unanswered"]
    desk.town.pass_time(days=40)
    assert desk.remind() == [], "nobody is called months later"


def test_nobody_is_called_about_the_steps_of_a_withdrawn_alert(desk: Desk) -> None:
    desk.decide(2, "coup")
    with desk.town.store.write() as session:
        session.get_one(Alert, desk.alert).withdrawn = True
    desk.town.pass_time(hours=3)
    assert desk.remind() == []


def test_late_steps_of_one_owner_go_in_one_notice_and_done_ones_in_none(desk: Desk) -> None:
    desk.decide(1, "coup")
    desk.do("command.take", "done", "Li, Wang, Okoro, Diallo.")
    desk.town.pass_time(hours=1)
    told = dict(desk.remind())
    assert set(told) == {"africa-lead", "central-lead", "security-adviser", "communications"}
    assert told["africa-lead"] >= 2
    assert "step.overdue" in desk.log()


def test_a_step_is_done_with_a_result_and_skipped_for_a_reason(desk: Desk) -> None:
    desk.decide(3, "coup")
    for what in ("done", "skip"):
        with pytest.raises(Invalid):
            desk.do("verify.second-source", what)
    desk.do("verify.second-source", "done", "Confirmed by two.")
    desk.do("verify.second-source", "done", "again")
    assert desk.steps()["verify.second-source"].result == "Confirmed by two."
    with pytest.raises(Conflict):
        desk.do("verify.second-source", "start")
    desk.do("verify.second-source", "reopen")
    again = desk.steps()["verify.second-source"]
    assert (again.state, again.result, again.changed_by) == ("todo", None, "wang")


def test_a_step_is_handed_to_another_owner_who_then_stays(desk: Desk) -> None:
    desk.decide(3, "coup")
    with desk.town.store.write() as session:
        step = session.get_one(ResponseStep, desk.steps()["movement.hold"].id)
        alert = session.get_one(Alert, desk.alert)
        hand_over(session, alert, step, "legal-counsel", actor="wang", now=desk.town.at)
    desk.town.pass_time(hours=1)
    desk.decide(1, "coup", action=Action.RAISE)
    step = desk.steps()["movement.hold"]
    assert step.owner == "legal-counsel"
    assert step.support == ["security-adviser"]


def test_closing_with_open_steps_asks_for_a_reason(desk: Desk) -> None:
    desk.decide(2, "coup")
    given = {"actor": "wang", "now": desk.town.at, "public_url": "http://d"}
    with pytest.raises(Invalid, match="31 steps"), desk.town.store.write() as session:
        act(session, session.get_one(Alert, desk.alert), "resolve", reason="", **given)
    with desk.town.store.write() as session:
        act(session, session.get_one(Alert, desk.alert), "resolve", reason="Order is restored.", **given)
    with desk.town.store.read() as session:
        found = response_of(session, desk.alert)
        assert found is not None
        assert found.close_reason == "Order is restored."
        assert len(open_steps(steps_of(session, found))) == 31, "what was left open stays to be seen"
    desk.town.pass_time(days=2)
    assert desk.remind() == []


def test_a_withdrawn_alert_keeps_its_list(desk: Desk) -> None:
    desk.decide(2, "coup")
    before = set(desk.steps())
    desk.town.pass_time(hours=1)
    desk.decide(2, "unrest", action=Action.WITHDRAW)
    assert set(desk.steps()) == before
