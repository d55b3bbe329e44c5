"""The door of parsing: golden pairs, what is refused, what makes a revision."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.entry import DateQuality, Item
from ingest.parse import Parsed, ParseError, parse_document
from tests.ingest.golden import BASE, DOCUMENTS, NOW, expectation, read, shown


def rss(items: str, head: str = "<title>T</title><link>https://site.example/</link>") -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def parsed(body: bytes | str, **options: str | None) -> Parsed:
    body = body.encode() if isinstance(body, str) else body
    return parse_document(body, now=NOW, **options)


def only(body: bytes | str, **options: str | None) -> Item:
    (item,) = parsed(body, **options).items
    return item


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_is_read_as_expected(document: Path) -> None:
    expected = json.loads(expectation(document).read_text(encoding="utf-8"))

    assert shown(read(document)) == expected


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_reading_twice_gives_the_same(document: Path) -> None:
    assert read(document) == read(document)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"<!DOCTYPE html><html><body><p>Blocked</p></body></html>", "web page, not a feed. Look for its feed link"),
        (b"<ul><li><a href='/x'>News</a></li></ul>", "web page"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "web page"),
        (b"<html><!-- <rss> --><body><rss></rss></body></html>", "web page"),
        (b"%PDF-1.7 ...", "a PDF file"),
        (b"PK\x03\x04....", "ZIP archive"),
        (b"Nothing of the kind", "neither XML nor JSON nor a table"),
        (b"Dear all, here, is a letter\nwith, commas, in it\n", "none of the kinds"),
        (b'{"error": {"code": 404, "message": "no such feed"}}', "error message"),
        (b'{"message": "Not Found", "status": "404"}', "none of the kinds"),
        (b'{"items": [', "JSON is broken"),
        (b"<catalog><book><title>Only one</title></book></catalog>", "none of the kinds"),
        (b"<opml version='2.0'><body><outline xmlUrl='https://x.example'/></body></opml>", "list of feeds"),
        (b"\x1f\x8bnot really gzip", "gzip, but broken"),
        (gzip.compress(gzip.compress(b"<rss/>", mtime=0), mtime=0), "gzip within gzip"),
        (gzip.compress(bytes(30_000_000)), "like a bomb"),
    ],
)
def test_what_is_no_feed_is_refused_with_one_sentence(body: bytes, reason: str) -> None:
    with pytest.raises(ParseError) as refusal:
        parsed(body)

    assert reason in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_an_empty_list_is_an_empty_feed_and_no_failure() -> None:
    assert parsed(b"[]").items == ()
    assert parsed(b'{"total": 0, "items": []}').items == ()
    assert parsed(rss("")).items == ()


@pytest.mark.parametrize(
    "doctype",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">',
        f'<!ENTITY c "{"A" * 5000}">',
        "".join(f'<!ENTITY e{i} "x">' for i in range(400)) + '<!ENTITY c "x">',
    ],
    ids=["billion laughs", "long entity", "many entities"],
)
def test_entities_that_blow_up_are_refused(doctype: str) -> None:
    with pytest.raises(ParseError, match="attack"):
        parsed(f"<!DOCTYPE rss [{doctype}]><rss><channel><item><title>&c;</title></item></channel></rss>")


def test_many_uses_of_a_short_entity_are_refused() -> None:
    with pytest.raises(ParseError, match="blow up"):
        parsed(f'<!DOCTYPE rss [<!ENTITY c "{"A" * 190}">]><rss><title>{"&c;" * 20_000}</title></rss>')


@pytest.mark.parametrize("outside", ['SYSTEM "{}"', 'PUBLIC "-//X" "{}"'])
def test_files_that_a_document_points_at_are_not_read(outside: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the secret word")
    pointer = outside.format((tmp_path / "secret").as_uri())
    body = (
        f'<!DOCTYPE rss {pointer} [<!ENTITY x {pointer}><!ENTITY % p {pointer}> %p;]><rss version="2.0"'
        ' xmlns:xi="http://www.w3.org/2001/XInclude"><channel><item><title>A &x; B</title><description>'
        f'<xi:include href="{(tmp_path / "secret").as_uri()}" parse="text"/></description></item></channel></rss>'
    )

    result = parsed(body)

    assert [item.title for item in result.items] == ["A B"]
    assert "secret" not in repr(result)
    assert any("files outside itself" in problem for problem in result.problems)


def test_harmless_entities_of_the_document_itself_are_used() -> None:
    item = only('<!DOCTYPE rss [<!ENTITY city "Port Example">]><rss><item><title>&city; &#169;</title></item></rss>')

    assert item.title == "Port Example ©"


@pytest.mark.parametrize(
    "body",
    [
        rss("<item>" + "<a>" * 100_000 + "</a>" * 100_000 + "</item>"),
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        ("<rss " + " ".join(f'xmlns:n{i}="urn:{i}"' for i in range(1000)) + "/>").encode(),
    ],
    ids=["tags", "lists", "objects", "namespaces"],
)
def test_excess_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        parsed(body)


@pytest.mark.parametrize(
    "items",
    [
        "<item><title>t</title><a " + " ".join(f'a{i}="1"' for i in range(20_000)) + "/></item>",
        "<item><title>t</title><description><![CDATA[" + "<div>" * 100_000 + "]]></description></item>",
        "<item><title>t</title><description>" + "<![CDATA[" * 50_000 + "</description></item>",
        "<item><title>t</title><pubDate>" + "1 : " * 20_000 + "</pubDate></item>",
    ],
    ids=["attributes", "markup in text", "open CDATA", "date"],
)
def test_what_would_take_minutes_elsewhere_comes_back(items: str) -> None:
    assert parsed(rss(items)).items[0].title == "t"


def test_items_beyond_the_limit_are_counted_not_silently_lost() -> None:
    result = parsed(rss("<item/>" * 30_000))

    assert len(result.items) == 25_000
    assert any("5,000" in problem for problem in result.problems)


def test_gzip_without_a_header_is_unpacked() -> None:
    assert only(gzip.compress(rss("<item><title>In a parcel</title></item>"))).title == "In a parcel"


def test_broken_xml_is_mended_and_the_problem_told() -> None:
    result = parsed(
        rss("<item><title>AT&T &nbsp; 1 < 2 &eacute; \x01</title><foo:bar/></item><item><title>Two</title></item>")
    )

    assert [item.title for item in result.items] == ["AT&T 1 < 2 é", "Two"]
    assert any("broken" in problem for problem in result.problems)


def test_what_was_cut_off_leaves_the_whole_items() -> None:
    whole = rss("<item><title>One</title></item><item><title>Two</title></item><item><title>Three is too lo")

    result = parsed(whole.removesuffix(b"</channel></rss>"))

    assert [item.title for item in result.items] == ["One", "Two"]
    assert any("cut off" in problem for problem in result.problems)


def test_a_warning_before_the_feed_is_passed_over() -> None:
    result = parsed(b"<br /><b>Warning</b>: out of memory<br />\n" + rss("<item><title>Still here</title></item>"))

    assert [item.title for item in result.items] == ["Still here"]


def test_the_charset_of_the_server_is_a_hint() -> None:
    body = "<rss><channel><item><title>Bétail</title></item></channel></rss>"

    assert only(body.encode("cp1252"), content_type="text/xml; charset=iso-8859-1").title == "Bétail"
    assert only(body.encode("utf-8"), content_type="text/xml; charset=iso-8859-1").title == "Bétail"
    assert only(body.encode("utf-8"), content_type="text/xml; charset=nonsense").title == "Bétail"


def test_the_zone_of_a_feed_decides_dates_without_one() -> None:
    item = "<item><title>t</title><pubDate>{}</pubDate></item>"

    assert only(rss(item.format("2026-08-01 08:00:00")), zone="Asia/Shanghai").published == datetime(
        2026, 8, 1, tzinfo=UTC
    )
    cst = rss(item.format("Sat, 01 Aug 2026 08:00:00 CST"))
    assert only(cst, zone="Asia/Shanghai").published == datetime(2026, 8, 1, tzinfo=UTC)
    assert only(cst).published == datetime(2026, 8, 1, 14, tzinfo=UTC)
    chinese = only(rss(item.format("2026年8月1日 08:00")), zone="Asia/Shanghai")
    assert chinese.published == datetime(2026, 8, 1, tzinfo=UTC)


def test_relative_links_start_from_base_else_from_the_channel() -> None:
    body = rss("<item><title>t</title><link>/a</link></item>")

    assert only(body, base=BASE).link == "https://feeds.example/a"
    assert only(body).link == "https://site.example/a"


@pytest.mark.parametrize("link", ["http://[::1", "http://169.254.169.254/x", "http://10.0.0.1/", "mailto:a@b"])
def test_links_into_the_readers_network_are_text_only(link: str) -> None:
    item = only(rss(f"<item><title>t</title><link>{link}</link></item>"), base=BASE)

    assert item.link is None
    assert item.extra["unusable_link"] == link


class TestRevision:
    """The same key with another hash is a revision; what publishers touch all the time is none."""

    ITEM = (
        "<item><title>Toll rises to 12</title><link>https://site.example/1?id=4</link><guid>g1</guid>"
        "<description>&lt;p&gt;Twelve dead.&lt;/p&gt;</description>"
        "<pubDate>Sat, 01 Aug 2026 08:00:00 GMT</pubDate></item>"
    )

    @pytest.mark.parametrize(
        ("old", "new"),
        [("to 12", "to 15"), ("Twelve dead", "Fifteen dead"), ("?id=4", "?id=5")],
    )
    def test_a_changed_text_is_a_revision(self, old: str, new: str) -> None:
        before, after = only(rss(self.ITEM)), only(rss(self.ITEM.replace(old, new)))

        assert before.key == after.key
        assert before.raw_hash != after.raw_hash

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("08:00:00 GMT", "09:00:00 GMT"),
            ("?id=4", "?utm_source=rss&amp;id=4"),
            ("Twelve dead.", "Twelve  dead.&lt;img src='https://count.example/1.gif'&gt;"),
            ("</item>", "<category>World</category></item>"),
        ],
    )
    def test_a_touched_item_is_the_same(self, old: str, new: str) -> None:
        before, after = only(rss(self.ITEM)), only(rss(self.ITEM.replace(old, new)))

        assert (before.key, before.raw_hash) == (after.key, after.raw_hash)

    def test_an_update_of_an_alert_revises_the_first_message(self) -> None:
        alert = (
            '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{}</identifier><sender>s</sender>'
            "<sent>2026-08-01T00:00:00Z</sent><status>Actual</status><msgType>{}</msgType><scope>Public</scope>"
            "<references>{}</references><info><event>Flood</event></info></alert>"
        )
        first = only(alert.format("a", "Alert", ""))
        second = only(alert.format("b", "Update", "s,a,2026-08-01T00:00:00Z"))

        assert first.key == second.key
        assert first.raw_hash != second.raw_hash

    def test_a_record_whose_id_carries_its_version_stays_one_record(self) -> None:
        entry = (
            '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>https://advice.example/mali#{0}</id><title>Mali</title>'
            "<updated>{0}</updated><summary>Latest update</summary></entry></feed>"
        )
        before, after = only(entry.format("2026-07-30T11:36:13+01:00")), only(entry.format("2026-08-02T09:00:00+01:00"))

        assert before.key == after.key == "https://advice.example/mali"
        assert before.raw_hash != after.raw_hash
        assert before.countries == ("ML",)

    def test_without_guid_and_link_the_text_is_the_key(self) -> None:
        body = rss("<item><title>One</title></item><item><title>Two</title></item>")

        one, two = parsed(body).items
        assert one.key != two.key
        assert [one, two] == list(parsed(body).items)


@pytest.mark.parametrize(
    ("date", "quality"),
    [
        ("", DateQuality.MISSING),
        ("Mon, 01 Jan 2099 00:00:00 GMT", DateQuality.FUTURE),
        ("Thu, 01 Jan 1970 00:00:00 GMT", DateQuality.ANCIENT),
        ("2026-02-30T10:00:00Z", DateQuality.UNREADABLE),
        ("Sat, 01 Aug 2026 08:00:00 GMT", DateQuality.GOOD),
    ],
)
def test_the_quality_of_a_date_is_told(date: str, quality: DateQuality) -> None:
    item = only(rss(f"<item><title>t</title><pubDate>{date}</pubDate></item>"))

    assert item.date_quality is quality
    assert (item.published is None) == (quality in (DateQuality.MISSING, DateQuality.UNREADABLE))
