"""The whole walk on both databases: an alert opens with its plan, and what is late goes up the line by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from service.pressing import remind_due
from service.store.engine import Store
from service.store.tables import Alert, Channel, Duty, Notice, Response, ResponseStep
from tests.walk.scene import CALM, COUP, Scene, model, scene


@pytest.fixture
def play(store: Store, tmp_path: Path) -> Iterator[Scene]:
    with scene(store, tmp_path, model()) as playing:
        yield playing


def test_a_coup_starts_its_plan_and_late_steps_are_told_of(play: Scene) -> None:
    play.feed("herald", [COUP, CALM])
    play.subscriber("niger", ["NE"])
    with play.house.store.write() as session:
        session.add(
            Channel(
                organisation_id=play.walk.organisation_id,
                kind="webhook",
                name="lead",
                address=play.web.url("/hook/niger"),
                owner="central-lead",
                language="en",
                created_at=play.at,
            )
        )
    play.go()
    with play.house.store.read() as session:
        alert = session.exec(select(Alert)).one()
        response = session.exec(select(Response)).one()
        steps = session.exec(select(ResponseStep).order_by(col(ResponseStep.position))).all()
        accountable = session.exec(select(Duty.owner).where(Duty.role == "accountable")).one()
    assert (response.alert_id, response.plan, response.level) == (alert.id, "coup", alert.level)
    assert len(steps) == 31
    assert all(step.owner and step.due_at > play.at for step in steps)
    assert accountable == "central-lead"
    own = [card for card in play.received("niger") if card["to"]["owner"] == "central-lead"]
    theirs = [card for card in play.received("niger") if card["to"]["subscription"]]
    assert 1 <= len(own[0]["steps"]) <= 3
    assert [card["steps"] for card in theirs] == [[]], "what the desk does is not the subscriber's to see"
    assert remind_due(play.walk) == 0
    play.pass_time(hours=3)
    assert remind_due(play.walk) > 0
    with play.house.store.read() as session:
        told = session.exec(select(Notice).where(Notice.action == "overdue")).all()
    assert "central-lead" in {notice.owner for notice in told}
    assert all(notice.payload["steps"] for notice in told)
    assert remind_due(play.walk) == 0, "each once, until the next in line is due"
