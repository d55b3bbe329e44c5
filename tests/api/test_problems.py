"""Errors: RFC 9457 for everything, with a stable key and a word of advice."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.api.town import Town


def send(town: Town, method: str, path: str, **how: Any) -> httpx.Response:
    """One request by an administrator's key."""
    key = town.key("admin")

    async def ask() -> httpx.Response:
        async with town.client(key) as client:
            return await client.request(method, path, **how)

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("method", "path", "status", "key"),
    [
        ("GET", "/api/v1/nothing", 404, "error.not_found"),
        ("GET", "/api/v1/alerts/99", 404, "error.not_found"),
        ("GET", "/api/v1/alerts/nine", 422, "error.invalid"),
        ("GET", "/api/v1/alerts/99999999999999999999", 422, "error.invalid"),
        ("GET", "/api/v1/deliveries/%00", 422, "error.invalid"),
        ("DELETE", "/api/v1/alerts", 405, "error.method"),
        ("POST", "/api/v1/alerts/1/snooze", 422, "error.invalid"),
        ("GET", "/feeds/short/atom.xml", 404, "error.not_found"),
        ("GET", "/feeds/short/atom.xml?colour=red", 422, "error.invalid"),
    ],
)
def test_every_error_is_a_problem(here: Town, method: str, path: str, status: int, key: str) -> None:
    answer = send(here, method, path)
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (answer.status_code, body["status"], body["key"]) == (status, status, key)
    assert body["type"] == "about:blank"
    assert body["title"]
    assert body["detail"]
    if status == 405:
        assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"name": ', ""),
        (b"[]", ""),
        (b'{"name": "n", "colour": "red"}', "colour"),
        (b'{"name": 5}', "name"),
        (b'{"name": "n", "countries": ["ZZ"]}', None),
        (b'{"name": "n", "categories": ["weather"]}', None),
        (b'{"name": "n", "least_level": 9}', None),
        (b'{"name": "   "}', None),
        (b'{"name": "n", "channel_id": 77}', None),
        (b'{"name": "\\ud800"}', "name"),
    ],
)
def test_a_body_of_the_wrong_shape(here: Town, body: bytes, name: str | None) -> None:
    answer = send(here, "POST", "/api/v1/subscriptions", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == (404 if b"77" in body else 422), answer.text
    if name:
        assert answer.json()["errors"][0]["name"] == name


@pytest.mark.parametrize(
    ("content", "media", "said"),
    [
        (b"{bad", "application/json", "it is not JSON (character 1)."),
        (b"hello", "text/plain", "the Content-Type is not application/json."),
        (b"[]", "application/json", "it is no JSON object"),
    ],
)
def test_a_body_that_is_no_object_is_told_plainly(here: Town, content: bytes, media: str, said: str) -> None:
    answer = send(here, "POST", "/api/v1/subscriptions", content=content, headers={"content-type": media})
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


def test_values_are_refused_in_plain_words(here: Town) -> None:
    detail = send(here, "GET", "/api/v1/alerts?country=XX").json()["detail"]
    assert detail == "The query 'country' cannot be used: it is no country; use the two letters of ISO 3166."


def test_what_was_sent_is_not_repeated(here: Town) -> None:
    secret = "whsec_neverseen"
    answer = send(here, "POST", "/api/v1/channels", json={"kind": "webhook", "secret": secret, "token": secret})
    assert answer.status_code == 422
    assert secret not in answer.text


def test_large_bodies_are_refused_before_they_are_read(here: Town) -> None:
    answer = send(here, "POST", "/api/v1/subscriptions", content=b"x" * (1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["key"]) == (413, "error.too_large")

    async def pieces() -> Any:
        for _ in range(17):
            yield b'"' + b"x" * 65536

    answer = send(here, "POST", "/api/v1/subscriptions", content=pieces(), headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_the_unforeseen_is_a_problem_without_inner_words(here: Town) -> None:
    here.house.store.dispose()
    object.__setattr__(here.house, "clock", None)
    key = "wf_" + "x" * 43

    async def ask() -> httpx.Response:
        async with here.client(key) as client:
            return await client.get("/api/v1/alerts")

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.json()["key"]) == (500, "error.internal")
    assert "NoneType" not in answer.text


def test_the_description_is_openapi_3_1(here: Town) -> None:
    described = send(here, "GET", "/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert described["servers"] == [{"url": "/api/v1"}]
    assert {
        "/alerts",
        "/alerts/{alert_id}",
        "/alerts/{alert_id}/{step}",
        "/entries",
        "/events",
        "/sources",
        "/deliveries/{notice_id}/retry",
        "/channels/{channel_id}/test",
        "/subscriptions/{subscription_id}/token",
        "/stream",
        "/people/{person_id}",
        "/people/invitations",
        "/keys/{key_id}/revoke",
        "/audit",
        "/me",
    } <= set(described["paths"])
    problem = described["paths"]["/alerts"]["get"]["responses"]["422"]["content"]
    assert set(problem) == {"application/problem+json"}
    assert described["components"]["securitySchemes"]
    stream = described["paths"]["/stream"]["get"]["responses"]["200"]["content"]["text/event-stream"]
    assert set(stream) == {"schema"}  # `itemSchema` is a word of OpenAPI 3.2
