"""A feed that was read before says the same whether what is remembered of it is used or not."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.parse import Parsed, ParseError, parse_document, parse_known
from ingest.parsers.document import NOTHING_SEEN, Seen
from ingest.parsers.pieces import cut
from ingest.parsers.quick import read_again
from ingest.parsers.sniff import written
from ingest.sift import sift
from tests.ingest.golden import BASE, NOW

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"{space}><channel>{head}<title>Lagoon Ledger</title><link>https://lagoon.example/</link>
{items}{tail}</channel></rss>
"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"{space}>{head}<title>Quai</title><id>urn:quai</id>
<link href="https://quai.example/"/>{items}{tail}</feed>"""
RSS_ITEMS = (
    "<item><title>Ferry late</title><guid>1</guid></item>",
    "<item><title>Ferry very late</title><guid>1</guid></item>",
    "<item><title>Fish &amp; chips</title><link>/2</link><description>&lt;p&gt;Up&lt;/p&gt;</description></item>",
    "<item><title>渡轮停航</title><guid>3</guid><pubDate>Sat, 21 Nov 2026 10:00:00 GMT</pubDate></item>\n",
    "<item><title>Said</title><description><![CDATA[<p>an <item> of </item> news</p>]]></description></item>",
    "<item><title>By</title><x:creator>B</x:creator></item>",
    "<item><title>Caf\x85 \x80 5</title></item>",
    "<item></item>",
    "<item><title>Odd</title><title>Twice</title></item>",
    "<item><title>Open</item>",
    "<item><title>One</title><!-- </item>",
    "<item>--><title>Two</title></item>",
    "<item><title>A</title><![CDATA[ </item>",
    "<item>]]></item>",
    "<item><item><title>Inner</title></item></item>",
    "<item ><title>Blank</title></item>",
    "<item><title>Blank behind</title></item >",
    '<item xml:lang="de"><title>Fremd</title></item>',
    "<!-- <item><title>Hidden</title></item> -->",
    "text between",
    "<item><title>R&D</title></item>",
    "<item><title>A &nbsp; b</title></item>",
    "<item><title>T</title><cap:alert xmlns:cap='urn:oasis:names:tc:emergency:cap:1.2'/></item>",
)
ATOM_ITEMS = (
    '<entry><title>Grève</title><id>urn:1</id><link href="/1"/></entry>',
    '<entry><title type="html">A &amp;amp; B</title><id>urn:2</id><link href="/2"/></entry>',
    '<entry><title>C</title><id>urn:2</id><link href="/3"/><updated>2026-11-21T10:00:00Z</updated></entry>',
    "<entry><title>D</title><id>urn:4</id><author><name>E</name></author></entry>",
    "<entry><title>D</title><id>urn:4</id><author><name>E</name><alert/></author></entry>",
    '<x:entry xmlns:x="http://www.w3.org/2005/Atom"><title>F</title><id>urn:5</id></x:entry>',
    "<entry><!-- </entry>",
    "<entry>--><title>G</title></entry>",
    "<entry><title>H</title>",
)
HEADS = ("", "<!--", "<x>", "<language>fr</language>", "<item/>", "<!-- a note -->", '<x:a xmlns:x="urn:x"/>')
TAILS = ("", "-->", "</x>", "<language>en</language>", "<link>https://other.example/</link>", "<item>", "x")
SPACES = ("", ' xmlns:x="http://purl.org/dc/elements/1.1/"', ' xmlns:x="urn:x"', ' xml:lang="en"', ' xml:base="/b/"')


SLOWLY = settings(max_examples=200, deadline=None)  # the first example loads tables


def text(frame: str, items: list[str], space: str = "", head: str = "", tail: str = "") -> str:
    return frame.format(items="".join(items), space=space, head=head, tail=tail)


def parse(body: str, seen: Seen = NOTHING_SEEN) -> Parsed | str:
    try:
        return parse_document(body.encode(), base=BASE, now=NOW, seen=seen)
    except ParseError as error:
        return str(error)


def remembered(parsed: Parsed | str) -> Seen:
    if isinstance(parsed, str):
        return NOTHING_SEEN
    sifted = sift(parsed.items, {})
    return Seen(sifted.marks, sifted.known)


def holds(first: str, second: str) -> int:
    """The second document says the same with the first one remembered as without; answers how many items were known."""
    seen = remembered(parse(first))
    plain, again = parse(second), parse(second, seen)
    if isinstance(plain, str) or isinstance(again, str):
        assert plain == again
        return 0
    assert replace(plain, items=()) == replace(again, items=())
    for one, other in zip(plain.items, again.items, strict=True):
        assert replace(one, mark="") == replace(other, mark="") or (other.is_known and one.raw_hash == other.raw_hash)
    if len({item.key for item in plain.items}) == len(plain.items):  # others are told apart by what was remembered
        wanted, found = sift(plain.items, seen.known), sift(again.items, seen.known)
        assert [replace(item, mark="") for item in found.fresh] == [replace(item, mark="") for item in wanted.fresh]
        assert found.known == wanted.known
    return sum(item.is_known for item in again.items)


def documents(frame: str, items: tuple[str, ...]) -> st.SearchStrategy[str]:
    some = st.lists(st.sampled_from(items), max_size=6)
    return st.builds(
        text, st.just(frame), some, st.sampled_from(SPACES), st.sampled_from(HEADS), st.sampled_from(TAILS)
    )


def edited(frame: str, items: tuple[str, ...]) -> st.SearchStrategy[tuple[str, str]]:
    """A document, and the same with an item or two put in, taken out or exchanged, or its frame changed."""
    good = st.lists(st.sampled_from(items), min_size=1, max_size=6)
    edit = st.tuples(st.integers(0, 6), st.integers(0, 2), st.lists(st.sampled_from(items), max_size=2))
    around = st.tuples(st.sampled_from(SPACES), st.sampled_from(HEADS), st.sampled_from(TAILS))

    def made(
        rows: list[str], at: tuple[int, int, list[str]], before: tuple[str, ...], after: tuple[str, ...] | None
    ) -> tuple[str, str]:
        start, length, new = at
        changed = [*rows[:start], *new, *rows[start + length :]]
        return text(frame, rows, *before), text(frame, changed, *(after or before))

    return st.builds(made, good, edit, around, st.one_of(st.none(), around))


@SLOWLY
@given(documents(RSS, RSS_ITEMS), documents(RSS, RSS_ITEMS))
def test_any_rss_after_any_other(first: str, second: str) -> None:
    holds(first, second)


@SLOWLY
@given(edited(RSS, RSS_ITEMS))
def test_rss_after_an_edit(pair: tuple[str, str]) -> None:
    holds(*pair)


@SLOWLY
@given(edited(RSS, RSS_ITEMS[:7]))
def test_plain_rss_after_an_edit(pair: tuple[str, str]) -> None:
    holds(*pair)


@SLOWLY
@given(edited(ATOM, ATOM_ITEMS))
def test_atom_after_an_edit(pair: tuple[str, str]) -> None:
    holds(*pair)


@SLOWLY
@given(edited(RSS, RSS_ITEMS[:6]), st.data())
def test_rss_after_any_letters_were_changed(pair: tuple[str, str], data: st.DataObject) -> None:
    first, second = pair
    at, length = data.draw(st.integers(0, len(second))), data.draw(st.integers(0, 12))
    put = data.draw(st.sampled_from(("", "<", ">", "</item>", "<item>", "<!--", "-->", "<![CDATA[", "]]>", "&", "x")))
    holds(first, second[:at] + put + second[at + length :])


def quickly(first: str, second: str) -> bool:
    """Whether only what is new in the second was read."""
    document = written(second.encode(), None, BASE, None, NOW)
    return read_again(replace(document, seen=remembered(parse(first)))) is not None


def test_one_new_item_is_read_alone() -> None:
    old, new = [*RSS_ITEMS[1:4]], "<item><title>Harbour closed</title><guid>9</guid></item>"
    assert quickly(text(RSS, old), text(RSS, [new, *old]))
    assert quickly(text(RSS, old), text(RSS, old[1:]))
    assert quickly(text(RSS, old), text(RSS, old[::-1], head="<lastBuildDate>today</lastBuildDate>"))
    assert holds(text(RSS, old), text(RSS, [new, *old])) == 3


def test_a_changed_item_is_a_revision_under_its_key() -> None:
    first = parse(text(RSS, [RSS_ITEMS[0], RSS_ITEMS[3]]))
    again = parse(text(RSS, [RSS_ITEMS[1], RSS_ITEMS[3]]), remembered(first))
    assert isinstance(first, Parsed)
    assert isinstance(again, Parsed)
    assert [item.is_known for item in again.items] == [False, True]
    assert again.items[0].key == first.items[0].key
    assert again.items[0].raw_hash != first.items[0].raw_hash


@pytest.mark.parametrize(
    "second",
    [
        text(RSS, [*RSS_ITEMS[:3]], head="<!--", tail="-->"),  # nothing of it is an item now
        text(RSS, [*RSS_ITEMS[:3]], space=' xml:lang="en"'),
        text(RSS, [*RSS_ITEMS[:3]], head="<x>", tail="</x>"),
        text(RSS, [*RSS_ITEMS[:3], "<item><title>Odd</title><title>Twice</title></item>"]),
        text(RSS, [*RSS_ITEMS[:3], "<item><title>R&D</title></item>"]),
        text(RSS, [*RSS_ITEMS[:3], "<item/>"]),
        text(RSS, [RSS_ITEMS[0], "something", *RSS_ITEMS[1:3]]),
        "<!DOCTYPE rss>" + text(RSS, [*RSS_ITEMS[:3]])[39:],
        "Warning: " + text(RSS, [*RSS_ITEMS[:3]]),
        text(RSS, [*RSS_ITEMS[:3]]).replace("Lagoon Ledger", "Travel advice"),
        text(RSS, []),
    ],
)
def test_what_is_not_plain_any_more_is_read_whole(second: str) -> None:
    first = text(RSS, [*RSS_ITEMS[:3]])
    assert quickly(first, first)
    assert not quickly(first, second)
    holds(first, second)


def test_a_prefix_that_means_something_else_makes_other_items() -> None:
    first, second = (text(RSS, [RSS_ITEMS[5], RSS_ITEMS[0]], space=space) for space in SPACES[1:3])
    assert holds(first, second) == 0


def test_a_text_in_pieces_is_the_same_when_put_together() -> None:
    whole = text(RSS, [*RSS_ITEMS[:4]], tail="<ttl>5</ttl>")
    pieces = cut(whole)
    assert pieces is not None
    assert "".join(pieces.but(pieces.items).split()) == "".join(whole.partition("?>")[2].split())


def known(body: bytes, seen: Seen) -> Parsed | None:
    return parse_known(body, base=BASE, now=NOW, seen=seen)


def test_what_is_known_but_for_little_is_read_on_the_spot() -> None:
    old, new = [*RSS_ITEMS[1:4]], "<item><title>Harbour closed</title><guid>9</guid></item>"
    seen, body = remembered(parse(text(RSS, old))), text(RSS, [new, *old])
    assert known(body.encode(), seen) == parse(body, seen)


@pytest.mark.parametrize(
    "body",
    [
        text(RSS, [*RSS_ITEMS[1:4], "<item><title>" + "long " * 20_000 + "</title></item>"]).encode(),
        text(RSS, [*RSS_ITEMS[1:4], "<item><title>Odd</title><title>Twice</title></item>"]).encode(),
        text(RSS, [*RSS_ITEMS[1:4], "<item><title>Open"]).encode(),
        text(RSS, [RSS_ITEMS[0]]).encode(),
        text(RSS, [*RSS_ITEMS[1:4]], tail=" " * 300_000).encode(),
        text(RSS, [*RSS_ITEMS[1:4], "<item><title>Café</title></item>"]).encode("latin-1", "ignore"),
        b"\x1f\x8bbroken",
        b"%PDF",
        b"",
    ],
)
def test_all_else_is_left_for_later(body: bytes) -> None:
    assert known(body, remembered(parse(text(RSS, [*RSS_ITEMS[1:4]])))) is None
    assert known(text(RSS, [*RSS_ITEMS[1:4]]).encode(), NOTHING_SEEN) is None
