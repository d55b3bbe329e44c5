"""Merging, splitting and moving by a person, on both databases and by every door; the machine respects it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from service.desk.event_view import event_view
from service.desk.events import merge_events, move_entries, split_event
from service.errors import Invalid, NotFound
from service.store.engine import Store
from service.store.rulings import entries_in, followed
from service.store.scope import Scope
from service.store.tables import Alert, EntryRow, Event, EventEntry, LogLine
from tests.walk.scene import COUP, Scene, Story, model, scene
from tests.web.desk import operator

AGAIN = Story(
    "coup2",
    "Niger officers announce coup, seize presidential palace in Niamey",
    "Officers said on state television that the president of Niger had been removed and the borders closed.",
)
QUAKE = Story("quake", "Magnitude 7.1 earthquake strikes off Peru, 14 dead", "Buildings collapsed in Arequipa, Peru.")


@pytest.fixture
def play(store: Store, tmp_path: Path) -> Iterator[Scene]:
    with scene(store, tmp_path, model()) as playing:
        playing.feed("herald", [COUP, QUAKE])
        playing.feed("tribune", [AGAIN])
        playing.go()
        yield playing


def where(play: Scene) -> dict[int, int]:
    with play.house.store.read() as session:
        return {row.entry_id: row.event_id for row in session.exec(select(EventEntry)).all()}


def events(play: Scene) -> list[int]:
    with play.house.store.read() as session:
        return [event.id or 0 for event in session.exec(select(Event).order_by(col(Event.id))).all()]


def desk(play: Scene) -> Scope:
    return operator(play.house.store)


def test_two_tellings_are_one_event_and_a_split_holds(play: Scene) -> None:
    placed = where(play)
    (coup,) = {event for event in placed.values() if list(placed.values()).count(event) == 2}
    with play.house.store.read() as session:
        moved = session.exec(select(EntryRow.id).where(EntryRow.title == AGAIN.title)).one() or 0
    fresh = split_event(play.house, desk(play), coup, [moved], "another palace")
    play.go()
    assert where(play)[moved] == fresh
    play.feed("tribune", [Story("coup2", AGAIN.title + " - update", AGAIN.text)], known=True)
    play.pass_time(hours=1)
    play.go()
    assert set(where(play).values()) == {coup, fresh, *placed.values()}
    revisions = [event for entry, event in where(play).items() if entry not in placed]
    assert revisions == [fresh]  # a revision stays with what a person took out
    with play.house.store.read() as session:
        (line,) = session.exec(select(LogLine).where(LogLine.action == "event.split")).all()
        assert line.detail["reason"] == "another palace"
        view = event_view(session, desk(play), fresh)
    assert [one.deed for one in view.rulings] == ["split"]
    assert view.titles["en"].text.startswith("Niger officers")
    assert view.titles["zh"].gloss


def test_a_merge_moves_everything_closes_the_alert_and_is_remembered(play: Scene) -> None:
    placed = where(play)
    coup = next(event for event in placed.values() if list(placed.values()).count(event) == 2)
    quake = next(event for event in placed.values() if event != coup)
    merge_events(play.house, desk(play), quake, coup)
    play.go()
    assert set(where(play).values()) == {coup}
    with play.house.store.read() as session:
        assert entries_in(session, quake) == []
        assert followed(session, quake) == coup
        alerts = session.exec(select(Alert).where(Alert.event_id == quake)).all()
        assert {alert.state for alert in alerts} <= {"dismissed"}
        assert {alert.close_reason for alert in alerts} <= {f"duplicate: merged into event {coup}"}
        kept = session.get(Event, coup)
        assert kept is not None
        assert set(kept.countries) == {"NE", "PE"}


def test_moving_takes_only_what_was_named(play: Scene) -> None:
    placed = where(play)
    coup = next(event for event in placed.values() if list(placed.values()).count(event) == 2)
    quake = next(event for event in placed.values() if event != coup)
    entry = max(entry for entry, event in placed.items() if event == coup)
    move_entries(play.house, desk(play), coup, [entry], quake)
    assert where(play) == placed | {entry: quake}


def test_what_makes_no_sense_is_refused(play: Scene) -> None:
    placed = where(play)
    coup = next(event for event in placed.values() if list(placed.values()).count(event) == 2)
    both = [entry for entry, event in placed.items() if event == coup]
    for step in (
        lambda: split_event(play.house, desk(play), coup, both),
        lambda: split_event(play.house, desk(play), coup, []),
        lambda: split_event(play.house, desk(play), coup, [max(placed) + 99]),
        lambda: merge_events(play.house, desk(play), coup, coup),
    ):
        with pytest.raises(Invalid):
            step()
    with pytest.raises(NotFound):
        merge_events(play.house, desk(play), coup, 9_999)
    assert where(play) == placed
