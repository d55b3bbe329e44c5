"""Channels, subscriptions and sources through the API."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api.shapes.delivery import shown_address
from tests.api.town import Town
from tests.ingest.webserver import Answer, webserver


def send(town: Town, key: str, method: str, path: str, body: Any = None) -> httpx.Response:
    """One request below /api/v1."""

    async def ask() -> httpx.Response:
        async with town.client(key) as client:
            answer = await client.request(method, f"/api/v1/{path}", json=body)
            await town.house.sender.client.aclose()
            return answer

    return asyncio.run(ask())


def test_a_secret_is_answered_once_and_an_address_never(here: Town) -> None:
    key = here.key("manager")
    address = "https://open.rooms.example/hooks/T0KEN-T0KEN-T0KEN-T0KEN-T0KEN-wxyz"
    made = send(here, key, "POST", "channels", {"kind": "webhook", "name": "Room", "address": address})
    assert made.status_code == 201
    secret = made.json()["secret"]
    assert secret.startswith("whsec_")
    listed = send(here, key, "GET", "channels")
    assert secret not in listed.text
    assert "T0KEN" not in listed.text + made.text
    (item,) = listed.json()["items"]
    assert (item["address"], item["has_secret"]) == ("https://open.rooms.example/…wxyz", True)
    assert send(here, key, "DELETE", f"channels/{item['id']}").status_code == 204
    assert send(here, key, "GET", "channels").json()["items"] == []


@given(st.sampled_from(["webhook", "slack", "feishu"]), st.text(max_size=60))
def test_no_address_breaks_or_leaks(kind: str, text: str) -> None:
    shown = shown_address(kind, f"https://user:pass@host.example/{text}")
    assert "pass" not in shown
    assert len(shown) <= len("https://host.example/…") + 4


def test_a_channel_is_tested_for_real(here: Town) -> None:
    with webserver() as web:
        web.answers["/hook"] = Answer(body=b"ok")
        number = here.channel("home", web.url("/hook"))
        said = send(here, here.key("manager"), "POST", f"channels/{number}/test")
    assert said.json() == {"ok": True, "status": 200, "detail": said.json()["detail"]}
    (asked,) = web.asked
    assert json.loads(asked.body)["type"] == "channel.test"


def test_a_test_that_fails_says_why(here: Town) -> None:
    number = here.channel("home", "http://127.0.0.1:9/hook")
    said = send(here, here.key("manager"), "POST", f"channels/{number}/test").json()
    assert not said["ok"]
    assert said["detail"]


def test_a_subscription_and_its_token(here: Town) -> None:
    key = here.key("manager", "north")
    given_ = {"name": "Sahel", "countries": ["ne", "ML"], "categories": ["security"], "least_level": 2}
    made = send(here, key, "POST", "subscriptions", given_)
    assert made.status_code == 201
    assert made.json()["countries"] == ["NE", "ML"]
    path = f"subscriptions/{made.json()['id']}"
    token = send(here, key, "POST", f"{path}/token").json()
    assert token["atom"].endswith(f"/feeds/{token['token']}/atom.xml")
    hints = [item["feed_hint"] for item in send(here, key, "GET", "subscriptions").json()["items"]]
    assert hints == [None, token["token"][:8]]
    assert send(here, key, "DELETE", f"{path}/token").status_code == 204
    assert send(here, key, "DELETE", path).status_code == 204
    assert send(here, key, "DELETE", path).status_code == 404


def test_a_source_is_added_paused_and_resumed(here: Town) -> None:
    key = here.key("admin")
    made = send(
        here, key, "POST", "sources", {"address": "https://more.example/rss", "interval": 600, "critical": True}
    )
    assert (made.status_code, made.json()["interval"], made.json()["critical"]) == (201, 600, True)
    again = send(here, key, "POST", "sources", {"address": "https://more.example/rss"})
    assert (again.status_code, again.json()["key"]) == (409, "error.conflict")
    path = f"sources/{made.json()['id']}"
    until = (here.at + timedelta(hours=1)).isoformat()
    paused = send(here, key, "POST", f"{path}/pause", {"until": until}).json()
    assert (paused["state"], paused["paused_until"]) == ("paused", "2026-03-01T13:00:00Z")
    assert send(here, key, "POST", f"{path}/resume").json()["state"] == "new"
    assert send(here, key, "GET", path).json()["state"] == "new"


@pytest.mark.parametrize("until", ["2026-03-02T00:00:00", "2020-01-01T00:00:00Z", "tomorrow"])
def test_pauses_that_cannot_be(here: Town, until: str) -> None:
    path = f"sources/{here.numbers['source:feed']}/pause"
    assert send(here, here.key("admin"), "POST", path, {"until": until}).status_code == 422


def test_a_dead_letter_and_its_tries(here: Town) -> None:
    key, number = here.key("manager"), here.notice(here.alert())
    assert [item["id"] for item in send(here, key, "GET", "deliveries?state=dead").json()["items"]] == [number]
    assert send(here, key, "GET", f"deliveries/{number}").json()["tries"] == []
    here.channel("home", owner="hq")
    again = send(here, key, "POST", f"deliveries/{number}/retry")
    assert again.status_code == 409  # it was for no owner, so there is no channel for it
    assert send(here, key, "POST", f"deliveries/{number}/retry/like").status_code == 409
    assert send(here, key, "GET", "deliveries?state=sent").json()["items"] == []
