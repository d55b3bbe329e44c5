"""Rosters through the API, and how an alert is pressed for an answer."""

from tests.api.test_channels import send
from tests.api.town import Town
from tests.desk.test_rosters import ROSTER, reach, tick


def test_a_roster_is_checked_put_in_force_and_read(here: Town) -> None:
    manager, analyst = here.key("manager"), here.key("analyst")
    assert send(here, manager, "GET", "roster/file").status_code == 404
    checked = send(here, manager, "POST", "roster/check", {"text": ROSTER}).json()
    assert {one["fault"] for one in checked["findings"]} == {"no_channel", "unreachable"}
    assert send(here, analyst, "PUT", "roster/file", {"text": ROSTER}).status_code == 403
    assert send(here, manager, "PUT", "roster/file", {"text": ROSTER}).status_code == 200
    faulty = send(here, manager, "PUT", "roster/file", {"text": ROSTER.replace("[amina]", "[amna]")})
    assert faulty.status_code == 422
    assert "Did you mean amina" in faulty.text
    assert send(here, analyst, "GET", "roster/file").json()["text"] == ROSTER


def test_who_answers_and_swaps(here: Town) -> None:
    manager = here.key("manager")
    send(here, manager, "PUT", "roster/file", {"text": ROSTER})
    found = send(here, manager, "GET", "roster/who?level=1&country=ne&category=security").json()
    assert (found["command"], found["duties"][0]["owner"]) == ("central", "central-lead")
    assert found["duties"][0]["asked"][0] == {"person": "zhao.min", "part": "duty"}
    swap = {"owner": "africa-lead", "person": "li.wei", "start": "2026-03-02T08:00:00Z", "end": "2026-03-03T08:00:00Z"}
    assert send(here, manager, "POST", "roster/swaps", {**swap, "start": "2026-03-02T08:00:00"}).status_code == 422
    made = send(here, manager, "POST", "roster/swaps", swap).json()
    shown = send(here, manager, "GET", "roster?days=4").json()
    spans = {one["owner"]: [span["person"] for span in one["spans"]] for one in shown["owners"]}
    assert spans["africa-lead"] == ["amina", "li.wei", "amina"]
    assert send(here, manager, "DELETE", f"roster/swaps/{made['id']}").status_code == 204
    assert send(here, manager, "DELETE", f"roster/swaps/{made['id']}").status_code == 404


def test_an_alert_says_what_comes_next(here: Town) -> None:
    manager = here.key("manager")
    send(here, manager, "PUT", "roster/file", {"text": ROSTER})
    reach(here, "zhao.min", "chen.jing", "amina")
    number = here.alert(owner="africa-lead")
    before = send(here, manager, "GET", f"alerts/{number}/escalation").json()
    assert before["on_duty"] == {"africa-lead": "amina"}
    assert before["next"] == {"what": "deputy", "at": "2026-03-01T12:15:00Z", "people": ["zhao.min"]}
    tick(here, minutes=15)
    after = send(here, manager, "GET", f"alerts/{number}/escalation").json()
    assert (after["done"][0]["rung"], after["done"][0]["asked"]) == ("deputy", "zhao.min")
    assert (after["next"]["what"], after["next"]["people"]) == ("lead", ["chen.jing"])
    send(here, manager, "POST", f"alerts/{number}/acknowledge")
    answered = send(here, manager, "GET", f"alerts/{number}/escalation").json()
    assert [one["actor"] for one in answered["given"]] == ["key:manager"]
    assert answered["next"]["what"] == "ask_again"


def test_a_subscriber_sees_nothing_of_it(here: Town) -> None:
    number = here.alert(owner="africa-lead", to=("north",))
    tick(here, minutes=15)
    key = here.key("admin", "north")
    for path in ("roster", "roster/who?level=1", "roster/morning", "roster/file"):
        assert send(here, key, "GET", path).status_code == 403
    assert send(here, key, "GET", f"alerts/{number}/escalation").status_code == 404
    whole = send(here, key, "GET", f"alerts/{number}").json()
    assert [line["action"] for line in whole["history"]] == ["alert.open"]
