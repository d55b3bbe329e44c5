"""Whatever is decided, by what came in or by time alone: its alerts are found and counted by what they say then."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from service.pipeline import recheck_due
from service.store.engine import Store
from service.store.tables import Alert, AlertFact, Duty
from tests.walk.scene import COUP, Scene, model, scene


@pytest.fixture
def play(store: Store, tmp_path: Path) -> Iterator[Scene]:
    with scene(store, tmp_path, model()) as playing:
        yield playing


def test_a_look_again_counts_it_anew(play: Scene) -> None:
    play.feed("wire", [COUP])
    play.go()
    with play.house.store.write() as session:
        alert = session.exec(select(Alert)).one()
        owner = session.exec(select(Duty.owner).where(Duty.alert_id == alert.id, Duty.role == "accountable")).one()
        fact = session.get_one(AlertFact, alert.id)
        assert fact.owner == owner
        fact.owner, alert.calmer_since = "whoever-it-was-before", play.at  # held above what its reports say
    assert recheck_due(play.walk) == 1
    with play.house.store.read() as session:
        assert session.get_one(AlertFact, alert.id).owner == owner
