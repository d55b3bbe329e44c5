"""Shapes that publishers send besides the plain ones: how many entries there are, and what the first is called."""

import gzip
import json

import pytest

from ingest.parse import ParseError, parse_document
from tests.ingest.golden import NOW

RSS = '<rss version="2.0"><channel><title>T</title>{}</channel></rss>'
TWO = "<item><title>A</title><guid>1</guid></item><item><title>B</title></item>"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS1 = "http://purl.org/rss/1.0/"
JSON_FEED = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "Á"}]}
QUAKE = {"type": "Feature", "properties": {"title": "M 4.5 – off Vale", "time": 1767225600000}, "geometry": None}


@pytest.mark.parametrize(
    ("body", "count", "title"),
    [
        ("<item><title>A</title></item><item><title>B</title></item>", 2, "A"),
        ("<feeds><feed xmlns='http://www.w3.org/2005/Atom'><entry><title>A</title></entry></feed></feeds>", 1, "A"),
        ("<a:feed><a:title>T</a:title><a:entry><a:title>A</a:title><a:id>1</a:id></a:entry></a:feed>", 1, "A"),
        ("<rss xmlns='urn:of:nobody' version='2.0'><channel><item><title>A</title></item></channel></rss>", 1, "A"),
        ("<RSS VERSION='2.0'><CHANNEL><ITEM><TITLE>A</TITLE></ITEM></CHANNEL></RSS>", 1, "A"),
        (f"<r:RDF xmlns:r='{RDF}' xmlns:s='{RSS1}'><s:item><s:title>A</s:title></s:item></r:RDF>", 1, "A"),
        ("<CHANNEL HREF='https://x.example/'><ITEM HREF='b'><TITLE>A</TITLE></ITEM></CHANNEL>", 1, "A"),
        ("<feed xmlns='urn:atom'><entry><title>A</title><p:entry xmlns:p='p'/></entry></feed>", 1, "A"),
        (RSS.format("<item/><item></item>" + TWO), 4, "–"),
        (RSS.format("<!-- a -- b --->" + TWO), 2, "A"),
        (RSS.format("<item><title>A</title><p>x<br></p></item><item><title>B</title></item>"), 2, "A"),
        (RSS.format("<item><title>A<link>https://x.example/</link></item>" + TWO), 3, "A"),
        (RSS.format(TWO) + "<item><title>junk</title></item><br>", 2, "A"),
        (RSS.format("<item><title>&#X41;&NBSP;&AMP;</title></item>"), 1, "A &"),
        (json.dumps({"version": "1.0", "items": [{"id": "1"}]}), 1, "1"),
        (json.dumps({"error": None, "feed_url": "https://x.example/f", "items": [{"title": "A"}]}), 1, "A"),
        ("for(;;);" + json.dumps(JSON_FEED), 1, "Á"),
        ("\n".join(f"\x1e{json.dumps(QUAKE)}" for _ in range(2)), 2, "M 4.5 – off Vale"),
        (json.dumps({"feed": {"entry": [{"title": {"$t": "A"}, "updated": {"$t": "2026-01-01"}}]}}), 1, "A"),
        (json.dumps({"data": [{"place_name": "Vale", "reference_period": "2026-01-01"}] * 2}), 2, "Vale"),
        (json.dumps({"rows": [{"SUPP_NAME": "BRINE", "COUNTRY_NAME": "Fiji", "SINCE": "2026-01-01"}] * 2}), 2, "BRINE"),
    ],
)  # fmt: skip
def test_entries_and_first_title(body: str, count: int, title: str) -> None:
    items = parse_document(body.encode(), now=NOW).items

    assert (len(items), items[0].title) == (count, title)


def test_a_packed_feed_in_several_members_is_one_feed() -> None:
    body = RSS.format(TWO).encode()

    assert len(parse_document(gzip.compress(body[:60]) + gzip.compress(body[60:]), now=NOW).items) == 2


def test_a_feed_with_one_whole_alert_keeps_its_other_entries() -> None:
    alert = "<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><info><event>Flood</event></info></alert>"
    body = f"<feed><entry><title>A</title><content>{alert}</content></entry><entry><title>B</title></entry></feed>"

    assert [item.title for item in parse_document(body.encode(), now=NOW).items] == ["A", "B"]


def test_a_fault_costs_the_item_that_it_stands_in_only() -> None:
    broken = "<item><title>{0} & more</title><p><b></p></b></item>"
    body = RSS.format("".join(broken.format(number) for number in range(50)))

    assert [item.title for item in parse_document(body.encode(), now=NOW).items] == [f"{n} & more" for n in range(50)]


@pytest.mark.parametrize("body", [b'{"error": "none such", "items": []}', b'{"errors": ["a"]}', b"[a]\nb=c,d,e\n"])
def test_an_answer_that_is_no_list_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse_document(body, now=NOW)
