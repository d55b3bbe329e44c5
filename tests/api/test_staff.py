"""People, keys and the audit by the API, on both databases: whom it shows, what it tells once, what ends what."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.desk.keys import make_key
from service.store.engine import Store
from tests.api.test_access import send
from tests.api.town import ROLES, Town, town


@pytest.fixture
def here(store: Store, tmp_path: Path) -> Iterator[Town]:
    """A town on each database."""
    with town(store, tmp_path) as found:
        yield found


def every(here: Town, key: str, path: str, limit: int) -> list[Any]:
    """All items of a list, page by page."""
    found: list[Any] = []
    cursor = ""
    while True:
        page = send(here, key, "GET", f"{path}{'&' if '?' in path else '?'}limit={limit}{cursor}").json()
        assert len(page["items"]) <= limit
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


def as_person(here: Town, session: str, path: str = "me") -> httpx.Response:
    """What somebody who is signed in is answered."""

    async def ask() -> httpx.Response:
        async with here.client() as client:
            client.cookies.set("watchfire", session)
            return await client.get(f"/api/v1/{path}")

    return asyncio.run(ask())


def test_people_page_by_page(here: Town) -> None:
    names = ["ann", "王伟", "bea", "cid", "dora"]
    for name, role in zip(names, ROLES, strict=True):
        here.person(name, role)
    here.person("nora", "viewer", "north")
    admin = here.key("admin")
    assert [one["name"] for one in every(here, admin, "people", 2)] == [*names, "nora"]
    assert [one["name"] for one in every(here, admin, "people?role=owner", 2)] == ["bea"]
    assert [one["name"] for one in every(here, admin, "people?organisation=north", 1)] == ["nora"]
    send(here, admin, "POST", f"people/{here.numbers['person:cid']}/disable")
    assert [one["name"] for one in every(here, admin, "people?active=false", 1)] == ["cid"]
    assert len(every(here, admin, "people?active=true", 3)) == 5
    for wrong in ("role=king", "colour=red", "cursor=nonsense", "organisation=A%20B"):
        assert send(here, admin, "GET", f"people?{wrong}").status_code == 422
    assert send(here, admin, "GET", "people?organisation=nowhere").status_code == 404
    (nora,) = every(here, here.key("admin", "north"), "people", 50)
    assert nora == {
        "id": here.numbers["person:nora"],
        "name": "nora",
        "role": "viewer",
        "owner": None,
        "organisation": "north",
        "active": True,
        "paused_until": None,
        "language": None,
        "zone": None,
        "created_at": "2026-03-01T12:00:00Z",
        "seen_at": None,
    }


def test_nobody_reads_or_changes_another_organisations(here: Town) -> None:
    ann = here.person("ann", "admin")
    here.person("bea", "admin")
    north = here.key("admin", "north")
    foreign, _ = make_key(here.house, here.operator(), name="robot", role="viewer")
    send(here, here.key("admin"), "POST", "people/invitations", {"role": "viewer"})
    for method, path, body in (
        ("GET", f"people/{ann}", None),
        ("PATCH", f"people/{ann}", {"role": "viewer"}),
        ("POST", f"people/{ann}/disable", None),
        ("POST", f"people/{ann}/enable", None),
        ("POST", f"people/{ann}/password", None),
        ("DELETE", f"people/{ann}/sessions", None),
        ("GET", "people?organisation=home", None),
        ("POST", "people/invitations", {"role": "admin", "organisation": "home"}),
        ("GET", f"keys/{foreign.id}", None),
        ("POST", f"keys/{foreign.id}/revoke", None),
        ("GET", "keys?organisation=south", None),
        ("POST", "keys", {"name": "n", "organisation": "home"}),
    ):
        answer = send(here, north, method, path, body)
        assert (answer.status_code, answer.json()["key"]) == (404, "error.not_found"), path
    assert send(here, north, "GET", "people/invitations").json()["items"] == []
    assert {one["organisation"] for one in every(here, north, "keys", 1)} == {"north"}
    assert send(here, north, "GET", "audit").status_code == 403
    assert send(here, here.key("admin"), "GET", f"people/{ann}").json()["active"]


def test_an_owners_own_session_opens_no_office(here: Town) -> None:
    number = here.person("olga", "owner")
    answer = as_person(here, here.session("olga"), f"people/{number}")
    assert (answer.status_code, answer.json()["key"]) == (403, "error.refused")


def test_who_is_switched_off_is_out_at_once(here: Town) -> None:
    number, admin = here.person("ann", "analyst"), here.key("admin")
    session = here.session("ann")
    assert as_person(here, session).status_code == 200
    whole = send(here, admin, "GET", f"people/{number}").json()
    assert [one["since"] for one in whole["sessions"]] == ["2026-03-01T12:00:00Z"]
    off = send(here, admin, "POST", f"people/{number}/disable").json()
    assert (off["active"], off["sessions"]) == (False, [])
    assert as_person(here, session).status_code == 401
    assert send(here, admin, "POST", f"people/{number}/enable").json()["active"]
    assert as_person(here, session).status_code == 401, "an ended session stays ended"


def test_their_keys_end_where_that_is_asked_for(here: Town) -> None:
    here.person("zoe", "admin")
    number, admin = here.person("ann", "admin"), here.key("admin")
    mine = _key_of(here, "ann")
    for body, opens in ((None, 200), ({"keys": True}, 401)):
        assert send(here, mine, "GET", "me").status_code == 200
        assert len(send(here, admin, "GET", f"people/{number}").json()["keys"]) == 1
        send(here, admin, "POST", f"people/{number}/disable", body)
        assert send(here, mine, "GET", "me").status_code == opens
        send(here, admin, "POST", f"people/{number}/enable")
    assert send(here, admin, "GET", "audit?action=key.revoke").json()["items"][0]["detail"] == {"name": "robot"}
    assert send(here, admin, "GET", "me").status_code == 200, "another's key is another's"


def _key_of(here: Town, name: str) -> str:
    """A key that somebody made for the desk."""
    session = here.session(name)

    async def ask() -> str:
        async with here.client() as client:
            client.cookies.set("watchfire", session)
            return str((await client.post("/api/v1/keys", json={"name": "robot"})).json()["token"])

    return asyncio.run(ask())


def test_the_last_administrator_stays(here: Town) -> None:
    number, admin = here.person("ann", "admin"), here.key("admin")
    for method, path, body in (
        ("POST", f"people/{number}/disable", None),
        ("PATCH", f"people/{number}", {"role": "viewer"}),
    ):
        answer = send(here, admin, method, path, body)
        assert (answer.status_code, answer.json()["key"]) == (403, "error.refused")
        assert "last administrator" in answer.json()["detail"]


def test_role_owner_sessions_and_password(here: Town) -> None:
    number, admin = here.person("ann", "viewer"), here.key("admin")
    changed = send(here, admin, "PATCH", f"people/{number}", {"role": "owner", "owner": "legal-counsel"}).json()
    assert (changed["role"], changed["owner"]) == ("owner", "legal-counsel")
    assert send(here, admin, "PATCH", f"people/{number}", {"owner": ""}).json()["owner"] is None
    for wrong in ({"role": "king"}, {"owner": "nobody"}, {"name": "eve"}):
        assert send(here, admin, "PATCH", f"people/{number}", wrong).status_code == 422
    for _ in range(2):
        here.session("ann")
    assert send(here, admin, "DELETE", f"people/{number}/sessions").json() == {"ended": 2}
    made = send(here, admin, "POST", f"people/{number}/password")
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    assert len(made.json()["password"]) == 27
    assert made.json()["password"] not in send(here, admin, "GET", "audit").text


def test_an_invitation_is_told_once_and_can_be_taken_back(here: Town) -> None:
    admin = here.key("admin")
    given = {"role": "analyst", "organisation": "north", "note": "Samuel"}
    link = send(here, admin, "POST", "people/invitations", given).json()["link"]
    token = link.rpartition("/")[2]
    (listed,) = send(here, admin, "GET", "people/invitations").json()["items"]
    assert (listed["role"], listed["organisation"], listed["note"]) == ("analyst", "north", "Samuel")
    assert token not in str(listed)
    assert send(here, admin, "DELETE", f"people/invitations/{listed['handle']}").status_code == 204
    assert send(here, admin, "DELETE", f"people/invitations/{listed['handle']}").status_code == 404
    assert send(here, admin, "GET", "people/invitations").json()["items"] == []


def test_a_keys_secret_is_told_once(here: Town) -> None:
    admin = here.key("admin")
    made = send(here, admin, "POST", "keys", {"name": "robot", "role": "analyst", "days": 30})
    assert made.status_code == 201
    token, key = made.json()["token"], made.json()
    assert (key["state"], key["made_by"], key["expires_at"]) == ("works", "key:admin", "2026-03-31T12:00:00Z")
    assert send(here, token, "GET", "me").json()["role"] == "analyst"
    number = key.pop("id")
    for path in ("keys", f"keys/{number}", "audit", "openapi.json"):
        assert token not in send(here, admin, "GET", path).text
    here.pass_time(days=31)
    assert send(here, token, "GET", "me").status_code == 401
    assert send(here, admin, "GET", f"keys/{number}").json()["state"] == "expired"
    assert [one["id"] for one in every(here, admin, "keys?works=false", 1)] == [number]


def test_a_revoked_key_opens_nothing(here: Town) -> None:
    admin, robot = here.key("admin"), here.key("viewer")
    number = next(one["id"] for one in every(here, admin, "keys", 1) if one["role"] == "viewer")
    for _ in range(2):
        assert send(here, admin, "POST", f"keys/{number}/revoke").json()["state"] == "revoked"
    assert send(here, robot, "GET", "me").status_code == 401
    assert len(send(here, admin, "GET", "audit?action=key.revoke").json()["items"]) == 1
    assert len(every(here, admin, "keys?works=true", 1)) == 1
    for wrong in ({"name": " "}, {"name": "n", "days": 0}, {"name": "n", "role": "king"}, {}):
        assert send(here, admin, "POST", "keys", wrong).status_code == 422


def test_the_audit_by_person_thing_deed_and_time(here: Town) -> None:
    admin = here.key("admin")
    for _ in range(3):
        send(here, admin, "POST", f"alerts/{here.alert()}/acknowledge")
        here.pass_time(minutes=5)
    mine = every(here, admin, "audit?actor=key:admin", 2)
    assert [line["action"] for line in mine] == ["alert.acknowledge"] * 3
    assert [line["at"] for line in mine] == sorted((line["at"] for line in mine), reverse=True)
    assert mine[0]["text"] == {"zh": "确认", "en": "acknowledged"}
    thing = every(here, admin, f"audit?subject=alert&subject_id={mine[0]['subject_id']}", 1)
    assert [line["action"] for line in thing] == ["alert.acknowledge", "alert.open"]
    some = every(here, admin, "audit?action=alert.acknowledge&since=2026-03-01T12:05:00Z&until=2026-03-01T12:10:00Z", 9)
    assert [line["at"] for line in some] == ["2026-03-01T12:05:00Z"]
    assert send(here, admin, "GET", "audit?since=2026-03-01T12:05:00").status_code == 422, "a time without a zone"
    manager = every(here, here.key("manager"), "audit", 50)
    assert {line["organisation_id"] for line in manager} <= {here.numbers["organisation:home"], None}
