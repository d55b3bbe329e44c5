"""From a page to its feeds, against a real server."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

from ingest.candidate import Pulse, equals
from ingest.discover import MOST, Discovery, GuessPage, PageLook, Why, discover, whole_address
from ingest.entry import Item
from ingest.feed_links import How
from ingest.http import make_client
from tests.ingest.webserver import Answer, WebServer, webserver

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def web() -> Iterator[WebServer]:
    with webserver() as server:
        yield server


def feed(*titles: str, name: str = "Harbour Post", day: int = 28, month: str = "Feb") -> Answer:
    items = "".join(
        f"<item><title>{title}</title><link>https://p.example/{number}</link>"
        f"<pubDate>{day} {month} 2026 08:0{number}:00 GMT</pubDate></item>"
        for number, title in enumerate(titles)
    )
    text = f"<rss version='2.0'><channel><title>{name}</title><language>en</language>{items}</channel></rss>"
    return Answer(body=text.encode())


def page(head: str = "", body: str = "") -> Answer:
    text = f"<!doctype html><html lang='sw'><head>{head}</head><body>{body}</body></html>"
    return Answer(body=text.encode(), headers={"Content-Type": "text/html"})


def declared(path: str, title: str = "") -> str:
    return f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{path}">'


def look(address: str, *, guess: GuessPage | None = None, open_to: str = "127.0.0.0/8") -> Discovery:
    async def once() -> Discovery:
        async with make_client([ip_network(open_to)], timeout=5.0) as client:
            return await discover(client, address, NOW, guess=guess)

    return asyncio.run(once())


def test_a_feed_is_itself(web: WebServer) -> None:
    web.answers["/rss"] = feed("One", "Two")
    found = look(web.url("/rss"))
    (one,) = found.candidates
    assert (one.how, one.title, one.entries, one.language, one.pulse) == (
        How.ITSELF,
        "Harbour Post",
        2,
        "en",
        Pulse.GOOD,
    )
    assert one.newest == datetime(2026, 2, 28, 8, 1, tzinfo=UTC)
    assert (one.format, one.kind) == ("rss20", "news")
    assert (found.requests, found.why) == (1, None)


def test_a_page_declares_its_feed_and_comments_come_last(web: WebServer) -> None:
    web.answers["/"] = page(declared("/comments/feed", "Comments") + declared("/main.xml", "All"))
    web.answers["/comments/feed"] = feed("Re: One", name="Comments")
    web.answers["/main.xml"] = feed("One")
    found = look(web.url("/"))
    assert [one.address for one in found.candidates] == [web.url("/main.xml"), web.url("/comments/feed")]
    assert len(equals(found.candidates)) == 1
    assert sorted(web.paths()) == ["/", "/comments/feed", "/main.xml"], "what is declared is enough"


def test_several_of_the_same_rank_are_for_a_person_to_choose(web: WebServer) -> None:
    web.answers["/asia/"] = page(declared("/world.xml") + declared("/asia/rss.xml") + declared("/old.xml"))
    web.answers["/world.xml"] = feed("A", name="World")
    web.answers["/asia/rss.xml"] = feed("B", name="Asia")
    web.answers["/old.xml"] = feed("C", name="Old", month="Jan", day=2)
    found = look(web.url("/asia/"))
    assert [one.title for one in found.candidates] == ["Asia", "World", "Old"], "the nearest first, the stale last"
    assert [one.title for one in equals(found.candidates)] == ["Asia", "World"]
    assert found.candidates[2].pulse is Pulse.STALE


def test_two_forms_of_one_feed_are_one(web: WebServer) -> None:
    web.answers["/"] = page(declared("/rss") + declared("/rss2"))
    web.answers["/rss"] = web.answers["/rss2"] = feed("One")
    assert [one.address for one in look(web.url("/")).candidates] == [web.url("/rss")]


def test_a_link_to_a_page_of_feeds_is_followed_once(web: WebServer) -> None:
    web.answers["/"] = page(body='<a href="/rss/">RSS 订阅</a>')
    web.answers["/rss/"] = page(body='<a href="/rss/world.xml">World</a><a href="/rss/">RSS</a>')
    web.answers["/rss/world.xml"] = feed("One")
    (one,) = look(web.url("/")).candidates
    assert (one.address, one.how) == (web.url("/rss/world.xml"), How.LINKED)


def test_usual_places_are_tried_until_one_answers(web: WebServer) -> None:
    web.answers["/news"] = page()
    web.answers["/rss.xml"] = feed("One")
    web.answers["/atom.xml"] = feed("Two")
    (one,) = look(web.url("/news")).candidates
    assert (one.address, one.how, one.language) == (web.url("/rss.xml"), How.USUAL, "en")
    assert web.paths() == ["/news", "/news/feed", "/news/rss", "/feed", "/rss", "/rss.xml"]


def test_the_language_of_the_page_stands_in(web: WebServer) -> None:
    web.answers["/"] = page(declared("/rss"))
    web.answers["/rss"] = Answer(body=b"<rss><channel><item><title>Habari</title></item></channel></rss>")
    (one,) = look(web.url("/")).candidates
    assert (one.language, one.pulse) == ("sw", Pulse.UNDATED)


def test_never_more_requests_than_allowed(web: WebServer) -> None:
    many = "".join(declared(f"/dead{number}.xml") for number in range(50))
    web.answers["/a/b"] = page(many, "".join(f'<a href="/rss/{number}">RSS</a>' for number in range(50)))
    found = look(web.url("/a/b"))
    assert (len(web.asked), found.requests, found.why) == (MOST, MOST, Why.NO_FEED)
    assert "No feed was found at 127.0.0.1" in found.sentence
    assert len(found.failed) == MOST - 1


def test_a_list_of_feeds_gives_its_first(web: WebServer) -> None:
    outlines = "".join(f'<outline text="{name}" xmlUrl="{web.url("/" + name)}"/>' for name in ("one", "two"))
    web.answers["/list.opml"] = Answer(body=f"<?xml version='1.0'?><opml><body>{outlines}</body></opml>".encode())
    web.answers["/one"], web.answers["/two"] = feed("A", name="One"), feed("B", name="Two")
    assert {one.title for one in look(web.url("/list.opml")).candidates} == {"One", "Two"}


@pytest.mark.parametrize(
    ("answer", "why", "says"),
    [
        (Answer(404), Why.ANSWER, "404"),
        (Answer(reset=0, body=b"x"), Why.SILENT, "broke"),
        (Answer(body=b"%PDF-1.4"), Why.UNREADABLE, "PDF"),
        (Answer(body=b""), Why.UNREADABLE, "empty"),
    ],
)
def test_what_went_wrong_is_one_sentence(web: WebServer, answer: Answer, why: Why, says: str) -> None:
    web.answers["/x"] = answer
    found = look(web.url("/x"))
    assert (found.candidates, found.why) == ((), why)
    assert says in found.sentence
    assert found.sentence.endswith(".")


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/", "http://169.254.169.254/latest", "ftp://x.example/", "", "::"]
)
def test_the_guard_stands_here_too(address: str) -> None:
    found = look(address, open_to="192.0.2.0/24")
    assert (found.candidates, found.why) == ((), Why.REFUSED)


def test_a_page_may_not_lead_inside(web: WebServer) -> None:
    with webserver() as inner:
        inner.answers["/rss"] = feed("Secret")
        web.answers["/"] = page(declared(inner.url("/rss", host="127.0.0.2")))
        found = look(web.url("/"), open_to="127.0.0.1/32")
    assert inner.asked == []
    assert found.candidates == ()


def test_a_list_of_news_for_search_engines_is_the_last_resort(web: WebServer) -> None:
    web.answers["/"] = page()
    web.answers["/robots.txt"] = Answer(body=f"User-agent: *\nSitemap: {web.url('/news-map.xml')}\n".encode())
    entries = "".join(
        f"<url><loc>https://p.example/{n}</loc><n:news><n:publication_date>2026-02-28T0{n}:00:00Z</n:publication_date>"
        f"<n:title>Story {n}</n:title></n:news></url>"
        for n in range(3)
    )
    head = (
        "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'"
    )
    web.answers["/news-map.xml"] = Answer(body=f"<urlset {head}>{entries}</urlset>".encode())
    (one,) = look(web.url("/")).candidates
    assert (one.how, one.entries) == (How.SITEMAP, 3)
    assert [item.title for item in one.items] == ["Story 0", "Story 1", "Story 2"]


def test_a_page_without_a_feed_may_be_read_by_a_rule(web: WebServer) -> None:
    web.answers["/notices/"] = page("<title>Notices</title>", "<ul><li><a href='/1'>One</a></ul>")

    def guess(text: str, address: str, now: datetime) -> PageLook | None:
        assert "Notices" in text
        return PageLook({"item": "li"}, (Item("1", "h", "One", published=now),))

    (one,) = look(web.url("/notices/"), guess=guess).candidates
    assert (one.how, one.title, one.rule, one.entries) == (How.PAGE, "Notices", {"item": "li"}, 1)
    assert look(web.url("/notices/"), guess=lambda *_: None).why is Why.NO_FEED


def test_pages_in_old_encodings_are_read(web: WebServer) -> None:
    text = '<html><head><meta charset="gbk"></head><body><a href="/yw">订阅</a></body></html>'
    web.answers["/"] = Answer(body=text.encode("gbk"), headers={"Content-Type": "text/html"})
    web.answers["/yw"] = feed("One")
    (one,) = look(web.url("/")).candidates
    assert one.how is How.LINKED


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        (" paper.example/news ", "https://paper.example/news"),
        ("<http://paper.example>", "http://paper.example"),
        ("localhost:8080/x", "https://localhost:8080/x"),
    ],
)
def test_addresses_as_they_are_pasted(pasted: str, address: str) -> None:
    assert whole_address(pasted) == address
