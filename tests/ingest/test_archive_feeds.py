"""Feeds read backwards from a real server: by which links, how far, and what ends it."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest

from ingest.archive_feeds import Ended, FeedPage, Way, walk_back
from ingest.http import make_client
from tests.ingest.webserver import Answer, WebServer, webserver

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with webserver() as running:
        yield running


def rss(*days: str, head: str = "") -> Answer:
    """An RSS page with one item a day."""
    items = "".join(
        f"<item><title>Quay news of {day}</title><guid isPermaLink='false'>{day}</guid>"
        f"<pubDate>{datetime.fromisoformat(day):%a, %d %b %Y 08:00:00 GMT}</pubDate></item>"
        for day in days
    )
    top = "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'>"
    return Answer(200, f"{top}<channel><title>Quay</title>{head}{items}</channel></rss>".encode())


def atom(*days: str, head: str = "") -> Answer:
    """An Atom page with one entry a day."""
    entries = "".join(
        f"<entry><id>urn:{day}</id><title>Quay news of {day}</title><updated>{day}T08:00:00Z</updated>"
        "<link rel='next' href='/trap'/></entry>"
        for day in days
    )
    top = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Quay</title>"
    return Answer(200, f"{top}{head}{entries}</feed>".encode())


def walk(server: WebServer, path: str = "/feed", **way: Any) -> tuple[list[int], str, bool]:
    """Items of each page, and why it ended."""

    async def main() -> list[FeedPage | Ended]:
        async with make_client([ip_network("127.0.0.0/8")]) as client:
            return [one async for one in walk_back(client, server.url(path), Way(**{"wait": 0.0, **way}), NOW)]

    *pages, end = asyncio.run(main())
    assert isinstance(end, Ended)
    return [len(page.items) for page in pages if isinstance(page, FeedPage)], end.why, end.failed


def link(rel: str, to: str) -> str:
    return f"<atom:link rel='{rel}' href='{to}'/>"


def test_rfc_5005_archives_are_followed_to_their_end(server: WebServer) -> None:
    server.answers["/feed"] = rss("2024-03-03", head=link("next", "/no") + link("prev-archive", "/2024-02"))
    server.answers["/2024-02"] = rss("2024-02-02", "2024-02-01", head=link("prev-archive", "2024-01"))
    server.answers["/2024-01"] = rss("2024-01-02", head=link("next-archive", "/2024-02"))
    assert walk(server) == ([1, 2, 1], "the feed names no older page", False)
    assert server.paths() == ["/feed", "/2024-02", "/2024-01"]


def test_next_of_an_atom_feed_is_its_own_and_not_an_entrys(server: WebServer) -> None:
    server.answers["/feed"] = atom("2024-03-03", head="<link rel='next' href='/feed?page=2'/>")
    server.answers["/feed?page=2"] = atom("2024-03-02")
    assert walk(server)[0] == [1, 1]
    assert server.paths() == ["/feed", "/feed?page=2"], "the entry's own link is no page"


def test_next_url_of_a_json_feed(server: WebServer) -> None:
    def page(day: str, **head: str) -> Answer:
        items = [{"id": day, "title": f"Quay news of {day}", "date_published": f"{day}T08:00:00Z"}]
        body = {"version": "https://jsonfeed.org/version/1.1", "title": "Quay", "items": items, **head}
        return Answer(200, json.dumps(body).encode())

    server.answers["/feed"] = page("2024-03-03", next_url="/older")
    server.answers["/older"] = page("2024-03-02")
    assert walk(server) == ([1, 1], "the feed names no older page", False)


@pytest.mark.parametrize("last", [Answer(404), rss("2024-03-02"), Answer(200, b"<html><body>Not here</body></html>")])
def test_pages_of_a_blog_end_with_an_error_or_a_repetition(server: WebServer, last: Answer) -> None:
    head = "<generator>https://wordpress.org/?v=6.7</generator>"
    server.answers["/rss?cat=3"] = rss("2024-03-03", head=head)
    server.answers["/rss?cat=3&paged=2"] = rss("2024-03-02", head=head)
    server.answers["/rss?cat=3&paged=3"] = last
    pages, why, failed = walk(server, "/rss?cat=3")
    assert (pages, failed) == ([1, 1], False)
    assert why in ("there is no older page", "page 3 repeats what was read")


def test_a_page_that_overlaps_brings_only_what_is_new(server: WebServer) -> None:
    server.answers["/feed"] = rss("2024-03-03", "2024-03-02", head=link("next", "/2"))
    server.answers["/2"] = rss("2024-03-02", "2024-03-01")
    assert walk(server)[0] == [2, 1]


def test_it_stops_at_the_date_and_at_the_number_of_pages(server: WebServer) -> None:
    for number in range(1, 9):
        path = "/feed" if number == 1 else f"/{number}"
        server.answers[path] = rss(f"2024-03-{20 - number}", head=link("next", f"/{number + 1}"))
    since = datetime(2024, 3, 17, tzinfo=UTC)
    assert walk(server, since=since) == ([1, 1, 1, 1], "older pages lie before the date asked for", False)
    server.asked.clear()
    assert walk(server, pages=3) == ([1, 1, 1], "3 pages were read, the most asked for", True)
    assert len(server.asked) == 3


def test_a_circle_ends(server: WebServer) -> None:
    server.answers["/feed"] = rss("2024-03-03", head=link("next", "/2"))
    server.answers["/2"] = rss("2024-03-02", head=link("next", "/feed#top"))
    assert walk(server) == ([1, 1], "the feed names no older page", False)


def test_a_busy_publisher_is_waited_for_as_it_asks(server: WebServer) -> None:
    server.answers["/feed"] = [Answer(429, b"", {"Retry-After": "0"}), rss("2024-03-03")]
    assert walk(server)[0] == [1]
    server.answers["/feed"] = Answer(429, b"", {"Retry-After": "3600"})
    pages, why, failed = walk(server)
    assert (pages, failed) == ([], True)
    assert "429" in why


@pytest.mark.parametrize("answer", [Answer(500), Answer(404), Answer(200, b"<html><body>x</body></html>")])
def test_trouble_with_the_first_page_is_a_failure(server: WebServer, answer: Answer) -> None:
    server.answers["/feed"] = answer
    pages, why, failed = walk(server)
    assert (pages, failed) == ([], True)
    assert why.startswith("page 1: ")


def test_a_link_into_our_own_network_is_refused(server: WebServer) -> None:
    server.answers["/feed"] = rss("2024-03-03", head=link("next", "http://169.254.169.254/latest/meta-data"))
    pages, why, failed = walk(server)
    assert (pages, failed) == ([1], True)
    assert "guard refuses" in why
