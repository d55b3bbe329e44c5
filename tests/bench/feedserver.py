"""Thousands of feeds on loopback, in a process of their own, some of them failing in every way that feeds fail.

`python -m tests.bench.feedserver '{"sources": 2000, …}'` prints one JSON line with its addresses, serves until it is
told to stop, and writes the moment of every request (monotonic, seconds) into the file `log`.
"""

import asyncio
import gzip
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from email.utils import formatdate
from pathlib import Path

PER_HOST = 5  # sources that share a host
FAILING = 20  # one source in so many fails
EVERY = 600.0  # seconds of simulated time between two new items of a feed
KINDS = ("unaccepted", "silent", "reset", "error", "endless", "drip", "circle", "page", "bomb", "missing", "busy")
BOMB = gzip.compress(bytes(60 * 2**20), 6)


@dataclass(frozen=True)
class Plan:
    """What is served. `scale`: seconds of simulated time in one of ours; 0 stands still until told by `/~epoch/N`."""

    sources: int
    items: int
    scale: float
    log: str
    failing: bool = True
    etags: bool = True


def kind_of(number: int, plan: Plan) -> str:
    """How a source behaves: `good`, or one of KINDS."""
    return KINDS[number // FAILING % len(KINDS)] if plan.failing and number % FAILING == 0 else "good"


def host_of(number: int) -> str:
    """Addresses of loopback, so that the limit for one host means what it means outside."""
    host = number // PER_HOST
    return f"127.1.{host // 200}.{host % 200 + 1}"


class FeedServer:
    """Answers GET /N for source N."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.asked: defaultdict[int, list[float]] = defaultdict(list)
        self._began = time.monotonic()
        self._epoch, self._etags = 1, plan.etags
        self._bodies: dict[int, tuple[int, bytes]] = {}
        self._manners: dict[str, Callable[[asyncio.StreamWriter], Awaitable[None]]] = {
            "silent": _silence,
            "reset": _reset,
            "endless": _endless,
            "drip": _drip,
        }

    def epoch(self) -> int:
        """The number of the newest item."""
        return self._epoch + int((time.monotonic() - self._began) * self.plan.scale / EVERY)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept as long as the other side wants."""
        try:
            while head := await _head(reader):
                await self._answer(head, writer)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # those who hang up are part of the play
        finally:
            writer.close()

    async def _answer(self, head: list[str], writer: asyncio.StreamWriter) -> None:
        path = head[0].split()[1]
        if path.startswith("/~"):
            self._told(path)
            writer.write(_answer(200, b""))
            return
        number = int(path.strip("/"))
        self.asked[number].append(time.monotonic())
        kind = kind_of(number, self.plan)
        if kind in self._manners:
            await self._manners[kind](writer)
            writer.close()
        else:
            writer.write(self._good(number, head) if kind == "good" else _bad(kind, path))

    def _told(self, path: str) -> None:
        name, value = path.strip("/~").split("/")
        if name == "epoch":
            self._epoch = int(value)
        else:
            self._etags = value == "on"

    def _good(self, number: int, head: list[str]) -> bytes:
        epoch = self.epoch()
        tag = f'"{epoch}"'
        if self._etags and f"if-none-match: {tag}" in head:
            return _answer(304, b"", f"ETag: {tag}")
        if self._bodies.get(number, (0, b""))[0] != epoch:
            self._bodies[number] = (epoch, _rss(number, epoch, self.plan.items))
        return _answer(200, self._bodies[number][1], *([f"ETag: {tag}"] if self._etags else []))


async def _head(reader: asyncio.StreamReader) -> list[str]:
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return []
    first, *rest = raw.decode("latin-1").split("\r\n")
    return [first, *(f"{name.lower()}: {value.strip()}" for name, _, value in (line.partition(":") for line in rest))]


def _answer(status: int, body: bytes, *headers: str) -> bytes:
    head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body


def _bad(kind: str, path: str) -> bytes:
    match kind:
        case "error":
            return _answer(500, b"sorry")
        case "circle":
            return _answer(302, b"", f"Location: {path}")
        case "page":
            return _answer(200, b"<!doctype html><html><head><title>Quay</title></head><body>Welcome</body></html>")
        case "bomb":
            return _answer(200, BOMB, "Content-Encoding: gzip")
        case "busy":
            return _answer(429, b"", "Retry-After: 240")
        case _:
            return _answer(404, b"")


def _rss(number: int, epoch: int, items: int) -> bytes:
    at = time.time()
    body = "".join(
        f"<item><title>Quay {number} reports on shipment {place} of the harbour</title>"
        f"<description>The harbour master of quay {number} wrote that shipment {place} came in and was unloaded by the"
        f" day shift without any trouble.</description><guid isPermaLink='false'>{number}:{place}</guid>"
        f"<link>https://quay.example/{number}/{place}</link>"
        f"<pubDate>{formatdate(at - (epoch - place) * 60)}</pubDate></item>"
        for place in range(epoch, epoch - items, -1)
    )
    return (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>Quay {number}</title>{body}</channel></rss>".encode()
    )


async def _silence(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3600)


async def _reset(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<rss>")
    await writer.drain()
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
        await writer.drain()


async def _drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
    for _ in range(5000):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.5)


def _unaccepted() -> tuple[int, list[socket.socket]]:
    """A port whose queue is full and that nobody accepts from: whoever connects waits. The sockets must be kept."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(0)
    waiting = [socket.socket() for _ in range(8)]
    for one in waiting:
        one.setblocking(False)
        one.connect_ex(listening.getsockname())
    return listening.getsockname()[1], [listening, *waiting]


async def _main(plan: Plan) -> None:
    server = FeedServer(plan)
    hosts = sorted({host_of(number) for number in range(plan.sources)})
    first = await asyncio.start_server(server.serve, hosts[0], 0, backlog=1024)
    port = first.sockets[0].getsockname()[1]
    await asyncio.start_server(server.serve, hosts[1:], port, backlog=1024)
    dead, _kept = _unaccepted()
    addresses = [
        f"http://127.0.0.1:{dead}/{number}"
        if kind_of(number, plan) == "unaccepted"
        else f"http://{host_of(number)}:{port}/{number}"
        for number in range(plan.sources)
    ]
    print(json.dumps(addresses), flush=True)
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    await told.wait()
    Path(plan.log).write_text(json.dumps(server.asked), encoding="utf-8")
    os._exit(0)  # at once: those who are kept waiting need no farewell


class Process:
    """The server's process."""

    def __init__(self, plan: Plan) -> None:
        command = [sys.executable, "-m", "tests.bench.feedserver", json.dumps(asdict(plan))]
        self._plan = plan
        self._process = subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self.addresses: list[str] = json.loads(self._process.stdout.readline())

    def tell(self, what: str) -> None:
        """`epoch/5` or `etags/off`."""
        good = next(address for number, address in enumerate(self.addresses) if kind_of(number, self._plan) == "good")
        urllib.request.urlopen(f"{good.rsplit('/', 1)[0]}/~{what}", timeout=10).close()

    def stop(self) -> dict[int, list[float]]:
        """End it; answers when each source was asked."""
        self._process.terminate()
        self._process.wait(30)
        asked = json.loads(Path(self._plan.log).read_text(encoding="utf-8"))
        return {int(number): times for number, times in asked.items()}


if __name__ == "__main__":
    asyncio.run(_main(Plan(**json.loads(sys.argv[1]))))
