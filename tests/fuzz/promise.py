"""What parsing promises, whatever arrives: items that hold what they say, or ParseError with one plain sentence."""

from datetime import timedelta

from ingest.entry import Item
from ingest.parse import ParseError, parse_document
from ingest.text import UNWANTED
from tests.ingest.golden import BASE, NOW


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


def parse(body: bytes) -> bool:
    """True when the document was read, False when it was refused. AssertionError: a promise was broken."""
    refusal = ""
    try:
        result = parse_document(body, base=BASE, zone="Asia/Tokyo", now=NOW)
    except ParseError as error:
        refusal = str(error)
    if refusal:
        assert "\n" not in refusal
        return False
    for item in result.items:
        check(item)
    assert all(isinstance(problem, str) and problem for problem in result.problems)
    return True
