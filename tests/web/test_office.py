"""People and keys, one's own page, settings, the system and the audit: what they say, and to whom."""

import re

import pytest
from sqlmodel import select

from service.auth.sessions import sign_in
from service.store.scope import Role
from service.store.tables import ApiKey, Invitation, LogLine, Organisation, SignIn
from service.web.nav import nav_of
from tests.web.conftest import Desk, OpenDesk
from tests.web.offices import person, sign_in_as
from tests.web.test_pages import RAW_KEY, text_of

NEW = "three herons at low tide"
ROOMS = ("/people", "/people/keys", "/people/organisations", "/settings", "/system", "/audit", "/me")
OPEN = {
    Role.ADMIN: set(ROOMS),
    Role.MANAGER: {"/system", "/audit", "/me"},
    Role.ANALYST: {"/system", "/me"},
    Role.OWNER: {"/system", "/me"},
    Role.VIEWER: {"/system", "/me"},
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", [*ROOMS, "/people/1", "/audit?actor=nobody", "/audit?day=2026-13-77&cursor="])
def test_every_room_speaks_its_language(still: Desk, path: str, language: str) -> None:
    answer = still.get(path, accept_language=f"{language};q=0.9")
    if path.endswith("cursor="):
        assert answer.status_code in (200, 422)
        return
    assert answer.status_code == 200
    body = answer.text.split("<body", 1)[-1]
    assert not RAW_KEY.search(body)
    assert not re.search(r">\s*(?:people|system|setup|audit)\.[a-z_.]+\s*<", body)


@pytest.mark.parametrize("role", list(Role))
def test_who_is_let_in(open_desk: OpenDesk, role: Role) -> None:
    desk = open_desk(role=role)
    assert {path for path in ROOMS if desk.get(path).status_code == 200} == OPEN[role]
    assert {desk.get(path).status_code for path in ROOMS} <= {200, 403}
    shown = set(re.findall(r'class="nav-item" href="([^"]*)"', desk.get("/me").text))
    assert shown & set(ROOMS) == OPEN[role] - {"/people/keys", "/people/organisations"}, "no door that stays shut"
    for path in ("/people/invite", "/people/1/sessions", "/people/1/reset", "/people/keys", "/people/organisations"):
        assert (desk.post(path).status_code == 403) == (role is not Role.ADMIN), path


@pytest.mark.parametrize("role", list(Role))
def test_a_subscriber_runs_no_more_than_their_own_house(open_desk: OpenDesk, role: Role) -> None:
    shut = open_desk(demo=False)
    with shut.store.write() as session:
        guest = session.exec(select(Organisation.id).where(Organisation.key == "guest")).one()
    sign_in_as(shut, "nora", role, organisation=guest or 0)
    for path in ("/settings", "/system", "/audit"):
        assert shut.get(path).status_code == 404
    assert shut.get("/me").status_code == 200
    assert shut.get("/people/organisations").status_code == 403
    people = shut.get("/people")
    assert people.status_code == (200 if role is Role.ADMIN else 403)
    assert "wang" not in text_of(people.text)
    assert shut.get(f"/people/{person(shut, 'wang').id}").status_code in (403, 404)
    assert shut.post(f"/people/{person(shut, 'wang').id}/off").status_code in (403, 404)
    assert person(shut, "wang").active


def test_nobody_comes_in_without_signing_in(open_desk: OpenDesk) -> None:
    shut = open_desk(demo=False)
    for path in (*ROOMS, "/people/1"):
        assert shut.client.get(path, follow_redirects=False).headers["location"].startswith("/sign-in")


def test_another_site_can_do_nothing(desk: Desk) -> None:
    for path in ("/people/invite", "/people/1/off", "/people/keys", "/me/manners", "/me/password", "/me/sessions"):
        assert desk.client.post(path, headers={"Origin": "https://evil.example"}).status_code == 403
        assert desk.client.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_an_invitation_from_link_to_account(desk: Desk) -> None:
    made = desk.post("/people/invite", {"role": "analyst", "note": "Samuel <b>", "organisation": "home"})
    assert made.status_code == 200
    link = re.search(r"<code>(http[^<]+/welcome/[^<]+)</code>", made.text)
    assert link is not None
    shown = desk.get("/people").text
    assert link[1] not in shown
    assert "Samuel &lt;b&gt;" in shown
    handle = re.search(r"/people/invitations/([0-9a-f]+)/withdraw", shown)
    assert handle is not None
    assert desk.post(f"/people/invitations/{handle[1]}/withdraw").status_code == 303
    assert desk.post(f"/people/invitations/{handle[1]}/withdraw", accept_language="zh").status_code == 404
    assert desk.client.get("/welcome/" + link[1].rsplit("/", 1)[1]).status_code == 404
    with desk.store.read() as session:
        assert session.exec(select(Invitation)).all() == []


def test_a_wrong_invitation_comes_back_filled_in(desk: Desk) -> None:
    again = desk.post("/people/invite", {"role": "emperor", "note": "Samuel", "organisation": "home"})
    assert again.status_code == 422
    assert 'value="Samuel"' in again.text
    again = desk.post("/people/keys", {"name": "x" * 200, "role": "viewer", "days": "90"})
    assert again.status_code == 422
    assert 'value="90" selected' in again.text
    assert "x" * 200 in again.text
    again = desk.post("/people/organisations", {"key": "Ünicode", "name": "East", "clearance": "TLP:RED"})
    assert again.status_code == 422
    assert 'value="TLP:RED" selected' in again.text
    assert 'value="East"' in again.text


def test_a_person_from_role_to_the_door(office: Desk) -> None:
    fatou = person(office, "fatou")
    page = office.get(f"/people/{fatou.id}", accept_language="en").text
    assert "Africa lead" in text_of(page)
    assert "Africa desk" in text_of(page), "the channel that reaches her"
    assert office.post(f"/people/{fatou.id}/role", {"role": "analyst"}).headers["location"].endswith("role_changed")
    assert office.post(f"/people/{fatou.id}/owner", {"owner": ""}).status_code == 303
    assert office.post(f"/people/{fatou.id}/owner", {"owner": "nobody-such"}).status_code == 422
    assert (person(office, "fatou").role, person(office, "fatou").owner) == ("analyst", None)
    assert office.post(f"/people/{fatou.id}/sessions").status_code == 303
    given = office.post(f"/people/{fatou.id}/reset", accept_language="en")
    password = re.search(r'<p class="secret"><code>([^<]+)</code>', given.text)
    assert password is not None
    assert sign_in(office.store, "fatou", password[1], office.house.clock())
    assert password[1] not in office.get(f"/people/{fatou.id}").text
    assert office.post(f"/people/{fatou.id}/off").status_code == 303
    with office.store.read() as session:
        assert session.exec(select(SignIn).where(SignIn.person_id == fatou.id)).all() == []
        done = set(session.exec(select(LogLine.action).where(LogLine.subject_id == str(fatou.id))).all())
    assert {"person.change", "person.reset", "person.end_sessions", "person.disable"} <= done
    assert "Switched off" in text_of(office.get(f"/people/{fatou.id}", accept_language="en").text)
    assert office.post(f"/people/{fatou.id}/on").status_code == 303
    assert person(office, "fatou").active


def test_the_keys_of_who_is_switched_off(office: Desk) -> None:
    fatou = person(office, "fatou")
    away = f"/people/{fatou.id}/off"
    assert 'name="keys"' not in office.get(f"/people/{fatou.id}").text, "she made none"
    with office.store.write() as session:
        session.add(
            ApiKey(
                organisation_id=fatou.organisation_id,
                name="shift board",
                role="viewer",
                key_hash="0" * 64,
                hint="wf_00000",
                created_at=office.house.clock(),
                made_by="fatou",
            )
        )
    for language, words in (
        ("en", "revoke the keys they made (shift board)"),
        ("zh", "吊销其创建的密钥（shift board）"),
    ):
        assert words in text_of(office.get(f"/people/{fatou.id}", accept_language=language).text)
    for form, revoked in (({}, False), ({"keys": "yes"}, True)):
        assert office.post(away, form).status_code == 303
        with office.store.read() as session:
            row = session.exec(select(ApiKey).where(ApiKey.name == "shift board")).one()
        assert (row.revoked_at is not None) == revoked
        office.post(f"/people/{fatou.id}/on")


def test_the_last_administrator_stays(desk: Desk) -> None:
    wang = person(desk, "wang").id
    for path, form in ((f"/people/{wang}/off", {}), (f"/people/{wang}/role", {"role": "viewer"})):
        refused = desk.post(path, form, accept_language="zh")
        assert refused.status_code == 403
        assert "最后一名" in refused.text
    assert person(desk, "wang").active
    assert person(desk, "wang").role == "admin"


def test_keys(desk: Desk) -> None:
    made = desk.post("/people/keys", {"name": "Grafana", "role": "viewer", "days": "30"}, accept_language="en")
    token = re.search(r"<code>(wf_[A-Za-z0-9_-]+)</code>", made.text)
    assert token is not None
    shown = desk.get("/people/keys", accept_language="en").text
    assert token[1] not in shown
    assert token[1][:8] in shown
    assert "never used" in shown
    with desk.store.read() as session:
        key = session.exec(select(ApiKey)).one()
    assert key.made_by == "wang"
    assert desk.client.get("/api/v1/me", headers={"Authorization": f"Bearer {token[1]}"}).status_code == 200
    assert "never used" not in text_of(desk.get("/people/keys", accept_language="en").text)
    assert desk.post(f"/people/keys/{key.id}/revoke").status_code == 303
    assert desk.client.get("/api/v1/me", headers={"Authorization": f"Bearer {token[1]}"}).status_code == 401
    for days in ("x", "0", "99999"):
        assert desk.post("/people/keys", {"name": "n", "role": "viewer", "days": days}).status_code == 422
    assert desk.post("/people/keys/999/revoke").status_code == 404


def test_organisations(desk: Desk) -> None:
    east = {"key": "east", "name": "East & Co", "clearance": "TLP:AMBER"}
    assert desk.post("/people/organisations", east).status_code == 303
    shown = text_of(desk.get("/people/organisations", accept_language="en").text)
    assert "East &amp; Co" in shown
    assert "0 people" in shown
    assert desk.post("/people/organisations", {"key": "east", "name": "Again"}).status_code == 409
    assert desk.post("/people/organisations/east", {"name": "East", "clearance": "TLP:RED"}).status_code == 303
    assert desk.post("/people/organisations/home", {"name": "Desk", "clearance": "TLP:GREEN"}).status_code == 422
    assert desk.post("/people/organisations/nowhere", {"name": "x", "clearance": "TLP:RED"}).status_code == 404
    with desk.store.read() as session:
        found = {row.key: (row.name, row.clearance) for row in session.exec(select(Organisation)).all()}
    assert (found["east"], found["home"][1]) == (("East", "TLP:RED"), "TLP:RED")


def test_hostile_names_stay_text(desk: Desk) -> None:
    desk.post(
        "/people/invite", {"role": "viewer", "note": "<script>alert(1)</script>\u202egnp", "organisation": "home"}
    )
    desk.post("/people/keys", {"name": '"><img src=x onerror=1>', "role": "viewer"})
    for path in ("/people", "/people/keys", "/audit"):
        html = desk.get(path).text
        assert "<script>alert" not in html
        assert "<img" not in html
        assert "\u202e" not in html


def test_nav_hides_what_is_shut() -> None:
    names = {room.name for room in nav_of("/", home=True, may={"audit"}).rooms}
    assert {"audit", "system", "me"} <= names
    assert not {"people", "settings"} & names
