"""/guideline over the API: what is in force, checking, and the way of a version."""

from rules.guideline import default_guideline, default_text
from tests.api.test_access import send
from tests.api.town import Town

NEW = default_text().replace('version: "1"', 'version: "2"')


def test_what_is_in_force_with_its_text_and_schema(here: Town) -> None:
    key = here.key("viewer")
    found = send(here, key, "GET", "guideline").json()
    assert found["version"] == default_guideline().version
    assert (found["origin"], found["text"]) == ("shipped", default_text())
    assert next(one for one in found["clauses"] if one["id"] == "SEC-4A")["when"] == "concern"
    assert send(here, key, "GET", "guideline/schema").json()["properties"]["clauses"]


def test_a_text_is_checked_and_not_kept(here: Town) -> None:
    key = here.key("manager")
    assert send(here, key, "POST", "guideline/check", {"text": NEW}).json()["ok"]
    wrong = send(here, key, "POST", "guideline/check", {"text": NEW.replace("hold: 72 h", "hold: 72")}).json()
    assert not wrong["ok"]
    assert wrong["faults"][0]["line"] > 1
    assert wrong["faults"][0]["advice"]
    assert send(here, key, "POST", "guideline/versions", {"text": "nothing"}).status_code == 422
    assert send(here, key, "GET", "guideline/versions").json() == {"in_force": None, "items": []}


def test_a_version_on_its_way(here: Town) -> None:
    one, other = here.key("manager"), here.key("admin")
    assert send(here, here.key("analyst"), "POST", "guideline/versions", {"text": NEW}).status_code == 403
    assert send(here, here.key("manager", "north"), "POST", "guideline/versions", {"text": NEW}).status_code == 403
    made = send(here, one, "POST", "guideline/versions", {"text": NEW, "note": "n"})
    assert (made.status_code, made.json()["state"]) == (201, "proposed")
    path = f"guideline/versions/{made.json()['number']}"
    assert send(here, other, "POST", f"{path}/approve").status_code == 409
    assert send(here, one, "POST", f"{path}/backtest", {"since": "2026-01-01T00:00:00Z"}).json()["kinds"] == {}
    assert send(here, one, "POST", f"{path}/approve").status_code == 403
    assert send(here, other, "POST", f"{path}/approve").json()["state"] == "approved"
    assert send(here, one, "GET", "guideline").json()["version"].startswith("2+")
    assert send(here, one, "POST", f"{path}/rollback", {"reason": "r"}).status_code == 409
    assert send(here, here.key("viewer", "north"), "GET", "guideline").status_code == 403


def test_an_alert_explains_itself(here: Town) -> None:
    found = send(here, here.key("viewer"), "GET", f"alerts/{here.alert()}/explanation").json()
    assert {"clause", "clauses", "facts", "left_out"} <= set(found)
    assert len(found["clauses"]) == len(default_guideline().clauses)
