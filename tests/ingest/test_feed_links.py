"""What a page says of its feeds, read from its HTML alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.feed_links import How, platform_links, read_signs, usual_links

HERE = "https://paper.example/world/today"


def links(html: str, address: str = HERE) -> list[tuple[str, How]]:
    return [(link.address, link.how) for link in read_signs(html, address).links]


def test_declared_feeds_come_first_and_relative_to_the_base() -> None:
    page = """<html lang="fr-CA"><head><title> La  Gazette </title><base href="https://cdn.example/base/">
    <link rel="alternate" type="application/rss+xml; charset=utf-8" title="Toutes" href="all.rss#x">
    <link rel="alternate" type="application/atom+xml" href="/atom"><link rel="alternate" hreflang="en" href="/en">
    <link rel="alternate" type="application/json" href="/wp-json/posts/1"><link rel=stylesheet href="/feed.css">
    </head><body><a href="/rss/sport.xml">Sport</a><a href="mailto:rss@x">rss</a><a href="javascript:feed()">RSS</a>
    <a href="https://feedly.com/i/subscription/feed">Feedly</a><a href="https://t.me/feed">Telegram</a></body></html>"""
    signs = read_signs(page, HERE)
    assert (signs.title, signs.language) == ("La Gazette", "fr-CA")
    assert [(link.address, link.how, link.title) for link in signs.links] == [
        ("https://cdn.example/base/all.rss", How.DECLARED, "Toutes"),
        ("https://cdn.example/atom", How.DECLARED, ""),
        ("https://cdn.example/rss/sport.xml", How.LINKED, "Sport"),
    ]


@pytest.mark.parametrize(
    ("anchor", "found"),
    [
        ('<a href="/subscribe">订阅</a>', True),
        ('<a href="/subscribe">RSS 訂閱</a>', True),
        ('<a href="/subscribe" title="RSS"><img src="i.png"></a>', True),
        ('<a href="/x">Feed</a>', True),
        ('<a href="/news/index.rdf">World</a>', True),
        ('<a href="/?feed=rss2">World</a>', True),
        ('<a href="/feedback">Tell us</a>', False),
        ('<a href="/sitemap.xml">Map</a>', False),
        ('<a href="/atomic-energy">Power</a>', False),
        ('<a href="ftp://paper.example/rss.xml">RSS</a>', False),
        ('<a href="//[bad/rss">RSS</a>', False),
    ],
)
def test_which_links_look_like_feeds(anchor: str, found: bool) -> None:
    assert bool(links(anchor)) is found


def test_comments_are_told_apart() -> None:
    page = '<link rel="alternate" type="application/rss+xml" title="Comments" href="/c"><a href="/comments/feed/">x</a>'
    assert [link.comments for link in read_signs(page, HERE).links] == [True, True]


@pytest.mark.parametrize(
    ("made", "place"),
    [
        ("WordPress 6.5", "/feed/"),
        ("Drupal 10", "/rss.xml"),
        ("Discourse 3", "/latest.rss"),
        ("none", None),
    ],
)
def test_what_made_the_page_says_where_its_feed_is(made: str, place: str | None) -> None:
    found = links(f'<meta name="Generator" content="{made}">')
    assert found == ([(f"https://paper.example{place}", How.PLATFORM)] if place else [])


@pytest.mark.parametrize(
    ("address", "feeds"),
    [
        ("https://www.youtube.com/channel/UC12/videos", ["https://www.youtube.com/feeds/videos.xml?channel_id=UC12"]),
        ("https://www.youtube.com/playlist?list=PL9", ["https://www.youtube.com/feeds/videos.xml?playlist_id=PL9"]),
        (
            "https://github.com/a/b/issues",
            ["https://github.com/a/b/releases.atom", "https://github.com/a/b/commits.atom"],
        ),
        ("https://www.reddit.com/r/news/", ["https://www.reddit.com/r/news/.rss"]),
        ("https://social.example/@office", ["https://social.example/@office.rss"]),
        ("https://desk.substack.com/p/one", ["https://desk.substack.com/feed"]),
        ("https://paper.example/", []),
    ],
)
def test_services_have_their_own_places(address: str, feeds: list[str]) -> None:
    assert [link.address for link in platform_links(address)] == feeds


def test_usual_places_begin_below_the_page() -> None:
    places = [link.address for link in usual_links(HERE)]
    assert places[:3] == [f"{HERE}/feed", f"{HERE}/rss", "https://paper.example/feed"]
    assert usual_links("https://paper.example/a.html")[0].address == "https://paper.example/feed"


@given(st.text(max_size=400), st.sampled_from([HERE, "https://x.example", "http://[::1]/"]))
def test_no_page_breaks_it(text: str, address: str) -> None:
    assert all(link.address.startswith(("http://", "https://")) for link in read_signs(text, address).links)
