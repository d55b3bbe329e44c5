"""Deadlines that a crisis draws nearer are told at once, exactly once; what its end gives back stands on the page."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from rules.guideline import default_guideline
from rules.level import Level
from rules.replay import Heard, replay
from service.crisis import posture_due
from service.desk.alerts import act_on
from service.desk.postures import leave_posture
from service.notify.card import card_of
from service.notify.message import from_payload
from service.store.engine import Store
from service.store.events import told_of
from service.store.postures import postures_since
from service.store.tables import Alert, Duty, LogLine, Notice
from service.web.shown.detail import history_line
from service.web.shown.row import Telling
from tests.walk.scene import Scene, model, scene
from tests.walk.test_posture import HOUR, STRIKE, alerts, enter
from tests.web.desk import operator


@pytest.fixture
def play(store: Store, tmp_path: Path) -> Iterator[Scene]:
    """In this house a crisis changes deadlines, and no level."""
    guideline = default_guideline()
    timed = replace(guideline, crisis=replace(guideline.crisis, thresholds=1.0))
    with scene(store, tmp_path, model()) as playing:
        playing.walk = replace(playing.walk, guideline=lambda _session, _now: timed)
        yield playing


def told(play: Scene) -> list[Notice]:
    with play.house.store.read() as session:
        return list(session.exec(select(Notice).where(Notice.action == "hasten").order_by(Notice.id)).all())  # type: ignore[arg-type]


def duties(play: Scene) -> list[Duty]:
    with play.house.store.read() as session:
        return list(session.exec(select(Duty).order_by(Duty.id)).all())  # type: ignore[arg-type]


def wait_of(alert: Alert) -> timedelta:
    return default_guideline().levels[Level(alert.level)].acknowledge


def struck(play: Scene) -> Alert:
    play.feed("wire", [STRIKE])
    play.go()
    (alert,) = alerts(play)
    play.pass_time(minutes=10)
    return alert


def test_owners_are_told_of_a_nearer_deadline_exactly_once(play: Scene) -> None:
    before = struck(play)
    enter(play)
    posture_due(play.walk)
    (after,) = alerts(play)
    owners = {duty.owner for duty in duties(play)}
    notices = told(play)
    assert {one.owner for one in notices} == owners
    assert len(notices) == len(owners)
    for one in notices:
        message = from_payload(one.payload)
        assert message.acknowledge_by is not None
        assert message.acknowledge_by.startswith(f"{after.acknowledge_by:%Y-%m-%dT%H:%M:%S}")
        for lang in ("en", "zh"):
            card = card_of(message, play.house.catalogue, lang)
            when = play.house.catalogue.moment(message.acknowledge_by, lang)
            assert when in card.change, "the new time"
            assert any(fact.text == one.owner for fact in card.facts), "whose duty it is"
    assert after.acknowledge_by is not None
    assert before.acknowledge_by is not None
    assert after.acknowledge_by < before.acknowledge_by
    play.pass_time(minutes=1)
    enter(play, "africa-west")  # a second crisis over the first draws nothing nearer
    posture_due(play.walk)
    play.go()
    assert len(told(play)) == len(owners)


def test_a_notice_of_a_nearer_deadline_waits_for_nothing(play: Scene) -> None:
    with play.house.store.read() as session:
        guideline = play.walk.guideline_now(session)
    spent = replace(guideline, restraint=replace(guideline.restraint, budget={"owner": 0, "subscription": 0}))
    play.walk = replace(play.walk, guideline=lambda _session, _now: spent)
    struck(play)
    enter(play)
    posture_due(play.walk)
    assert {one.state for one in told(play)} == {"dead"}, "without a channel it is a dead letter, and never held"


def test_who_has_answered_is_not_told(play: Scene) -> None:
    alert = struck(play)
    act_on(play.house, operator(play.house.store), alert.id or 0, "acknowledge", "")
    enter(play)
    posture_due(play.walk)
    assert told(play) == []
    assert alerts(play)[0].acknowledge_by == alert.acknowledge_by


def test_the_end_of_a_crisis_gives_time_back_without_a_notice(play: Scene) -> None:
    before = struck(play)
    enter(play)
    posture_due(play.walk)
    count = len(told(play))
    assert alerts(play)[0].usual_by == before.acknowledge_by
    play.pass_time(minutes=20)
    leave_posture(play.house, operator(play.house.store), "NE", "calm again")
    posture_due(play.walk)
    (after,) = alerts(play)
    assert (after.acknowledge_by, after.usual_by) == (before.acknowledge_by, None)
    assert {duty.acknowledge_by for duty in duties(play)} == {before.acknowledge_by}
    with play.house.store.read() as session:
        notices = session.exec(select(Notice).where(Notice.alert_id == after.id)).all()
        lines = session.exec(select(LogLine).where(LogLine.subject == "alert").order_by(LogLine.id)).all()  # type: ignore[arg-type]
    assert [one.action for one in notices if one.action == "hasten"] == ["hasten"] * count
    assert [line.action for line in lines][-2:] == ["alert.hasten", "alert.put_off"]
    play.pass_time(minutes=5)
    enter(play)
    posture_due(play.walk)
    assert len(told(play)) == 2 * count, "another crisis, another deadline"


def test_who_is_late_when_the_crisis_ends_stays_late(play: Scene) -> None:
    struck(play)
    enter(play)
    posture_due(play.walk)
    (due,) = {one.acknowledge_by for one in alerts(play)}
    assert due is not None
    play.at = due + timedelta(minutes=1)
    leave_posture(play.house, operator(play.house.store), "NE", "calm again")
    posture_due(play.walk)
    assert alerts(play)[0].acknowledge_by == due


def test_replay_gives_back_what_life_gave_back(play: Scene) -> None:
    opened = struck(play).opened_at
    enter(play)
    posture_due(play.walk)
    play.pass_time(minutes=20)
    leave_posture(play.house, operator(play.house.store), "NE", "calm again")
    posture_due(play.walk)
    (alert,) = alerts(play)
    with play.house.store.read() as session:
        heard = [Heard(opened, one.entry.key, one.report) for one in told_of(session, alert.event_id)]
        guideline = play.walk.guideline_now(session)
    postures = postures_since(play.house.store, opened)
    lived = list(replay(heard, guideline, play.walk.owners, play.at + HOUR, postures=postures))
    assert len(lived) == 3
    assert alert.acknowledge_by == min(duty.acknowledge_by for duty in lived[-1].decision.duties)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_says_both(play: Scene, lang: str) -> None:
    struck(play)
    enter(play)
    posture_due(play.walk)
    leave_posture(play.house, operator(play.house.store), "NE", "calm again")
    posture_due(play.walk)
    with play.house.store.read() as session:
        lines = session.exec(select(LogLine).where(LogLine.subject == "alert").order_by(LogLine.id)).all()  # type: ignore[arg-type]
    telling = Telling(words=play.house.catalogue, lang=lang, now=play.at, owners={})
    said = [history_line(line, telling).what for line in reversed(lines)][:2]
    assert all(any(figure.isdigit() for figure in one) for one in said)
    assert said[0] != said[1]
