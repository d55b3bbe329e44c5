"""Is everything alive, on each database: what workers write down, and what is made of it."""

from datetime import timedelta
from pathlib import Path

import pytest

from service.cli.office import Office
from service.desk.beats import Beats
from service.desk.system import curves, look_at_all, status
from service.desk.vital import Vital
from service.errors import Refused
from service.settings import load
from service.store.beat import SLOT, workers
from service.store.engine import open_store
from tests.api.town import Town


def by_key(here: Town) -> dict[str, str]:
    return {line.key: f"{line.state} {line.code}" for line in status(here.house, here.operator()).lines}


def test_nobody_works_is_unknown_and_then_broken(here: Town, tmp_path: Path) -> None:
    assert by_key(here)["work"] == "unknown never"
    beats = Beats(here.store, "desk:1:abc", lambda: here.at, tmp_path)
    beats.expect("collect", timedelta(seconds=2))
    beats.measure("collect")("")
    beats.write()
    found = by_key(here)
    assert (found["work"], found["worker"], found["tick"]) == ("well alive", "well alive", "well runs")
    assert found["database"] == "well answers"
    assert found["schema"] == "well fits"
    here.pass_time(minutes=3)
    found = by_key(here)
    assert (found["work"], found["worker"]) == ("broken gone", "look gone")
    assert "tick" not in found, "what nobody does any more is told by the worker's line"
    beats.leave()
    found = by_key(here)
    assert (found["work"], found["worker"]) == ("broken gone", "well stopped")
    here.pass_time(days=2)
    Beats(here.store, "desk:2:def", lambda: here.at, tmp_path).write()
    with here.store.read() as session:
        assert [row.name for row in workers(session)] == ["desk:2:def"], "those that went long ago are forgotten"


def test_a_tick_that_fails_is_told_with_its_reason(here: Town, tmp_path: Path) -> None:
    beats = Beats(here.store, "desk:1:abc", lambda: here.at, tmp_path)
    beats.expect("deliver", timedelta(seconds=1))
    beats.measure("deliver")("The database is locked.")
    beats.write()
    line = next(line for line in status(here.house, here.operator()).lines if line.key == "tick")
    assert (line.state, line.code, line.original) == (Vital.BROKEN, "fails", "The database is locked.")
    here.pass_time(seconds=5)
    beats.measure("deliver")("")
    beats.write()
    assert by_key(here)["tick"] == "look failed"


def test_where_two_workers_differ_the_worse_is_told(here: Town, tmp_path: Path) -> None:
    for name, error in (("a", ""), ("b", "No room.")):
        beats = Beats(here.store, name, lambda: here.at, tmp_path)
        beats.expect("deliver", timedelta(seconds=1))
        beats.measure("deliver")(error)
        beats.write()
    lines = [line for line in status(here.house, here.operator()).lines if line.key == "tick"]
    assert [line.state for line in lines] == [Vital.BROKEN]


def test_the_last_day(here: Town, tmp_path: Path) -> None:
    beats = Beats(here.store, "desk:1:abc", lambda: here.at, tmp_path)
    assert {curve.now for curve in curves(here.house, here.operator())} == {None}
    for _ in range(8):
        beats.write()
        here.pass_time(seconds=SLOT)
    outbox = next(curve for curve in curves(here.house, here.operator()) if curve.key == "outbox")
    assert len(outbox.values) == 48
    assert outbox.now == 0
    assert [value for value in outbox.values if value is not None] == [0, 0]
    assert outbox.values[0] is None, "nobody measured then, which is not zero"


def test_only_the_desk_is_told(here: Town) -> None:
    with pytest.raises(Refused):
        status(here.house, here.operator("north"))
    with pytest.raises(Refused):
        curves(here.house, here.operator("north"))


def test_a_database_that_is_away_hides_nothing_else(here: Town, tmp_path: Path) -> None:
    store = open_store("postgresql+psycopg://nobody@127.0.0.1:1/none")
    found = look_at_all(Office(load(data=tmp_path), store, lambda: here.at))
    states = {line.key: line.state for line in found.lines}
    assert states["database"] is Vital.BROKEN
    assert states["disk"] is not Vital.UNKNOWN
    assert Vital.WELL not in {states[key] for key in ("work", "outbox", "sources", "index", "schema")}
    assert found.state is Vital.BROKEN
