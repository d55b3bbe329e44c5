"""Posture pages: what is in force in figures, entering and leaving without scripts, the situation room, banners."""

from datetime import UTC, datetime, timedelta

import pytest

from service.desk.alerts import act_on
from service.store.scope import Role
from tests.web.conftest import Desk, OpenDesk
from tests.web.crises import bring_crises
from tests.web.desk import operator
from tests.web.responding import respond_to
from tests.web.seed import alert_called
from tests.web.test_pages import RAW_KEY, text_of

DAY = timedelta(days=1)


@pytest.fixture
def stirred(desk: Desk) -> Desk:
    now = datetime.now(UTC)
    respond_to(desk.store, alert_called(desk.store, "尼日尔").id or 0, now - timedelta(minutes=50))
    bring_crises(desk.store, now)
    return desk


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_speak_their_language(stirred: Desk, language: str) -> None:
    words = {
        "zh": ("西非的危机态势原定于", "各级阈值", "× 0.85", "7.5 分钟", "以往的危机态势", "每 5 分钟"),
        "en": ("Crisis in West Africa was to end on", "Thresholds of every level", "× 0.85", "7.5 min", "every 5 min"),
    }
    for path, told in (
        ("/postures", words[language]),
        ("/postures/NE/room", ("情势室：尼日尔", "进行中的步骤") if language == "zh" else ("Situation room: Niger",)),
        ("/postures/PE/room", ("常态",) if language == "zh" else ("Last reports", "normal")),
    ):
        answer = stirred.get(path, accept_language=language)
        assert answer.status_code == 200
        assert not RAW_KEY.search(answer.text.split("<body", 1)[-1])
        assert ">posture." not in answer.text
        for word in told:
            assert word in text_of(answer.text), (path, word)


def test_an_empty_desk_says_what_would_be_here(desk: Desk) -> None:
    told = text_of(desk.get("/postures", accept_language="en").text)
    assert "Nowhere is in crisis" in told
    assert "Past crises" not in told


def test_a_crisis_is_entered_prolonged_and_left_without_scripts(desk: Desk) -> None:
    day = (datetime.now(UTC) + 3 * DAY).date().isoformat()
    given = {"place": "KE", "reason": "Votes are counted", "until": day}
    assert desk.post("/postures", given).headers["location"] == "/postures?done=posture_entered"
    told = text_of(desk.get("/postures", accept_language="en").text)
    assert "Kenya" in told
    assert "Votes are counted" in told
    later = (datetime.now(UTC) + 9 * DAY).date().isoformat()
    assert desk.post("/postures/KE/prolong", {"reason": "Still counting", "until": later}).status_code == 303
    assert "Still counting" in desk.get("/postures").text
    wrong = desk.post("/postures/KE/leave", {"note": ""}, accept_language="en")
    assert wrong.status_code == 422
    assert desk.post("/postures/KE/leave", {"note": "Sworn in, calm"}).status_code == 303
    told = text_of(desk.get("/postures", accept_language="en").text)
    assert "Nowhere is in crisis" in told
    assert "Sworn in, calm" in told


def test_what_was_typed_is_kept_when_it_cannot_be(stirred: Desk) -> None:
    for given, status in (
        ({"place": "NE", "reason": "twice over", "until": "2999-01-01"}, 422),
        ({"place": "NE", "reason": "twice over", "until": "soon"}, 422),
        ({"place": "NE", "reason": "twice over", "until": (datetime.now(UTC) + DAY).date().isoformat()}, 409),
    ):
        answer = stirred.post("/postures", given, accept_language="zh")
        assert answer.status_code == status
        assert 'value="twice over"' in answer.text
        assert 'role="alert"' in answer.text


def test_it_cannot_be_left_while_a_level_1_alert_is_open(stirred: Desk) -> None:
    coup = alert_called(stirred.store, "尼日尔").id
    page = stirred.get("/postures", accept_language="en").text
    assert "It cannot be left while a level-1 alert is open" in page
    assert f'href="/alerts/{coup}"' in page
    answer = stirred.post("/postures/NE/leave", {"note": "over, I think"}, accept_language="zh")
    assert answer.status_code == 409
    assert "当地仍有未结束的 I 级预警" in answer.text


def test_banners_stand_where_the_place_is_and_nowhere_else(stirred: Desk) -> None:
    coup, other = alert_called(stirred.store, "尼日尔").id, alert_called(stirred.store, "gunmen").id
    assert "Niger is in crisis" in stirred.get(f"/alerts/{coup}", accept_language="en").text
    assert "crisis-band" not in stirred.get(f"/alerts/{other}", accept_language="en").text
    assert "Niger is in crisis" in stirred.get("/?country=NE", accept_language="en").text
    assert "crisis-band" not in stirred.get("/", accept_language="en").text


def test_the_room_is_answered_as_a_fragment_of_itself(stirred: Desk) -> None:
    answer = stirred.get("/postures/NE/room", hx_request="true", hx_target="div#room")
    assert answer.text.lstrip().startswith('<div class="room" id="room"')
    assert "<html" not in answer.text
    assert stirred.get("/postures/NE").url.path == "/postures/NE/room", "where the notice leads"
    assert stirred.get("/postures/ZZ/room").status_code == 404


def test_viewers_see_and_do_not_change(open_desk: OpenDesk) -> None:
    desk = open_desk(role=Role.VIEWER)
    bring_crises(desk.store, datetime.now(UTC))
    page = desk.get("/postures").text
    assert '<form method="post" action="/postures' not in page
    assert desk.post("/postures/CL/leave", {"note": "over"}).status_code == 403
    assert operator(desk.store).home


def test_the_printed_guideline_says_what_a_crisis_changes(desk: Desk) -> None:
    for language, words in (("en", "All thresholds × 0.85"), ("zh", "各级阈值乘以 0.85")):
        for path in ("/guideline", "/guideline/print"):
            assert words in text_of(desk.get(path, accept_language=language).text)


def test_the_room_still_tells_what_was_done_about_what_is_closed(stirred: Desk) -> None:
    coup = alert_called(stirred.store, "尼日尔").id or 0
    act_on(stirred.house, operator(stirred.store), coup, "resolve", "Order is restored")
    page = stirred.get("/postures/NE/room").text
    assert f'href="/alerts/{coup}"' not in page.partition("room-reports")[0]
    assert "Order is restored" in page.partition("room-log")[2]
