"""Looks at lists that tell how things stand, through the door: advice held back, lists cut short, pages by rule."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest

from ingest.collect import collect
from ingest.feed import Collected, Feed, FeedState, Outcome
from ingest.http import make_client
from ingest.place.countries import CODES
from tests.ingest.webserver import Answer, WebServer, webserver

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
COUNTRIES = sorted(CODES)[:150]


@pytest.fixture
def server() -> Iterator[WebServer]:
    with webserver() as running:
        yield running


def look(server: WebServer, state: FeedState, body: bytes, now: datetime = NOW, **given: Any) -> Collected:
    server.answers["/list"] = Answer(200, body, {"ETag": f'"{hash(body)}"'})

    async def main() -> Collected:
        async with make_client([ip_network("127.0.0.0/8")]) as client:
            return await collect(Feed("list", "A list", server.url("/list"), **given), state, client, now)

    return asyncio.run(main())


def advice(levels: Mapping[str, int | None]) -> bytes:
    rows = {
        code: {"country-iso": code, "eng": {"name": code}, "advisory-state": level} for code, level in levels.items()
    }
    return json.dumps({"data": rows}).encode()


def test_a_government_that_changes_everything_at_once_is_held_and_believed_later(server: WebServer) -> None:
    calm = dict.fromkeys(COUNTRIES, 0)
    first = look(server, FeedState(), advice(calm))
    assert (first.outcome, len(first.entries)) == (Outcome.NEW, len(COUNTRIES))
    swept = calm | dict.fromkeys(COUNTRIES[:60], 3)
    held = look(server, first.state, advice(swept), NOW + timedelta(minutes=15))
    assert (held.outcome, held.entries) == (Outcome.HELD, ())
    assert "60 of 150 levels changed at once" in (held.state.error or "")
    assert held.state.known == first.state.known
    assert held.state.etag == first.state.etag, "the publisher must send it again"
    believed = look(server, held.state, advice(swept), NOW + timedelta(hours=7))
    assert (believed.outcome, len(believed.entries)) == (Outcome.NEW, 60)
    assert believed.state.error is None


def test_one_country_that_grows_graver_is_news_at_once(server: WebServer) -> None:
    calm = dict.fromkeys(COUNTRIES, 0)
    first = look(server, FeedState(), advice(calm))
    graver = look(server, first.state, advice(calm | {COUNTRIES[7]: 3}), NOW + timedelta(minutes=15))
    (entry,) = graver.entries
    assert entry.item.key == first.entries[7].item.key
    assert (first.entries[7].item.extra["advisory_level"], entry.item.extra["advisory_level"]) == ("1", "4")
    again = look(server, graver.state, advice(calm | {COUNTRIES[7]: 3, COUNTRIES[8]: 1}), NOW + timedelta(minutes=30))
    assert [entry.item.key for entry in again.entries] == [first.entries[8].item.key]


def test_a_move_within_a_broken_document_does_not_wait(server: WebServer) -> None:
    calm = dict.fromkeys(COUNTRIES, 0)
    first = look(server, FeedState(), advice(calm))
    broken = calm | dict.fromkeys(COUNTRIES[:8], None) | {COUNTRIES[20]: 3}
    held = look(server, first.state, advice(broken), NOW + timedelta(minutes=15))
    assert held.outcome is Outcome.HELD
    assert [entry.item.key for entry in held.entries] == [first.entries[20].item.key]
    once_more = look(server, held.state, advice(broken), NOW + timedelta(minutes=30))
    assert (once_more.outcome, once_more.entries) == (Outcome.HELD, ())


def listed(count: int) -> bytes:
    rows = "".join(f"<sdnEntry><uid>{n}</uid><lastName>SHIP {n}</lastName></sdnEntry>" for n in range(count))
    return f"<sdnList>{rows}</sdnList>".encode()


def test_a_list_cut_short_forgets_nobody(server: WebServer) -> None:
    first = look(server, FeedState(), listed(300))
    cut = look(server, first.state, listed(100), NOW + timedelta(hours=1))
    assert len(cut.state.known) == 300
    assert any("cut off" in problem for problem in cut.problems)
    whole = look(server, cut.state, listed(301), NOW + timedelta(hours=2))
    assert [entry.item.key for entry in whole.entries] == ["300"]
    assert whole.problems == ()


PAGE = """<html><body><ul class="news"><li><a href="./a1.html">{}</a><span>2026-11-20</span></li>
<li><a href="./a2.html">提醒在当地中国公民注意防范</a><span>2026-11-19</span></li></ul></body></html>"""
RULE = {"item": "ul.news li", "title": "a", "link": "a@href", "date": "span"}


def test_a_page_without_a_feed_is_read_by_its_rule(server: WebServer) -> None:
    first = look(server, FeedState(), PAGE.format("关于边境口岸关闭的通知").encode(), rule=RULE, zone="Asia/Shanghai")
    assert [entry.item.link for entry in first.entries] == [server.url("/a1.html"), server.url("/a2.html")]
    assert first.entries[0].item.published == datetime(2026, 11, 19, 16, tzinfo=UTC)
    same = look(server, first.state, PAGE.format("关于边境口岸重开的通知").encode(), rule=RULE, zone="Asia/Shanghai")
    assert [entry.item.title for entry in same.entries] == ["关于边境口岸重开的通知"]
    lost = look(server, first.state, b"<html><body><p>moved</p></body></html>", rule=RULE)
    assert lost.outcome is Outcome.FAILED
    assert "finds no items" in (lost.state.error or "")
    assert lost.state.known == first.state.known


def test_a_rule_that_cannot_be_used_is_told(server: WebServer) -> None:
    found = look(server, FeedState(), PAGE.encode(), rule={"title": "a["})
    assert found.outcome is Outcome.FAILED
    assert "rule" in (found.state.error or "")
