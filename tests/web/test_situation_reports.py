"""The situation report in the room: its ring, one act without scripts, what was typed kept, and who may."""

from datetime import UTC, datetime

import pytest

from service.store.scope import Role
from tests.web.conftest import Desk, OpenDesk
from tests.web.crises import bring_crises
from tests.web.test_pages import RAW_KEY, text_of


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_room_shows_what_is_due_and_takes_it(desk: Desk, language: str) -> None:
    bring_crises(desk.store, datetime.now(UTC))
    west = desk.get("/postures/africa-west/room", accept_language=language).text
    words = {"zh": ("起逾期", "撰写报告", "提醒牵头人"), "en": ("Overdue since", "Write the report", "is reminded")}
    for word in words[language]:
        assert word in text_of(west)
    assert not RAW_KEY.search(west.split("<body", 1)[-1])
    assert ">report_room." not in west
    sent = desk.post("/postures/africa-west/report", {"text": "Polls closed.\nNo incident near our sites."})
    assert (sent.status_code, sent.headers["location"]) == (
        303,
        "/postures/africa-west/room?done=report_sent#report",
    )
    after = text_of(desk.get("/postures/africa-west/room", accept_language=language).text)
    assert "No incident near our sites." in after
    assert words[language][0] not in after


def test_what_was_typed_is_kept(desk: Desk) -> None:
    bring_crises(desk.store, datetime.now(UTC))
    wrong = desk.post("/postures/NE/report", {"text": "ab"}, accept_language="en")
    assert wrong.status_code == 422
    assert ">ab</textarea>" in wrong.text
    assert 'role="alert"' in wrong.text
    assert desk.post("/postures/PE/report", {"text": "all quiet"}).status_code == 404


def test_viewers_read_reports_and_send_none(open_desk: OpenDesk) -> None:
    desk = open_desk(role=Role.VIEWER)
    bring_crises(desk.store, datetime.now(UTC))
    assert "/report#report" not in desk.get("/postures/NE/room").text
    assert desk.post("/postures/NE/report", {"text": "all quiet"}).status_code == 403


def test_markup_in_a_report_stays_text(desk: Desk) -> None:
    bring_crises(desk.store, datetime.now(UTC))
    desk.post("/postures/NE/report", {"text": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in desk.get("/postures/NE/room").text
