"""Comments by the API: said, changed, taken away, and nobody else's to read."""

from tests.api.test_triage import ask
from tests.api.town import Town


def test_said_changed_and_taken_away(here: Town) -> None:
    number, key = here.alert(), here.key("analyst")
    here.person("fatou", "analyst")
    path = f"alerts/{number}/comments"
    assert ask(here, key, "GET", path).json() == {"items": [], "next": None}
    made = ask(here, key, "POST", path, {"text": "@fatou please <b>look</b>"})
    assert made.status_code == 201, made.text
    one = made.json()
    assert (one["text"], one["mentioned"], one["read_by"]) == ("@fatou please <b>look</b>", ["fatou"], [])
    changed = ask(here, key, "PUT", f"{path}/{one['id']}", {"text": "never mind"}).json()
    assert (changed["text"], changed["mentioned"]) == ("never mind", [])
    assert changed["edited_at"] is not None
    assert ask(here, here.key("manager"), "PUT", f"{path}/{one['id']}", {"text": "x"}).status_code == 403
    assert ask(here, key, "DELETE", f"{path}/999").status_code == 404
    assert ask(here, key, "DELETE", f"{path}/{one['id']}").status_code == 204
    assert [(row["text"], row["removed_at"] is not None) for row in ask(here, key, "GET", path).json()["items"]] == [
        ("", True)
    ]
    for wrong in ({"text": ""}, {"text": " \n"}, {"text": "x" * 5000}, {}, {"text": "a", "more": 1}):
        assert ask(here, key, "POST", path, wrong).status_code == 422
    assert ask(here, here.key("viewer"), "POST", path, {"text": "no"}).status_code == 403
    assert ask(here, None, "GET", path).status_code == 401


def test_a_late_change_is_a_conflict_and_others_read_nothing(here: Town) -> None:
    number, key = here.alert(), here.key("analyst")
    path = f"alerts/{number}/comments"
    one = ask(here, key, "POST", path, {"text": "for us"}).json()
    here.pass_time(minutes=16)
    assert ask(here, key, "DELETE", f"{path}/{one['id']}").status_code == 409
    assert ask(here, here.key("analyst", "south"), "GET", path).status_code == 404  # the alert is not shared
    with here.store.write() as session:
        here.share(session, number, "south")
    assert ask(here, here.key("analyst", "south"), "GET", path).json()["items"] == []
    assert ask(here, here.key("analyst", "south"), "POST", path, {"text": "for them"}).status_code == 201
    assert [row["text"] for row in ask(here, key, "GET", path).json()["items"]] == ["for us"]
