"""Many looks at once: the slow make room, hosts are asked one after another, nothing is looked at twice at a time."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_network
from itertools import pairwise

import pytest

from ingest.feed import Feed, FeedState, Outcome
from ingest.http import make_client
from ingest.visitor import Gates, Visitor
from tests.ingest.webserver import Answer, WebServer, webserver

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LOOPBACK = [ip_network("127.0.0.0/8")]
DOCUMENT = b'<rss version="2.0"><channel><title>T</title><item><title>One</title></item></channel></rss>'


@pytest.fixture
def server() -> Iterator[WebServer]:
    with webserver() as running:
        running.answers |= {"/feed": Answer(200, DOCUMENT), "/silent": Answer(silent=True)}
        yield running


def feed(server: WebServer, key: str, path: str = "/feed") -> tuple[Feed, FeedState]:
    return Feed(key, key, server.url(path)), FeedState()


def test_a_slow_look_gives_its_place_to_others_and_still_ends(server: WebServer) -> None:
    async def main() -> tuple[list[str], int, int]:
        async with make_client(LOOPBACK) as client:
            visitor = Visitor(client, concurrency=1, gates=Gates(free=LOOPBACK), slow_after=0.05)
            visitor.add([feed(server, "silent", "/silent"), *(feed(server, f"quick{n}") for n in range(5))], NOW)
            ended: list[str] = []
            while len(ended) < 5:
                ended += [found.key for found, _ in await visitor.results()]
            left, room = visitor.under_way, visitor.room
            await visitor.aclose()
            return sorted(ended), left, room

    ended, left, room = asyncio.run(main())
    assert ended == [f"quick{n}" for n in range(5)]
    assert (left, room) == (1, 4), "the slow one is under way and takes no room"


def test_a_feed_is_not_looked_at_twice_at_a_time(server: WebServer) -> None:
    async def main() -> int:
        async with make_client(LOOPBACK) as client:
            visitor = Visitor(client)
            visitor.add([feed(server, "one"), feed(server, "one")], NOW)
            visitor.add([feed(server, "one")], NOW)
            found = await visitor.results()
            await visitor.aclose()
            return len(found)

    assert asyncio.run(main()) == 1
    assert server.paths() == ["/feed"]


def test_nothing_within_patience(server: WebServer) -> None:
    async def main() -> list[object]:
        async with make_client(LOOPBACK) as client:
            visitor = Visitor(client)
            visitor.add([feed(server, "silent", "/silent")], NOW)
            found = list(await visitor.results(0.05))
            await visitor.aclose()
            return found

    assert asyncio.run(main()) == []


def test_two_starts_at_one_host_are_spaced() -> None:
    async def main() -> list[float]:
        gates = Gates(per_host=3, spacing=0.05)
        loop, starts = asyncio.get_running_loop(), []
        began = loop.time()

        async def look() -> None:
            async with gates.through("host.example"):
                starts.append(loop.time())

        await asyncio.gather(look(), look(), look())
        return [start - began for start in starts]

    waited = asyncio.run(main())
    assert all(one >= 0.049 * number for number, one in enumerate(waited))
    gaps = [later - earlier for earlier, later in pairwise(waited)]
    assert all(gap >= 0.025 for gap in gaps), "a busy machine notes a start late, but none comes early"


def test_a_parser_fault_is_an_outcome(server: WebServer) -> None:
    async def main() -> Outcome:
        async with make_client(LOOPBACK) as client:
            visitor = Visitor(client)
            server.answers["/page"] = Answer(200, b"<html><body>hello</body></html>")
            visitor.add([feed(server, "page", "/page")], NOW)
            ((_, collected),) = await visitor.results()
            await visitor.aclose()
            return collected.outcome

    assert asyncio.run(main()) is Outcome.FAILED
