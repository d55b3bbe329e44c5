"""Asking a server over HTTP, one connection or many, and what the answers took."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from tests.bench.scale_build import KEY, SESSION
from tests.bench.scale_server import Served

BY_KEY = {"authorization": f"Bearer {KEY}"}
BY_SESSION = {"cookie": f"watchfire={SESSION}", "accept-encoding": "gzip"}


@dataclass
class Took:
    """Milliseconds of each answer, processor milliseconds of the server an answer, answers a second, bytes of one."""

    each: list[float] = field(default_factory=list)
    cpu: float = 0.0
    rate: float = 0.0
    size: int = 0

    def at(self, part: float) -> float:
        """The time within which this part of the answers came."""
        ordered = sorted(self.each)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))]

    def line(self, what: str, aim: str = "") -> str:
        """A row of a table."""
        figures = " | ".join(f"{self.at(part):.0f}" for part in (0.5, 0.95, 0.99))
        return f"| {what} | {figures} | {self.cpu:.1f} | {self.rate:.0f} | {self.size / 1000:.0f} | {aim} |"


HEAD = "| what | p50 ms | p95 ms | p99 ms | server cpu ms | answers/s | kB | aim |\n|---|---|---|---|---|---|---|---|"


def quietest(
    served: Served, paths: Sequence[str], headers: dict[str, str], *, connections: int = 1, each: int = 20,
    rounds: int = 4, by: float = 0.95,
) -> Took:  # fmt: skip
    """Of several rounds the one in which the machine was least disturbed: that with the lowest `by` percentile."""
    found = [
        asyncio.run(_round(served, paths, headers, connections, each)) for _ in range(rounds + 1)
    ][1:]  # the first one warms  # fmt: skip
    return min(found, key=lambda took: took.at(by))


async def _round(
    served: Served, paths: Sequence[str], headers: dict[str, str], connections: int, each: int
) -> Took:  # fmt: skip
    took, cpu, began = Took(), served.cpu, time.perf_counter()
    await asyncio.gather(*(_asking(served, paths, headers, each, number, took) for number in range(connections)))
    answers = len(took.each)
    took.cpu = 1000 * (served.cpu - cpu) / answers
    took.rate = answers / (time.perf_counter() - began)
    return took


async def _asking(
    served: Served, paths: Sequence[str], headers: dict[str, str], each: int, offset: int, took: Took
) -> None:  # fmt: skip
    where = urlsplit(served.address)
    reader, writer = await asyncio.open_connection(where.hostname, where.port, limit=2**22)
    told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    for number in range(each):
        path = quote(paths[(number + offset) % len(paths)], safe="/?=&%+")
        asked = f"GET {path} HTTP/1.1\r\nhost: {where.netloc}\r\n{told}\r\n".encode()
        began = time.perf_counter()
        writer.write(asked)
        took.size = await _answer(reader, path)
        took.each.append(1000 * (time.perf_counter() - began))
    writer.close()


async def _answer(reader: asyncio.StreamReader, path: str) -> int:
    """The bytes of a body; an error when it is none of success."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        raise RuntimeError(f"{path}: {head[:60]!r}")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"content-length:")), None)
    if length is not None:
        await reader.readexactly(length)
        return length
    size = 0
    while chunk := int(await reader.readline(), 16):
        await reader.readexactly(chunk + 2)
        size += chunk
    await reader.readline()
    return size
