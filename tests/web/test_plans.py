"""The responsibility list and the plans, as pages: in both languages, without any script."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from service.store.responses import response_of, steps_of
from service.store.scope import Role
from tests.web.conftest import Desk, OpenDesk
from tests.web.responding import BOOK, respond_to, work_on
from tests.web.seed import alert_called
from tests.web.test_pages import RAW_KEY, text_of


@pytest.fixture
def coup(desk: Desk) -> int:
    """The coup of the seed, with its plan at work for 50 minutes."""
    return begin(desk)


def begin(desk: Desk) -> int:
    number = alert_called(desk.store, "尼日尔").id or 0
    respond_to(desk.store, number, datetime.now(UTC) - timedelta(minutes=50))
    return number


def steps(desk: Desk, alert: int) -> dict[str, int]:
    with desk.store.read() as session:
        found = response_of(session, alert)
        assert found is not None
        return {step.key: step.id or 0 for step in steps_of(session, found)}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ["/plans", *(f"/plans/{plan.key}" for plan in BOOK.plans.plans[::6])])
def test_plan_pages_speak_their_language(still: Desk, path: str, language: str) -> None:
    answer = still.get(path, accept_language=language)
    assert answer.status_code == 200
    body = answer.text.split("<body", 1)[-1]
    assert not RAW_KEY.search(body)
    assert not re.search(r"\b(?:plans|response|rules)\.[a-z_.]+", text_of(answer.text))
    main = text_of(body.split("<main", 1)[-1])
    if language == "en":
        assert not re.search("[\u4e00-\u9fff]", main)


def test_plans_name_who_must_do_what_by_when(still: Desk) -> None:
    told = text_of(still.get("/plans/capital-control", accept_language="en").text)
    for words in ("Capital control or devaluation", "Finance", "Done when", "What not to do", "8 h", "Over when"):
        assert words in told
    assert still.get("/plans/no-such-plan").status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_stands_on_the_alert(desk: Desk, coup: int, language: str) -> None:
    work_on(desk.store, coup, datetime.now(UTC))
    answer = desk.get(f"/alerts/{coup}", accept_language=language)
    told = text_of(answer.text)
    words = {
        "en": ("Responsibility list", "2 of 31 done", "overdue by", "under way", "What not to do"),
        "zh": ("责任清单", "已完成 2/31", "已逾期", "进行中", "不要做什么"),
    }[language]
    for word in words:
        assert word in told
    assert not re.search(r"\b(?:plans|response)\.[a-z_.]+", told)
    assert 'class="step-list"' in answer.text


def test_a_step_is_done_without_scripts(desk: Desk, coup: int) -> None:
    number = steps(desk, coup)["people.roll-call"]
    at = f"/alerts/{coup}/response/steps/{number}"
    answer = desk.post(at, {"act": "done", "text": "41 of 43", "back": f"/alerts/{coup}?level=1"})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/alerts/{coup}?level=1&done=step_done#step-{number}"
    told = text_of(desk.get(answer.headers["location"].partition("#")[0], accept_language="en").text)
    assert "Done, and written down." in told
    assert "41 of 43" in told
    assert desk.post(at, {"act": "start"}).status_code == 409
    assert desk.post(at, {"act": "fly"}).status_code == 422


def test_a_step_is_handed_over_and_a_plan_put_beside(desk: Desk, coup: int) -> None:
    number = steps(desk, coup)["movement.hold"]
    desk.post(f"/alerts/{coup}/response/steps/{number}", {"act": "hand", "text": "legal-counsel"})
    desk.post(f"/alerts/{coup}/response/plans", {"plan": "evacuation"})
    told = text_of(desk.get(f"/alerts/{coup}", accept_language="en").text)
    assert "Handed to Legal counsel" in told
    assert "Plan added: evacuation" in told
    assert "Book two carriers" in told


def test_resolving_asks_why_while_steps_are_open(desk: Desk, coup: int) -> None:
    page = desk.get(f"/alerts/{coup}", accept_language="en").text
    assert "31 steps are still open" in page
    assert desk.post(f"/alerts/{coup}/resolve").status_code == 422
    assert desk.post(f"/alerts/{coup}/resolve", {"note": "Order is restored."}).status_code == 303
    told = desk.get(f"/alerts/{coup}", accept_language="en").text
    assert 'name="act"' not in told, "what is over can be read, not changed"


def test_a_viewer_reads_and_cannot_act(open_desk: OpenDesk) -> None:
    desk = open_desk(role=Role.VIEWER)
    number = begin(desk)
    page = desk.get(f"/alerts/{number}", accept_language="en").text
    assert "Responsibility list" in page
    assert 'name="act"' not in page
    step = steps(desk, number)["movement.hold"]
    assert desk.post(f"/alerts/{number}/response/steps/{step}", {"act": "start"}).status_code == 403


def test_hostile_words_in_a_result_are_inert(desk: Desk, coup: int) -> None:
    number = steps(desk, coup)["people.roll-call"]
    nasty = "<script>alert(1)</script>\u202e" + "x" * 900
    desk.post(f"/alerts/{coup}/response/steps/{number}", {"act": "done", "text": nasty})
    page = desk.get(f"/alerts/{coup}").text
    assert "<script>alert(1)" not in page
    assert "\u202e" not in page
