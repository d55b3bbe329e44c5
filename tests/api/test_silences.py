"""Silences through the API: made, tried, ended, each organisation its own."""

from datetime import timedelta
from typing import Any

from service.store.tables import Alert, HushRow
from tests.api.test_channels import send
from tests.api.town import Town


def body(town: Town, **values: Any) -> dict[str, Any]:
    """Niger, for eight hours."""
    usual = {"countries": ["ne"], "ends_at": (town.at + timedelta(hours=8)).isoformat(), "reason": "site works"}
    return {**usual, **values}


def test_a_silence_from_beginning_to_end(here: Town) -> None:
    mine, theirs = here.key("analyst"), here.key("manager", "north")
    made = send(here, mine, "POST", "silences", body(here))
    assert made.status_code == 201, made.text
    number = made.json()["id"]
    assert (made.json()["state"], made.json()["countries"], made.json()["reason"]) == ("active", ["NE"], "site works")
    assert send(here, theirs, "GET", "silences").json()["items"] == []
    assert send(here, theirs, "GET", f"silences/{number}").status_code == 404
    assert send(here, theirs, "POST", f"silences/{number}/end").status_code == 404
    here.pass_time(hours=1)
    ended = send(here, mine, "POST", f"silences/{number}/end").json()
    assert (ended["state"], ended["ended_by"]) == ("past", made.json()["author"])
    assert send(here, mine, "POST", f"silences/{number}/end").status_code == 409
    assert [one["id"] for one in send(here, mine, "GET", "silences").json()["items"]] == [number]


def test_a_window_may_be_planned_and_called_off(here: Town) -> None:
    key = here.key("manager")
    window = body(here, kind="window", starts_at=(here.at + timedelta(hours=2)).isoformat(), weekly_minutes=90)
    made = send(here, key, "POST", "silences", window).json()
    assert (made["state"], made["weekly_minutes"]) == ("planned", 90)
    assert send(here, key, "POST", f"silences/{made['id']}/end").json()["state"] == "called_off"


def test_what_is_no_silence_is_refused(here: Town) -> None:
    key = here.key("manager")
    for wrong in ({"levels": [2]}, {"reason": ""}, {"countries": []}, {"countries": ["XX"]}, {"sources": ["gone"]}):
        assert send(here, key, "POST", "silences", body(here, **wrong)).status_code == 422, wrong
    late = {"ends_at": (here.at + timedelta(days=31)).isoformat()}
    assert send(here, key, "POST", "silences", body(here, **late)).status_code == 422
    assert send(here, key, "POST", "silences", body(here, ends_at="2026-12-01T00:00:00")).status_code == 422


def test_it_is_tried_and_what_it_holds_is_listed(here: Town) -> None:
    key = here.key("analyst")
    number = here.alert(level=4)
    with here.store.write() as session:
        alert = session.get_one(Alert, number)
        alert.countries, alert.changed_at = ["NE"], here.at
    tried = send(here, key, "POST", "silences/try", body(here)).json()
    assert tried == {"held": 1, "passed": 0, "told": 1, "examples": [number]}
    silence = send(here, key, "POST", "silences", body(here)).json()["id"]
    assert send(here, key, "GET", f"alerts/{number}").json()["quiet"] is None
    with here.store.write() as session:
        alert = session.get_one(Alert, number)
        values = {"organisation_id": alert.organisation_id, "alert_id": number, "version": alert.version}
        until = here.at + timedelta(hours=8)
        session.add(
            HushRow(
                action="open",
                level=4,
                kind="silence",
                cause=f"silence:{silence}",
                silence_id=silence,
                until=until,
                at=here.at,
                **values,
            )
        )
    quiet = send(here, key, "GET", f"alerts/{number}").json()["quiet"]
    assert (quiet["kind"], quiet["silence_id"]) == ("silence", silence)
    (held,) = send(here, key, "GET", f"silences/{silence}/held").json()["items"]
    assert (held["alert_id"], held["passed"], held["level_now"]) == (number, False, 4)
    assert send(here, key, "GET", f"silences/{silence}").json()["held"] == 1
