"""A demonstration prepared in a folder, for tests: real house, real database, any clock."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse, Response

from service.app import build_house, open_database
from service.demo import Prepared, prepare_demo
from service.errors import WatchfireError
from service.settings import Settings

START = datetime.now(UTC).replace(microsecond=0)


@contextmanager
def prepared(folder: Path, *, port: int = 8123, now: datetime = START, **settings: Any) -> Iterator[Prepared]:
    """A demonstration whose clock stands still at `now`."""
    made = prepare_demo(Settings(data=folder, **settings), "127.0.0.1", port, build_house, open_database, now=now)
    object.__setattr__(made.house, "clock", lambda: now)
    try:
        yield made
    finally:
        asyncio.run(made.house.sender.client.aclose())
        made.house.store.dispose()


def ask(made: Prepared, path: str, *, method: str = "GET", client: str = "127.0.0.1", **options: Any) -> httpx.Response:
    """One request to the demonstration's own pages."""
    app = FastAPI()
    app.state.house = made.house
    app.add_exception_handler(WatchfireError, _told)
    made.mount(app)

    async def one() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, client=(client, 50_000), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8123") as asking:
            return await asking.request(method, path, **options)

    return asyncio.run(one())


def _told(_request: Request, error: Exception) -> Response:
    return PlainTextResponse(str(error), getattr(error, "status", 500))
