"""What monitoring asks, and who may ask it."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from service.store.migrate import downgrade
from service.store.tables import SourceRow
from tests.api.town import START, Town


def get(
    town: Town, path: str, key: str | None = None, peer: str = "127.0.0.1", host: str = "127.0.0.1"
) -> httpx.Response:
    """One GET from somewhere."""

    async def ask() -> httpx.Response:
        async with town.client(key, base=f"http://{host}", peer=peer) as client:
            return await client.get(path)

    return asyncio.run(ask())


def look(town: Town, age: timedelta) -> None:
    """The one source answered well so long ago."""
    with town.store.write() as session:
        row = session.get(SourceRow, town.numbers["source:feed"])
        assert row is not None
        row.last_success_at = town.at - age
        session.add(row)


def test_live_needs_nothing(here: Town) -> None:
    assert get(here, "/health/live", peer="203.0.113.9").json() == {"status": "live"}


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
def test_monitors_may_ask_with_head(here: Town, path: str) -> None:
    async def ask() -> httpx.Response:
        async with here.client(base="http://127.0.0.1") as client:
            return await client.head(path)

    answer = asyncio.run(ask())
    assert answer.status_code == 200
    assert answer.headers["content-length"] != "0"


def test_ready_says_when_the_sources_answered_last(here: Town) -> None:
    look(here, timedelta(minutes=3))
    said = get(here, "/health/ready")
    assert said.status_code == 200
    assert said.json()["status"] == "ready"
    assert said.json()["parts"]["sources"] == {"ok": True, "last_good_look_age_seconds": 180}


def test_quiet_sources_do_not_close_the_desk(here: Town) -> None:
    look(here, timedelta(hours=3))
    said = get(here, "/health/ready")
    assert (said.status_code, said.json()["status"]) == (200, "degraded")
    assert said.json()["parts"]["sources"]["detail"]


def test_a_source_that_never_answered_counts_from_its_adding(here: Town) -> None:
    assert get(here, "/health/ready").json()["status"] == "ready"
    here.at = START + timedelta(hours=5)
    assert get(here, "/health/ready").json()["status"] == "degraded"


def test_an_old_database_is_named(here: Town) -> None:
    downgrade(here.store, "base")
    said = get(here, "/health/ready")
    assert said.status_code == 503
    assert said.json()["status"] == "unready"
    assert not said.json()["parts"]["migrations"]["ok"]


def test_a_database_that_is_away_is_named(here: Town) -> None:
    here.store.dispose()
    path = here.house.settings.data / "watchfire.db"
    path.unlink()
    path.mkdir()
    said = get(here, "/health/ready")
    assert said.status_code == 503
    assert not said.json()["parts"]["database"]["ok"]


def test_metrics_tell_what_waits(here: Town) -> None:
    look(here, timedelta(minutes=1))
    here.notice(here.alert())
    text = get(here, "/metrics").text
    assert 'watchfire_waiting{kind="notice_dead"} 1.0' in text
    assert 'watchfire_sources{state="watched"} 1.0' in text
    assert "watchfire_sources_last_good_look_age_seconds 60.0" in text
    assert "# TYPE watchfire_entries_total counter" in text


@pytest.mark.parametrize(("peer", "host"), [("203.0.113.9", "127.0.0.1"), ("127.0.0.1", "desk.example")])
def test_metrics_from_elsewhere_need_a_key_of_the_desk(here: Town, peer: str, host: str) -> None:
    assert get(here, "/metrics", None, peer, host).status_code == 401
    assert get(here, "/metrics", here.key("admin", "north"), peer, host).status_code == 403
    assert get(here, "/metrics", here.key("viewer"), peer, host).status_code == 200
