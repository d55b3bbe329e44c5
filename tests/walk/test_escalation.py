"""Escalation end to end on both databases: from the feed to the deputy's webhook, by routing tree and roster."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from rules.owners import parse_house
from service.desk.alerts import act_on
from service.desk.rosters import import_roster
from service.pressing import escalate_due
from service.store.engine import Store
from service.store.tables import Alert, Channel, Duty
from tests.ingest.webserver import Answer
from tests.rules.test_routing import TEXT
from tests.walk.scene import COUP, Scene, model, scene
from tests.web.desk import operator

SECRET = "whsec_" + "d2F0Y2hmaXJlLXRlc3Qtc2VjcmV0LTAxMjM0NTY3ODk="
ROSTER = """people:
  - {key: li.wei, name: Li Wei, deputy: zhao.min}
  - {key: zhao.min, name: Zhao Min}
rosters:
  - owner: central
    starts: 2020-01-06
    lead: zhao.min
    turns: [{people: [li.wei], every: week, handover: Mon 09:00}]
"""


@pytest.fixture
def play(store: Store, tmp_path: Path) -> Iterator[Scene]:
    with scene(store, tmp_path, model()) as playing:
        owners, tree = parse_house(TEXT)
        (tmp_path / "owners.yaml").write_text(TEXT, encoding="utf-8")
        settings = playing.house.settings.model_copy(update={"owners": tmp_path / "owners.yaml"})
        playing.house = replace(playing.house, settings=settings)
        playing.walk = replace(playing.walk, owners=owners, routes=tree)
        playing.at = playing.at.replace(hour=10)  # by day: at night another owner has Niger
        yield playing


def reach(play: Scene, *keys: str) -> None:
    with play.house.store.write() as session:
        for key in keys:
            play.web.answers[f"/hook/{key}"] = Answer(body=b"{}")
            session.add(
                Channel(
                    organisation_id=play.walk.organisation_id,
                    kind="webhook",
                    name=key,
                    address=play.web.url(f"/hook/{key}"),
                    secret=SECRET,
                    language="en",
                    owner=key,
                    created_at=play.at,
                )
            )


def test_a_coup_goes_up_the_chain_until_somebody_answers(play: Scene) -> None:
    desk = operator(play.house.store)
    import_roster(play.house, desk, ROSTER)
    reach(play, "central", "li.wei", "zhao.min")
    play.feed("wire", [COUP])
    play.go()
    with play.house.store.read() as session:
        (alert,) = session.exec(select(Alert)).all()
        duties = [(duty.owner, duty.role) for duty in session.exec(select(Duty).order_by(Duty.id)).all()]  # type: ignore[arg-type]
    assert duties[0] == ("central", "accountable")
    assert ("niger", "support") in duties, "by the tree"
    assert [one["type"] for one in play.received("li.wei")] == ["alert.open"], "whoever is on duty is told at once"
    assert play.received("zhao.min") == []
    play.pass_time(minutes=31)
    assert escalate_due(play.walk) == 1
    assert escalate_due(play.walk) == 0
    play.go()
    (asked,) = play.received("zhao.min")
    assert (asked["type"], asked["to"]["owner"]) == ("alert.escalate", "central")
    assert asked["text"]["change"] == "Not yet answered in time: you are asked now"
    act_on(play.house, desk, alert.id or 0, "respond")
    play.pass_time(hours=5)
    assert escalate_due(play.walk) == 0
