"""What a reader is told when something is broken: what happened, what was kept, what to do."""

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from tests.web.conftest import Desk
from tests.web.desk import serving


def break_something(app: FastAPI) -> None:
    """A page with a fault in it, of which the reader learns no more than that there was one."""

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("password=hunter2")


@pytest.mark.parametrize(("language", "words"), [("zh", "系统出现错误"), ("en", "Something went wrong here")])
def test_a_fault_of_ours(desk: Desk, language: str, words: str) -> None:
    with serving(desk.house, break_something) as url:
        answer = httpx.get(f"{url}/broken", headers={"Accept-Language": language})
    assert answer.status_code == 500
    assert words in answer.text
    assert "hunter2" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_database_that_is_not_as_it_should_be(desk: Desk) -> None:
    with desk.store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE alert RENAME TO elsewhere"))
    answer = desk.get("/", accept_language="zh")
    assert answer.status_code == 503
    assert "暂时无法使用" in answer.text
    assert "watchfire db upgrade" in answer.text


@pytest.mark.parametrize("path", ["/alerts/999", "/alerts/many", "/alerts/99999999999999999999", "/no/such/page"])
def test_what_is_not_there(still: Desk, path: str) -> None:
    answer = still.get(path, accept_language="zh")
    assert answer.status_code == 404
    assert "找不到页面" in answer.text
    assert "信息源" in answer.text  # whoever is signed in keeps the way on


def test_machines_are_answered_as_machines(still: Desk) -> None:
    for path in ("/api/v1/alerts/999", "/feeds/nonsense/atom.xml", "/api/v1/nothing"):
        answer = still.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


def test_wrong_methods(still: Desk) -> None:
    assert still.post("/sources/1/nothing").status_code in (404, 405)
    assert still.get("/sign-out").status_code == 405
