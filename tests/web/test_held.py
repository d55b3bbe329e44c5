"""What is held back is seen: why, by what, until when, in which digest it came, and how full a day is."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from service.store.tables import LogLine, Notice
from tests.web.conftest import Desk
from tests.web.waiting import hold_some


@pytest.fixture
def digest(desk: Desk) -> str:
    """The desk with some notices held; the number of its digest."""
    return hold_some(desk.store, 1, datetime.now(UTC))


def held(desk: Desk) -> list[Notice]:
    with desk.store.read() as session:
        return list(session.exec(select(Notice).where(Notice.state == "held").order_by(Notice.id)).all())


def test_the_list_says_why_and_until_when(desk: Desk, digest: str) -> None:
    page = desk.get("/deliveries?state=held", accept_language="en").text
    assert "Held back by silence 3" in page
    assert "Held back by the day&#39;s budget of 20 interruptions" in page
    assert "told at the latest" in page
    assert f"/deliveries/{held(desk)[0].id}/send" in page
    shown = desk.get("/deliveries?state=held", accept_language="zh").text
    assert "暂缓：静默 3" in shown
    assert "当日打扰限额 20 条" in shown
    assert "held." not in shown


def test_a_digest_leads_to_all_that_it_told(desk: Desk, digest: str) -> None:
    page = desk.get(f"/deliveries?within={digest}", accept_language="en").text
    assert "What this digest told" in page
    assert page.count("Was held back by storm mode (42 alerts in a few minutes)") >= 1
    for language, words in (("en", "Digest: "), ("zh", "摘要：暂缓通知")):
        every = desk.get("/deliveries", accept_language=language).text
        assert words in every
        assert f"/deliveries?within={digest}" in every


def test_the_day_is_shown_in_numbers(desk: Desk, digest: str) -> None:
    page = desk.get("/deliveries", accept_language="en").text
    assert "Interruptions today" in page
    assert "of 20" in page
    assert "of 60" in page


def test_one_is_sent_now_and_that_is_kept(desk: Desk, digest: str) -> None:
    one = held(desk)[0]
    sent = desk.post(f"/deliveries/{one.id}/send")
    assert (sent.status_code, sent.headers["location"]) == (303, "/deliveries?state=held&done=delivery_sent_now")
    with desk.store.read() as session:
        assert session.get_one(Notice, one.id).state == "pending"
        assert session.exec(select(LogLine).where(LogLine.action == "notice.send_now")).one().subject_id == one.id
    assert desk.post(f"/deliveries/{one.id}/send").status_code == 409
    assert "It goes out now." in desk.get("/deliveries?state=held&done=delivery_sent_now", accept_language="en").text


def test_the_alert_says_who_was_not_told_and_why(desk: Desk, digest: str) -> None:
    alert = next(notice.alert_id for notice in held(desk) if notice.held_for == "silence")
    page = desk.get(f"/alerts/{alert}", accept_language="en").text
    assert "Held back by silence 3" in page
    assert "in this digest" in page
