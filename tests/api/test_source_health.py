"""How sources do, over the API."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from ingest.health import HEALTHY, Look, health_values, observe
from service.store.read_rest import get_source
from tests.api.town import Town


def send(town: Town, key: str | None, method: str, path: str, body: Any = None, **query: str) -> httpx.Response:
    """One request below /api/v1, or from this machine without a key."""

    async def ask() -> httpx.Response:
        async with town.client(key) if key else town.client(base="http://127.0.0.1") as client:
            return await client.request(method, f"/api/v1/{path}" if key else path, json=body, params=query)

    return asyncio.run(ask())


def get(town: Town, path: str, key: str | None = None, **query: str) -> httpx.Response:
    """One GET."""
    return send(town, key, "GET", path, **query)


@pytest.fixture
def number(here: Town) -> int:
    """The town's feed after three looks: two that brought something, and one that failed."""
    number = here.numbers["source:feed"]
    health = HEALTHY
    for hours, look in ((5, {"fresh": 4}), (3, {"fresh": 2, "lag": 600, "missing": 1})):
        at = here.at - timedelta(hours=hours)
        health = observe(health, Look(at, "new", read=True, items=20, copies=1, bytes=900, interval=7200, **look))
    health = observe(health, Look(here.at, "failed", reason="http 500"))
    with here.store.write() as session:
        row = get_source(session, here.operator(), number)
        row.health, row.state, row.state_since = health_values(health), "degraded", here.at
        row.next_check_at, row.last_outcome, row.critical = here.at + timedelta(hours=1), "failed", True
        session.add(row)
    return number


def test_everything_counted_about_a_source(here: Town, number: int) -> None:
    said = get(here, f"sources/{number}/health", here.key("viewer")).json()
    assert (said["state"], said["troubles"], said["looks"], said["failed"]) == ("degraded", ["failed"], 3, 1)
    assert (said["rhythm_s"], said["lag_s"], said["silence_s"]) == (7200, 600, 10_800)
    assert (said["known"], said["copies"], said["dated"], said["missing"]) == (0.85, 0.05, 0.8333, 0.1667)
    assert said["failures"] == [{"kind": "http 500", "times": 1, "last_at": here.at.strftime("%Y-%m-%dT%H:%M:%SZ")}]
    assert len(said["days"]) == 28
    assert said["days"][-1] == {"day": here.at.strftime("%Y-%m-%d"), "entries": 6, "looks": 3, "failed": 1}
    assert said["days"][0]["looks"] == 0


def test_sources_by_state(here: Town, number: int) -> None:
    key = here.key("viewer")
    (found,) = get(here, "sources", key, state="degraded").json()["items"]
    assert (found["id"], found["rhythm_s"], found["troubles"]) == (number, 7200, ["failed"])
    assert get(here, "sources", key, state="ok").json()["items"] == []
    here.pass_time(hours=2)
    (late,) = get(here, "sources", key, state="unknown", critical="true").json()["items"]
    assert late["state"] == "unknown"
    assert late["state_since"] == late["next_look_at"]
    assert get(here, "sources", key, state="splendid").status_code == 422


def test_only_administrators_change_sources_and_only_the_desk_sees_them(here: Town, number: int) -> None:
    viewer, admin, north = here.key("viewer"), here.key("admin"), here.key("admin", "north")
    assert send(here, viewer, "PATCH", f"sources/{number}", {"interval": 60}).status_code == 403
    assert send(here, admin, "PATCH", f"sources/{number}", {"interval": 60}).json()["interval"] == 60
    assert send(here, admin, "PATCH", f"sources/{number}", {"interval": 1}).status_code == 422
    assert send(here, admin, "PATCH", f"sources/{number}", {"address": "https://x"}).status_code == 422
    assert get(here, f"sources/{number}/health", north).status_code == 404
    assert get(here, "sources", north).json()["items"] == []
    assert send(here, admin, "POST", f"sources/{number}/look").status_code == 200
    assert send(here, viewer, "DELETE", f"sources/{number}").status_code == 403
    assert send(here, admin, "DELETE", f"sources/{number}").status_code == 204
    assert get(here, f"sources/{number}", viewer).status_code == 404


def test_metrics_and_readiness_name_critical_sources(here: Town, number: int) -> None:
    text = get(here, "/metrics").text
    assert 'watchfire_sources{state="degraded"} 1.0' in text
    assert 'watchfire_source_bytes{key="feed"} 1800.0' in text
    here.pass_time(hours=2)
    said = get(here, "/health/ready").json()
    assert said["status"] == "degraded"
    assert said["parts"]["sources"]["critical_in_trouble"] == ["feed"]
