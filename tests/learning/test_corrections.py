"""A person's word over the machine's, on both databases: it holds, it is decided on, and it can be taken back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import col, select

from service.auth.access import operator_scope
from service.desk.corrections import Wanted, correct_entry, undo_correction
from service.errors import Conflict, Invalid, NotFound, Refused
from service.pipeline import assess_due, decide_due, recheck_due
from service.store.corrections import in_force
from service.store.engine import Store
from service.store.read_alerts import duties_of
from service.store.scope import Role, Scope
from service.store.tables import Alert, AssessmentRow, Correction, EntryRow, Event, EventCountry, LogLine
from tests.walk.scene import CALM, COUP, Scene, model, scene


@pytest.fixture
def play(store: Store, tmp_path: Path) -> Iterator[Scene]:
    with scene(store, tmp_path, model()) as playing:
        yield playing


def operator(play: Scene) -> Scope:
    with play.house.store.read() as session:
        return operator_scope(session)


def entry_called(play: Scene, key: str) -> int:
    with play.house.store.read() as session:
        query = select(EntryRow.id).where(EntryRow.key == key).order_by(col(EntryRow.id).desc())
        return session.exec(query).first() or 0


def newest(play: Scene, entry: int) -> AssessmentRow:
    with play.house.store.read() as session:
        query = select(AssessmentRow).where(AssessmentRow.entry_id == entry).order_by(col(AssessmentRow.id).desc())
        return session.exec(query).first() or pytest.fail("no assessment")


def alerts(play: Scene) -> list[Alert]:
    with play.house.store.read() as session:
        return list(session.exec(select(Alert).order_by(col(Alert.id))).all())


def correct(play: Scene, key: str, wanted: Wanted, reason: str = "") -> Correction:
    row = correct_entry(play.house, operator(play), entry_called(play, key), wanted, reason)
    while decide_due(play.walk):
        pass
    return row


def test_the_persons_word_replaces_the_machines_and_says_so(play: Scene) -> None:
    play.feed("herald", [COUP])
    play.go()
    number = entry_called(play, "coup")
    machine = newest(play, number)
    row = correct(play, "coup", Wanted(["security"], ["armed_conflict"], 4, ["ml"]), "They  fight\nin Mali.")
    said = newest(play, number)
    assert (said.labels, said.subtypes, said.countries, said.severity) == (["security"], ["armed_conflict"], ["ML"], 1)
    assert (said.model, said.uncertain, said.vector) == ("person", [], machine.vector)
    assert {"category.corrected", "country.corrected", "severity.corrected"} <= {one["code"] for one in said.reasons}
    assert (row.model, row.before["labels"], row.reason) == (machine.model, machine.labels, "They fight in Mali.")
    (alert,) = alerts(play)
    assert (alert.level, alert.countries, alert.categories) == (1, ["ML"], ["security"])
    with play.house.store.read() as session:
        event = session.exec(select(Event)).one()
        assert (event.countries, event.categories) == (["ML"], ["security"])
        assert session.exec(select(EventCountry.country)).all() == ["ML"]
        (line,) = session.exec(select(LogLine).where(LogLine.action == "entry.correct")).all()
    assert (line.actor, line.subject, line.subject_id) == ("operator", "entry", str(number))


def test_a_missed_risk_becomes_an_alert_at_once(play: Scene) -> None:
    play.feed("herald", [CALM])
    play.go()
    assert alerts(play) == []
    correct(play, "calm", Wanted(["security"], ["terrorism"], 4, ["NE"]))
    (alert,) = alerts(play)
    assert (alert.countries, alert.categories) == (["NE"], ["security"])


def test_a_false_alarm_falls_slowly(play: Scene) -> None:
    play.feed("herald", [COUP])
    play.go()
    level = alerts(play)[0].level
    correct(play, "coup", Wanted([]))
    assert [(one.level, one.state) for one in alerts(play)] == [(level, "open")]
    assert alerts(play)[0].calmer_since is not None
    play.pass_time(hours=200)
    recheck_due(play.walk)
    assert alerts(play)[0].level == level + 1


def test_no_later_reading_of_the_machine_replaces_it(play: Scene) -> None:
    play.feed("herald", [COUP])
    play.go()
    number = entry_called(play, "coup")
    correct(play, "coup", Wanted([]))
    with play.house.store.write() as session:
        session.get_one(EntryRow, number).stage = "new"
    assert assess_due(play.walk) == 1
    decide_due(play.walk)
    assert (newest(play, number).model, newest(play, number).labels) == ("person", [])


def test_an_edit_keeps_the_word_unless_it_may_be_graver(play: Scene) -> None:
    play.feed("herald", [COUP])
    play.go()
    correct(play, "coup", Wanted(["political"], ["coup"], 2))
    play.feed("herald", [replace(COUP, text=COUP.text + " More follows.")], known=True)
    play.go()
    second = entry_called(play, "coup")
    assert newest(play, second).model == "person"
    assert newest(play, second).severity == 0.5
    play.feed("herald", [replace(COUP, text=COUP.text + " 300 people were killed.")], known=True)
    play.go()
    third = entry_called(play, "coup")
    assert third != second
    assert newest(play, third).model != "person"


def test_undone_the_machines_word_holds_again_and_history_stays(play: Scene) -> None:
    play.feed("herald", [COUP])
    play.go()
    number = entry_called(play, "coup")
    machine = newest(play, number)
    correct(play, "coup", Wanted([]))
    correct(play, "coup", Wanted(["legal"], [], 1))
    undo_correction(play.house, operator(play), number)
    decide_due(play.walk)
    again = newest(play, number)
    assert (again.model, again.labels, again.severity) == (machine.model, machine.labels, machine.severity)
    with play.house.store.read() as session:
        rows = session.exec(select(Correction).order_by(col(Correction.id))).all()
        assert in_force(session, number) is None
    assert [(row.after["labels"], row.ended_by) for row in rows] == [([], "operator"), (["legal"], "operator")]
    with pytest.raises(Conflict, match="No correction"):
        undo_correction(play.house, operator(play), number)


@pytest.mark.parametrize(
    ("wanted", "word"),
    [
        (Wanted(["weather"]), "no category"),
        (Wanted(["legal"], ["coup"]), "belongs to none"),
        (Wanted(["legal"], [], 5), "not within"),
        (Wanted(["legal"], [], 0), "severity of 1 to 4"),
        (Wanted([], [], 2), "severity 0"),
        (Wanted(["legal"], None, None, ["XX"]), "no country"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_changes_nothing(play: Scene, wanted: Wanted, word: str) -> None:
    play.feed("herald", [COUP])
    play.go()
    with pytest.raises(Invalid, match=word):
        correct(play, "coup", wanted)
    with play.house.store.read() as session:
        assert session.exec(select(Correction)).all() == []


def test_only_the_desk_corrects_and_only_what_it_may_see(play: Scene) -> None:
    play.feed("herald", [COUP])
    play.go()
    number, eyes = entry_called(play, "coup"), operator(play)

    with pytest.raises(NotFound):
        correct_entry(play.house, replace(eyes, home=False), number, Wanted([]))
    with pytest.raises(Refused):
        correct_entry(play.house, replace(eyes, role=Role.VIEWER), number, Wanted([]))
    with play.house.store.read() as session:
        accountable = alerts(play)[0]

        owner = duties_of(session, eyes, accountable)[0].owner
    correct_entry(play.house, replace(eyes, role=Role.OWNER, owner=owner), number, Wanted([]))
