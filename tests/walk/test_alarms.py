"""Alarms about our own sources, end to end on both databases: a real server goes quiet, fails, and comes back."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, text
from sqlmodel import col, select

from ingest.feed import Feed, Outcome
from ingest.place.countries import CODES
from service.desk.sources import pause_source
from service.pipeline import Walk, alarm_due, collect_due, deliver_due
from service.record.act import act
from service.scheduler import understand
from service.store.engine import Store
from service.store.migrate import downgrade, upgrade
from service.store.sources import add_sources
from service.store.tables import (
    Alert,
    AlertShare,
    Channel,
    Duty,
    EntryRow,
    Event,
    LogLine,
    Notice,
    SourceRow,
    Subscription,
)
from tests.ingest.webserver import Answer
from tests.walk.scene import CALM, COUP, Scene, Story, model, rss, scene
from tests.web.desk import operator

SECRET = "whsec_" + "d2F0Y2hmaXJlLXRlc3Qtc2VjcmV0LTAxMjM0NTY3ODk="


@pytest.fixture
def play(store: Store, tmp_path: Path) -> Iterator[Scene]:
    with scene(store, tmp_path, model()) as playing:
        yield playing


def watch(play: Scene, key: str = "gauge", **about: Any) -> None:
    """Watch a source at /key; a quiet document stands there."""
    play.web.answers[f"/{key}"] = Answer(body=rss([CALM]), headers={"Content-Type": "application/rss+xml"})
    feed = Feed(key=key, name=f"The {key.title()}", address=play.web.url(f"/{key}"), **{"critical": True, **about})
    with play.house.store.write() as session:
        add_sources(session, [feed], play.at)


def lead(play: Scene) -> None:
    """Whoever leads gets a channel of the desk's own."""
    play.web.answers["/hook/lead"] = Answer(body=b"{}")
    with play.house.store.write() as session:
        session.add(
            Channel(
                organisation_id=play.walk.organisation_id,
                kind="webhook",
                name="lead",
                address=play.web.url("/hook/lead"),
                secret=SECRET,
                language="en",
                owner="central-lead",
                created_at=play.at,
            )
        )


def breaks(play: Scene, key: str = "gauge") -> None:
    play.web.answers[f"/{key}"] = Answer(404)


def mends(play: Scene, stories: list[Story] | None = None, key: str = "gauge") -> None:
    play.web.answers[f"/{key}"] = Answer(body=rss(stories or [CALM]), headers={"Content-Type": "application/rss+xml"})


def look(play: Scene, times: int = 1, **later: float) -> None:
    """So many looks, each some time after the last, each followed by the minute's tick."""
    for _ in range(times):
        play.pass_time(**(later or {"minutes": 15}))
        play.runner.run(_looked(play.walk))


async def _looked(walk: Walk) -> None:
    await collect_due(walk, all_active=True)
    understand(walk)
    alarm_due(walk)
    while await deliver_due(walk):
        pass


def alarms(play: Scene) -> list[Alert]:
    with play.house.store.read() as session:
        found = select(Alert).where(col(Alert.source_id).is_not(None)).order_by(col(Alert.id))
        return list(session.exec(found).all())


def source(play: Scene) -> SourceRow:
    with play.house.store.read() as session:
        return session.exec(select(SourceRow)).one()


def test_a_critical_source_that_fails_twice_raises_one_alarm_that_ends_by_itself(play: Scene) -> None:
    lead(play)
    watch(play)
    look(play)
    assert (source(play).state, alarms(play)) == ("ok", [])
    breaks(play)
    look(play)
    assert (source(play).state, alarms(play)) == ("degraded", []), "once is no alarm"
    look(play)
    (alarm,) = alarms(play)
    assert (source(play).state, alarm.state, alarm.level, alarm.clause) == ("failing", "open", 3, "SRC-2")
    assert alarm.title == "Source “The Gauge” fails"
    assert [reason["code"] for reason in alarm.reasons] == ["source.failing", "source.error", "source.answered_min"]
    look(play, 5)
    assert len(alarms(play)) == 1, "one live alarm a source"
    mends(play)
    look(play)
    assert alarms(play)[0].state == "open", "one good look is no recovery"
    look(play)
    (alarm,) = alarms(play)
    assert (alarm.state, alarm.close_reason) == ("resolved", "source.answers")
    with play.house.store.read() as session:
        lines = session.exec(select(LogLine.action).where(LogLine.subject_id == str(alarm.id))).all()
        assert lines == ["plan.start", "alert.open", "alert.resolve"]
        assert session.exec(select(Duty.owner, Duty.role)).all() == [("central-lead", "accountable")]
    told = [(card["type"], card["alert"]["kind"], card["alert"]["title"]) for card in play.received("lead")]
    title = "Source “The Gauge” fails"
    assert told == [("alert.open", "source", title), ("alert.resolve", "source", title)]


@pytest.mark.parametrize(
    "store", ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.long])], indirect=True
)
def test_a_critical_source_that_answers_and_says_nothing_more_raises_an_alarm(play: Scene) -> None:
    lead(play)
    watch(play)
    for number in range(200):
        mends(play, [Story(f"day{number}", f"Bulletin number {number}", "Nothing of note.")])
        look(play, minutes=30)
    assert (source(play).state, alarms(play)) == ("ok", [])
    look(play, 3, hours=1)
    (alarm,) = alarms(play)
    assert (source(play).state, alarm.clause, alarm.state) == ("quiet", "SRC-3", "open")
    assert {"source.quiet", "source.silent_h", "source.usual_min"} >= {r["code"] for r in alarm.reasons[:1]}
    mends(play, [Story("back", "Bulletin number 201", "Nothing of note.")])
    look(play)
    assert (alarms(play)[0].state, source(play).state) == ("resolved", "ok")


def test_what_is_not_critical_may_fall_silent_without_an_alarm(play: Scene) -> None:
    watch(play, critical=False)
    look(play)
    breaks(play)
    look(play, 4)
    assert (source(play).state, alarms(play)) == ("failing", [])


def test_nobody_outside_hears_of_it(play: Scene) -> None:
    play.subscriber("everything", [])
    watch(play)
    breaks(play)
    look(play, 3)
    (alarm,) = alarms(play)
    assert play.received("everything") == []
    with play.house.store.read() as session:
        assert session.exec(select(AlertShare)).all() == []
        notices = session.exec(select(Notice).where(Notice.alert_id == alarm.id)).all()
        assert {notice.owner for notice in notices} == {"central-lead"}
        assert session.exec(select(Subscription)).one().countries == []


def test_an_alarm_is_no_happening_and_nothing_joins_it(play: Scene) -> None:
    watch(play)
    breaks(play)
    look(play, 3)
    play.feed("herald", [replace(COUP, title=f"{COUP.title}, source The Gauge fails")])
    look(play)
    (alarm,) = alarms(play)
    with play.house.store.read() as session:
        others = session.exec(select(Alert).where(col(Alert.source_id).is_(None))).all()
        assert [alert.event_id == alarm.event_id for alert in others] == [False]
        assert session.exec(select(Event).where(Event.id == alarm.event_id)).one().source_id == alarm.source_id


def test_what_a_person_closed_stays_closed_until_the_source_was_well_between(play: Scene) -> None:
    watch(play)
    look(play)
    breaks(play)
    look(play, 2)
    with play.house.store.write() as session:
        alert = session.exec(select(Alert)).one()
        act(session, alert, "dismiss", actor="lin", reason="false_alarm", now=play.at, public_url="")
    look(play, 4)
    assert [alarm.state for alarm in alarms(play)] == ["dismissed"]
    mends(play)
    look(play, 2)
    breaks(play)
    look(play, 3)
    assert [alarm.state for alarm in alarms(play)] == ["dismissed", "open"]


def test_after_it_ended_by_itself_the_next_failure_rings_at_once(play: Scene) -> None:
    watch(play)
    look(play)
    for _ in range(2):
        breaks(play)
        look(play, 2)
        mends(play)
        look(play, 2)
    assert [alarm.close_reason for alarm in alarms(play)] == ["source.answers", "source.answers"]


def test_a_pause_ends_the_alarm(play: Scene) -> None:
    watch(play)
    breaks(play)
    look(play, 3)
    pause_source(play.house, operator(play.house.store), source(play).id or 0)
    alarm_due(play.walk)
    assert [(alarm.state, alarm.close_reason) for alarm in alarms(play)] == [("resolved", "source.paused")]


def test_when_nobody_looks_that_is_an_alarm_too(play: Scene) -> None:
    watch(play)
    look(play)
    play.pass_time(minutes=50)
    alarm_due(play.walk)
    assert alarms(play) == []
    play.pass_time(hours=2)
    alarm_due(play.walk)
    (alarm,) = alarms(play)
    assert (alarm.clause, alarm.title) == ("SRC-4", "Source “The Gauge” is not being looked at")
    look(play, 2)
    assert alarms(play)[0].state == "resolved"


def test_a_document_that_was_held_back_is_an_alarm_at_once(play: Scene) -> None:
    """The detector is another's: here its outcome stands in the row as a look leaves it."""
    watch(play, critical=False, kind="advisory")
    look(play)
    with play.house.store.write() as session:
        row = session.exec(select(SourceRow)).one()
        row.health = {**row.health, "last": "held", "bits": row.health["bits"] << 1}
        row.last_outcome, row.state = Outcome.HELD.value, "degraded"
        row.error = "The levels of 180 of 200 countries would fall at once; nothing was taken over."
        session.add(row)
    alarm_due(play.walk)
    (alarm,) = alarms(play)
    assert alarm.clause == "SRC-1"
    assert alarm.reasons[1]["value"].startswith("The levels of 180")
    look(play, 2)
    assert alarms(play)[0].state == "resolved"


def test_a_second_worker_rings_no_second_alarm(play: Scene) -> None:
    watch(play)
    breaks(play)
    look(play, 3)
    alarm_due(replace(play.walk, by="another"))
    assert len(alarms(play)) == 1
    assert timedelta(0) < source(play).next_check_at - play.at  # type: ignore[operator]


def test_a_step_back_of_the_schema_takes_the_alarms_with_it(play: Scene) -> None:
    """Without the column they would pass for warnings about the world."""
    lead(play)
    watch(play)
    breaks(play)
    look(play, 3)
    play.feed("herald", [COUP])
    look(play)
    downgrade(play.house.store, "0002")
    with play.house.store.engine.connect() as connection:
        (left,) = connection.execute(text("SELECT title FROM alert")).scalars().all()
        assert "Niamey" in left
        assert connection.execute(text("SELECT count(*) FROM event")).scalar() == 1
    upgrade(play.house.store)
    look(play)
    assert [alarm.title for alarm in alarms(play)] == ["Source “The Gauge” fails"]


def advice(levels: dict[str, int]) -> bytes:
    rows = {code: {"country-iso": code, "eng": {"name": code}, "advisory-state": one} for code, one in levels.items()}
    return json.dumps({"data": rows}).encode()


def test_a_broken_scraper_is_one_alarm_about_the_source_and_no_warning_about_218_countries(play: Scene) -> None:
    lead(play)
    calm = dict.fromkeys(sorted(CODES)[:218], 0)
    watch(play, "advice", kind="advisory", critical=False)
    play.web.answers["/advice"] = Answer(body=advice(calm))
    look(play)
    play.web.answers["/advice"] = Answer(body=advice(dict.fromkeys(calm, 3)))
    look(play)
    (alarm,) = alarms(play)
    assert (source(play).state, source(play).last_outcome, alarm.clause) == ("degraded", "held", "SRC-1")
    with play.house.store.read() as session:
        assert session.exec(select(func.count()).select_from(Alert)).one() == 1
        assert session.exec(select(func.count()).select_from(EntryRow)).one() == 218, "the first reading's, no others"
    play.web.answers["/advice"] = Answer(body=advice(calm))
    look(play, 2)
    assert (alarms(play)[0].state, source(play).error) == ("resolved", None)
