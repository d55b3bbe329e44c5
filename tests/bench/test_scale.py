"""The desk of the bench is built with the tables there are and answers all that it is asked; nothing is timed."""

from dataclasses import replace
from pathlib import Path

import anyio
import httpx

from service.app import build_app, build_house
from service.settings import Settings
from service.store.engine import open_store
from tests.bench.scale import asked_pages
from tests.bench.scale_build import built
from tests.bench.scale_http import BY_KEY, BY_SESSION
from tests.bench.scale_rows import NOW
from tests.bench.scale_server import add_bare_rows

ENTRIES = 10_000  # alerts enough for every page that is asked


def test_everything_that_is_timed_answers(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{built(tmp_path, ENTRIES)}")
    house = replace(build_house(Settings(data=tmp_path), store, port=8000), clock=lambda: NOW)
    app = build_app(house)
    add_bare_rows(app, house)

    async def ask() -> None:
        carrier = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=carrier, base_url="http://127.0.0.1") as client:
            for what, (paths, _) in asked_pages(ENTRIES).items():
                for path in dict.fromkeys(paths):
                    assert (await client.get(path, headers=BY_SESSION)).status_code == 200, (what, path)
            for path in ("/api/v1/alerts", "/api/v1/facets?q=word1", "/api/v1/search?q=word1", "/bare"):
                answer = await client.get(path, headers=BY_KEY)
                assert answer.status_code == 200, path
                assert answer.json(), path

    anyio.run(ask)
    store.dispose()
