"""The door: cookies by connection, requests of other sites, keys, and a demonstration's guard."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import Request, Response
from hypothesis import given
from hypothesis import strategies as st

from service.auth.door import clear_session_cookie, set_session_cookie
from service.auth.origin import is_loopback
from service.desk.keys import list_keys, make_key, revoke_key
from service.store.engine import Store
from service.store.tables import ApiKey
from tests.api.town import Town, town


def ask(town: Town, method: str, path: str, *, base: str, peer: str = "127.0.0.1", **headers: str) -> httpx.Response:
    """One request with these headers."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}

    async def asking() -> httpx.Response:
        async with town.client(base=base, peer=peer, **sent) as client:
            return await client.request(method, path)

    return asyncio.run(asking())


@pytest.fixture
def proxied(sqlite_store: Store, tmp_path: Path) -> Iterator[Town]:
    """A town behind a proxy in 10.0.0.0/8, known to the world by https."""
    with town(
        sqlite_store, tmp_path, trusted_proxies="10.0.0.0/8, 192.0.2.1", public_url="https://desk.example"
    ) as found:
        yield found


def with_sign_in(town: Town) -> Town:
    """A page that hands out a session, as the sign-in page does."""
    app = town.app_of_its_own()

    @app.post("/give")
    def give(request: Request, response: Response) -> None:
        set_session_cookie(response, request, town.house.settings, town.session("ann"))

    @app.post("/take")
    def take(response: Response) -> None:
        clear_session_cookie(response)

    return town


@pytest.mark.parametrize(
    ("base", "peer", "forwarded", "cookie"),
    [
        ("https://desk.example", "203.0.113.9", "", "__Host-watchfire"),
        ("http://desk.example", "10.1.2.3", "https", "__Host-watchfire"),
        ("http://desk.example", "10.1.2.3", "http, https", "__Host-watchfire"),
        ("http://127.0.0.1:8000", "127.0.0.1", "", "watchfire"),
        ("http://localhost:8000", "::1", "", "watchfire"),
        ("http://[::1]:8000", "::1", "", "watchfire"),
        ("http://desk.example", "203.0.113.9", "", None),
        ("http://desk.example", "203.0.113.9", "https", None),  # nobody trusts that proxy
        ("http://desk.example", "10.1.2.3", "https, http", None),
        ("http://desk.example", "127.0.0.1", "", None),  # a proxy on this machine: the way to it is not ours to see
        ("http://127.0.0.1:8000", "203.0.113.9", "", None),
    ],
)
def test_the_cookie_fits_the_connection(
    proxied: Town, base: str, peer: str, forwarded: str, cookie: str | None
) -> None:
    proxied.person("ann", "viewer")
    headers = {"x_forwarded_proto": forwarded} if forwarded else {}
    answer = ask(with_sign_in(proxied), "POST", "/give", base=base, peer=peer, **headers)
    if cookie is None:
        assert (answer.status_code, answer.json()["key"]) == (403, "error.refused")
        assert "set-cookie" not in answer.headers
        return
    assert answer.status_code == 200
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert name.partition("=")[0] == cookie
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(attributes)
    assert ("Secure" in attributes) == (cookie == "__Host-watchfire")
    assert not any(attribute.startswith("Domain") for attribute in attributes)
    token = name.partition("=")[2]
    me = ask(proxied, "GET", "/api/v1/me", base=base, peer=peer, cookie=f"{cookie}={token}", **headers)
    assert me.json()["actor"] == "ann"
    other = {"__Host-watchfire": "watchfire", "watchfire": "__Host-watchfire"}[cookie]
    tossed = ask(proxied, "GET", "/api/v1/me", base=base, peer=peer, cookie=f"{other}={token}", **headers)
    assert tossed.status_code == 401


def test_signing_out_takes_both_cookies(here: Town) -> None:
    answer = ask(with_sign_in(here), "POST", "/take", base="http://127.0.0.1:8000")
    taken = [value.partition("=")[0] for value in answer.headers.get_list("set-cookie")]
    assert taken == ["__Host-watchfire", "watchfire"]


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "same-origin", "origin": "https://desk.example"}, True),
        ({"sec_fetch_site": "cross-site", "origin": "https://evil.example"}, False),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"sec_fetch_site": "same-site", "origin": "https://other.desk.example"}, False),
        ({"sec_fetch_site": "none"}, False),
        ({"origin": "https://desk.example"}, True),
        ({"origin": "http://desk.example"}, False),
        ({"origin": "https://desk.example:8443"}, False),
        ({"origin": "https://desk.example.evil.example"}, False),
        ({"origin": "null"}, False),
        ({}, True),  # no browser: nothing is sent along without the caller's knowledge
    ],
)
def test_changes_asked_for_by_another_site_are_refused(here: Town, headers: dict[str, str], allowed: bool) -> None:
    here.person("ann", "analyst")
    number, token = here.alert(), here.session("ann")
    sent: dict[str, Any] = {"base": "https://desk.example", "cookie": f"__Host-watchfire={token}", **headers}
    answer = ask(here, "POST", f"/api/v1/alerts/{number}/acknowledge", **sent)
    assert answer.status_code == (200 if allowed else 403), answer.text
    assert ask(here, "GET", f"/api/v1/alerts/{number}", **sent).status_code == 200
    assert ask(here, "GET", f"/api/v1/alerts/{number}", **sent).json()["state"] == (
        "acknowledged" if allowed else "open"
    )


def test_behind_a_proxy_the_public_address_counts_as_ours(proxied: Town) -> None:
    proxied.person("ann", "analyst")
    sent = {"base": "http://inner:8000", "peer": "10.1.2.3", "x_forwarded_proto": "https"}
    sent["cookie"] = f"__Host-watchfire={proxied.session('ann')}"
    path = f"/api/v1/alerts/{proxied.alert()}/acknowledge"
    assert ask(proxied, "POST", path, **sent, origin="https://evil.example").status_code == 403
    assert ask(proxied, "POST", path, **sent, origin="https://desk.example").status_code == 200


def test_a_key_needs_no_origin(here: Town) -> None:
    sent = {"authorization": f"Bearer {here.key('analyst')}", "sec_fetch_site": "cross-site"}
    path = f"/api/v1/alerts/{here.alert()}/acknowledge"
    assert ask(here, "POST", path, base="https://desk.example", peer="203.0.113.9", **sent).status_code == 200


def test_keys_end(here: Town) -> None:
    scope = here.operator()
    row, token = make_key(here.house, scope, name="robot", role="viewer", lasts=timedelta(days=1))
    other, for_ever = make_key(here.house, scope, name="robot", role="viewer")
    assert token.startswith("wf_")
    assert row.hint == token[:8]

    def works(key: str) -> bool:
        sent = {"authorization": f"Bearer {key}"}
        return ask(here, "GET", "/api/v1/me", base="https://desk.example", **sent).status_code == 200

    assert works(token)
    here.pass_time(days=1)
    assert not works(token)
    assert works(for_ever)
    revoke_key(here.house, scope, other.id or 0)
    revoke_key(here.house, scope, other.id or 0)
    assert not works(for_ever)
    assert [key.hint for key, _ in list_keys(here.house, scope)] == [token[:8], for_ever[:8]]


def test_a_key_that_was_just_used_ends_as_soon_as_it_is_told(here: Town) -> None:
    scope = here.operator()
    _, token = make_key(here.house, scope, name="robot", role="viewer", lasts=timedelta(minutes=1))
    other, revoked = make_key(here.house, scope, name="other", role="admin")

    def asks(key: str, path: str = "/api/v1/alerts") -> int:
        return ask(here, "GET", path, base="http://127.0.0.1:8000", authorization=f"Bearer {key}").status_code

    assert [asks(token), asks(token), asks(revoked), asks(revoked)] == [200] * 4
    assert asks(revoked, "/api/v1/keys") == 200
    with here.store.write() as session:
        session.get_one(ApiKey, other.id).role = "viewer"
    assert [asks(revoked, "/api/v1/keys"), asks(revoked)] == [403, 200]
    revoke_key(here.house, scope, other.id or 0)
    assert [asks(token), asks(revoked)] == [200, 401]
    here.pass_time(minutes=2)
    assert [asks(token), asks(token)] == [401, 401]


@pytest.mark.parametrize("key", ["", "wf_", "wf_" + "A" * 43, "A" * 43, "wf_" + "A " * 12])
def test_made_up_keys_do_not_fall_back_to_the_cookie(here: Town, key: str) -> None:
    here.person("ann", "viewer")
    sent = {"authorization": f"bearer {key}", "cookie": f"watchfire={here.session('ann')}"}
    answer = ask(here, "GET", "/api/v1/me", base="http://127.0.0.1:8000", **sent)
    assert (answer.status_code, answer.json()["key"]) == (401, "error.sign_in")


def test_a_used_session_is_renewed_by_the_door(here: Town) -> None:
    here.person("ann", "viewer")
    token = here.session("ann")
    for _ in range(2):
        here.pass_time(days=13)
        answer = ask(here, "GET", "/api/v1/me", base="http://127.0.0.1:8000", cookie=f"watchfire={token}")
        assert answer.status_code == 200


@pytest.fixture
def demo(sqlite_store: Store, tmp_path: Path) -> Iterator[Town]:
    """A demonstration."""
    with town(sqlite_store, tmp_path, demo=True) as found:
        yield found


@pytest.mark.parametrize(
    ("base", "peer", "headers", "status"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1", {}, 200),
        ("http://localhost:8000", "127.0.0.1", {}, 200),
        ("http://[::1]:8000", "::ffff:127.0.0.1", {}, 200),
        ("http://evil.example", "127.0.0.1", {}, 421),  # a name that somebody points at this machine
        ("http://127.0.0.1.evil.example", "127.0.0.1", {}, 421),
        ("http://127.0.0.1:8000", "203.0.113.9", {}, 403),
        ("http://127.0.0.1:8000", "127.0.0.1", {"x_forwarded_for": "203.0.113.9"}, 403),
        ("http://127.0.0.1:8000", "127.0.0.1", {"forwarded": "for=203.0.113.9"}, 403),
    ],
)
def test_a_demonstration_is_open_here_only(
    demo: Town, base: str, peer: str, headers: dict[str, str], status: int
) -> None:
    for path in ("/api/v1/alerts", "/api/v1/me"):
        answer = ask(demo, "GET", path, base=base, peer=peer, **headers)
        assert answer.status_code == status, answer.text
    feed = ask(demo, "GET", f"/feeds/{'x' * 43}/atom.xml", base=base, peer=peer, **headers)
    assert feed.status_code == (404 if status == 200 else status)


def test_a_demonstrations_visitor_acts_but_not_for_other_sites(demo: Town) -> None:
    assert ask(demo, "GET", "/api/v1/me", base="http://127.0.0.1:8000").json()["role"] == "manager"
    demo.person("visitor", "analyst")
    me = ask(demo, "GET", "/api/v1/me", base="http://127.0.0.1:8000").json()
    assert (me["actor"], me["role"], me["demo"]) == ("visitor", "analyst", True)
    path = f"/api/v1/alerts/{demo.alert()}/acknowledge"
    assert ask(demo, "POST", path, base="http://127.0.0.1:8000", sec_fetch_site="cross-site").status_code == 403
    assert ask(demo, "POST", path, base="http://127.0.0.1:8000", sec_fetch_site="same-origin").status_code == 200


def test_outside_a_demonstration_nothing_is_open(here: Town) -> None:
    for path in ("alerts", "entries", "events", "sources", "me", "stream", "openapi.json", "channels"):
        assert ask(here, "GET", f"/api/v1/{path}", base="http://127.0.0.1:8000").status_code == 401


@given(st.ip_addresses())
def test_loopback_is_what_python_says(address: Any) -> None:
    assert is_loopback(str(address)) == (getattr(address, "ipv4_mapped", None) or address).is_loopback


@pytest.mark.parametrize("host", ["", "localhost.", "127.1", "0.0.0.0", "2130706433", "localhost.evil.example", "::"])
def test_what_only_looks_like_loopback(host: str) -> None:
    assert not is_loopback(host)
