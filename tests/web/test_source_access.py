"""The page of a source sets and clears its proxy and credentials, and shows neither."""

import pytest

from service.store.scope import Role
from service.store.tables import SourceRow
from tests.web.conftest import Desk, OpenDesk
from tests.web.test_sources import number_of

SECRETS = ("pr0xy-word", "us3r-word", "passw0rd-word", "k3y-word")
PROXY = "http://guest:pr0xy-word@proxy.example:3128"


def stored(desk: Desk, number: int) -> tuple[str | None, dict[str, str] | None]:
    with desk.store.read() as session:
        row = session.get_one(SourceRow, number)
        return row.proxy, row.credentials


@pytest.mark.parametrize("language", ["en", "zh"])
def test_set_and_cleared_and_never_shown(desk: Desk, language: str) -> None:
    number = number_of(desk, "river-post")
    place = f"/sources/{number}/access"
    pair = {"user": "us3r-word", "password": "passw0rd-word"}
    assert desk.post(place, {"proxy": PROXY, **pair}).status_code == 303
    proxy, credentials = stored(desk, number)
    assert proxy == PROXY
    assert credentials == {**pair, "header": "", "value": ""}
    wrong = desk.post(place, {"value": "k3y-word", "proxy": "pr0xy-word"}, accept_language=language)
    assert wrong.status_code == 422
    pages = [
        wrong,
        desk.get(f"/sources/{number}", accept_language=language),
        desk.get("/sources"),
        desk.get("/archives"),
    ]
    for page in pages:
        assert not [secret for secret in SECRETS if secret in page.text]
    assert 'value="credentials"' in pages[1].text
    assert "access." not in pages[1].text, "every word is there"
    assert desk.post(place, {}).status_code == 303
    assert stored(desk, number) == (proxy, credentials), "what is left empty stays"
    assert desk.post(place, {"forget": "proxy"}).status_code == 303
    assert stored(desk, number) == (None, credentials)
    assert desk.post(place, {"header": "X-Key", "value": "k3y-word"}).status_code == 303
    assert stored(desk, number)[1] == {"user": "", "password": "", "header": "X-Key", "value": "k3y-word"}
    assert desk.post(place, {"forget": "credentials"}).status_code == 303
    assert stored(desk, number) == (None, None)


def test_who_may_not_change_may_not_set(open_desk: OpenDesk) -> None:
    desk = open_desk(role=Role.ANALYST)
    number = number_of(desk, "river-post")
    assert desk.post(f"/sources/{number}/access", {"proxy": PROXY}).status_code == 403
    assert "/access" not in desk.get(f"/sources/{number}").text
    assert stored(desk, number) == (None, None)
