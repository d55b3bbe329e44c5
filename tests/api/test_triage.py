"""Search, counts, snoozes, handing over, many at once and views, by the API."""

import asyncio
from typing import Any

import pytest

from service.desk.search import reindex
from tests.api.town import Town

ROUTES = (
    ("POST", "alerts/1/snooze", {"until": "2026-03-01T15:00:00Z"}),
    ("POST", "alerts/1/wake", None),
    ("POST", "alerts/1/hand", {"owner": "legal-counsel"}),
)


def ask(town: Town, token: str | None, method: str, path: str, body: Any = None, **query: Any) -> Any:
    """One request below /api/v1."""

    async def go() -> Any:
        async with town.client(token) as client:
            return await client.request(method, f"/api/v1/{path}", json=body, params=query)

    return asyncio.run(go())


def test_search_and_counts(here: Town) -> None:
    number = here.alert()
    reindex(here.store)
    key = here.key("viewer")
    title = ask(here, key, "GET", f"alerts/{number}").json()["title"]
    word = max(title.split(), key=len)
    found = ask(here, key, "GET", "search", q=word).json()
    assert [one["id"] for one in found["alerts"]] == [number]
    assert found["next"] is None
    assert ask(here, key, "GET", "search", q="zebra").json()["alerts"] == []
    assert ask(here, key, "GET", "search").status_code == 422
    assert ask(here, key, "GET", "facets").json()["state"]["live"] == 1
    assert ask(here, key, "GET", "facets", q="zebra").json()["level"] == {}


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_who_may_not_act_is_refused(here: Town, method: str, path: str, body: Any) -> None:
    here.alert()
    assert ask(here, here.key("viewer"), method, path, body).status_code == 403
    assert ask(here, None, method, path, body).status_code == 401
    assert ask(here, here.key("analyst"), method, path.replace("1", "99", 1), body).status_code == 404


def test_snoozed_handed_and_brought_back(here: Town) -> None:
    number, key = here.alert(), here.key("analyst")
    answer = ask(here, key, "POST", f"alerts/{number}/snooze", {"until": "2026-03-01T15:00:00Z", "reason": "later"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["until"] <= "2026-03-01T15:00:00Z"
    assert ask(here, key, "GET", "facets").json()["state"] == {"snoozed": 1}
    assert ask(here, key, "POST", f"alerts/{number}/wake").status_code == 204
    assert ask(here, key, "GET", "facets").json()["state"]["live"] == 1
    assert ask(here, key, "POST", f"alerts/{number}/snooze", {"until": "2026-03-01T15:00"}).status_code == 422
    assert ask(here, key, "POST", f"alerts/{number}/snooze", {"until": "2020-03-01T15:00:00Z"}).status_code == 422
    assert ask(here, key, "POST", f"alerts/{number}/hand", {"owner": "nobody-such"}).status_code == 422
    assert ask(here, key, "POST", f"alerts/{number}/hand", {"owner": "legal-counsel"}).status_code == 204
    duties = ask(here, key, "GET", f"alerts/{number}").json()["duties"]
    assert [duty["owner"] for duty in duties if duty["role"] == "accountable"] == ["legal-counsel"]


def test_many_at_once(here: Town) -> None:
    number, key = here.alert(), here.key("analyst")
    answer = ask(here, key, "POST", "alerts/many", {"ids": [number, 99], "step": "acknowledge"}).json()
    assert answer["done"] == [number]
    assert list(answer["failed"]) == ["99"]


def test_views(here: Town) -> None:
    key, other = here.key("viewer"), here.key("analyst")
    own = ask(here, key, "POST", "views", {"name": "Grave", "query": "level=1"})
    assert own.status_code == 201
    assert ask(here, other, "GET", "views").json() == []
    ask(here, key, "POST", "views", {"name": "Grave", "query": "level=2", "shared": True})
    assert [(one["name"], one["query"]) for one in ask(here, other, "GET", "views").json()] == [("Grave", "level=2")]
    assert ask(here, other, "DELETE", f"views/{own.json()['id']}").status_code == 404
    assert ask(here, key, "DELETE", f"views/{own.json()['id']}").status_code == 204
