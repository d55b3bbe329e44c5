"""The headers that every answer carries, whatever it is and however it went wrong."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from service.store.engine import open_store
from service.web.headers import HEADERS
from tests.web.desk import house_of, serving
from tests.web.seed import seed

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types default"
)
ANSWERS = {
    "/": 200,
    "/static/nothing": 404,
    "/nothing": 404,
    "/sources/x": 404,
    "/?cursor=nonsense": 422,
    "/boom": 500,
    "/feeds/boom": 500,
    "/health/live": 200,
    "/health/boom": 500,
    "/metrics": 200,
    "/api/v1/alerts": 200,
    "/api/v1/nothing": 404,
    "/api/v1/openapi.json": 200,
    "/feeds/x/atom.xml": 404,
    "/sites/export.csv": 200,
    "/report/x": 404,
}


@pytest.fixture(scope="module")
def client(assets: None, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A desk with nothing on it, and some doors behind which everything goes wrong."""

    def with_faults(app: FastAPI) -> None:
        for path in ("/boom", "/feeds/boom", "/health/boom"):
            app.add_api_route(path, _fail)

    path = tmp_path_factory.mktemp("policy") / "watchfire.db"
    shutil.copy(sqlite_template, path)
    store = open_store(f"sqlite:///{path}")
    seed(store, datetime.now(UTC), stories=(), bare=True)
    with (
        serving(house_of(store), with_faults) as url,
        httpx.Client(base_url=url, headers={"Connection": "close"}) as asking,
    ):
        yield asking


def _fail() -> None:
    raise RuntimeError("x")


def assert_guarded(answer: httpx.Response) -> None:
    """All of the headers, and each once."""
    for name, value in HEADERS.items():
        assert answer.headers.get_list(name) == [value], (answer.url, name)
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_the_policy_is_this_one() -> None:
    assert HEADERS["Content-Security-Policy"] == POLICY
    assert HEADERS["X-Content-Type-Options"] == "nosniff"
    assert HEADERS["X-Frame-Options"] == "DENY"
    assert HEADERS["Referrer-Policy"] == "same-origin"
    assert HEADERS["Cross-Origin-Opener-Policy"] == HEADERS["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ANSWERS)
def test_every_answer_is_guarded(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == ANSWERS[path]
    assert_guarded(answer)


def test_other_ways_to_ask(client: httpx.Client) -> None:
    static = client.get("/").text.split('href="/static/')[1].split('"')[0]
    for answer in (
        client.get(f"/static/{static}"),
        client.delete("/"),
        client.post("/alerts/1/acknowledge"),
        client.post("/sources", content=b"x" * 3_000_000),
        client.get("/", headers={"HX-Request": "true", "HX-Target": "section#list"}),
        client.head("/feeds/x/feed.json"),
        client.options("/"),
        client.get("/", headers={"Host": "evil.example"}),
        client.get("/alerts/1", headers={"HX-Request": "true"}),
    ):
        assert_guarded(answer)
