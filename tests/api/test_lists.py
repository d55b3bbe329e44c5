"""Lists: what may be asked, in which pages, and in which shape it is answered."""

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.town import Town

LISTS = ("alerts", "entries", "events", "sources", "archives", "deliveries", "channels", "subscriptions")


def get(town: Town, path: str, token: str | None, **query: Any) -> Any:
    """One GET below /api/v1, decoded."""

    async def ask() -> Any:
        async with town.client(token) as client:
            return await client.get(f"/api/v1/{path}", params=query)

    return asyncio.run(ask())


@pytest.mark.parametrize("name", LISTS)
def test_every_list_has_items_and_next(here: Town, name: str) -> None:
    here.alert()
    answer = get(here, name, here.key("viewer"))
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"items", "next"}
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_the_list_is_whole_in_either_form_and_fresh(here: Town, encoding: str) -> None:
    """httpx takes off what Content-Encoding names: nothing is packed twice, and what is kept ends with a change."""
    here.alert()
    token = here.key("manager")

    async def ask() -> tuple[Any, Any, Any]:
        async with here.client(token, **{"accept-encoding": encoding}) as client:
            first, again = [await client.get("/api/v1/alerts") for _ in range(2)]
            number = first.json()["items"][0]["id"]
            assert (await client.post(f"/api/v1/alerts/{number}/acknowledge")).status_code == 200
            return first, again, await client.get("/api/v1/alerts")

    first, again, after = asyncio.run(ask())
    assert first.json() == again.json()
    assert [one.json()["items"][0]["state"] for one in (first, after)] == ["open", "acknowledged"]
    for answer in (first, again, after):
        assert answer.headers.get("content-encoding", "identity") == encoding
        assert answer.headers["vary"].lower().count("accept-encoding") == 1


@pytest.mark.parametrize("name", [*LISTS, "me", "alerts/1", "openapi.json"])
def test_an_unknown_parameter_is_refused(here: Town, name: str) -> None:
    here.alert()
    answer = get(here, name, here.key("viewer"), colour="red")
    if name == "openapi.json":
        assert answer.status_code == 200
        return
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["errors"] == [{"where": "query", "name": "colour", "detail": "it is not known here."}]


@pytest.mark.parametrize(
    "query",
    [
        {"level": "5"},
        {"level": "red"},
        {"state": "closed"},
        {"country": "XX"},
        {"category": "weather"},
        {"limit": "0"},
        {"limit": "201"},
        {"cursor": "nonsense"},
        {"cursor": "WzFd"},
        {"cursor": "WyIyMDI2LTAxLTAxIiwgMV0"},  # a time without a zone
        {"cursor": "WyIyMDI2LTAxLTAxVDAwOjAwOjAwWiIsIDk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ"},  # a number beyond any key
        {"level": ["1", "9"]},
        {"country": ["NE", "XX"]},
        {"state": ["open", "live"]},
        {"category": ["security", "legal"]},
        {"changed_since": "yesterday"},
        {"changed_since": "2026-03-01T12:00:00"},  # a time without a zone
    ],
)
def test_a_wrong_value_is_refused_with_a_word(here: Town, query: dict[str, Any]) -> None:
    answer = get(here, "alerts", here.key("viewer"), **query)
    assert answer.status_code == 422, answer.text
    assert answer.json()["key"] == "error.invalid"
    assert answer.json()["detail"]


def test_several_levels_and_countries_and_a_time(here: Town) -> None:
    here.alert("Shelling", level=1, countries=("NE", "ML"))
    here.alert("Strike", level=3, countries=("FR",))
    here.pass_time(hours=2)
    here.alert("Flood", level=2, countries=("BD",))
    key = here.key("viewer")

    def titles(**query: Any) -> list[str]:
        return [one["title"] for one in get(here, "alerts", key, **query).json()["items"]]

    assert titles(level=["1", "2"]) == ["Flood", "Shelling"]
    assert titles(country=["bd", "ML"], level=["1", "2", "3"]) == ["Flood", "Shelling"]
    assert titles(country=["FR", "NE"]) == ["Strike", "Shelling"]
    assert titles(changed_since="2026-03-01T13:00:00Z") == ["Flood"]
    assert titles(changed_since="2026-03-01T14:00:00+02:00", level="3") == ["Strike"]
    assert get(here, "sources", key, country=["FR", "NE"]).status_code == 422


def test_an_alert_has_the_promised_shape(here: Town) -> None:
    here.pass_time(minutes=1)
    number = here.alert("Shelling", level=1, countries=("NE", "ML"))
    here.alert("Strike", level=3, countries=("FR",), categories=("political",))
    (item,) = get(here, "alerts", here.key("viewer"), level=1, state="open", country="ne", category="security").json()[
        "items"
    ]
    assert item == {
        "id": number,
        "kind": "risk",
        "source_id": None,
        "level": 1,
        "clause": "SEC-1",
        "guideline": "1+abcdef",
        "reasons": [
            {
                "kind": "severity",
                "code": "severity.dead",
                "value": "12",
                "words": "twelve dead",
                "text": item["reasons"][0]["text"],
            }
        ],
        "countries": ["NE", "ML"],
        "categories": ["security"],
        "subtypes": ["armed_conflict"],
        "state": "open",
        "opened_at": "2026-03-01T12:01:00Z",
        "changed_at": "2026-03-01T12:01:00Z",
        "title": "Shelling",
        "language": "en",
        "gloss": {"en": None, "zh": "英文 · 尼日尔 · 马里 · 武装冲突 · 空袭或炮击"},
        "translations": [],
        "score": 72.5,
        "unconfirmed": False,
        "withdrawn": False,
        "concern": False,
        "demo": False,
        "sources": 1,
        "sharing": "TLP:GREEN",
        "acknowledge_by": "2026-03-01T12:16:00Z",
        "acknowledged_at": None,
        "acknowledged_by": None,
        "closed_at": None,
        "close_reason": None,
        "event_id": item["event_id"],
        "version": 1,
    }
    assert set(item["reasons"][0]["text"]) == {"zh", "en"}
    assert "12" in item["reasons"][0]["text"]["en"]


def test_the_whole_alert_tells_the_log_without_inner_detail(here: Town) -> None:
    number = here.alert(owner="desk-security")
    here.notice(number)
    whole = get(here, f"alerts/{number}", here.key("viewer")).json()
    assert [report["title"] for report in whole["reports"]] == ["Shelling near the bridge"]
    assert whole["duties"][0]["owner"] == "desk-security"
    assert whole["history"][0]["action"] == "alert.open"
    assert whole["history"][0]["detail"] == {"level": 1}
    assert whole["notices"][0]["state"] == "dead"


def test_an_event_and_its_entries(here: Town) -> None:
    here.alert()
    key = here.key("viewer")
    (event,) = get(here, "events", key).json()["items"]
    whole = get(here, f"events/{event['id']}", key).json()
    assert whole["entries"][0]["assessment"]["labels"] == ["security"]
    assert get(here, "entries", key, event=event["id"]).json()["items"] == whole["entries"]
    assert get(here, "entries", key, source="elsewhere").json()["items"] == []


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limit=st.integers(1, 4), inserts=st.lists(st.integers(0, 2), max_size=6))
def test_pages_neither_skip_nor_repeat_while_alerts_come_in(here: Town, limit: int, inserts: list[int]) -> None:
    key = here.key("viewer")
    standing = {here.alert(f"standing {number}") for number in range(5)}
    seen: list[int] = []
    cursor, late = None, list(inserts)
    while True:
        query = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        page = get(here, "alerts", key, **query).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
        for _ in range(late.pop() if late else 0):
            here.pass_time(seconds=1)
            here.alert("came in between")
    assert len(seen) == len(set(seen))
    assert standing <= set(seen)


@pytest.mark.parametrize("name", ["entries", "events", "sources", "deliveries"])
def test_the_other_lists_page_too(here: Town, name: str) -> None:
    key, alert = here.key("viewer"), here.alert()
    here.alert("another")
    here.alert("a third")
    for _ in range(3):
        here.notice(alert)
    found: list[Any] = []
    cursor = None
    while True:
        page = get(here, name, key, limit=1, **({"cursor": cursor} if cursor else {})).json()
        found += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(found) == len(set(found)) == (1 if name == "sources" else 3)
