"""The demonstration on a real desk: marked, apart, told to nobody, and gone as a whole, on both databases."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select as select_core
from sqlmodel import Session, col, select

from service.auth.access import operator_scope
from service.demo.staging import load_stage, remove_stage, staged_now
from service.demo.world import load_world
from service.desk.comments import comment
from service.desk.events import merge_events
from service.desk.subscriptions import create_subscription
from service.errors import Conflict, Invalid, NotFound, Refused
from service.record import act
from service.store.engine import Store
from service.store.log import last_line
from service.store.scope import Role, Scope
from service.store.search import finds_alert, index_alerts
from service.store.stage import MENTIONS, is_staged
from service.store.tables import (
    Alert,
    AlertShare,
    EntryRow,
    EventEntry,
    LogLine,
    Notice,
    PostureRow,
    SourceRow,
    Subscription,
    metadata,
)
from service.store.tables.source import STAGED
from tests.walk.scene import Scene, Story, model, scene

WORLD = load_world()
PIECE = next(piece for piece in WORLD.pieces if piece.id == "coup-announced")
SAME = Story("same", PIECE.versions[0].title, PIECE.versions[0].text)


@pytest.fixture
def play(store: Store, tmp_path: Path) -> Iterator[Scene]:
    """A desk that watches one real feed and has one follower; the invented story was told half an hour ago."""
    with scene(store, tmp_path, model()) as found:
        found.subscriber("firm", ["CM", "PE"])
        found.feed("real", [SAME])
        found.go()
        yield found


def keeper(play: Scene) -> Scope:
    with play.house.store.read() as session:
        return operator_scope(session)


def stage(play: Scene) -> None:
    """Load it half an hour ago: all of it stands in print now."""
    play.pass_time(minutes=-30)
    load_stage(play.house, keeper(play))
    play.pass_time(minutes=30)
    for _ in range(3):
        play.go()


def dump(store: Store) -> dict[str, list[Any]]:
    """Every row of every table that the log does not explain by itself."""
    with store.read() as session:
        return {
            table.name: sorted(map(repr, session.connection().execute(select_core(table)).all()))
            for table in metadata.sorted_tables
            if table.name != "log"
        }


def alerts(session: Session, *, demo: bool) -> list[Alert]:
    return list(session.exec(select(Alert).where(Alert.demo == demo).order_by(col(Alert.id))).all())


def test_the_whole_of_it(play: Scene) -> None:
    """Loaded, worked with and removed, in one go: the walk is what costs time here."""
    before, told = dump(play.house.store), len(play.received("firm"))
    stage(play)
    _is_marked_and_apart(play)
    assert len(play.received("firm")) == told
    _is_not_for_a_new_subscription(play)
    _cannot_be_merged_with_what_is_real(play)
    _use(play)
    _goes_as_a_whole(play, before)
    _leaves_numbers_that_tell_nothing_old(play)


def _is_marked_and_apart(play: Scene) -> None:
    with play.house.store.read() as session:
        invented, real = alerts(session, demo=True), alerts(session, demo=False)
        assert len(invented) >= 4
        assert {1, 2} <= {alert.level for alert in invented}
        assert [alert.title for alert in real] == [SAME.title]
        # The very same words were published by both: they are two events all the same.
        assert {alert.event_id for alert in real}.isdisjoint(alert.event_id for alert in invented)
        assert not _mixed(session)
        numbers = [alert.id for alert in invented]
        assert session.exec(select(Notice).where(col(Notice.alert_id).in_(numbers))).all() == []
        assert session.exec(select(AlertShare).where(col(AlertShare.alert_id).in_(numbers))).all() == []
        assert set(session.exec(select(PostureRow.alert_id)).all()).isdisjoint(numbers)


def _mixed(session: Session) -> list[int]:
    rows: Any = session.exec(
        select(EventEntry.event_id, SourceRow.key)
        .join(EntryRow, col(EntryRow.id) == col(EventEntry.entry_id))
        .join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
    ).all()
    sides: dict[int, set[bool]] = {}
    for event, key in rows:
        sides.setdefault(event, set()).add(key.startswith(STAGED))
    return [event for event, found in sides.items() if len(found) > 1]


def _is_not_for_a_new_subscription(play: Scene) -> None:
    scope, house = keeper(play), play.house
    made = create_subscription(house, scope, name="all")
    with house.store.write() as session:
        shared = set(session.exec(select(AlertShare.alert_id).where(AlertShare.subscription_id == made.id)).all())
        assert shared == {alert.id for alert in alerts(session, demo=False)} - {
            alert.id for alert in alerts(session, demo=True)
        }
        for share in session.exec(select(AlertShare).where(AlertShare.subscription_id == made.id)).all():
            session.delete(share)
        session.flush()
        session.delete(session.get_one(Subscription, made.id))


def _cannot_be_merged_with_what_is_real(play: Scene) -> None:
    with play.house.store.read() as session:
        (real,) = alerts(session, demo=False)
        invented = next(alert for alert in alerts(session, demo=True) if alert.title != real.title)
    with pytest.raises(Invalid, match="demonstration"):
        merge_events(play.house, keeper(play), invented.event_id, real.event_id)


def _goes_as_a_whole(play: Scene, before: dict[str, list[Any]]) -> None:
    with play.house.store.read() as session:
        newest = last_line(session)
    counts = staged_now(play.house, keeper(play))
    assert counts is not None
    assert counts.counts["source"] == len(WORLD.outlets)
    gone = remove_stage(play.house, keeper(play))
    assert gone == counts.counts
    after = dump(play.house.store)
    _forget_looks(before)
    _forget_looks(after)
    assert after == before
    with play.house.store.read() as session:
        assert not is_staged(session)
        line = session.exec(select(LogLine).where(LogLine.action == "demo.remove")).one()
        assert (line.actor, line.detail["alert"]) == ("operator", gone["alert"])
        assert (line.id or 0) > newest  # live pages go on from it
        about = session.exec(select(LogLine.subject_id).where(LogLine.subject == "alert")).all()
        assert set(about) == {str(alert.id) for alert in alerts(session, demo=False)}
        assert session.exec(select(LogLine.id).where(LogLine.subject == "comment")).all() == []
        assert session.exec(select(Alert.id).where(finds_alert(session, "Arequipa"))).all() == []


def _use(play: Scene) -> None:
    """People do with it what one does with alerts."""
    with play.house.store.write() as session:
        for alert in alerts(session, demo=True)[:3]:
            act(session, alert, "acknowledge", actor="operator", reason="", now=play.at, public_url="")
        numbers = [alert.id or 0 for alert in alerts(session, demo=True)]
        index_alerts(session, numbers)
    comment(play.house, keeper(play), numbers[0], "Only played.")


def _forget_looks(tables: dict[str, list[Any]]) -> None:
    """The real feed was looked at meanwhile, as it is every day; what time moves on alerts moves on."""
    for name in ("source", "alert", "escalation"):
        tables[name] = [str(len(tables[name]))]


def _leaves_numbers_that_tell_nothing_old(play: Scene) -> None:
    bomb = "Car bomb kills 31 at a market in Maiduguri, Nigeria; dozens wounded"
    play.feed("third", [Story("bomb", bomb, "Officials blamed militants for the attack in Borno state.")])
    play.go()
    with play.house.store.read() as session:
        alert = next(one for one in alerts(session, demo=False) if one.title == bomb)
        lines = session.exec(
            select(LogLine.action).where(LogLine.subject == "alert", LogLine.subject_id == str(alert.id))
        ).all()
        assert lines[0] == "alert.open"
        assert session.exec(select(Alert.id).where(finds_alert(session, "Maiduguri"))).all() == [alert.id]


def test_it_can_be_loaded_again_and_only_once_at_a_time(play: Scene) -> None:
    scope = keeper(play)
    assert load_stage(play.house, scope) == len(WORLD.outlets)
    with pytest.raises(Conflict, match="already"):
        load_stage(play.house, scope)
    remove_stage(play.house, scope)
    with pytest.raises(NotFound):
        remove_stage(play.house, scope)
    assert load_stage(play.house, scope) == len(WORLD.outlets)


def test_only_who_may_change_sources_may_do_it(play: Scene) -> None:
    viewer = Scope(1, Role.VIEWER, True, keeper(play).clearance, "ann")
    with pytest.raises(Refused):
        load_stage(play.house, viewer)
    with pytest.raises(NotFound):
        remove_stage(play.house, Scope(2, Role.ADMIN, False, viewer.clearance, "bob"))


def test_every_row_that_may_point_to_it_is_thought_of() -> None:
    """A column that may be empty says whether its row goes with what it points to, or stays and forgets it."""
    goes = {("notice", "alert_id"), ("silence", "event_id"), ("field_report", "entry_id"), ("log", "organisation_id")}
    reached = {"source", "entry", "event", "alert", "notice", "silence", "response", "field_report"}
    loose = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if column.nullable and key.column.table.name in reached
    }
    assert loose - goes == MENTIONS
