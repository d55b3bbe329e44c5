"""Whatever arrives, parsing ends with items that hold what they promise, or with ParseError."""

import json
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.entry import Item
from ingest.parse import ParseError, parse_document
from ingest.text import UNWANTED
from tests.ingest.golden import BASE, DOCUMENTS, NOW

BODIES = [path.read_bytes() for path in DOCUMENTS]
LUMPS = [
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"<item>", b"</item>", b"<entry>", b"{", b"}", b"[", b"]", b'"',
    b",", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b", b"<!DOCTYPE x [", b"<!ENTITY a 'b'>", b"&a;", b"&#0;",
    b"&#x110000;", b"null", b"NaN", b"-0-", b"\n", b"\t", b"2026-99-99", b"xmlns:a='b'", "令和元年".encode(),
    b"\xd6\xd0\xb9\xfa",
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A good document with pieces cut, doubled, replaced or put in."""
    body = draw(st.sampled_from(BODIES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 200)))
        piece = draw(st.sampled_from([b"", body[start:end] * 2, *LUMPS]) | st.binary(max_size=8))
        body = body[:start] + piece + body[end:]
    return body


def check(item: Item) -> None:
    """What every item promises, however broken its document was."""
    assert item.key
    assert len(item.key) <= 500
    assert len(item.raw_hash) == 64
    assert item.title.strip()
    assert len(item.title) <= 500
    assert len(item.text) <= 4_000
    for text in (item.title, item.text, *item.extra.values()):
        assert not UNWANTED.search(text)
        text.encode("utf-8")
    assert item.link is None or item.link.startswith(("http://", "https://"))
    for moment in (item.published, item.updated, item.occurred):
        assert moment is None or moment.utcoffset() == timedelta(0)
    assert all(len(country) == 2 and country.isupper() for country in item.countries)
    assert item.point is None or (abs(item.point[0]) <= 90 and abs(item.point[1]) <= 180)
    hash(item.key)


def parse(body: bytes) -> None:
    refusal = ""
    try:
        result = parse_document(body, base=BASE, zone="Asia/Tokyo", now=NOW)
    except ParseError as error:
        refusal = str(error)
    if refusal:
        assert "\n" not in refusal
        return
    for item in result.items:
        check(item)
    assert all(isinstance(problem, str) and problem for problem in result.problems)


@settings(max_examples=400, deadline=None)
@given(mutated())
def test_mutated_documents(body: bytes) -> None:
    parse(body)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.sampled_from([b"<rss>", b"<feed>", b"{", b"[", b"\x1f\x8b", b"a,b\n"]).flatmap(
    lambda head: st.binary(max_size=200).map(lambda tail: head + tail)))  # fmt: skip
def test_arbitrary_bytes(body: bytes) -> None:
    parse(body)


field_names = st.text(max_size=6) | st.sampled_from((
    "type", "features", "properties", "geometry", "coordinates", "title", "name", "id", "url", "date", "data", "fields",
    "items", "version", "alert", "info", "identifier", "msgType", "advisory-state", "warning", "partialWarning",
    "country", "updated", "program", "source", "value", "text", "lat", "lon", "advisory", "score",
))  # fmt: skip
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(field_names, inner, max_size=5),
    max_leaves=25,
)


@settings(max_examples=250, deadline=None)
@given(json_values)
def test_any_json(value: object) -> None:
    parse(json.dumps(value).encode())


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(BODIES), st.sampled_from(["utf-16", "utf-32", "gb18030", "big5", "koi8-r", "cp037", "utf-7"]))
def test_other_encodings(body: bytes, codec: str) -> None:
    parse(body.decode("utf-8", "replace").encode(codec, "replace"))


def test_each_prefix_of_each_document() -> None:
    for body in BODIES:
        for end in range(0, len(body), 61):
            parse(body[:end])
