"""Fetching from a real server on loopback: conditions, redirects, limits, and every way it can go wrong."""

import asyncio
import gzip
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest

from ingest.fetch import Fetched, Limits, fetch
from ingest.http import make_client
from ingest.trouble import (
    AddressRefused,
    BadAnswer,
    BadRedirect,
    FetchError,
    HttpError,
    Timeout,
    TooLarge,
    Unreachable,
)
from tests.ingest.webserver import Answer, WebServer, webserver

LOOPBACK = ip_network("127.0.0.0/8")
BODY = b"<rss>" + b"x" * 500 + b"</rss>"


def get(address: str, *, client: dict[str, Any] | None = None, **given: Any) -> Fetched:
    async def main() -> Fetched:
        async with make_client([LOOPBACK], **(client or {})) as made:
            return await fetch(made, address, **given)

    return asyncio.run(main())


def trouble(address: str, kind: type[FetchError], **given: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(address, **given)
    assert type(caught.value) is kind, caught.value
    assert str(caught.value).endswith(".")
    return caught.value


@pytest.fixture
def server() -> Any:
    with webserver() as running:
        yield running


def test_a_document_with_its_validators(server: WebServer) -> None:
    head = {
        "ETag": '"v1"',
        "Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT",
        "Cache-Control": "public, max-age=1800",
        "Content-Type": "application/rss+xml; charset=utf-8",
    }
    server.answers["/feed"] = Answer(200, BODY, dict(head))
    assert get(server.url("/feed")) == Fetched(
        status=200,
        body=BODY,
        address=server.url("/feed"),
        etag='"v1"',
        modified=head["Last-Modified"],
        max_age=1800,
        content_type=head["Content-Type"],
    )


def test_conditions_are_sent_and_304_has_no_body(server: WebServer) -> None:
    server.answers["/feed"] = Answer(304, b"", {"ETag": '"v2"'})
    fetched = get(server.url("/feed"), etag='W/"v1"', modified="Sat, 21 Nov 2026 10:00:00 GMT")
    assert (fetched.status, fetched.body, fetched.etag) == (304, b"", '"v2"')
    assert server.asked[0].headers["if-none-match"] == 'W/"v1"'
    assert server.asked[0].headers["if-modified-since"] == "Sat, 21 Nov 2026 10:00:00 GMT"


def test_a_304_that_nobody_asked_for_is_trouble(server: WebServer) -> None:
    server.answers["/feed"] = Answer(304)
    assert "304" in str(trouble(server.url("/feed"), HttpError))


@pytest.mark.parametrize("etag", ["ключ", "a\r\nX: y", "", " ", "x" * 600])
def test_validators_that_cannot_be_sent_are_left_out(server: WebServer, etag: str) -> None:
    server.answers["/feed"] = Answer(200, BODY)
    assert get(server.url("/feed"), etag=etag).body == BODY
    assert "if-none-match" not in server.asked[0].headers


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_followed_and_reported(server: WebServer, status: int) -> None:
    server.answers["/old"] = Answer(status, b"", {"Location": "/new feed?q=1#part"})
    server.answers["/new%20feed?q=1"] = Answer(200, BODY)
    fetched = get(server.url("/old"), etag='"v"')
    assert fetched.body == BODY
    assert fetched.moved == fetched.address == server.url("/new%20feed?q=1")
    assert server.asked[1].headers["if-none-match"] == '"v"'


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_temporary_redirect_is_followed_and_not_reported(server: WebServer, status: int) -> None:
    server.answers["/old"] = Answer(status, b"", {"Location": "/new"})
    server.answers["/new"] = Answer(301, b"", {"Location": "/newest"})
    server.answers["/newest"] = Answer(200, BODY)
    fetched = get(server.url("/old"))
    assert (fetched.address, fetched.moved) == (server.url("/newest"), None)


def test_only_the_permanent_beginning_of_a_chain_is_reported(server: WebServer) -> None:
    server.answers["/a"] = Answer(301, b"", {"Location": "/b"})
    server.answers["/b"] = Answer(302, b"", {"Location": "/c"})
    server.answers["/c"] = Answer(200, BODY)
    assert get(server.url("/a")).moved == server.url("/b")


def test_a_redirect_into_a_forbidden_network_is_refused(server: WebServer) -> None:
    server.answers["/feed"] = Answer(302, b"", {"Location": "http://169.254.169.254/latest/meta-data"})
    error = trouble(server.url("/feed"), AddressRefused)
    assert not error.again


def test_a_redirect_to_a_port_that_is_not_allowed_is_refused(server: WebServer) -> None:
    server.answers["/feed"] = Answer(302, b"", {"Location": "http://127.0.0.1:22/"})
    ports = frozenset({("127.0.0.1", server.port)})
    trouble(server.url("/feed"), AddressRefused, client={"allow_ports": ports})


@pytest.mark.parametrize("location", [None, "file:///etc/passwd", "gopher://x/", "http://", "//"])
def test_a_redirect_that_leads_nowhere(server: WebServer, location: str | None) -> None:
    server.answers["/feed"] = Answer(302, b"", {"Location": location})
    trouble(server.url("/feed"), BadRedirect)


def test_a_redirect_that_cannot_be_read(server: WebServer) -> None:
    server.answers["/feed"] = Answer(302, b"", {"Location": "http://[::1"})
    trouble(server.url("/feed"), BadAnswer)


def test_a_circle_and_a_long_chain_of_redirects(server: WebServer) -> None:
    server.answers["/a"] = Answer(302, b"", {"Location": "/b"})
    server.answers["/b"] = Answer(302, b"", {"Location": "/a"})
    assert "circle" in str(trouble(server.url("/a"), BadRedirect))
    for step in range(7):
        server.answers[f"/{step}"] = Answer(302, b"", {"Location": f"/{step + 1}"})
    assert "more than 5" in str(trouble(server.url("/0"), BadRedirect))
    assert server.paths()[-6:] == ["/0", "/1", "/2", "/3", "/4", "/5"]


def test_a_password_stays_on_its_host_and_out_of_what_is_told(server: WebServer) -> None:
    server.answers["/a"] = Answer(302, b"", {"Location": "/b"})
    server.answers["/b"] = Answer(302, b"", {"Location": server.url("/c", "127.0.0.2")})
    address = f"http://me:secret@127.0.0.1:{server.port}/a"
    assert "secret" not in str(trouble(address, Unreachable))
    assert ["authorization" in asked.headers for asked in server.asked] == [True, True]
    server.answers["/b"] = Answer(200, BODY)
    assert "secret" not in get(address).address


@pytest.mark.parametrize(
    ("status", "again"), [(400, False), (403, False), (404, False), (410, False), (429, True), (500, True), (599, True)]
)
def test_error_statuses(server: WebServer, status: int, again: bool) -> None:
    server.answers["/feed"] = Answer(status, b"<html>sorry</html>")
    error = trouble(server.url("/feed"), HttpError)
    assert isinstance(error, HttpError)
    assert (error.status, error.again, error.retry_after) == (status, again, None)


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("120", timedelta(seconds=120)),
        ("Sat, 21 Nov 2026 12:00:00 GMT", datetime(2026, 11, 21, 12, tzinfo=UTC)),
        ("Sat, 21 Nov 2026 12:00:00 -0000", datetime(2026, 11, 21, 12, tzinfo=UTC)),
        ("soon", None),
        ("-5", None),
        ("9" * 30, None),
        ("Sat, 99 Nov 99999999 12:00:00 GMT", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after(server: WebServer, status: int, header: str, meant: object) -> None:
    server.answers["/feed"] = Answer(status, b"", {"Retry-After": header})
    error = trouble(server.url("/feed"), HttpError)
    assert isinstance(error, HttpError)
    assert error.retry_after == meant


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(BODY, mtime=0)),
        ("x-gzip", gzip.compress(BODY[:100], mtime=0) + gzip.compress(BODY[100:], mtime=0) + b"\0" * 8),
        ("deflate", zlib.compress(BODY)),
        ("deflate", zlib.compress(BODY)[2:-4]),
        ("gzip", BODY),
        (None, gzip.compress(BODY, mtime=0)),
        ("identity", BODY),
    ],
)
def test_packed_bodies_are_opened(server: WebServer, encoding: str | None, packed: bytes) -> None:
    server.answers["/feed"] = Answer(200, packed, {"Content-Encoding": encoding})
    assert get(server.url("/feed")).body == BODY
    assert server.asked[0].headers["accept-encoding"] == "gzip, deflate"


def test_a_packing_that_was_not_asked_for(server: WebServer) -> None:
    server.answers["/feed"] = Answer(200, b"\x1b\x00", {"Content-Encoding": "br"})
    assert "'br'" in str(trouble(server.url("/feed"), BadAnswer))


def test_a_small_parcel_that_swells_is_not_opened_to_the_end(server: WebServer) -> None:
    server.answers["/bomb"] = Answer(200, gzip.compress(b"\0" * 20_000_000), {"Content-Encoding": "gzip"})
    assert not trouble(server.url("/bomb"), TooLarge, limits=Limits(body=100_000)).again
    server.answers["/members"] = Answer(200, gzip.compress(b"") * 6_000)
    trouble(server.url("/members"), TooLarge, limits=Limits(body=100_000))


def test_bodies_up_to_the_limit_and_no_further(server: WebServer) -> None:
    server.answers["/said"] = Answer(200, b"x" * 1_001)
    server.answers["/unsaid"] = Answer(200, b"x" * 1_001, {"Content-Length": None})
    for path in ("/said", "/unsaid"):
        assert len(get(server.url(path), limits=Limits(body=1_001)).body) == 1_001
        trouble(server.url(path), TooLarge, limits=Limits(body=1_000))


def test_a_body_cut_short(server: WebServer) -> None:
    server.answers["/plain"] = Answer(200, BODY, {"Content-Length": str(len(BODY) + 10)})
    server.answers["/packed"] = Answer(200, gzip.compress(BODY)[:-12])
    server.answers["/garbled"] = Answer(200, gzip.compress(BODY)[:30] + b"\xff" * 30)
    for path in ("/plain", "/packed", "/garbled"):
        assert trouble(server.url(path), BadAnswer).again


def test_a_connection_that_is_reset(server: WebServer) -> None:
    server.answers["/feed"] = Answer(200, BODY, reset=50)
    assert trouble(server.url("/feed"), Unreachable).again


@pytest.mark.parametrize(
    "raw",
    [
        b"hello there\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000,
    ],
)
def test_what_is_not_http(server: WebServer, raw: bytes) -> None:
    server.answers["/feed"] = Answer(raw=raw)
    trouble(server.url("/feed"), BadAnswer)


def test_a_publisher_that_never_answers(server: WebServer) -> None:
    server.answers["/feed"] = Answer(silent=True)
    assert trouble(server.url("/feed"), Timeout, client={"timeout": 0.1}).again


def test_a_slow_drip_runs_into_the_limit_of_the_whole(server: WebServer) -> None:
    server.answers["/feed"] = Answer(200, BODY, drip=0.05)
    error = trouble(server.url("/feed"), Timeout, limits=Limits(seconds=0.3))
    assert "0.3 s" in str(error)


def test_a_name_server_that_never_answers_counts_as_time(server: WebServer) -> None:
    async def never(host: str, port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    trouble("http://slow.test/", Timeout, client={"resolve": never, "timeout": 0.05})


def test_nobody_there(server: WebServer) -> None:
    server.stop()
    assert trouble(server.url("/"), Unreachable).again


def test_a_plain_server_spoken_to_in_tls(server: WebServer) -> None:
    assert "secure" in str(trouble(server.url("/").replace("http:", "https:"), Unreachable))


def test_a_name_that_nobody_knows() -> None:
    error = trouble("http://nobody.invalid/", Unreachable)
    assert "nobody.invalid cannot be found" in str(error)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "feeds.example/rss",
        "ftp://a.test/x",
        "file:///etc/passwd",
        "http://",
        "http://[::1",
        "http://xn--/",
        "http://xn--i-7iq.test/",
    ],
)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    trouble(address, AddressRefused)


@pytest.mark.parametrize(
    "host", ["2130706433", "0177.0.0.1", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0"]
)
def test_other_spellings_of_loopback_are_refused_even_where_loopback_is_allowed(server: WebServer, host: str) -> None:
    trouble(server.url("/", host), AddressRefused)
    assert server.asked == []
