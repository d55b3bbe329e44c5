"""The rhythm of reports in a crisis, on both databases: due, asked for up the line, sent in one act, counted anew."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from rules.guideline import default_guideline
from rules.level import Level
from service.crisis import posture_due
from service.desk.postures import crisis_of, leave_posture
from service.desk.situation_reports import send_situation_report, situation_reports
from service.errors import Invalid, NotFound, Refused
from service.notify.card import card_of
from service.notify.message import from_payload
from service.store.engine import Store
from service.store.scope import Role
from service.store.tables import Notice
from tests.walk.scene import Scene, model, scene
from tests.walk.test_posture import deeds, enter, rows, with_guideline
from tests.web.desk import operator

EVERY = timedelta(hours=6)


@pytest.fixture
def play(store: Store, tmp_path: Path) -> Iterator[Scene]:
    with scene(store, tmp_path, model()) as playing:
        yield playing


def asked(play: Scene) -> list[str | None]:
    with play.house.store.read() as session:
        query = select(Notice).where(Notice.action == "report_due").order_by(Notice.created_at)  # type: ignore[arg-type]
        return [one.owner for one in session.exec(query).all()]


def test_a_report_that_is_due_goes_up_the_line_and_stays_late(play: Scene) -> None:
    enter(play)
    posture_due(play.walk)
    wait = play.walk.plans.remind[Level.RED]
    play.pass_time(hours=5.9)
    assert posture_due(play.walk) == 0
    play.pass_time(hours=0.2)
    assert posture_due(play.walk) == 1
    assert posture_due(play.walk) == 0, "reminded once"
    assert asked(play) == ["africa-lead"]
    play.at += wait
    assert posture_due(play.walk) == 1
    assert asked(play) == ["africa-lead", "central-lead"]
    play.at += wait
    posture_due(play.walk)
    play.at += 10 * wait
    assert posture_due(play.walk) == 0, "the line has ended"
    assert asked(play) == ["africa-lead", "central-lead"]
    assert deeds(play) == ["posture.enter", "posture.report_due", "posture.report_due", "posture.report_missing"]
    found = crisis_of(play.house, operator(play.house.store), "NE")
    assert found.report_due == rows(play)[0].since + EVERY, "it stands late until it is sent"


def test_a_report_sent_starts_the_next_span(play: Scene) -> None:
    desk = operator(play.house.store)
    enter(play)
    play.pass_time(hours=6.1)
    posture_due(play.walk)
    sent = send_situation_report(play.house, desk, "NE", "Quiet night.\n\n  All 212 are accounted for.\x00  ")
    assert sent.text == "Quiet night.\nAll 212 are accounted for."
    assert sent.due_at == rows(play)[0].since + EVERY
    play.at += play.walk.plans.remind[Level.RED]
    assert posture_due(play.walk) == 0
    found = crisis_of(play.house, desk, "NE")
    assert found.report_due == sent.at + EVERY
    assert [one.text for one in found.reports] == [sent.text]
    play.at = sent.at + EVERY
    assert posture_due(play.walk) == 1
    assert asked(play) == ["africa-lead", "africa-lead"]
    send_situation_report(play.house, desk, "NE", "Curfew lifted.")
    assert [one.text for one in situation_reports(play.house, desk, "NE")] == ["Curfew lifted.", sent.text]
    leave_posture(play.house, desk, "NE", "calm again")
    play.pass_time(days=1)
    posture_due(play.walk)
    assert len(asked(play)) == 2, "no crisis, no reports"


def test_a_region_asks_its_central_lead(play: Scene) -> None:
    enter(play, "africa-west")
    play.pass_time(hours=6.1)
    posture_due(play.walk)
    assert asked(play)[:1] == ["central-lead"]


def test_a_guideline_without_a_rhythm_asks_for_none(play: Scene) -> None:
    guideline = default_guideline()
    with_guideline(play, replace(guideline, crisis=replace(guideline.crisis, report_every=None)))
    enter(play)
    posture_due(play.walk)
    play.pass_time(days=2)
    assert posture_due(play.walk) == 0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_notice_says_what_is_due_where(play: Scene, lang: str) -> None:
    enter(play)
    play.pass_time(hours=6.1)
    posture_due(play.walk)
    with play.house.store.read() as session:
        notice = session.exec(select(Notice).where(Notice.action == "report_due")).one()
    card = card_of(from_payload(notice.payload), play.house.catalogue, lang)
    assert play.house.catalogue.country("NE", lang) in card.title
    assert card.reasons
    assert card.link is None or card.link.endswith("/postures/NE/room#report")
    assert notice.payload["url"].endswith("/postures/NE/room#report")


def test_who_may_report_and_what_is_a_report(play: Scene) -> None:
    desk = operator(play.house.store)
    with pytest.raises(NotFound):
        send_situation_report(play.house, desk, "NE", "all quiet")
    enter(play)
    for role in (Role.ANALYST, Role.OWNER, Role.MANAGER):
        send_situation_report(play.house, replace(desk, role=role), "NE", "all quiet")
    with pytest.raises(Refused):
        send_situation_report(play.house, replace(desk, role=Role.VIEWER), "NE", "all quiet")
    with pytest.raises(Refused):
        send_situation_report(play.house, replace(desk, home=False), "NE", "all quiet")
    with pytest.raises(Invalid, match="text"):
        send_situation_report(play.house, desk, "NE", " \n ")
    with pytest.raises(Invalid, match="long"):
        send_situation_report(play.house, desk, "NE", "x" * 5000)
