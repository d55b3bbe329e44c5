"""Posture end to end on both databases: what enters, what changes with it, who is asked, and what lets it end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from rules.guideline import Guideline, default_guideline
from rules.level import Level
from rules.posture import CRISIS
from rules.replay import Heard, replay
from service.crisis import posture_due
from service.desk.alerts import act_on
from service.desk.explain import explain_alert
from service.desk.postures import crises, crisis_of, enter_posture, leave_posture, past_postures, prolong_posture
from service.errors import Conflict, Invalid, NotFound, Refused
from service.pipeline import assess_due, collect_due, decide_due, deliver_due
from service.store.engine import Store
from service.store.events import told_of
from service.store.postures import postures_since
from service.store.scope import Role
from service.store.sources import claim_sources
from service.store.tables import Alert, Channel, Duty, LogLine, Notice, PostureRow, SourceRow
from tests.ingest.webserver import Answer
from tests.walk.scene import COUP, Scene, Story, model, scene
from tests.web.desk import operator

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STRIKE = Story(
    "strike",
    "Teachers in Niger begin a strike over unpaid wages",
    "Schools in Niamey stayed closed as teachers began a strike over wages unpaid for two months.",
)


@pytest.fixture
def play(store: Store, tmp_path: Path) -> Iterator[Scene]:
    """Reports are not asked for here: that has tests of its own."""
    with scene(store, tmp_path, model()) as playing:
        with_guideline(playing, without_reports())
        yield playing


def without_reports() -> Guideline:
    guideline = default_guideline()
    return replace(guideline, crisis=replace(guideline.crisis, report_every=None))


def alerts(play: Scene) -> list[Alert]:
    with play.house.store.read() as session:
        return list(session.exec(select(Alert).order_by(Alert.id)).all())  # type: ignore[arg-type]


def rows(play: Scene) -> list[PostureRow]:
    with play.house.store.read() as session:
        return list(session.exec(select(PostureRow).order_by(PostureRow.id)).all())  # type: ignore[arg-type]


def deeds(play: Scene) -> list[str]:
    with play.house.store.read() as session:
        lines = session.exec(select(LogLine).where(LogLine.subject == "posture").order_by(LogLine.id)).all()  # type: ignore[arg-type]
        return [line.action for line in lines]


def enter(play: Scene, place: str = "NE", days: float = 7) -> PostureRow:
    until = play.at + days * DAY
    return enter_posture(play.house, operator(play.house.store), place, "shots at the palace", until)


def with_guideline(play: Scene, guideline: Guideline) -> None:
    play.walk = replace(play.walk, guideline=lambda _session, _now: guideline)


def test_a_coup_at_level_1_brings_a_crisis_by_rule(play: Scene) -> None:
    play.feed("wire", [COUP])
    play.feed("agency", [replace(COUP, guid="other")], reliability="A")
    play.go()
    (alert,) = alerts(play)
    assert alert.level == Level.RED
    (row,) = rows(play)
    assert (row.place, row.author, row.by_rule, row.alert_id, row.recheck) == ("NE", "rules", True, alert.id, False)
    assert row.until == row.since + 7 * DAY
    assert alert.acknowledge_by == alert.opened_at + timedelta(minutes=15), "what brings a crisis keeps its own time"
    play.feed("wire", [COUP, STRIKE], known=True)
    play.go()
    strike = alerts(play)[-1]
    assert strike.id != alert.id
    wait = default_guideline().levels[Level(strike.level)].acknowledge
    assert strike.acknowledge_by == strike.opened_at + wait / 2
    assert any(reason["code"] == "grade.posture" for reason in strike.reasons)
    assert deeds(play) == ["posture.enter"], "one crisis a place, however often it is told"


def test_entering_changes_levels_deadlines_and_looks_together(play: Scene) -> None:
    play.feed("wire", [STRIKE])
    with play.house.store.write() as session:
        source = session.exec(select(SourceRow)).one()
        source.country, source.interval_s = "NE", 1200
    play.go()
    (before,) = alerts(play)
    play.pass_time(minutes=10)
    row = enter(play)
    with play.house.store.read() as session:
        source = session.exec(select(SourceRow)).one()
        assert source.next_check_at is not None
        assert source.last_look_at is not None
        assert source.next_check_at <= max(play.at, source.last_look_at + timedelta(seconds=300))
    assert posture_due(play.walk) == 1
    assert posture_due(play.walk) == 0
    (after,) = alerts(play)
    wait = default_guideline().levels[Level(after.level)].acknowledge / 2
    assert after.level <= before.level
    assert after.acknowledge_by == row.since + wait
    with play.house.store.read() as session:
        assert {duty.acknowledge_by for duty in session.exec(select(Duty)).all()} == {row.since + wait}
    with play.house.store.write() as session:
        (due,) = claim_sources(session, play.at, "me", 5)
        assert due.feed.interval == 300
    found = crisis_of(play.house, operator(play.house.store), "NE")
    assert [(look.usual, look.now) for look in found.looks] == [(1200, 300)]
    assert found.waits[Level.RED] == (timedelta(minutes=15), timedelta(minutes=7.5))


def test_the_desk_is_asked_on_the_return_date_and_daily_until_it_answers(play: Scene) -> None:
    with play.house.store.write() as session:
        play.web.answers["/hook/lead"] = Answer(body=b"{}")
        session.add(
            Channel(
                organisation_id=play.walk.organisation_id,
                kind="webhook",
                name="lead",
                address=play.web.url("/hook/lead"),
                secret="whsec_" + "d2F0Y2hmaXJlLXRlc3Qtc2VjcmV0LTAxMjM0NTY3ODk=",
                language="en",
                owner="central-lead",
                created_at=play.at,
            )
        )
    enter(play, days=2)
    posture_due(play.walk)
    play.pass_time(days=1.9)
    assert posture_due(play.walk) == 0
    play.pass_time(days=0.2)
    assert posture_due(play.walk) == 1
    assert posture_due(play.walk) == 0
    play.pass_time(days=1.01)
    assert posture_due(play.walk) == 1
    play.runner.run(deliver_due(play.walk))
    got = play.received("lead")
    assert [one["type"] for one in got] == ["posture.due", "posture.due"]
    assert got[0]["alert"] is None
    assert got[0]["posture"] == {"place": "NE", "url": f"{play.house.public_url}/postures/NE"}
    assert "Niger" in got[0]["text"]["summary"]
    assert got[0]["to"]["owner"] == "central-lead"
    (found,) = crises(play.house, operator(play.house.store))
    assert found.asks
    prolong_posture(play.house, operator(play.house.store), "NE", play.at + 3 * DAY, "still shooting")
    assert not crises(play.house, operator(play.house.store))[0].asks
    play.pass_time(days=2.9)
    assert posture_due(play.walk) == 0
    play.pass_time(days=0.2)
    assert posture_due(play.walk) == 1
    assert deeds(play) == ["posture.enter", "posture.ask", "posture.ask", "posture.prolong", "posture.ask"]
    assert not rows(play)[0].ended_at, "it never lapses by itself unless the guideline says so"


def test_a_lead_without_a_channel_makes_a_dead_letter_that_the_desk_sees(play: Scene) -> None:
    enter(play, days=1)
    play.pass_time(days=1.1)
    posture_due(play.walk)
    with play.house.store.read() as session:
        (notice,) = session.exec(select(Notice)).all()
    assert (notice.state, notice.action, notice.alert_id, notice.owner) == ("dead", "posture_due", None, "central-lead")


def test_it_lapses_if_the_guideline_says_so_and_never_while_a_level_1_alert_is_open(play: Scene) -> None:
    guideline = without_reports()
    with_guideline(play, replace(guideline, crisis=replace(guideline.crisis, lapses=True)))
    play.feed("wire", [COUP])
    play.feed("agency", [replace(COUP, guid="other")], reliability="A")
    play.go()
    desk = operator(play.house.store)
    play.pass_time(days=7.1)
    assert posture_due(play.walk) == 1
    assert deeds(play)[-1] == "posture.ask"
    with pytest.raises(Conflict, match="level-1"):
        leave_posture(play.house, desk, "NE", "it is over")
    (alert,) = alerts(play)
    act_on(play.house, desk, alert.id or 0, "resolve", "it is over")
    assert posture_due(play.walk) >= 1
    assert deeds(play)[-1] == "posture.lapse"
    assert rows(play)[0].ended_by == "rules"
    with pytest.raises(NotFound):
        crisis_of(play.house, desk, "NE")


def test_leaving_carries_a_note_and_is_kept(play: Scene) -> None:
    desk = operator(play.house.store)
    enter(play)
    with pytest.raises(Conflict, match="already"):
        enter(play)
    enter(play, "africa-west")
    with pytest.raises(Invalid, match="reason"):
        leave_posture(play.house, desk, "NE", " ")
    leave_posture(play.house, desk, "NE", "calm since Monday")
    (past,) = past_postures(play.house, desk)
    assert (past.place, past.note, past.ended_by) == ("NE", "calm since Monday", "operator")
    assert [one.row.place for one in crises(play.house, desk)] == ["africa-west"]
    again = enter(play)
    assert again.id != past.id, "a new crisis is a row of its own"


@pytest.mark.parametrize(
    ("place", "reason", "days", "words"),
    [
        ("ZZ", "why not", 1, "no country"),
        ("NE", "", 1, "no reason"),
        ("NE", "because", 0, "past"),
        ("NE", "because", 99, "far"),
    ],
)
def test_what_cannot_be_entered_says_why(play: Scene, place: str, reason: str, days: int, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        enter_posture(play.house, operator(play.house.store), place, reason, play.at + days * DAY)


def test_only_managers_change_and_only_the_desk_sees(play: Scene) -> None:
    desk = operator(play.house.store)
    for role in (Role.VIEWER, Role.ANALYST, Role.OWNER):
        with pytest.raises(Refused):
            enter_posture(play.house, replace(desk, role=role), "NE", "because", play.at + DAY)
        assert crises(play.house, replace(desk, role=role)) == []
    with pytest.raises(Refused):
        crises(play.house, replace(desk, home=False))
    enter_posture(play.house, replace(desk, role=Role.MANAGER), "NE", "because", play.at + DAY)


@pytest.mark.parametrize("order", [(COUP, STRIKE), (STRIKE, COUP)])
def test_the_order_within_a_batch_changes_nothing(play: Scene, order: tuple[Story, Story]) -> None:
    """A coup and a strike in one batch, either first: the same levels, deadlines and one crisis, of the coup."""
    play.feed("wire", list(order), reliability="A")
    play.go()
    ends = {
        one.title.split()[0]: (one.level, one.clause, one.acknowledge_by - one.opened_at)
        for one in alerts(play)
        if one.acknowledge_by is not None
    }
    assert ends == {
        "Soldiers": (1, "POL-1", timedelta(minutes=15)),
        "Teachers": (3, "POL-0", timedelta(hours=2)),
    }
    (row,) = rows(play)
    assert row.alert_id == next(one.id for one in alerts(play) if one.level == Level.RED)


def test_replay_with_the_stored_postures_equals_life(play: Scene) -> None:
    play.feed("wire", [STRIKE])
    play.go()
    (alert,) = alerts(play)
    opened = alert.opened_at
    play.pass_time(hours=2)
    row = enter(play)
    posture_due(play.walk)
    (alert,) = alerts(play)
    with play.house.store.read() as session:
        told = told_of(session, alert.event_id)
        guideline = play.walk.guideline_now(session)
    heard = [Heard(opened, one.entry.key, one.report) for one in told]
    postures = postures_since(play.house.store, opened)
    lived = list(replay(heard, guideline, play.walk.owners, play.at + HOUR, postures=postures))
    assert [one.at for one in lived] == [opened, row.since]
    last = lived[-1].decision
    assert (alert.level, alert.clause, alert.score) == (last.level, last.clause, round(last.score, 1))
    assert alert.acknowledge_by == min(duty.acknowledge_by for duty in last.duties)
    made = explain_alert(play.house, operator(play.house.store), alert.id or 0).values()
    assert (made["posture"], made["level"], made["clause"]) == (CRISIS, alert.level, alert.clause)
    assert [reason["code"] for reason in alert.reasons] == [
        reason.code for reason in (last.reasons if last.action.value != "none" else lived[0].decision.reasons)
    ]


def test_nothing_waits_when_the_model_walks_apart(play: Scene) -> None:
    """Two workers: what one decides under a crisis that the other entered is decided under it."""
    enter(play)
    play.feed("wire", [STRIKE])
    play.runner.run(_collected(play))
    while assess_due(play.walk) + decide_due(play.walk):
        pass
    (alert,) = alerts(play)
    assert any(reason["code"] == "grade.posture" for reason in alert.reasons)


async def _collected(play: Scene) -> None:
    await collect_due(play.walk, all_active=True)
