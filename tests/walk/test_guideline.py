"""The guideline in force while the walk goes on: adopted, rolled back, changed as a file; and told again as it was."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from ingest.entry import Sharing
from rules.document import DocumentError
from rules.guideline import default_guideline, default_text
from rules.owners import default_owners
from rules.replay import replay
from service.auth.access import operator_scope
from service.desk.backtest import run_backtest
from service.desk.explain import explain_alert
from service.desk.guideline import approve, in_force, propose, roll_back, try_version, turn_down
from service.desk.guideline_in_force import CurrentGuideline
from service.desk.house import House
from service.errors import Conflict, Refused
from service.pipeline import decide_due
from service.record.situated import Means
from service.settings import Settings
from service.store.backtest import event_numbers, stored_events
from service.store.engine import Store
from service.store.guidelines import clause_matches, guideline_history
from service.store.postures import postures_since
from service.store.rows import reason_values
from service.store.scope import Scope
from service.store.tables import Alert, Duty, EntryRow
from tests.walk.scene import COUP, Scene, Story, model, scene

STRICT = default_text().replace("{1: 64, 2: 46, 3: 28, 4: 14}", "{1: 98, 2: 97, 3: 96, 4: 95}")
STRICT = STRICT.replace('version: "1"', 'version: "2"').replace("level: 3\n    least", "level: 3\n    least")


@pytest.fixture
def played(sqlite_store: Store, tmp_path: Path):  # type: ignore[no-untyped-def]
    with scene(sqlite_store, tmp_path, model()) as found:
        yield found


def eyes(house: House) -> tuple[Scope, Scope]:
    """Two people of the desk."""
    with house.store.read() as session:
        first = operator_scope(session)
    return first, replace(first, actor="second")


def adopted(house: House, text: str, effective: datetime | None = None) -> int:
    one, other = eyes(house)
    row = propose(house, one, text, "fewer")
    try_version(house, one, row.id or 0)
    approve(house, other, row.id or 0, effective)
    return row.id or 0


def version_now(played: Scene) -> str:
    with played.house.store.read() as session:
        return played.walk.guideline_now(session).version


def test_a_version_holds_from_its_date_and_is_rolled_back_at_once(played: Scene) -> None:
    first = version_now(played)
    assert first == default_guideline().version
    number = adopted(played.house, STRICT, played.at + timedelta(hours=2))
    assert version_now(played) == first
    played.pass_time(hours=3)
    assert version_now(played).startswith("2+")
    one, _ = eyes(played.house)
    assert in_force(played.house, one).number == number
    roll_back(played.house, one, None, "too strict")
    assert version_now(played) == first
    roll_back(played.house, one, number)
    assert version_now(played).startswith("2+")
    with played.house.store.read() as session:
        deeds = [line.action for line in guideline_history(session, one, number)]
    assert deeds == ["guideline.propose", "guideline.backtest", "guideline.approve"]


def test_it_takes_a_second_person_a_backtest_and_a_text_without_faults(played: Scene) -> None:
    one, other = eyes(played.house)
    with pytest.raises(DocumentError):
        propose(played.house, one, STRICT.replace("hold: 72 h", "hold: 72"))
    with pytest.raises(Conflict):
        propose(played.house, one, default_text())
    number = propose(played.house, one, STRICT).id or 0
    with pytest.raises(Conflict):
        approve(played.house, other, number)  # never tried
    try_version(played.house, one, number)
    with pytest.raises(Refused):
        approve(played.house, one, number)
    assert turn_down(played.house, other, number, "no").state == "rejected"
    with pytest.raises(Conflict):
        approve(played.house, other, number)
    with pytest.raises(Refused):
        propose(played.house, replace(one, role=type(one.role)("analyst")), STRICT)


def test_a_faulty_file_never_replaces_a_good_one(sqlite_store: Store, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(default_text().replace('version: "1"', 'version: "a"'), encoding="utf-8")
    current = CurrentGuideline(Settings(guideline=file), 1)
    now = datetime.now(UTC)

    def version(text: str | None = None) -> str:
        if text is not None:
            file.write_text(text, encoding="utf-8")
            os.utime(file, ns=(0, len(text)))
        with Session(sqlite_store.engine) as session:
            held = current.held(session, now)
            assert bool(held.problem) == (text == "clauses: nothing\n")
            return held.guideline.version.partition("+")[0]

    assert version() == "a"
    assert version("clauses: nothing\n") == "a"
    assert version(default_text().replace('version: "1"', 'version: "b"')) == "b"


def test_a_rule_shows_that_it_is_in_force_and_when_it_matched(played: Scene) -> None:
    adopted(played.house, default_text().replace('version: "1"', 'version: "ours"'))
    played.feed("wire", [COUP])
    played.go()
    one, _ = eyes(played.house)
    with played.house.store.read() as session:
        alert = session.exec(select(Alert)).one()
        match = clause_matches(session, one)[alert.clause]
    assert alert.guideline == version_now(played)
    assert alert.guideline.startswith("ours+")
    assert (match.alert_id, match.guideline, match.count) == (alert.id, alert.guideline, 1)
    why = explain_alert(played.house, one, alert.id or 0).values()
    assert why["clause"] == alert.clause
    assert why["clauses"][0] == {**why["clauses"][0], "id": alert.clause, "verdict": "cited"}
    assert {one["verdict"] for one in why["clauses"]} >= {"cited", "kind"}


def test_what_is_stored_is_told_again_to_the_letter(played: Scene) -> None:
    """Level, clause, score, reasons, places, duties and their deadlines, over days with a calmer end."""
    calmer = Story("calmer", "Niger: capital Niamey calm, shops open after attempted coup", "Traffic is normal again.")
    told = [COUP]
    for hours, story in ((0, None), (5, replace(COUP, guid="2")), (30, calmer), (60, replace(calmer, guid="3"))):
        played.pass_time(hours=hours)
        told += [story] if story is not None else []
        played.feed("wire" if hours != 5 else "agency", told, known=hours > 5)
        played.go()
    with played.house.store.read() as session:
        numbers = event_numbers(session, played.at - timedelta(days=30))
        alerts = {one.event_id: one for one in session.exec(select(Alert)).all()}
        duties = {
            one.id: [
                (d.owner, d.role, d.acknowledge_by) for d in session.exec(select(Duty).where(Duty.alert_id == one.id))
            ]
            for one in alerts.values()
        }
    assert alerts
    postures = postures_since(played.house.store, played.at - timedelta(days=30))
    assert len(postures) == 1, "the coup has brought a crisis, by which the rest was decided"
    for key, heard in stored_events(played.house.store, numbers):
        decisions = list(replay(heard, default_guideline(), default_owners(), played.at, postures=postures))
        alert = alerts.get(int(key))
        changes = [one for one in decisions if one.decision.action.value != "none"]
        if alert is None:
            assert changes == []
            continue
        last = changes[-1].decision
        assert (alert.level, alert.clause, alert.score) == (last.level, last.clause, round(last.score, 1))
        assert alert.reasons == [reason_values(one) for one in last.reasons]
        assert alert.countries == list(last.countries)
        assert alert.calmer_since == decisions[-1].decision.calmer_since
        assert alert.changed_at == changes[-1].at
        assert duties[alert.id] == [(d.owner, d.role, d.acknowledge_by) for d in last.duties]


def test_a_backtest_reads_what_is_stored_and_changes_nothing(played: Scene) -> None:
    played.feed("wire", [COUP], reliability="F")
    played.go()
    played.pass_time(days=1)
    texts = (default_text(), STRICT)
    since = played.at - timedelta(days=10)
    one = run_backtest(played.house.store, texts, Means(default_owners()), since, played.at, cores=1)
    assert one.tally.events == 1
    assert sum(one.tally.kinds.values()) == 1
    assert "coup" in one.tally.differences[0].title
    again = run_backtest(played.house.store, texts, Means(default_owners()), since, played.at, cores=1)
    assert again.tally == one.tally


def test_a_batch_is_decided_on_once_an_event(played: Scene) -> None:
    played.feed("wire", [COUP])
    played.feed("agency", [replace(COUP, guid="a")])
    played.go()
    with played.house.store.read() as session:
        assert session.exec(select(EntryRow.id).where(col(EntryRow.sharing) == Sharing.CLEAR.value)).all()
        alert = session.exec(select(Alert)).one()
    assert (alert.version, alert.unconfirmed) == (1, False)
    assert decide_due(played.walk) == 0
