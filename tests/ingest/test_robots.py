"""robots.txt where a page is scraped, and gates at hosts."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest

from ingest.collect import collect
from ingest.feed import Collected, Feed, FeedState, Outcome
from ingest.health import State
from ingest.http import make_client
from ingest.robots import LONGEST_DELAY, Robots, read_rules
from ingest.trouble import FetchError, RobotsRefused
from ingest.visitor import Gates, Visitor
from tests.ingest.webserver import Answer, WebServer, webserver

LOOPBACK = ip_network("127.0.0.0/8")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAGE = b"<html><ul class='list'><li><a href='/1'>Port reopens</a></li><li><a href='/2'>Ferry late</a></li></ul></html>"
RULE = {"item": "ul.list > li", "title": "a", "link": "a"}


@pytest.fixture
def web() -> Iterator[WebServer]:
    with webserver() as running:
        running.answers["/news"] = Answer(body=PAGE, headers={"Content-Type": "text/html"})
        yield running


def look(web: WebServer, rule: Any = RULE) -> Collected:
    async def main() -> Collected:
        async with make_client([LOOPBACK]) as client:
            return await collect(Feed("k", "n", web.url("/news"), rule=rule), FeedState(), client, NOW)

    return asyncio.run(main())


def allow(text: str) -> Answer:
    return Answer(body=text.encode(), headers={"Content-Type": "text/plain"})


def test_a_page_that_robots_forbids_is_not_asked_for(web: WebServer) -> None:
    web.answers["/robots.txt"] = allow("User-agent: *\nDisallow: /news\n")
    found = look(web)
    assert (found.outcome, found.word) == (Outcome.REFUSED, State.REFUSED)
    assert found.state.error == (
        "The robots.txt of 127.0.0.1 does not let programs read this page; look for a feed, or ask the publisher."
    )
    assert found.state.health.failures[0].kind == "robots"
    assert web.paths() == ["/robots.txt"]


def test_a_group_of_our_own_stands_over_that_of_everybody(web: WebServer) -> None:
    web.answers["/robots.txt"] = allow("User-agent: *\nDisallow: /\n\nUser-agent: watchfire\nDisallow: /other\n")
    assert look(web).outcome is Outcome.NEW
    web.answers["/robots.txt"] = allow("User-agent: *\nAllow: /\n\nUser-agent: Watchfire\nDisallow: /\n")
    assert look(web).outcome is Outcome.REFUSED


def test_a_feed_needs_no_leave(web: WebServer) -> None:
    web.answers["/robots.txt"] = allow("User-agent: *\nDisallow: /\n")
    look(web, rule=None)
    assert web.paths() == ["/news"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_no_robots_is_leave(web: WebServer, status: int) -> None:
    web.answers["/robots.txt"] = Answer(status)
    assert look(web).outcome is Outcome.NEW


@pytest.mark.parametrize(
    "answer", [Answer(500), Answer(503), Answer(429), Answer(body=b"User-", reset=2), Answer(raw=b"?\r\n\r\n")]
)
def test_a_site_that_cannot_tell_now_forbids_for_now(web: WebServer, answer: Answer) -> None:
    web.answers["/robots.txt"] = [answer, allow("")]
    found = look(web)
    assert (found.outcome, found.word) == (Outcome.FAILED, State.FAILING)
    assert "/news" not in web.paths()
    assert look(web).outcome is Outcome.NEW, "and is asked again at the next look"


def test_a_robots_without_end_is_a_no(web: WebServer) -> None:
    web.answers["/robots.txt"] = Answer(body=b"# x\n" * 200_000)
    found = look(web)
    assert found.outcome is Outcome.REFUSED
    assert "larger than is read" in (found.state.error or "")


def test_a_redirected_robots_counts_and_a_circle_is_none(web: WebServer) -> None:
    web.answers["/robots.txt"] = Answer(301, headers={"Location": "/r"})
    web.answers["/r"] = allow("User-agent: *\nDisallow: /news\n")
    assert look(web).outcome is Outcome.REFUSED
    web.answers["/r"] = Answer(301, headers={"Location": "/robots.txt"})
    assert look(web).outcome is Outcome.NEW


def test_what_a_site_says_is_kept_for_a_day(web: WebServer) -> None:
    web.answers["/robots.txt"] = [allow("User-agent: *\nCrawl-delay: 7\nDisallow: /no"), Answer(404)]

    async def main() -> None:
        robots = Robots()
        async with make_client([LOOPBACK]) as client:
            await robots.permit(client, web.url("/a"), NOW)
            await robots.permit(client, web.url("/b"), NOW + timedelta(hours=23))
            with pytest.raises(RobotsRefused):
                await robots.permit(client, web.url("/no/1"), NOW + timedelta(hours=23))
            assert robots.delay(web.url("/a")) == 7.0
            assert web.paths() == ["/robots.txt"]
            await robots.permit(client, web.url("/no/1"), NOW + timedelta(hours=25))
            assert robots.delay(web.url("/a")) == 0.0
            assert len(web.asked) == 2

    asyncio.run(main())


def test_robots_pass_the_guard_too(web: WebServer) -> None:
    async def main() -> None:
        async with make_client() as client:
            with pytest.raises(FetchError, match="address guard"):
                await Robots().permit(client, web.url("/a"), NOW)

    asyncio.run(main())
    assert web.asked == []


@pytest.mark.parametrize(
    ("text", "delay"),
    [("2.5", 2.5), ("86400", LONGEST_DELAY), ("-1", 0.0), ("nan", 0.0), ("1e9", LONGEST_DELAY), ("soon", 0.0)],
)
def test_a_delay_has_bounds(text: str, delay: float) -> None:
    assert read_rules(f"User-agent: *\nCrawl-delay: {text}\n".encode()).delay == delay


def test_nonsense_allows_everything() -> None:
    for body in (b"", b"\xff\xfe\x00", b"<html>not found</html>", b"Disallow: /", b"User-agent: *\r\r\n: :"):
        assert read_rules(body).allows("https://a.example/x")


def test_a_visitor_hands_the_delay_to_the_gate(web: WebServer) -> None:
    web.answers["/robots.txt"] = allow("User-agent: *\nCrawl-delay: 3\n")

    async def main() -> None:
        gates = Gates()
        async with make_client([LOOPBACK]) as client:
            visitor = Visitor(client, gates=gates)
            visitor.add([(Feed("k", "n", web.url("/news"), rule=RULE), FeedState())], NOW)
            await visitor.results()
            await visitor.aclose()
        assert gates._slower == {"127.0.0.1": 3.0}

    asyncio.run(main())


def go(test: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(30):
            await test()

    asyncio.run(bounded())


async def most_at_once(gates: Gates, hosts: list[str]) -> int:
    """How many get through at the same time when all come at once."""
    inside, most = 0, 0

    async def one(host: str) -> None:
        nonlocal inside, most
        async with gates.through(host):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1

    await asyncio.gather(*map(one, hosts))
    return most


def test_so_many_at_one_host_and_no_bound_over_all() -> None:
    async def main() -> None:
        assert await most_at_once(Gates(2), ["a.test"] * 10) == 2
        assert await most_at_once(Gates(1), ["a.test"] * 5) == 1
        assert await most_at_once(Gates(1), [f"{number}.test" for number in range(10)]) == 10

    go(main)


def test_free_networks_have_no_gate() -> None:
    async def main() -> None:
        gates = Gates(1, 3600.0, [LOOPBACK, ip_network("fd00::/8")])
        assert await most_at_once(gates, ["127.0.0.1"] * 5 + ["[fd00::1]"] * 5) == 10
        assert gates._gates == {}

    go(main)


def starts(gates: Gates, hosts: list[str]) -> dict[str, list[float]]:
    """When each host's looks began, by the loop's clock."""
    began: dict[str, list[float]] = {}

    async def one(host: str) -> None:
        async with gates.through(host):
            began.setdefault(host, []).append(asyncio.get_running_loop().time())

    async def main() -> None:
        await asyncio.gather(*map(one, hosts))

    go(main)
    return began


def test_looks_at_one_host_start_apart_and_hold_up_no_other() -> None:
    began = starts(Gates(4, 0.05), ["a.test"] * 4 + ["b.test"])
    first = began["a.test"][0]
    assert all(at - first >= 0.05 * place - 0.01 for place, at in enumerate(began["a.test"]))
    assert began["b.test"][0] < began["a.test"][1]


def test_a_host_that_wants_more_gets_more() -> None:
    gates = Gates(4, 0.0)
    gates.keep_apart("slow.test", 0.05)
    began = starts(gates, ["slow.test"] * 3 + ["b.test"] * 3)
    assert max(began["b.test"]) < began["slow.test"][1]
    gates.keep_apart("slow.test", 0.0)
    assert gates._slower == {}


def test_giving_up_at_a_gate_leaves_it_as_it_was() -> None:
    async def main() -> None:
        gates = Gates(1)
        async with gates.through("a.test"):
            waiting = asyncio.create_task(most_at_once(gates, ["a.test"]))
            await asyncio.sleep(0.01)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        assert gates._gates["a.test"].users == 0
        assert await most_at_once(gates, ["a.test"]) == 1

    go(main)


def test_gates_that_nobody_uses_are_forgotten() -> None:
    async def main() -> None:
        gates = Gates(1)
        async with gates.through("held.test"):
            for number in range(5_000):
                async with gates.through(f"{number}.test"):
                    pass
            assert len(gates._gates) <= 4_098
            assert "held.test" in gates._gates

    go(main)
