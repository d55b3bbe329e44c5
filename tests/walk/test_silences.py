"""A silence from its beginning to its end: what it holds, what passes it, and what is left of it in the books."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from service.auth.access import operator_scope
from service.desk.alerts import act_on
from service.desk.explain import explain_alert, quiet_lines
from service.desk.silences import SilenceGiven, add_silence, end_silence, try_silence
from service.errors import Conflict, Invalid
from service.store.engine import Store
from service.store.escalations import due_alerts
from service.store.quiet import get_silence, held_by, held_counts, holding, list_silences
from service.store.scope import Scope
from service.store.tables import Alert, Duty, HushRow, LogLine, SilenceRow
from tests.walk.scene import COUP, Scene, Story, model, scene

CUSTOMS = Story(
    "customs",
    "Niger raises customs duties on imported vehicles",
    "Niger said it will raise customs duties on imported vehicles from next month.",
)
EXPELLED = Story(
    "expelled",
    "Niger expels the ambassador of Norway",
    "Niger's foreign ministry expelled the ambassador of Norway over remarks, state television said.",
)
RECALLED = Story("recalled", "Niger recalls its ambassador from Norway for consultations", "")
HOURS = timedelta(hours=8)


@pytest.fixture
def play(store: Store, tmp_path: Path) -> Iterator[Scene]:
    with scene(store, tmp_path, model()) as found:
        yield found


def eyes(play: Scene) -> Scope:
    with play.house.store.read() as session:
        return operator_scope(session)


def alerts(play: Scene) -> list[Alert]:
    with play.house.store.read() as session:
        return list(session.exec(select(Alert).order_by(Alert.id)).all())  # type: ignore[arg-type]


def hushes(play: Scene) -> list[HushRow]:
    with play.house.store.read() as session:
        return list(session.exec(select(HushRow).order_by(HushRow.id)).all())  # type: ignore[arg-type]


def lines(play: Scene, subject: str) -> list[LogLine]:
    with play.house.store.read() as session:
        return list(session.exec(select(LogLine).where(LogLine.subject == subject).order_by(LogLine.id)).all())  # type: ignore[arg-type]


def niger(play: Scene, **values: object) -> SilenceRow:
    usual = {"ends_at": play.at + HOURS, "reason": "site works", "countries": ("NE",)}
    return add_silence(play.house, eyes(play), SilenceGiven(**{**usual, **values}))  # type: ignore[arg-type]


def test_a_small_change_is_held_and_a_coup_passes_with_a_trace(play: Scene) -> None:
    silence = niger(play)
    play.feed("wire", [CUSTOMS])
    play.feed("radio", [COUP])
    play.go()
    found = {alert.level: alert for alert in alerts(play)}
    coup, small = found[min(found)], found[max(found)]
    assert coup.level <= 2 < small.level
    assert (small.state, small.told_at) == ("open", None)
    assert coup.told_at is not None
    marks = {row.alert_id: row for row in hushes(play)}
    assert (marks[small.id].passed, marks[coup.id].passed) == (False, True)  # type: ignore[index]
    assert {(row.kind, row.cause, row.silence_id) for row in marks.values()} == {
        ("silence", f"silence:{silence.id}", silence.id)
    }
    assert sorted(line.action for line in lines(play, "quiet")) == ["quiet.held", "quiet.passed"]
    with play.house.store.read() as session:
        assert [(row.passed, alert.id) for row, alert in held_by(session, silence)]
        assert held_counts(session, eyes(play)) == {silence.id: (1, 1)}
        numbers = [coup.id or 0, small.id or 0]
        assert set(holding(session, numbers, play.at)) == {small.id}
        assert holding(session, numbers, play.at + HOURS) == {}


def test_the_explanation_says_why_it_was_quiet(play: Scene) -> None:
    silence = niger(play)
    play.feed("wire", [CUSTOMS])
    play.go()
    (small,) = alerts(play)
    found = explain_alert(play.house, eyes(play), small.id or 0)
    (line,) = quiet_lines(found, play.house.catalogue, "en")
    assert f"opened: Quiet until {play.house.catalogue.moment(silence.ends_at, 'en')}: silence {silence.id}" in line
    assert line.endswith("site works")
    assert [row["holds_now"] for row in found.values()["quiet"]] == [True]
    end_silence(play.house, eyes(play), silence.id or 0)
    over = explain_alert(play.house, eyes(play), small.id or 0)
    assert quiet_lines(over, play.house.catalogue, "zh")[0].endswith("（已结束）")


def test_nobody_is_pressed_for_what_was_not_told(play: Scene) -> None:
    silence = niger(play)
    play.feed("wire", [CUSTOMS])
    play.go()
    (small,) = alerts(play)
    assert small.acknowledge_by is not None
    assert small.acknowledge_by > silence.ends_at
    waits = small.acknowledge_by - silence.ends_at
    play.pass_time(hours=2)
    end_silence(play.house, eyes(play), silence.id or 0)
    (small,) = alerts(play)
    assert small.acknowledge_by == play.at + waits
    with play.house.store.read() as session:
        assert {duty.acknowledge_by for duty in session.exec(select(Duty)).all()} == {small.acknowledge_by}
        assert holding(session, [small.id or 0], play.at) == {}


def test_an_inhibited_alert_is_not_pressed_for_while_its_cause_is_open(play: Scene) -> None:
    play.feed("radio", [COUP])
    play.go()
    play.feed("wire", [RECALLED])
    play.go()
    coup, small = alerts(play)
    assert (coup.level, small.level) == (1, 4)
    (held,) = hushes(play)
    assert (held.kind, held.cause_alert_id, held.until) == ("inhibited", coup.id, None)
    late = play.at + timedelta(days=3)

    def pressed() -> set[int | None]:
        with play.house.store.read() as session:
            return {alert.id for alert, _ in due_alerts(session, small.organisation_id, late, 9)}

    assert pressed() == {coup.id}
    with play.house.store.write() as session:
        session.get_one(Alert, coup.id).level = 4
    assert pressed() == {coup.id, small.id}
    with play.house.store.write() as session:
        session.get_one(Alert, coup.id).level = 1
    assert pressed() == {coup.id}
    act_on(play.house, eyes(play), coup.id or 0, "resolve", reason="over")
    assert pressed() == {small.id}


def test_ending_planning_and_the_books(play: Scene) -> None:
    planned = niger(play, kind="window", starts_at=play.at + timedelta(hours=1), reason="power is shut off")
    now = niger(play)
    play.feed("wire", [CUSTOMS])
    play.go()
    assert {row.silence_id for row in hushes(play)} == {now.id}
    ended = end_silence(play.house, eyes(play), planned.id or 0)
    assert (ended.ended_by, ended.over_at) == (eyes(play).actor, play.at)
    with pytest.raises(Conflict):
        end_silence(play.house, eyes(play), planned.id or 0)
    assert [line.action for line in lines(play, "silence")] == ["silence.add", "silence.add", "silence.end"]
    with play.house.store.read() as session:
        assert {row.id for row in list_silences(session, eyes(play))} == {planned.id, now.id}
        assert get_silence(session, eyes(play), planned.id or 0).reason == "power is shut off"


def test_it_says_before_what_it_would_hold(play: Scene) -> None:
    play.feed("wire", [CUSTOMS])
    play.feed("radio", [COUP])
    play.go()
    given = SilenceGiven(play.at + HOURS, "noise", countries=("NE",))
    trial = try_silence(play.house, eyes(play), given)
    assert (trial.held, trial.passed, trial.told) == (1, 1, 2)
    assert len(trial.examples) == 1
    of_wire = SilenceGiven(play.at + HOURS, "noise", sources=("wire",))
    assert try_silence(play.house, eyes(play), of_wire).held == 1
    assert try_silence(play.house, eyes(play), SilenceGiven(play.at + HOURS, "noise", countries=("KE",))).held == 0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"reason": " "}, "needs a reason"),
        ({"countries": ()}, "silence everything"),
        ({"countries": ("XX",)}, "no country XX"),
        ({"levels": (2,)}, "always told"),
        ({"ends_at": timedelta(days=31)}, "30 days"),
        ({"ends_at": timedelta(0)}, "ends after it begins"),
        ({"kind": "mute"}, "no kind"),
        ({"weekly_minutes": 60}, "Only a window"),
        ({"sources": ("gone",)}, "no source gone"),
        ({"event_id": 99}, "no event 99"),
        ({"kind": "window", "weekly_minutes": 60, "ends_at": timedelta(days=200)}, "half a year"),
    ],
)
def test_what_is_no_silence(play: Scene, values: dict[str, object], words: str) -> None:
    end = values.get("ends_at")
    given = values | ({"ends_at": play.at + end} if isinstance(end, timedelta) else {})
    with pytest.raises(Invalid, match=words):
        niger(play, **given)
