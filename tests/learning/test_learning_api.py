"""The API of corrections, the queue and models: who may, what comes back, what is refused."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from sqlmodel import col, delete, select

from service.desk.models import shipped_name
from service.desk.training import train_due
from service.store.engine import Store
from service.store.tables import AssessmentRow, Correction
from tests.api.town import Town, town
from tests.learning.teaching import teacher
from tests.learning.unsure import make_unsure


@pytest.fixture
def here(sqlite_store: Store, tmp_path: Path) -> Iterator[Town]:
    with town(sqlite_store, tmp_path) as found:
        found.alert()
        yield found


def ask(here: Town, role: str, method: str, path: str, body: Any = None, organisation: str = "home") -> Response:
    return call(here, method, f"/api/v1{path}", here.key(role, organisation), body)


def call(here: Town, method: str, path: str, token: str, body: Any = None) -> Response:
    async def asking() -> Response:
        async with here.client(token) as client:
            return await client.request(method, path, json=body)

    return asyncio.run(asking())


def test_the_queue_a_correction_and_its_undoing(here: Town) -> None:
    (first, *_) = make_unsure(here.store, 1)
    queue = ask(here, "viewer", "GET", "/learning/queue?limit=5").json()["items"]
    assert [one["entry"]["id"] for one in queue] == [first]
    assert queue[0]["why"][0]["code"] == "uncertain"
    assert queue[0]["why"][0]["text"]["zh"].endswith("法律")
    given = {"labels": ["legal"], "severity": 2, "countries": ["ne"], "reason": "A new law."}
    made = ask(here, "analyst", "POST", f"/entries/{first}/corrections", given)
    assert made.status_code == 201, made.text
    assert made.json()["after"] == {"labels": ["legal"], "subtypes": [], "severity": 2, "countries": ["NE"]}
    assert made.json()["before"]["labels"] == ["security"]
    assert ask(here, "viewer", "GET", "/learning/queue").json()["items"] == []
    entry = next(e for e in ask(here, "viewer", "GET", "/entries").json()["items"] if e["id"] == first)
    assert (entry["assessment"]["labels"], entry["assessment"]["model"]) == (["legal"], "person")
    assert entry["assessment"]["reasons"][0]["text"]["en"] == "set by the desk: Legal"
    undone = ask(here, "analyst", "DELETE", f"/entries/{first}/corrections")
    assert undone.json()["ended_by"] == "key:analyst"
    assert ask(here, "analyst", "DELETE", f"/entries/{first}/corrections").status_code == 409
    (kept,) = ask(here, "viewer", "GET", f"/corrections?entry={first}").json()["items"]
    assert (kept["reason"], kept["ended_by"], kept["actor"]) == ("A new law.", "key:analyst", "key:analyst")


@pytest.mark.parametrize(
    "body", [{}, {"labels": ["weather"]}, {"labels": [], "severity": 3}, {"labels": ["legal"], "more": 1}]
)
def test_what_cannot_be_meant_is_a_422(here: Town, body: dict[str, Any]) -> None:
    (first,) = make_unsure(here.store, 1)
    assert ask(here, "analyst", "POST", f"/entries/{first}/corrections", body).status_code == 422


def test_who_may(here: Town) -> None:
    (first,) = make_unsure(here.store, 1)
    path, body = f"/entries/{first}/corrections", {"labels": []}
    assert ask(here, "viewer", "POST", path, body).status_code == 403
    assert ask(here, "admin", "POST", path, body, organisation="north").status_code == 404
    assert ask(here, "admin", "GET", "/learning/queue", organisation="north").status_code == 403
    assert ask(here, "admin", "GET", "/models", organisation="north").status_code == 403
    assert ask(here, "admin", "GET", "/corrections", organisation="north").json()["items"] == []
    assert ask(here, "analyst", "POST", "/models/train").status_code == 403
    assert ask(here, "analyst", "POST", f"/models/{shipped_name()}/use").status_code == 403
    assert ask(here, "analyst", "POST", "/entries/999999/corrections", body).status_code == 404


def test_models_from_a_wish_to_use(here: Town) -> None:
    assert ask(here, "manager", "POST", "/models/train").status_code == 422
    (first,) = make_unsure(here.store, 1)
    ask(here, "analyst", "POST", f"/entries/{first}/corrections", {"labels": []})
    asked = ask(here, "manager", "POST", "/models/train")
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    made = train_due(here.house, "worker", teacher(better=False))
    assert made is not None
    told = ask(here, "viewer", "GET", "/models").json()
    assert (told["in_use"], told["fixed"], told["corrections"]) == (shipped_name(), False, 1)
    assert [(one["name"], one["state"]) for one in told["items"]] == [(made.name, "refused")]
    assert told["items"][0]["contest"]["rows"][0]["set"] == "fixed"
    assert told["training"]["model"] == made.name
    use = f"/models/{made.name}/use"
    assert ask(here, "manager", "POST", use).status_code == 409
    assert ask(here, "manager", "POST", use, {"anyway": True}).json()["state"] == "in_use"
    assert ask(here, "manager", "POST", f"/models/{shipped_name()}/use").json()["name"] == shipped_name()
    assert ask(here, "manager", "POST", "/models/watchfire-none/use").status_code == 404
    assert ask(here, "manager", "POST", "/models/..%2Fx/use").status_code in (404, 422)


def test_drift_is_measured(here: Town) -> None:
    here.pass_time(minutes=1)
    text = call(here, "GET", "/metrics", here.key("viewer")).text
    assert 'watchfire_entries_share{of="open",window="7d"}' in text
    assert "watchfire_drift_index{" not in text, "too few entries say nothing"


def test_an_entry_that_nobody_has_read_yet_waits(here: Town) -> None:
    (first,) = make_unsure(here.store, 1)
    with here.store.write() as session:
        session.exec(delete(AssessmentRow).where(col(AssessmentRow.entry_id) == first))
    assert ask(here, "analyst", "POST", f"/entries/{first}/corrections", {"labels": []}).status_code == 409
    with here.store.read() as session:
        assert session.exec(select(Correction)).all() == []
