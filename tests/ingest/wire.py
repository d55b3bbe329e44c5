"""Servers on loopback that speak to a connection as a test tells them: publishers, and tiny proxies. In asyncio."""

import asyncio
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Speaker = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class Wire:
    """A listening server: `asked` are the heads (or SOCKS targets) that came in, `open` its connections now."""

    port: int = 0
    asked: list[bytes] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    sent: int = 0

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        """The address of a path."""
        return f"{scheme}://{host}:{self.port}{path}"


@asynccontextmanager
async def wire(speak: Callable[[Wire], Speaker], tls: ssl.SSLContext | None = None) -> AsyncIterator[Wire]:
    """A server whose connections are given to `speak(wire)`; all of them end with it."""
    here, tasks = Wire(), set[asyncio.Task[None]]()
    speaker = speak(here)

    async def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())  # type: ignore[arg-type]
        here.connections += 1
        here.open += 1
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError):
                await speaker(reader, writer)
        finally:
            here.open -= 1
            writer.transport.abort()

    server = await asyncio.start_server(taken, "127.0.0.1", 0, ssl=tls)
    here.port = server.sockets[0].getsockname()[1]
    try:
        yield here
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


async def head(reader: asyncio.StreamReader) -> bytes:
    """One request's head; IncompleteReadError when the other side has left."""
    return await reader.readuntil(b"\r\n\r\n")


def answering(answer: bytes | Callable[[bytes], bytes], *, closes: bool = False) -> Callable[[Wire], Speaker]:
    """Answers every request of a connection the same; `closes` ends the connection after the first."""

    def speak(here: Wire) -> Speaker:
        async def speaker(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                asked = await head(reader)
                length = next(
                    (
                        int(line.split(b":")[1])
                        for line in asked.lower().split(b"\r\n")
                        if line[:15] == b"content-length:"
                    ),
                    0,
                )
                here.asked.append(asked + await reader.readexactly(length))
                writer.write(answer(asked) if callable(answer) else answer)
                await writer.drain()
                if closes:
                    writer.write_eof()
                    return

        return speaker

    return speak


def http_proxy(pair: str = "", status: int = 200) -> Callable[[Wire], Speaker]:
    """A proxy for plain requests and CONNECT that leads every name to loopback; `pair` is its user:password."""
    wanted = b"Proxy-Authorization: Basic " + b64encode(pair.encode())

    def speak(here: Wire) -> Speaker:
        async def speaker(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked = await head(reader)
            here.asked.append(asked)
            if pair and wanted not in asked:
                writer.write(b"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
            elif status != 200:
                writer.write(b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n" % status)
            elif asked.startswith(b"CONNECT "):
                port = int(asked.split()[1].rpartition(b":")[2])
                writer.write(b"HTTP/1.1 200 Connection established\r\nX-Of-The-Proxy: 1\r\n\r\n")
                await _join(reader, writer, port, b"")
            else:
                method, target, rest = asked.split(b" ", 2)
                place, _, path = target.removeprefix(b"http://").partition(b"/")
                await _join(reader, writer, int(place.rpartition(b":")[2]), method + b" /" + path + b" " + rest)
            await writer.drain()

        return speaker

    return speak


def socks_proxy(pair: str = "", code: int = 0) -> Callable[[Wire], Speaker]:
    """A SOCKS 5 proxy that leads every name to loopback; `code` other than 0 refuses."""

    def speak(here: Wire) -> Speaker:
        async def speaker(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            _, count = await reader.readexactly(2)
            offered = await reader.readexactly(count)
            if pair and 2 not in offered:
                writer.write(b"\x05\xff")
                await writer.drain()
                return
            writer.write(b"\x05\x02" if pair else b"\x05\x00")
            if pair:
                await reader.readexactly(1)
                user = await reader.readexactly((await reader.readexactly(1))[0])
                password = await reader.readexactly((await reader.readexactly(1))[0])
                writer.write(b"\x01\x00" if user + b":" + password == pair.encode() else b"\x01\x01")
            _, _, _, kind = await reader.readexactly(4)
            name = await reader.readexactly((await reader.readexactly(1))[0] if kind == 3 else 4)
            port = int.from_bytes(await reader.readexactly(2), "big")
            here.asked.append(b"%d %s:%d" % (kind, name, port))
            writer.write(b"\x05" + bytes([code]) + b"\x00\x01\x7f\x00\x00\x01\x00\x00")
            if not code:
                await _join(reader, writer, port, b"")
            await writer.drain()

        return speaker

    return speak


async def _join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, first: bytes) -> None:
    inner, outer = await asyncio.open_connection("127.0.0.1", port)
    outer.write(first)
    try:
        await asyncio.gather(_pour(reader, outer), _pour(inner, writer))
    finally:
        outer.transport.abort()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(65_536):
        writer.write(chunk)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
