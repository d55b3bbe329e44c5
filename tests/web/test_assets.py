"""Built files: compressed when they are built, sent in the form that fits, and kept for as long as their name says."""

import asyncio
import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from service.squeezing import takes_gzip
from service.web.assets import AT, BuiltFiles, Squeezing
from service.web.build import squeeze

STYLE = "app-ABCD1234.css"
TEXT = b".row { color: red }\n" * 400


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A folder as the build makes it."""
    (tmp_path / STYLE).write_bytes(TEXT)
    (tmp_path / "tiny-EFGH5678.js").write_bytes(b"x=1")
    (tmp_path / "shapes.json").write_bytes(json.dumps(list(range(2000))).encode())
    (tmp_path / "manifest.json").write_text(json.dumps({"app.css": STYLE, "tiny.js": "tiny-EFGH5678.js"}))
    squeeze(tmp_path)
    return tmp_path


def ask(folder: Path, path: str, method: str = "GET", **headers: str) -> tuple[httpx.Response, bytes]:
    """The answer, with its body as it went over the wire."""

    async def asking() -> tuple[httpx.Response, bytes]:
        page = Route("/page", lambda _request: PlainTextResponse("row " * 1000))
        app = Squeezing(Starlette(routes=[page, Mount(AT, BuiltFiles(folder))]), minimum_size=1000, compresslevel=6)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        async with (
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk", headers=sent) as client,
            client.stream(method, path) as answer,
        ):
            return answer, b"".join([part async for part in answer.aiter_raw()])

    with ThreadPoolExecutor(1) as apart:  # a browser's loop may run in this thread
        return apart.submit(lambda: asyncio.run(asking())).result()


def test_the_form_that_was_built_is_sent_as_it_is(built: Path) -> None:
    answer, body = ask(built, f"{AT}/{STYLE}", accept_encoding="gzip, br")
    assert body == (built / f"{STYLE}.gz").read_bytes()
    assert gzip.decompress(body) == TEXT
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-length"] == str(len(body))
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("takes", ["identity", "br", "gzip;q=0", ""])
def test_who_does_not_take_it_is_sent_the_file(built: Path, takes: str) -> None:
    answer, body = ask(built, f"{AT}/{STYLE}", accept_encoding=takes)
    assert body == TEXT
    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "immutable" in answer.headers["cache-control"]


def test_each_form_has_a_tag_of_its_own_that_follows_from_the_content(built: Path, tmp_path: Path) -> None:
    small, plain = (ask(built, f"{AT}/{STYLE}", accept_encoding=takes)[0].headers["etag"] for takes in ("gzip", "br"))
    assert small != plain
    assert not small.startswith("W/")
    again = tmp_path / "again"
    again.mkdir()
    for name in (STYLE, "manifest.json"):
        (again / name).write_bytes((built / name).read_bytes())
    squeeze(again)
    assert ask(again, f"{AT}/{STYLE}", accept_encoding="gzip")[0].headers["etag"] == small, "on every machine"
    (again / STYLE).write_bytes(TEXT.replace(b"red", b"tan"))
    assert ask(again, f"{AT}/{STYLE}", accept_encoding="br")[0].headers["etag"] != plain


@pytest.mark.parametrize("takes", ["gzip", "br"])
def test_what_is_known_is_not_sent_again(built: Path, takes: str) -> None:
    tag = ask(built, f"{AT}/{STYLE}", accept_encoding=takes)[0].headers["etag"]
    answer, body = ask(built, f"{AT}/{STYLE}", accept_encoding=takes, if_none_match=tag)
    assert (answer.status_code, body) == (304, b"")
    assert (answer.headers["etag"], answer.headers["vary"]) == (tag, "Accept-Encoding")
    assert "immutable" in answer.headers["cache-control"]
    other = ask(built, f"{AT}/{STYLE}", accept_encoding="br" if takes == "gzip" else "gzip", if_none_match=tag)[0]
    assert other.status_code == 200, "the other form is not known by it"


def test_a_name_without_a_hash_is_asked_after(built: Path) -> None:
    answer, _ = ask(built, f"{AT}/shapes.json", accept_encoding="gzip")
    assert (answer.headers["content-type"], answer.headers["content-encoding"]) == ("application/json", "gzip")
    assert answer.headers["cache-control"] == "no-cache"


def test_what_is_not_worth_it_is_sent_as_it_is(built: Path) -> None:
    assert not (built / "tiny-EFGH5678.js.gz").exists()
    answer, body = ask(built, f"{AT}/tiny-EFGH5678.js", accept_encoding="gzip")
    assert (body, "content-encoding" in answer.headers) == (b"x=1", False)
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", [f"{STYLE}.gz", "nothing.css", "../assets.py", "%2e%2e/assets.py", ""])
def test_nothing_else_has_an_address(built: Path, path: str) -> None:
    for takes in ("gzip", "br"):
        assert ask(built, f"{AT}/{path}", accept_encoding=takes)[0].status_code == 404


def test_a_head_says_the_same(built: Path) -> None:
    answer, body = ask(built, f"{AT}/{STYLE}", "HEAD", accept_encoding="gzip")
    assert body == b""
    assert answer.headers["content-length"] == str((built / f"{STYLE}.gz").stat().st_size)
    assert ask(built, f"{AT}/{STYLE}", "POST")[0].status_code == 405


def test_pages_are_compressed_for_each_reader_as_before(built: Path) -> None:
    answer, body = ask(built, "/page", accept_encoding="gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == b"row " * 1000


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("br, gzip;q=0.2", True),
        ("*", True),
        ("x-gzip", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("*;q=0", False),
        ("identity", False),
        ("", False),
    ],
)
def test_whether_gzip_is_taken(header: str, takes: bool) -> None:
    assert takes_gzip(header) == takes
