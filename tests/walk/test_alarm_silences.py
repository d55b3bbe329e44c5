"""Silenced alarms about own sources, on both databases: held with their trace, told when it ends, grave ones told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from rules.level import Level
from service.desk.silences import SilenceGiven, add_silence, end_silence, try_silence
from service.errors import Invalid, Refused
from service.record.digest import release_due
from service.store.engine import Store
from service.store.log import log_alert
from service.store.tables import Alert, Duty, HushRow, Notice, SilenceRow
from tests.walk.scene import COUP, Scene, model, scene
from tests.walk.test_alarms import breaks, lead, look, mends, watch
from tests.web.desk import operator


@pytest.fixture
def play(store: Store, tmp_path: Path) -> Iterator[Scene]:
    with scene(store, tmp_path, model()) as playing:
        lead(playing)
        calm(playing)
        yield playing


def calm(play: Scene) -> None:
    """In this house no alarm is so grave that it is always told."""
    with play.house.store.read() as session:
        guideline = play.walk.guideline_now(session)
    sources = tuple(replace(one, level=max(one.level, Level.YELLOW)) for one in guideline.sources)
    timed = replace(guideline, sources=sources)
    play.walk = replace(play.walk, guideline=lambda _session, _now: timed)


def silence(play: Scene, **more: Any) -> SilenceRow:
    given = SilenceGiven(play.at + timedelta(hours=20), "the provider moves", **{"alarms": ("failing",), **more})
    return add_silence(play.house, operator(play.house.store), given)


def alarms(play: Scene) -> list[Alert]:
    with play.house.store.read() as session:
        query = select(Alert).where(Alert.source_id.is_not(None))  # type: ignore[union-attr]
        return list(session.exec(query.order_by(Alert.id)).all())  # type: ignore[arg-type]


def notices(play: Scene) -> list[tuple[str, str]]:
    with play.house.store.read() as session:
        return [(one.action, one.state) for one in session.exec(select(Notice).order_by(Notice.created_at)).all()]  # type: ignore[arg-type]


def broken(play: Scene, key: str = "gauge") -> None:
    watch(play, key)
    look(play, 2)
    breaks(play, key)
    look(play, 8)


def test_a_silenced_alarm_opens_and_interrupts_nobody_until_the_end(play: Scene) -> None:
    row = silence(play)
    broken(play)
    (alarm,) = alarms(play)
    assert alarm.state == "open"
    assert [state for _, state in notices(play)] == ["held"]
    with play.house.store.read() as session:
        (hush,) = session.exec(select(HushRow)).all()
        duty = session.exec(select(Duty).where(Duty.alert_id == alarm.id)).first()
    assert (hush.kind, hush.silence_id, hush.passed) == ("silence", row.id, False)
    assert duty is not None
    assert duty.acknowledge_by > row.ends_at, "nobody is late with what they were not told"
    play.at = row.ends_at + timedelta(minutes=1)
    release_due(play.house.store, "", play.at)
    assert ("digest", "pending") in notices(play)


def test_an_alarm_that_ends_within_the_silence_is_told_together(play: Scene) -> None:
    silence(play)
    broken(play)
    mends(play)
    look(play, 4)
    assert alarms(play)[0].state == "resolved"
    assert {state for _, state in notices(play)} <= {"held", "superseded"}


@pytest.mark.parametrize(
    "more", [{"alarms": ("quiet",)}, {"sources": ("other",)}, {"alarms": (), "countries": ("NE",)}, {"levels": (4,)}]
)
def test_what_lies_outside_of_the_fence_is_told(play: Scene, more: dict[str, Any]) -> None:
    watch(play, "other")
    silence(play, **more)
    broken(play)
    assert notices(play)[0][1] in ("pending", "sent")


def test_a_silence_of_alarms_says_nothing_of_the_world(play: Scene) -> None:
    silence(play, alarms=("failing", "quiet", "implausible", "unseen"))
    play.feed("wire", [COUP])
    play.go()
    with play.house.store.read() as session:
        assert session.exec(select(HushRow)).all() == []


def test_a_silence_that_ends_early_tells_at_once(play: Scene) -> None:
    row = silence(play)
    broken(play)
    end_silence(play.house, operator(play.house.store), row.id or 0)
    release_due(play.house.store, "", play.at)
    assert any(state in ("pending", "sent") for _, state in notices(play))


def test_it_is_tried_on_what_was_told(play: Scene) -> None:
    broken(play)
    desk = operator(play.house.store)
    given = SilenceGiven(play.at + timedelta(hours=8), "moves", alarms=("failing",))
    trial = try_silence(play.house, desk, given)
    assert (trial.held, trial.told, [one.id for one in trial.examples]) == (1, 1, [alarms(play)[0].id])
    assert try_silence(play.house, desk, replace(given, sources=("gauge",))).held == 1
    assert try_silence(play.house, desk, replace(given, alarms=("quiet",))).held == 0


def test_what_told_nobody_is_not_counted_where_it_is_tried(play: Scene) -> None:
    broken(play)
    (alarm,) = alarms(play)
    with play.house.store.write() as session:
        log_alert(session, alarm, "alert.update", "rules", {"level": alarm.level}, play.at)
    given = SilenceGiven(play.at + timedelta(hours=8), "moves", alarms=("failing",))
    assert try_silence(play.house, operator(play.house.store), given).held == 1


def test_what_cannot_be_a_silence_of_alarms(play: Scene) -> None:
    with pytest.raises(Invalid, match="no country"):
        silence(play, countries=("NE",))
    with pytest.raises(Invalid, match="trouble"):
        silence(play, alarms=("bored",))
    with pytest.raises(Invalid, match="zone"):
        silence(play, zone="Africa/Atlantis")
    given = SilenceGiven(play.at + timedelta(hours=8), "moves", alarms=("failing",))
    with pytest.raises(Refused):
        add_silence(play.house, replace(operator(play.house.store), home=False), given)
