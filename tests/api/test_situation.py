"""The situation through the API: by country, with posture and what is not heard; others see their own."""

from tests.api.test_channels import send
from tests.api.town import Town


def test_the_situation_by_country(here: Town) -> None:
    here.alert(level=2, countries=("NE",))
    here.alert(level=4, countries=("NE", "ML"), to=("north",))
    told = {"place": "NE", "until": "2026-03-05T00:00:00Z", "reason": "Shots at the palace"}
    send(here, here.key("manager"), "POST", "postures", told)
    viewer = here.key("viewer")
    found = send(here, viewer, "GET", "situation").json()["items"]
    first = found[0]
    assert (first["country"], first["level"], first["alerts"], first["posture"]) == (
        "NE",
        2,
        {"2": 1, "4": 1},
        "crisis",
    )
    assert first["weeks"] == [0, 0, 0, 0, 2]
    assert found[1]["country"] == "ML"
    assert len(send(here, viewer, "GET", "situation?all=true").json()["items"]) == 250
    one = send(here, viewer, "GET", "situation/NE").json()
    assert one == first
    assert send(here, viewer, "GET", "situation/ZZ").status_code == 404
    assert send(here, viewer, "GET", "situation?level=1").status_code == 422
    assert send(here, viewer, "GET", "situation/NE?level=1").status_code == 422


def test_a_subscriber_sees_its_own(here: Town) -> None:
    here.alert(level=2, countries=("NE",))
    here.alert(level=4, countries=("NE", "ML"), to=("north",))
    found = send(here, here.key("viewer", "north"), "GET", "situation").json()["items"]
    assert [(one["country"], one["alerts"], one["hearing"], one["posture"]) for one in found] == [
        ("ML", {"4": 1}, "untold", "normal"),
        ("NE", {"4": 1}, "untold", "normal"),
    ]
    assert send(here, "", "GET", "situation").status_code == 401
