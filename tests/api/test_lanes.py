"""Whatever computes for long, the rest of the desk is answered meanwhile."""

import asyncio
import gc
import threading
from typing import Any

import pytest
from starlette.concurrency import run_in_threadpool

from service.api.routes import guideline
from service.cli.serve import settle
from service.errors import Invalid
from service.lanes import let_in
from tests.api.town import Town

LONG_ONES = 5  # more than are let in at once


def test_who_backtests_holds_nobody_up(here: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    free, begun = threading.Event(), threading.Semaphore(0)

    def try_version(*_: Any) -> None:
        begun.release()
        assert free.wait(20)
        raise Invalid("This one is long.", "Wait.")

    monkeypatch.setattr(guideline, "try_version", try_version)
    alert, key = here.alert(), here.key("manager")

    async def ask() -> list[int]:
        let_in(here.store)
        async with here.client(key) as client:
            long = [asyncio.create_task(client.post("/api/v1/guideline/versions/1/backtest")) for _ in range(LONG_ONES)]
            try:
                assert await asyncio.to_thread(begun.acquire, timeout=10)
                async with asyncio.timeout(10):
                    answers = [
                        await client.get("/health/live"),
                        await client.get("/api/v1/alerts"),
                        await client.post(f"/api/v1/alerts/{alert}/acknowledge"),
                    ]
                assert not any(one.done() for one in long)
                assert not begun.acquire(blocking=False), "one after the other"
            finally:
                free.set()
            return [one.status_code for one in (*answers, *await asyncio.gather(*long))]

    assert asyncio.run(ask()) == [200, 200, 200, *[422] * LONG_ONES]


def test_the_process_answers_though_every_thread_is_taken(here: Town) -> None:
    free = threading.Event()

    async def ask() -> int:
        let_in(here.store)
        taken = [asyncio.create_task(run_in_threadpool(free.wait, 20)) for _ in range(LONG_ONES)]
        await asyncio.sleep(0.1)
        try:
            async with here.client(None) as client, asyncio.timeout(10):
                return (await client.get("/health/live")).status_code
        finally:
            free.set()
            await asyncio.gather(*taken)

    assert asyncio.run(ask()) == 200


def test_what_a_house_holds_is_not_looked_through_again() -> None:
    held = gc.get_freeze_count()
    settle()
    try:
        assert gc.get_freeze_count() > held
    finally:
        gc.unfreeze()
