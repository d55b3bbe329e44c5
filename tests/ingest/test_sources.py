"""Source files in their three forms, and what is said when one is wrong."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.entry import Sharing
from ingest.feed import Credentials, Feed
from ingest.source_record import KINDS, SourceFileError, derived_key
from ingest.sources import read_sources, write_opml

KEPT = (
    *("kind", "country", "language", "reliability", "sharing", "interval", "zone", "critical"),
    *("region", "terms", "rule"),
)
YAML = """
sources:
  - address: https://www.harbour-post.example/world/feed.xml
    name: Harbour Post
    country: NO
    language: no
    reliability: b
    sharing: amber
    interval: 300
    zone: Europe/Oslo
    critical: yes
  # a comment
  - key: quakes
    address: https://quakes.example/all
    kind: Hazard
    country: ~
"""

OPML = """<?xml version="1.0" encoding="windows-1252"?>
<opml version="2.0"><head><title>mine</title></head><body>
  <outline text="Folder" category="/a,/b">
    <outline text="Übersee" type="rss" xmlUrl="https://a.example/rss?x=1&amp;y=2" language="unknown" category="/z"/>
    <outline text="Inner"><outline title="Titled" text="t" xmlurl="https://b.example/" language="fr"/></outline>
  </outline>
  <outline text="Again" xmlUrl="https://b.example/"/>
</body></opml>"""


def test_yaml_with_every_field() -> None:
    assert read_sources(YAML, "mine.yaml") == (
        Feed(
            key="harbour-post-example-world-feed-xml",
            name="Harbour Post",
            address="https://www.harbour-post.example/world/feed.xml",
            country="NO",
            language="no",
            reliability="B",
            sharing=Sharing.AMBER,
            interval=300,
            zone="Europe/Oslo",
            critical=True,
        ),
        Feed(key="quakes", name="quakes.example", address="https://quakes.example/all", kind="hazard"),
    )


def test_opml_nested_with_categories_and_repeats() -> None:
    feeds = read_sources("\ufeff" + OPML, "mine.opml")
    assert [(feed.name, feed.address, feed.language) for feed in feeds] == [
        ("Übersee", "https://a.example/rss?x=1&y=2", None),
        ("Titled", "https://b.example/", "fr"),
    ]


def test_one_address_a_line() -> None:
    text = "# my list\n\nhttps://a.example/rss#top  # the first\r\nhttps://b.example/\nhttps://b.example/\n"
    assert [feed.address for feed in read_sources(text, "list.txt")] == [
        "https://a.example/rss#top",
        "https://b.example/",
    ]


@pytest.mark.parametrize(("text", "count"), [(YAML, 2), (OPML, 2), ("https://a.example/", 1), ("", 0), ("# none", 0)])
def test_the_form_is_told_from_the_text_where_the_name_is_silent(text: str, count: int) -> None:
    assert len(read_sources(text, "sources")) == count


@pytest.mark.parametrize(
    ("text", "filename", "line", "says"),
    [
        ("sources:\n  - adress: https://a.example", "s.yaml", 2, "Did you mean 'address'?"),
        ("sources:\n  - frequency: 5", "s.yaml", 2, "Known are key, name, address"),
        ("sources:\n  - name: A", "s.yaml", 2, "has no address"),
        ("sources:\n  - address: ftp://a.example/", "s.yaml", 2, "https://host/path"),
        ("sources:\n  - address: https://a.example/\n    interval: 15m", "s.yaml", 2, "whole seconds"),
        ("sources:\n  - address: https://a.example/\n    interval: 1", "s.yaml", 2, "whole seconds"),
        ("sources:\n  - address: https://a.example/\n    country: UK", "s.yaml", 2, "GB"),
        ("sources:\n  - address: https://a.example/\n    country: Kenya", "s.yaml", 2, "ISO 3166"),
        ("sources:\n  - address: https://a.example/\n    language: english!", "s.yaml", 2, "such as en"),
        ("sources:\n  - address: https://a.example/\n    kind: gossip", "s.yaml", 2, "Use one of news"),
        ("sources:\n  - address: https://a.example/\n    reliability: Z", "s.yaml", 2, "Use A"),
        ("sources:\n  - address: https://a.example/\n    sharing: secret", "s.yaml", 2, "TLP:GREEN"),
        ("sources:\n  - address: https://a.example/\n    zone: Mars/Base", "s.yaml", 2, "Asia/Shanghai"),
        ("sources:\n  - address: https://a.example/\n    zone: ../../etc/passwd", "s.yaml", 2, "Asia/Shanghai"),
        ("sources:\n  - address: https://a.example/\n    critical: maybe", "s.yaml", 2, "true or false"),
        ("sources:\n  - address: https://a.example/\n    rule: li", "s.yaml", 2, "fields with their values"),
        ("sources:\n  - address: https://a.example/\n    rule: {}", "s.yaml", 2, "fields with their values"),
        ("sources:\n  - address: https://a.example/\n    rule: {item: [a]}", "s.yaml", 3, "single one"),
        (f"sources:\n  - address: https://a.example/\n    region: {'x' * 61}", "s.yaml", 2, "60 characters"),
        (f"sources:\n  - address: https://a.example/\n    terms: {'x' * 501}", "s.yaml", 2, "500 characters"),
        ("sources:\n  - address: https://a.example/\n    key: Ä", "s.yaml", 2, "a-z"),
        ("sources:\n  - address: https://a.example/\n    name: [a, b]", "s.yaml", 3, "single one"),
        ("sources:\n  - address: https://a.example/\n    name: a\n    name: b", "s.yaml", 4, "given twice"),
        ("sources:\n  - address: https://a.example/\n  - address: https://a.example/", "s.yaml", 3, "given twice"),
        (
            "sources:\n  - {key: a, address: 'https://a.example/'}\n  - {key: a, address: 'https://b.example/'}",
            "s.yml",
            3,
            "in line 2",
        ),
        ("sources:\n  - https://a.example/", "s.yaml", 2, "address: https://example.org/feed.xml"),
        ("sources: 5", "s.yaml", 1, "Begin like this"),
        ("- address: https://a.example/", "s.yaml", 1, "Begin like this"),
        ("", "s.yaml", 1, "Begin like this"),
        ("sources: []\nfeeds: []", "s.yaml", 2, "'feeds' is unknown"),
        ("sources:\n  - a: [", "s.yaml", 2, "not YAML"),
        ("sources:\n  - a: \x01", "s.yaml", 1, "not YAML"),
        ("<opml><body>\n<outline xmlUrl='https://a.example/?a=1&b=2'/></body></opml>", "s.opml", 2, "&amp;"),
        ("<opml><body>\n<outline xmlUrl='a.example'/></body></opml>", "s.opml", 2, "https://host/path"),
        ("<opml><body/></opml>", "s.opml", 1, "xmlUrl"),
        ("", "s.opml", 1, "not OPML"),
        ("https://a.example/\n\na.example/feed", "s.txt", 3, "https://host/path"),
        ("http://[::1", "s.txt", 1, "https://host/path"),
        ("http://a.example:99999/", "s.txt", 1, "https://host/path"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_advice(text: str, filename: str, line: int, says: str) -> None:
    with pytest.raises(SourceFileError) as caught:
        read_sources(text, filename)
    assert caught.value.line <= line if "not YAML" in says else caught.value.line == line
    assert str(caught.value).startswith(f"{filename}, line ")
    assert says in str(caught.value)


def test_entities_of_an_opml_file_are_not_opened() -> None:
    text = (
        '<!DOCTYPE opml [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        '<opml><body><outline text="x" xmlUrl="https://a.example/"/><p>&e;</p></body></opml>'
    )
    assert [feed.name for feed in read_sources(text, "s.opml")] == ["x"]


def test_keys_are_telling_unique_and_do_not_depend_on_their_neighbours() -> None:
    assert derived_key("https://www.a.example/World/feed.xml") == "a-example-world-feed-xml"
    one, other = "https://a.example/rss?topic=1", "https://a.example/rss?topic=2"
    assert derived_key(one) != derived_key(other)
    assert derived_key("https://a.example/新闻") != derived_key("https://a.example/财经")
    alone = read_sources(other, "s.txt")[0].key
    assert [feed.key for feed in read_sources(f"{one}\n{other}", "s.txt")][1] == alone
    clash = read_sources("https://a.example/x-y\nhttps://a.example/x/y\nhttp://a.example/x/y", "s.txt")
    assert len({feed.key for feed in clash}) == 3
    given = read_sources(
        "sources:\n  - address: https://b.example/\n  - {key: b-example, address: 'https://c.example/'}", "s.yaml"
    )
    assert len({feed.key for feed in given}) == 2


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cn", "Co"]), min_size=1, max_size=30).filter(
    lambda word: bool(word.split())
)


def folded(text: str) -> str:
    return " ".join(text.split())


paths = st.text("abcdefgh/-_.?=&%20é新", max_size=20)


@st.composite
def some_feeds(draw: st.DrawFn) -> list[Feed]:
    hosts = draw(st.lists(st.from_regex(r"[a-z]{1,8}\.example", fullmatch=True), max_size=4, unique=True))
    return [
        Feed(
            key=f"k{number}",
            name=draw(words),
            address=f"https://{host}/{draw(paths)}",
            kind=draw(st.sampled_from(KINDS)),
            country=draw(st.sampled_from([None, "FR", "NO", "XK"])),
            language=draw(st.sampled_from([None, "fr", "zh-Hans", "no"])),
            reliability=draw(st.sampled_from("ABCDEF")),
            sharing=draw(st.sampled_from(Sharing)),
            interval=draw(st.integers(5, 86_400)),
            zone=draw(st.sampled_from([None, "Asia/Shanghai"])),
            critical=draw(st.booleans()),
            region=draw(st.one_of(st.none(), st.sampled_from(["africa-west", "world"]), words.map(folded))),
            terms=draw(st.one_of(st.none(), words.map(folded))),
            rule=draw(st.sampled_from([None, {"item": "ul > li", "title": "a", "date_format": "%Y年%m月%d日"}])),
            proxy="http://user:secret-pass@proxy.example",
            credentials=Credentials(user="secret-user", password="secret-pass", header="X-Key", value="secret-value"),
        )
        for number, host in enumerate(hosts)
    ]


@given(some_feeds())
def test_opml_carries_every_field_there_and_back(feeds: list[Feed]) -> None:
    if not feeds:
        return
    text = write_opml(feeds)
    assert "secret" not in text
    back = read_sources(text, "out.opml")
    assert [(feed.key, feed.address) for feed in back] == [(feed.key, feed.address) for feed in feeds]
    for got, meant in zip(back, feeds, strict=True):
        for field in KEPT:
            assert getattr(got, field) == getattr(meant, field), field
        assert (got.proxy, got.credentials) == (None, None)


def test_folders_with_the_name_of_a_pack_place_their_feeds() -> None:
    text = """<opml><body><outline text="West Africa">
      <outline text="Sanctions"><outline text="A" xmlUrl="https://a.example/"/></outline>
      <outline text="B" xmlUrl="https://b.example/" category="/mine,/maghreb"/></outline>
      <outline title="公共卫生"><outline text="C" xmlUrl="https://c.example/"/></outline>
      <outline text="Fun"><outline text="D" xmlUrl="https://d.example/"/></outline></body></opml>"""
    assert [(feed.region, feed.kind) for feed in read_sources(text, "s.opml")] == [
        ("africa-west", "sanctions"),
        ("maghreb", "news"),
        (None, "health"),
        (None, "news"),
    ]


def test_other_readers_are_told_what_they_can_understand() -> None:
    feed = Feed("k", "K", "https://k.example/", kind="hazard", language="fr", region="maghreb")
    text = write_opml([feed])
    assert 'language="fr" category="/maghreb,/hazards"' in text


def test_a_page_rule_in_yaml() -> None:
    text = (
        "sources:\n  - address: https://a.example/\n    rule: {item: ul > li, title: a, language: no}\n    region: Horn"
    )
    (feed,) = read_sources(text, "s.yaml")
    assert (feed.rule, feed.region) == ({"item": "ul > li", "title": "a", "language": "no"}, "Horn")


def test_thousands_of_feeds_are_read_whole() -> None:
    outlines = "".join(f'<outline text="F{n}" xmlUrl="https://f{n}.example/rss"/>' for n in range(2_000))
    feeds = read_sources(f"<opml><body><outline text='Europe'>{outlines}</outline></body></opml>", "s.opml")
    assert len(feeds) == 2_000
    assert read_sources(write_opml(feeds), "s.opml") == feeds


@given(st.text(max_size=200), st.sampled_from(["a.yaml", "a.opml", "a.txt", "a"]))
def test_no_text_does_worse_than_an_error_with_a_line(text: str, filename: str) -> None:
    with suppress(SourceFileError):
        assert all(feed.key and feed.address for feed in read_sources(text, filename))


def test_yaml_nested_too_deeply_is_an_error_like_any_other() -> None:
    with pytest.raises(SourceFileError, match="not YAML"):
        read_sources("[" * 20_000, "s.yaml")
