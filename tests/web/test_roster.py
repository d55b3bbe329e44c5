"""The roster page: who is on duty, gaps marked, swaps, and a faulty file that never replaces a good one."""

import re

import pytest
from sqlalchemy import event

from service.desk.rosters import import_roster, roster_in_force
from service.store.scope import Role
from tests.locale.chinese import english, scalars
from tests.web.conftest import Desk, OpenDesk
from tests.web.desk import operator
from tests.web.faults import faults_of
from tests.web.seed import alert_called
from tests.web.staff import ROSTER, staff
from tests.web.test_pages import RAW_KEY, text_of


@pytest.fixture
def staffed(desk: Desk) -> Desk:
    staff(desk.house, desk.house.clock())
    return desk


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_speaks_its_language(staffed: Desk, language: str) -> None:
    answer = staffed.get("/roster", accept_language=language)
    assert answer.status_code == 200
    assert not RAW_KEY.search(answer.text.split("<body", 1)[-1])
    assert ">roster." not in answer.text
    told = text_of(answer.text)
    for words in ("李伟 Li Wei", "Amina Moussa", "Africa/Niamey", "空档" if language == "zh" else "Gap"):
        assert words in told
    assert answer.text.count('<li class="duty-day') == 28
    assert "shift-gap" in answer.text, "Sunday nights"


def test_an_empty_desk_says_how_to_begin(desk: Desk) -> None:
    assert "There is no roster yet" in desk.get("/roster", accept_language="en").text
    assert "Spring Festival" in desk.get("/roster?example").text


def test_swaps_are_entered_and_taken_back(staffed: Desk) -> None:
    swap = {"owner": "central-lead", "person": "zhao.min", "start": "2030-01-07T09:00", "end": "2030-01-08T09:00"}
    assert staffed.post("/roster/swaps", swap).headers["location"] == "/roster?done=swap_added#swaps"
    told = staffed.get("/roster?start=2030-01-07", accept_language="en").text
    assert "09:00–09:00" not in told
    assert "Mon 7 Jan" in told
    numbers = re.findall(r"/roster/swaps/(\d+)/cancel", told)
    assert len(numbers) == 2
    assert staffed.post(f"/roster/swaps/{numbers[-1]}/cancel").status_code == 303
    wrong = staffed.post("/roster/swaps", {**swap, "end": "2029-01-01T09:00"}, accept_language="en")
    assert wrong.status_code == 422
    assert 'value="2030-01-07T09:00"' in wrong.text, "what was typed is kept"


def test_a_faulty_file_is_told_line_by_line_and_kept_in_the_form(staffed: Desk) -> None:
    before = roster_in_force(staffed.house, operator(staffed.store))
    faulty = ROSTER.replace("[amina, ousmane]", "[amna, ousmane]")
    for more in ({}, {"check": "1"}):
        answer = staffed.post("/roster/file", {"text": faulty, **more}, accept_language="en")
        assert answer.status_code == 422
        assert "Did you mean amina" in answer.text
        assert "[amna, ousmane]" in answer.text
    checked = staffed.post("/roster/file", {"text": ROSTER + "# more\n", "check": "1"}, accept_language="en")
    assert "Checked: it can be put in force" in checked.text
    assert roster_in_force(staffed.house, operator(staffed.store)) == before
    assert staffed.post("/roster/file", {"text": ROSTER + "# more\n"}).status_code == 303
    assert roster_in_force(staffed.house, operator(staffed.store)) != before


def test_faults_are_told_in_the_language_of_the_page(staffed: Desk) -> None:
    faulty = ROSTER.replace("[amina, ousmane]", "[amna, ousmane]").replace("zone: Africa/Niamey", "zone: Africa")
    told = faults_of(staffed.post("/roster/file", {"text": faulty}, accept_language="zh").text, "faults")
    assert len(told) >= 2
    assert [one for one in told if english(one.partition("行")[2], scalars(faulty))] == []
    assert "“amna”不是可用的人员。是否指“amina”？" in " ".join(told)
    strange = ROSTER.replace("owner: central-lead", "owner: nobody-lead")
    told = faults_of(staffed.post("/roster/file", {"text": strange}, accept_language="zh").text, "faults")
    assert any(re.match(r"第 \d+ 行 没有名为 nobody-lead 的责任方", one) for one in told), told


def test_an_alert_shows_who_was_told_and_what_comes_next(staffed: Desk) -> None:
    taken = alert_called(staffed.store, "gunmen")
    told = text_of(staffed.get(f"/alerts/{taken.id}", accept_language="en").text)
    assert "Who has been told, who has answered" in told
    assert "Asked: the deputy" in told
    assert "Next, if nobody answers: the lead 陈静 Chen Jing" in told
    staffed.post(f"/alerts/{taken.id}/acknowledge")
    told = text_of(staffed.get(f"/alerts/{taken.id}", accept_language="zh").text)
    assert "若仍未处置，确认将失效并重新催办" in told


def test_viewers_read_and_change_nothing(open_desk: OpenDesk) -> None:
    viewing = open_desk(role=Role.VIEWER)
    staff(viewing.house, viewing.house.clock())
    assert 'action="/roster/file' not in viewing.get("/roster").text
    assert viewing.post("/roster/file", {"text": ROSTER + "#\n"}).status_code == 403
    swap = {"owner": "central-lead", "person": "zhao.min", "start": "2030-01-07T09:00", "end": "2030-01-08T09:00"}
    assert viewing.post("/roster/swaps", swap).status_code == 403


def test_the_list_asks_for_the_roster_once_and_offers_the_steps_of_whom_one_stands_for(open_desk: OpenDesk) -> None:
    owning = open_desk(role=Role.OWNER)
    assert 'data-may=""' in owning.get("/").text
    import_roster(owning.house, operator(owning.store), ROSTER.replace("zhao.min", "wang"))
    asked: list[str] = []
    event.listen(owning.store.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert 'data-may="acknowledge' in owning.get("/").text
    assert sum("FROM roster_file" in query for query in asked) == 1
