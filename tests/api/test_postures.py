"""Postures through the API: entered, seen with what they change, prolonged, left; the situation room."""

from tests.api.test_channels import send
from tests.api.town import Town

GIVEN = {"place": "NE", "until": "2026-03-05T00:00:00Z", "reason": "Shots at the palace"}


def test_a_crisis_from_entering_to_leaving(here: Town) -> None:
    manager, viewer = here.key("manager"), here.key("viewer")
    assert send(here, viewer, "GET", "postures").json() == {"in_force": [], "past": []}
    assert send(here, viewer, "GET", "postures/NE").status_code == 404
    assert send(here, viewer, "POST", "postures", GIVEN).status_code == 403
    made = send(here, manager, "POST", "postures", GIVEN)
    assert made.status_code == 201
    found = made.json()
    assert (found["place"], found["posture"], found["author"], found["asks"]) == ("NE", "crisis", "key:manager", False)
    assert found["effect"]["thresholds"] == 0.85
    assert found["effect"]["report_every_s"] == 21_600
    assert found["effect"]["waits"][0] == {"level": 1, "usual_s": 900, "now_s": 450}
    assert send(here, manager, "POST", "postures", GIVEN).status_code == 409
    longer = {"until": "2026-03-09T00:00:00Z", "reason": "Curfew goes on"}
    assert send(here, manager, "POST", "postures/NE/prolong", longer).json()["until"] == "2026-03-09T00:00:00Z"
    assert send(here, manager, "POST", "postures/ML/prolong", longer).status_code == 404
    left = send(here, manager, "POST", "postures/NE/leave", {"note": "Calm since Monday"}).json()
    assert (left["ended_by"], left["note"]) == ("key:manager", "Calm since Monday")
    shown = send(here, viewer, "GET", "postures").json()
    assert shown["in_force"] == []
    assert [one["place"] for one in shown["past"]] == ["NE"]


def test_what_cannot_be_entered_is_refused(here: Town) -> None:
    manager = here.key("manager")
    for wrong in (
        {**GIVEN, "place": "ZZ"},
        {**GIVEN, "reason": ""},
        {**GIVEN, "until": "2020-01-01T00:00:00Z"},
        {**GIVEN, "until": "2027-01-01T00:00:00Z"},
        {**GIVEN, "until": "2026-03-05T00:00:00"},
        {**GIVEN, "more": 1},
    ):
        assert send(here, manager, "POST", "postures", wrong).status_code == 422, wrong
    assert send(here, manager, "GET", "postures?level=1").status_code == 422


def test_a_level_1_alert_keeps_it(here: Town) -> None:
    manager = here.key("manager")
    number = here.alert(level=1, countries=["NE"])
    send(here, manager, "POST", "postures", GIVEN)
    assert send(here, manager, "GET", "postures/NE").json()["red"] == [number]
    refused = send(here, manager, "POST", "postures/NE/leave", {"note": "it is over"})
    assert refused.status_code == 409
    assert "level-1" in refused.text
    send(here, manager, "POST", f"alerts/{number}/resolve", {"reason": "over"})
    assert send(here, manager, "POST", "postures/NE/leave", {"note": "it is over"}).status_code == 200


def test_the_room_tells_what_is_going_on(here: Town) -> None:
    viewer = here.key("viewer")
    number = here.alert(level=2, countries=["NE"], owner="africa-lead")
    room = send(here, viewer, "GET", "postures/NE/room").json()
    assert room["crisis"] is None
    assert [one["id"] for one in room["alerts"]] == [number]
    assert [one["level"] for one in room["duties"]] == [1, 3]
    assert send(here, viewer, "GET", "postures/africa-west/room").json()["alerts"][0]["id"] == number
    assert send(here, viewer, "GET", "postures/ZZ/room").status_code == 404


def test_a_subscriber_sees_nothing_of_it(here: Town) -> None:
    key = here.key("admin", "north")
    for path in ("postures", "postures/NE", "postures/NE/room"):
        assert send(here, key, "GET", path).status_code == 403
    assert send(here, key, "POST", "postures", GIVEN).status_code == 403
