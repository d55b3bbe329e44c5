"""The carrier against servers that do what servers do: large, slow, odd and broken answers, and clients that leave."""

import asyncio
import os
import ssl
from collections.abc import Awaitable, Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import pytest

from ingest.http import Client, make_client
from tests.ingest.wire import OK, Speaker, Wire, answering, head, wire

LOOPBACK = ip_network("127.0.0.0/8")
PIECE = b"x" * 65_536
WAIT = 20.0  # seconds after which a test gives up


def run(test: Callable[[], Awaitable[Any]]) -> Any:
    async def bounded() -> Any:
        async with asyncio.timeout(60):
            return await test()

    return asyncio.run(bounded())


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT):
        while not holds():
            await asyncio.sleep(0.01)


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def handles(client: Client) -> int:
    """Requests that libcurl has in hand."""
    return len(client._transport._multi.futures())  # type: ignore[attr-defined]


def stream(pieces: int) -> Callable[[Wire], Speaker]:
    """A body of many pieces; `sent` counts the bytes that could be written."""

    def speak(here: Wire) -> Speaker:
        async def speaker(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await head(reader)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (pieces * len(PIECE)))
            for _ in range(pieces):
                writer.write(PIECE)
                await writer.drain()
                here.sent += len(PIECE)
            await reader.read()

        return speaker

    return speak


def got(answer: bytes | Callable[[bytes], bytes], method: str = "GET", closes: bool = False, **given: Any) -> Any:
    """The whole response to one request, and what the server was asked."""

    async def main() -> tuple[httpx.Response, bytes]:
        async with wire(answering(answer, closes=closes)) as server, make_client([LOOPBACK]) as client:
            response = await client.request(method, server.url("/f"), **given)
            return response, server.asked[0]

    return run(main)


def test_a_slow_reader_makes_the_publisher_wait_and_gets_everything() -> None:
    async def main() -> None:
        async with wire(stream(1024)) as server, make_client([LOOPBACK]) as client:  # 64 MB
            taken = 0
            async with client.stream("GET", server.url()) as response:
                pieces = response.aiter_raw()
                taken += len(await anext(pieces))
                before = -1
                while server.sent != before:  # until nothing more goes out
                    before = server.sent
                    await asyncio.sleep(0.3)
                transfer = response.stream._stream._transfer  # type: ignore[attr-defined]
                assert transfer._held <= (1 << 20) + len(PIECE), "about a megabyte waits with us"
                assert server.sent < 32 << 20, "the rest waits with the publisher and in the sockets between"
                async for piece in pieces:
                    taken += len(piece)
            assert taken == 1024 * len(PIECE)

    run(main)


def test_leaving_early_ends_the_transfer_and_its_connection() -> None:
    async def main() -> None:
        async with wire(stream(1024)) as server, make_client([LOOPBACK]) as client:
            async with client.stream("GET", server.url()) as response:
                await anext(response.aiter_raw())
            assert handles(client) == 0
            await until(lambda: server.open == 0)

    run(main)


def test_kept_connections_are_used_again_but_never_for_another_host() -> None:
    async def loopback(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    async def main() -> None:
        async with wire(answering(OK)) as server, make_client([LOOPBACK], resolve=loopback) as client:
            for _ in range(5):
                await client.get(server.url(host="one.test"))
            assert server.connections == 1
            await client.get(server.url(host="two.test"))
            assert server.connections == 2
            assert b"\r\nHost: two.test:" in server.asked[-1]
            await client.get(server.url(host="one.test"))
            assert server.connections == 2

    run(main)


def test_a_kept_connection_that_the_publisher_closed_is_no_trouble() -> None:
    async def main() -> None:
        async with wire(answering(OK, closes=True)) as server, make_client([LOOPBACK]) as client:
            for _ in range(3):
                assert (await client.get(server.url())).text == "ok"
                await until(lambda: server.open == 0)

    run(main)


@pytest.mark.parametrize("status", [b"100 Continue", b"103 Early Hints"])
def test_heads_before_the_head_are_passed_over(status: bytes) -> None:
    response, _ = got(b"HTTP/1.1 " + status + b"\r\nX-Early: 1\r\nETag: no\r\n\r\n" + OK)
    assert (response.status_code, response.text, dict(response.headers)) == (200, "ok", {"content-length": "2"})


def test_trailers_are_no_header_fields() -> None:
    response, _ = got(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nETag: late\r\nX-T: 1\r\n\r\n"
    )
    assert (response.text, "etag" in response.headers, "x-t" in response.headers) == ("ok", False, False)


def test_many_header_fields_come_through_in_order() -> None:
    fields = b"".join(b"X-N: %d\r\n" % number for number in range(2000))
    response, _ = got(OK.replace(b"Content-Length", fields + b"Content-Length"))
    assert response.headers.get_list("x-n") == [str(number) for number in range(2000)]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 400_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 80_000 + b"\r\n",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nX: a\x00b\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\rETag: smuggled\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok",
        b"",
    ],
    ids=["huge field", "huge head", "no HTTP", "no status", "bare", "length", "NUL", "CR", "chunk", "short", "nothing"],
)
def test_what_is_not_sound_is_an_exception_of_httpx_and_leaves_the_client_well(answer: bytes) -> None:
    async def main() -> None:
        servers = wire(answering(answer, closes=True)), wire(answering(OK))
        async with servers[0] as bad, servers[1] as good, make_client([LOOPBACK]) as client:
            for _ in range(3):
                with pytest.raises(httpx.TransportError):
                    await client.get(bad.url())
            assert (await client.get(good.url())).text == "ok"
            assert handles(client) == 0

    run(main)


def test_empty_fields_go_both_ways() -> None:
    response, asked = got(OK.replace(b"Content-Length", b"X-Empty:\r\nContent-Length"), headers={"X-Mine": ""})
    assert response.headers["x-empty"] == ""
    assert b"\r\nX-Mine:\r\n" in asked


def test_a_line_break_in_a_field_is_refused() -> None:
    for name, value in (("X", "a\r\nY: b"), ("X\nY", "b"), ("X", "a\x00")):
        with pytest.raises(httpx.LocalProtocolError):
            got(OK, headers={name: value})


def test_a_body_without_length_ends_with_the_connection() -> None:
    response, _ = got(b"HTTP/1.1 200 OK\r\n\r\n" + b"until the end", closes=True)
    assert response.text == "until the end"


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
def test_answers_without_a_body_leave_the_connection_usable(method: str, status: int) -> None:
    async def main() -> None:
        answer = b"HTTP/1.1 %d X\r\n%s\r\n" % (status, b"" if status == 204 else b"Content-Length: 5000\r\n")
        async with wire(answering(answer)) as server, make_client([LOOPBACK]) as client:
            for _ in range(3):
                response = await client.request(method, server.url())
                assert (response.status_code, response.content) == (status, b"")
            assert server.connections == 1
            assert server.asked[0].startswith(method.encode())

    run(main)


def test_a_post_sends_its_body_whole_and_expects_nothing() -> None:
    body = os.urandom(200_000)
    _, asked = got(OK, "POST", content=body, headers={"Content-Type": "application/json"})
    sent, _, came = asked.partition(b"\r\n\r\n")
    assert came == body
    assert b"expect" not in sent.lower()
    assert sent.lower().count(b"content-type:") == 1
    assert b"Content-Length: 200000" in sent
    _, bare = got(OK, "POST", content=b"a=b")
    assert b"content-type" not in bare.lower(), "libcurl would call it a form"


def test_a_client_closed_meanwhile_is_an_error_and_not_a_short_body() -> None:
    async def main() -> None:
        async with wire(stream(1024)) as large, wire(_silent) as silent:
            client = make_client([LOOPBACK])
            waiting = asyncio.create_task(client.get(silent.url()))
            response = await client.send(client.build_request("GET", large.url()), stream=True)
            reading = asyncio.create_task(response.aread())
            await until(lambda: silent.open == 1)
            await client.aclose()
            for task in (waiting, reading):
                with pytest.raises(httpx.TransportError):
                    await task
            await response.aclose()
            await until(lambda: large.open + silent.open == 0)

    run(main)


def _silent(_here: Wire) -> Speaker:
    async def speaker(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await head(reader)
        await reader.read()

    return speaker


def _half_a_head(_here: Wire) -> Speaker:
    async def speaker(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-")
        await reader.read()

    return speaker


def _half_a_body(_here: Wire) -> Speaker:
    async def speaker(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
        await reader.read()

    return speaker


@pytest.mark.parametrize("phase", [_silent, _half_a_head, _half_a_body, stream(1024)])
def test_giving_up_in_any_phase_leaves_nothing_behind(phase: Callable[[Wire], Speaker]) -> None:
    async def main() -> None:
        async with wire(phase) as server, make_client([LOOPBACK]) as client:
            before = 0
            for turn in range(20):
                task = asyncio.create_task(client.get(server.url()))
                await until(lambda wanted=turn + 1: server.connections == wanted)  # type: ignore[misc]
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                await until(lambda: server.open == 0)
                before = before or descriptors()  # libcurl keeps one of its own from the first request on
            task = asyncio.create_task(client.get(server.url()))
            await asyncio.sleep(0)  # and before anything was connected
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert handles(client) == 0
            await until(lambda: descriptors() == before)

    run(main)


def test_giving_up_while_a_name_is_looked_up_leaves_nothing_behind() -> None:
    async def never(_host: str, _port: int) -> list[str]:
        await asyncio.sleep(60)
        return []

    async def main() -> None:
        async with make_client([LOOPBACK], resolve=never) as client:
            task = asyncio.create_task(client.get("http://feeds.test/"))
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert handles(client) == 0

    run(main)


def test_five_hundred_at_once_and_every_answer_where_it_belongs() -> None:
    def echo(asked: bytes) -> bytes:
        path = asked.split()[1]
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(path), path)

    async def main() -> None:
        async with wire(answering(echo)) as server, make_client([LOOPBACK]) as client:
            before = descriptors()
            found = await asyncio.gather(*(client.get(server.url(f"/{number}")) for number in range(500)))
            assert [response.text for response in found] == [f"/{number}" for number in range(500)]
            assert handles(client) == 0
            await until(lambda: descriptors() - before <= 2 * 64 + 8)  # those of kept connections, on both ends

    run(main)


def _http2(here: Wire) -> Speaker:
    """A publisher that speaks HTTP/2 (RFC 9113), as far as one answer to each stream needs it."""

    def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
        return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload

    async def speaker(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        here.asked.append(str(writer.get_extra_info("ssl_object").selected_alpn_protocol()).encode())
        assert await reader.readexactly(24) == b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
        writer.write(frame(4, 0, 0))  # SETTINGS
        while True:
            start = await reader.readexactly(9)
            await reader.readexactly(int.from_bytes(start[:3], "big"))
            kind, flags, stream = start[3], start[4], int.from_bytes(start[5:], "big")
            if kind == 4 and not flags & 1:
                writer.write(frame(4, 1, 0))
            elif kind == 1:  # HEADERS: answered with ":status: 200", the eighth entry of HPACK's table, and a body
                writer.write(frame(1, 4, stream, b"\x88") + frame(0, 1, stream, b"<rss/>"))
            await writer.drain()

    return speaker


def test_http_2_where_a_publisher_offers_it() -> None:
    pem = str(Path(__file__).parent / "fixtures" / "feeds.test.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.set_alpn_protocols(["h2", "http/1.1"])

    async def loopback(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    async def main() -> None:
        async with (
            wire(_http2, context) as server,
            make_client([LOOPBACK], resolve=loopback, authorities=pem) as client,
        ):
            for _ in range(3):
                response = await client.get(server.url("/f", "feeds.test", "https"))
                assert (response.http_version, response.status_code, response.text) == ("HTTP/2", 200, "<rss/>")
            assert server.asked == [b"h2"], "one connection"
            assert handles(client) == 0

    run(main)
