"""The door: one look at a feed against a real server, and many looks at once."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest

from ingest.collect import collect
from ingest.entry import Item, Sharing, digest
from ingest.feed import Collected, Feed, FeedState, Outcome
from ingest.fetch import Limits
from ingest.http import make_client
from ingest.parse import Parsed, ParseError, Seen, parse_document
from ingest.visitor import collect_many
from tests.ingest.webserver import Answer, WebServer, webserver

LOOPBACK = ip_network("127.0.0.0/8")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)


def parse(
    body: bytes, *, content_type: str | None, base: str | None, zone: str | None, now: datetime, seen: Seen
) -> Parsed:
    """A parser for the tests: after the word `doc`, each line is an item `key title`; told apart from real ones."""
    head, *lines = body.decode().splitlines()
    if head == "bug":
        raise KeyError("x")
    if head != "doc":
        raise ParseError("The address answers a web page, not a feed. Look there for the address of its feed.")
    items = (
        Item(key=line.split()[0], raw_hash=digest(line), title=line.partition(" ")[2], link=base) for line in lines
    )
    return Parsed(format="test", title=None, language=None, items=tuple(items), problems=())


@pytest.fixture
def server() -> Iterator[WebServer]:
    with webserver() as running:
        yield running


def feed_of(server: WebServer, path: str = "/feed", **given: Any) -> Feed:
    return Feed("harbour", "Harbour Post", server.url(path), reliability="B", sharing=Sharing.GREEN, **given)


def look(feed: Feed, state: FeedState | None = None, now: datetime = NOW, **given: Any) -> Collected:
    async def main() -> Collected:
        async with make_client([LOOPBACK]) as client:
            return await collect(feed, state or FeedState(), client, now, **{"parse": parse, **given})

    return asyncio.run(main())


def keys(collected: Collected) -> list[str]:
    return [entry.item.key for entry in collected.entries]


def test_a_first_look_brings_every_item_as_an_entry(server: WebServer) -> None:
    server.answers["/feed"] = Answer(200, b"doc\na one\nb two", {"ETag": '"1"', "Last-Modified": "then"})
    seen = look(feed_of(server))
    assert (seen.outcome, keys(seen), seen.seen, seen.problems) == (Outcome.NEW, ["a", "b"], 2, ())
    entry = seen.entries[0]
    assert (entry.source, entry.reliability, entry.sharing, entry.first_seen) == ("harbour", "B", Sharing.GREEN, NOW)
    assert entry.item.link == server.url("/feed")
    state = seen.state
    assert (state.etag, state.modified, state.failures, state.error) == ('"1"', "then", 0, None)
    assert state.last_success == state.last_entry == NOW
    assert state.next_check == NOW + timedelta(seconds=900)
    assert list(state.known) == ["a", "b"]


def test_304_and_a_known_body_are_unchanged_and_not_parsed(server: WebServer) -> None:
    def must_not(*_: object, **__: object) -> Parsed:
        raise AssertionError

    server.answers["/feed"] = [
        Answer(200, b"doc\na one", {"ETag": '"1"'}),
        Answer(304),
        Answer(200, b"doc\na one", {"ETag": '"2"'}),
    ]
    first = look(feed_of(server))
    second = look(feed_of(server), first.state, LATER, parse=must_not)
    third = look(feed_of(server), second.state, LATER, parse=must_not)
    assert server.asked[1].headers["if-none-match"] == '"1"'
    assert [second.outcome, third.outcome] == [Outcome.UNCHANGED] * 2
    assert (second.state.etag, third.state.etag) == ('"1"', '"2"')
    assert third.state.known == first.state.known
    assert (third.state.last_success, third.state.last_entry) == (LATER, NOW)
    assert third.seen == 1


def test_only_new_and_changed_items_become_entries(server: WebServer) -> None:
    server.answers["/feed"] = [Answer(200, b"doc\na one\nb two"), Answer(200, b"doc\nc three\na corrected\nb two")]
    first = look(feed_of(server))
    second = look(feed_of(server), first.state, LATER)
    assert (second.outcome, keys(second), second.seen) == (Outcome.NEW, ["c", "a"], 3)
    assert second.entries[0].first_seen == LATER


def test_another_body_without_news_is_unchanged(server: WebServer) -> None:
    server.answers["/feed"] = [Answer(200, b"doc\na one\nb two"), Answer(200, b"doc\nb two\na one")]
    first = look(feed_of(server))
    second = look(feed_of(server), first.state, LATER)
    assert (second.outcome, second.entries) == (Outcome.UNCHANGED, ())
    assert second.state.body_hash != first.state.body_hash


def test_an_empty_document_forgets_nothing(server: WebServer) -> None:
    server.answers["/feed"] = [Answer(200, b"doc\na one"), Answer(200, b"doc"), Answer(200, b"doc\na one\nb two")]
    first = look(feed_of(server))
    empty = look(feed_of(server), first.state, LATER)
    assert (empty.outcome, empty.state.error, empty.state.known) == (Outcome.EMPTY, None, first.state.known)
    assert keys(look(feed_of(server), empty.state, LATER)) == ["b"]


def test_known_holds_the_latest_document_only(server: WebServer) -> None:
    server.answers["/feed"] = [Answer(200, b"doc\na one\nb two"), Answer(200, b"doc\nb two")]
    second = look(feed_of(server), look(feed_of(server)).state)
    assert (second.outcome, list(second.state.known)) == (Outcome.UNCHANGED, ["b"])


@pytest.mark.parametrize(
    ("answer", "outcome", "says"),
    [
        (Answer(200, b"<html>hello"), Outcome.FAILED, "answers a web page, not a feed. Look"),
        (Answer(200, b"bug"), Outcome.FAILED, "KeyError"),
        (Answer(404), Outcome.FAILED, "404 Not Found"),
        (Answer(500), Outcome.FAILED, "500 Internal Server Error"),
        (Answer(302, b"", {"Location": "/feed"}), Outcome.FAILED, "circle"),
        (Answer(302, b"", {"Location": "http://10.0.0.1/"}), Outcome.REFUSED, "guard refuses 10.0.0.1"),
        (Answer(200, b"doc" + b" " * 5_000), Outcome.REFUSED, "at most 4,000"),
        (Answer(200, b"doc", {"Content-Length": "99"}), Outcome.FAILED, "broke off"),
        (Answer(200, b"doc", reset=1), Outcome.FAILED, "broke"),
        (Answer(raw=b"SSH-2.0\r\n"), Outcome.FAILED, "does not speak HTTP"),
        (Answer(200, b"doc" * 99, drip=0.05), Outcome.FAILED, "within 0.2 s"),
    ],
)
def test_trouble_is_told_in_one_sentence_and_forgets_nothing(
    server: WebServer, answer: Answer, outcome: Outcome, says: str
) -> None:
    server.answers["/feed"] = [Answer(200, b"doc\na one", {"ETag": '"1"', "Last-Modified": "then"}), answer]
    good = look(feed_of(server)).state
    bad = look(feed_of(server), replace(good, failures=2), LATER, limits=Limits(body=4_000, seconds=0.2))
    assert (bad.outcome, bad.entries) == (outcome, ())
    assert bad.state.error is not None
    assert says in bad.state.error
    next_check = LATER + timedelta(seconds=3_600)
    assert bad.state == replace(
        good, failures=3, error=bad.state.error, next_check=next_check, last_success=NOW, health=bad.state.health
    )
    assert bad.state.health.failed == good.health.failed + 1


def test_success_ends_the_failures(server: WebServer) -> None:
    server.answers["/feed"] = Answer(200, b"doc\na one")
    before = FeedState(failures=5, error="It was so.", hold_until=NOW - timedelta(1))
    after = look(feed_of(server), before).state
    assert (after.failures, after.error, after.hold_until) == (0, None, None)
    assert after.next_check == NOW + timedelta(seconds=900)


@pytest.mark.parametrize("asked", ["7200", "Sat, 21 Nov 2026 14:00:00 GMT"])
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_holds(server: WebServer, status: int, asked: str) -> None:
    server.answers["/feed"] = Answer(status, b"", {"Retry-After": asked})
    state = look(feed_of(server)).state
    assert state.hold_until == state.next_check == NOW + timedelta(hours=2)


def test_a_hold_lasts_a_day_at_most(server: WebServer) -> None:
    server.answers["/feed"] = Answer(503, b"", {"Retry-After": "99999999"})
    assert look(feed_of(server)).state.hold_until == NOW + timedelta(hours=24)


def test_a_permanent_redirect_is_remembered_once_a_document_was_read_there(server: WebServer) -> None:
    server.answers["/feed"] = Answer(301, b"", {"Location": "/new"})
    server.answers["/new"] = [Answer(200, b"<html>"), Answer(200, b"doc\na one"), Answer(404)]
    assert look(feed_of(server)).state.address is None
    state = look(feed_of(server)).state
    assert state.address == server.url("/new")
    gone = look(feed_of(server), state, LATER).state
    assert server.paths() == ["/feed", "/new", "/feed", "/new", "/new"]
    assert gone.address is None


def test_a_moved_feed_that_stays_away_is_sought_at_its_old_address(server: WebServer) -> None:
    server.answers["/new"] = Answer(500)
    state = FeedState(address=server.url("/new"))
    for kept in (True, True, False):
        state = look(feed_of(server), state).state
        assert (state.address is not None) is kept


def test_parsing_happens_off_the_event_loop(server: WebServer) -> None:
    threads = []

    def noting(body: bytes, **given: Any) -> Parsed:
        threads.append(threading.current_thread())
        return parse(body, **given)

    server.answers["/feed"] = Answer(200, b"doc\na one")
    look(feed_of(server), parse=noting)
    assert threads[0] is not threading.main_thread()


def test_what_is_known_but_for_little_is_read_at_once(server: WebServer) -> None:
    frame = "<rss version='2.0'><channel><title>Harbour Post</title>{}</channel></rss>"
    old, new = "<item><guid>1</guid><title>Port closed</title></item>", "<item><guid>2</guid><title>Fire</title></item>"
    runs = []

    async def run(work: Callable[[], Parsed]) -> Parsed:
        runs.append(work)
        return work()

    server.answers["/feed"] = Answer(200, frame.format(old).encode())
    first = look(feed_of(server), parse=None, run=run)
    server.answers["/feed"] = Answer(200, frame.format(new + old).encode())
    second = look(feed_of(server), first.state, parse=None, run=run)
    assert (keys(first), keys(second), len(runs)) == (["1"], ["2"], 1)
    assert set(second.state.known) == {"1", "2"}
    server.answers["/feed"] = Answer(200, frame.format("<item><title>A</title><title>B</title></item>" + old).encode())
    third = look(feed_of(server), second.state, parse=None, run=run)
    assert (len(third.entries), len(runs)) == (1, 2)


def test_an_address_that_is_none_is_refused(server: WebServer) -> None:
    collected = look(Feed("x", "X", "file:///etc/passwd"))
    assert collected.outcome is Outcome.REFUSED
    assert "http://" in (collected.state.error or "")


def many(jobs: Sequence[tuple[Feed, FeedState]], **given: Any) -> list[tuple[str, Outcome]]:
    async def main() -> list[tuple[str, Outcome]]:
        async with make_client([LOOPBACK]) as client:
            looks = collect_many(jobs, client, NOW, **{"parse": parse, **given})
            return [(feed.key, collected.outcome) async for feed, collected in looks]

    return asyncio.run(main())


def test_a_silent_host_delays_no_other(server: WebServer) -> None:
    """Its feeds stand first in the line; those of the other host are all through while it is still silent."""

    async def main() -> list[str]:
        ended = []
        async with make_client([LOOPBACK]) as client:
            async for feed, _ in collect_many([*slow, *quick], client, NOW, parse=parse, concurrency=3, per_host=2):
                ended.append(feed.key)
                if len(ended) == len(quick):
                    server.stop()
        return ended

    with webserver() as other:
        server.answers["/silent"] = Answer(silent=True)
        other.answers["/feed"] = Answer(200, b"doc\na one")
        slow = [(replace(feed_of(server, "/silent"), key=f"slow{n}"), FeedState()) for n in range(4)]
        quick = [(Feed(f"quick{n}", "Q", other.url("/feed", "localhost")), FeedState()) for n in range(8)]
        ended = asyncio.run(main())
    assert sorted(ended[:8]) == [f"quick{n}" for n in range(8)]
    assert sorted(ended[8:]) == [f"slow{n}" for n in range(4)]


def test_a_host_is_not_asked_more_than_so_often_at_once(server: WebServer) -> None:
    under_way, most = 0, 0
    lock = threading.Lock()

    def counting(body: bytes, **given: Any) -> Parsed:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        time.sleep(0.01)
        with lock:
            under_way -= 1
        return parse(body, **given)

    server.answers["/feed"] = Answer(200, b"doc\na one")
    jobs = [(replace(feed_of(server), key=f"f{n}"), FeedState()) for n in range(6)]
    assert len(many(jobs, per_host=1, parse=counting)) == 6
    assert most == 1


def test_a_parser_that_does_not_end_fails_its_own_feed_only(server: WebServer) -> None:
    def stuck(body: bytes, **given: Any) -> Parsed:
        if b"stuck" in body:
            going.wait(30)
        return parse(body, **given)

    going = threading.Event()
    server.answers |= {"/feed": Answer(200, b"doc\na one"), "/stuck": Answer(200, b"doc\nstuck one")}
    jobs = [(replace(feed_of(server, f"/{name}"), key=name), FeedState()) for name in ("stuck", "feed")]
    try:
        ended = dict(many(jobs, parse=stuck, parse_seconds=0.5))
    finally:
        going.set()
    assert ended == {"stuck": Outcome.FAILED, "feed": Outcome.NEW}


def test_no_job_no_result() -> None:
    assert many([]) == []


def test_a_mistake_of_ours_is_heard_and_hangs_nobody(server: WebServer) -> None:
    broken = feed_of(server, interval="often")
    server.answers["/feed"] = Answer(200, b"doc\na one")
    with pytest.raises(TypeError):
        many([(broken, FeedState()), (feed_of(server), FeedState())])


def test_leaving_early_ends_what_is_under_way(server: WebServer) -> None:
    async def main() -> int:
        async with make_client([LOOPBACK]) as client:
            looks = collect_many(jobs, client, NOW, parse=parse, per_host=9)
            first: AsyncIterator[Any] = looks
            async for _ in first:
                break
            await looks.aclose()
            return len([task for task in asyncio.all_tasks() if task is not asyncio.current_task()])

    server.answers |= {"/feed": Answer(200, b"doc\na one"), "/silent": Answer(silent=True)}
    paths = ("/silent", "/feed", "/silent")
    jobs = [(replace(feed_of(server, path), key=f"f{number}"), FeedState()) for number, path in enumerate(paths)]
    assert asyncio.run(main()) == 0


def test_with_the_parser_that_ships(server: WebServer) -> None:
    rss = (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Harbour Post</title>'
        "<item><guid>n1</guid><title>Port of Vessa closed</title><link>/n/1</link></item></channel></rss>"
    )
    server.answers["/feed"] = Answer(200, rss.encode(), {"Content-Type": "application/rss+xml"})
    server.answers["/page"] = Answer(200, b"<!doctype html><title>Harbour Post</title><p>Welcome", {})
    read = look(feed_of(server), parse=parse_document)
    assert [(entry.item.key, entry.item.link) for entry in read.entries] == [("n1", server.url("/n/1"))]
    page = look(feed_of(server, "/page"), parse=parse_document)
    assert page.outcome is Outcome.FAILED
    assert "web page, not a feed" in (page.state.error or "")
