"""Whatever arrives, parsing ends with items that hold what they promise, or with ParseError."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.mutate import BODIES, LUMPS, document
from tests.fuzz.promise import parse


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


def test_a_slice_of_the_long_run() -> None:
    for number in range(3_000):
        parse(document(seed=0, number=number))


def test_the_same_seed_and_number_make_the_same_document() -> None:
    assert [document(5, number) for number in range(20)] == [document(5, number) for number in range(20)]
    assert document(5, 1) != document(6, 1)
