"""The quick reading of plain feeds says what feedparser says, and leaves alone what it does not know."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.entry import Item
from ingest.parsers import syndication
from ingest.parsers.document import Document, ParseError, Reading, Seen, Shape
from ingest.parsers.quick import read_quickly
from ingest.parsers.sniff import document
from ingest.parsers.syndication import read_with_care
from tests.ingest.golden import BASE, DOCUMENTS, NOW

RSS = """<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
<channel><title>Lagoon Ledger</title><link>https://lagoon.example/</link><language>en-GB</language>{}</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Quai</title><id>urn:quai</id>
<link href="https://quai.example/"/>{}</feed>"""
RSS_PARTS = (
    "<title>Ferry late</title>", "<title>Fish &amp; chips &lt;b&gt;up&lt;/b&gt;</title>", "<title>Niger</title>",
    "<title>渡轮停航</title>", "<link>https://lagoon.example/a?utm_source=rss&amp;id=4</link>", "<link>/b</link>",
    "<guid>https://lagoon.example/g</guid>", '<guid isPermaLink="false">g-1</guid>', "<category>Ports</category>",
    "<category>Ships</category>", "<pubDate>Sat, 21 Nov 2026 10:00:00 GMT</pubDate>",
    "<author>a@lagoon.example (A)</author>",
    "<dc:creator>B</dc:creator>", "<description>&lt;p&gt;It waits.&lt;/p&gt; Then &amp;amp; goes</description>",
    "<content:encoded><![CDATA[<p>It waits. All of it.</p>]]></content:encoded>", "<slash:comments>4</slash:comments>",
    '<source url="https://other.example/f">Other</source>', "<comments>https://lagoon.example/c</comments>",
)  # fmt: skip
ATOM_PARTS = (
    "<title>Grève au port</title>", '<title type="html">A &amp;amp; B</title>', "<id>urn:1</id>", "<id>urn:2</id>",
    '<link href="https://quai.example/1"/>', '<link rel="alternate" href="/2"/>', '<link rel="self" href="/s"/>',
    "<updated>2026-11-21T10:00:00Z</updated>", "<published>2026-11-20T10:00:00+01:00</published>",
    '<category term="ports"/>', "<category>navires</category>", "<summary>Court</summary>",
    '<summary type="html">&lt;p&gt;Court&lt;/p&gt;</summary>',
    '<content type="html">&lt;p&gt;Court et long&lt;/p&gt;</content>',
    "<author><name>C</name><email>c@quai.example</email></author>", "<rights>tous</rights>",
)  # fmt: skip


def read(path_or_body: Path | bytes, seen: Seen | None = None) -> Document:
    body = path_or_body if isinstance(path_or_body, bytes) else path_or_body.read_bytes()
    made = document(body, None, BASE, None, NOW)
    return made if seen is None else replace(made, seen=seen)


def said(reading: Reading) -> tuple[object, ...]:
    return reading.format, reading.title, reading.language, [replace(item, mark="") for item in reading.items]


def same(body: bytes) -> bool:
    """Whether it was read quickly at all; then it must say the same."""
    quick = read_quickly(read(body))
    if quick is None:
        return False
    assert said(quick) == said(read_with_care(read(body)))
    return True


def test_both_ways_say_the_same_of_every_document_here() -> None:
    quick = 0
    for path in DOCUMENTS:
        try:
            made = read(path)
        except ParseError:
            continue
        if made.shape is Shape.XML and syndication.accepts(made.content):
            quick += same(path.read_bytes())
    assert quick >= 5


@settings(deadline=None)  # the first example imports feedparser
@given(st.lists(st.lists(st.sampled_from(RSS_PARTS), unique=True, max_size=8), max_size=3))
def test_rss_of_any_parts(items: list[list[str]]) -> None:
    same(RSS.format("".join(f"<item>{''.join(parts)}</item>" for parts in items)).encode())


@settings(deadline=None)  # the first example imports feedparser
@given(st.lists(st.lists(st.sampled_from(ATOM_PARTS), unique=True, max_size=8), max_size=3))
def test_atom_of_any_parts(entries: list[list[str]]) -> None:
    same(ATOM.format("".join(f"<entry>{''.join(parts)}</entry>" for parts in entries)).encode())


@pytest.mark.parametrize(
    "item",
    [
        "<title>One</title><title>Two</title>",
        "<title>One</title><geo:lat xmlns:geo='http://www.w3.org/2003/01/geo/wgs84_pos#'>4</geo:lat>",
        "<title>One <b>bold</b></title>",
        "<title>One</title><enclosure><x/></enclosure>",
        "<title>One</title><cap:event xmlns:cap='urn:oasis:names:tc:emergency:cap:1.2'>Flood</cap:event>",
    ],
)
def test_what_it_does_not_know_is_left_to_feedparser(item: str) -> None:
    assert not same(RSS.format(f"<item>{item}</item>").encode())


def test_travel_advice_is_read_with_care() -> None:
    body = RSS.replace("Lagoon Ledger", "Travel Advisories").format("<item><title>Niger - Level 4</title></item>")
    assert not same(body.encode())


def test_an_item_that_stands_as_it_stood_is_not_cleaned_again() -> None:
    body = RSS.format("<item><title>One</title><guid>1</guid></item><item><title>Two</title><guid>2</guid></item>")
    first = read_quickly(read(body.encode()))
    assert first is not None
    seen = Seen({item.mark: item.key for item in first.items}, {item.key: item.raw_hash for item in first.items})
    again = read_quickly(read(body.replace("Two", "Two dead").encode(), seen))
    assert again is not None
    known, changed = again.items
    assert known == Item("1", first.items[0].raw_hash, "", mark=first.items[0].mark, is_known=True)
    assert (changed.title, changed.is_known) == ("Two dead", False)
    assert changed.raw_hash != first.items[1].raw_hash
