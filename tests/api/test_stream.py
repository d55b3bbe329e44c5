"""The stream of changes, over a real connection."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from service.desk.alerts import act_on
from service.desk.keys import list_keys, revoke_key
from tests.api.server import served
from tests.api.town import Town

Event = dict[str, str]


@pytest.fixture
def address(here: Town) -> Iterator[str]:
    """The town's service on a real port, with the look at the log that live pages need."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        here.house.live.start()
        yield
        await here.house.live.stop()

    app = here.app_of_its_own()
    app.router.lifespan_context = lifespan
    with served(app) as found:
        yield found


@contextmanager
def listening(address: str, key: str, **headers: str) -> Iterator[Iterator[Event]]:
    """The events of a stream, one after the other."""
    sent = {"authorization": f"Bearer {key}", **headers}
    with (
        httpx.Client(timeout=20, trust_env=False) as client,
        client.stream("GET", f"{address}/api/v1/stream", headers=sent) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield _events(answer.iter_lines())


def _events(lines: Iterator[str]) -> Iterator[Event]:
    event: Event = {}
    for line in lines:
        if not line:
            if event:
                yield event
            event = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(":")
            event[name] = value.strip()


def data(event: Event) -> Any:
    """What an event says."""
    return json.loads(event["data"])


def test_changes_arrive_and_a_resumed_stream_misses_none(here: Town, address: str) -> None:
    key = here.key("viewer")
    with listening(address, key) as events:
        ready = next(events)
        assert ready["event"] == "ready"
        first = here.alert("first")
        told = next(events)
        assert (told["event"], data(told)["action"]) == ("alert", "alert.open")
        assert data(told)["alert"]["id"] == first
        assert data(told)["id"] == int(told["id"])
    second = here.alert("second")
    act_on(here.house, here.operator(), second, "acknowledge")
    with listening(address, key, **{"last-event-id": told["id"]}) as events:
        assert next(events)["event"] == "ready"
        assert [data(next(events))["action"] for _ in range(2)] == ["alert.open", "alert.acknowledge"]


def test_a_subscriber_hears_of_shared_alerts_only_behind_however_many_others(here: Town, address: str) -> None:
    key = here.key("viewer", "north")
    for number in range(3):
        here.alert(f"foreign {number}", to=("south",))
    here.alert("too secret", sharing="TLP:RED", to=("north",))
    mine = here.alert("shared", to=("north",))
    with listening(address, key, **{"last-event-id": "0"}) as events:
        assert next(events)["event"] == "ready"
        told = next(events)
        assert data(told)["alert"]["id"] == mine
        later = here.alert("later", to=("north", "south"))
        assert data(next(events))["alert"]["id"] == later


def test_an_id_of_another_database_begins_now(here: Town, address: str) -> None:
    here.alert()
    with listening(address, here.key("viewer"), **{"last-event-id": "999999"}) as events:
        assert int(next(events)["id"]) < 999999


def test_a_stream_ends_when_its_reader_may_not_any_more(here: Town, address: str) -> None:
    key = here.key("viewer")
    (row, _), *_ = list_keys(here.house, here.operator())
    with listening(address, key) as events:
        next(events)
        revoke_key(here.house, here.operator(), row.id or 0)
        here.alert("not for this reader any more")
        assert list(events) == []


def test_the_end_of_the_service_ends_streams(here: Town, address: str) -> None:
    with listening(address, here.key("viewer")) as events:
        next(events)
        here.house.live.close()
        assert list(events) == []


def test_without_a_key_there_is_a_problem_and_no_stream(here: Town, address: str) -> None:
    answer = httpx.get(f"{address}/api/v1/stream", trust_env=False)
    assert (answer.status_code, answer.json()["key"]) == (401, "error.sign_in")
