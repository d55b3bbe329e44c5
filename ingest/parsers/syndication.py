"""RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, RDF, CDF: what news sites and most authorities publish."""

from itertools import islice
from typing import Any

from ingest.parsers.document import Document, Reading
from ingest.parsers.lighten import ITEMS
from ingest.parsers.markup import name
from ingest.parsers.quick import read_quickly

HOLDERS = frozenset(("rss", "rdf", "feed", "channel"))
ROOTS = HOLDERS | ITEMS
LOOKED_AT = 200  # elements that are looked through for a feed that is wrapped in something else


def accepts(root: Any) -> bool:
    """True for the roots of feeds, and for any other root that holds items as a feed does."""
    return (
        name(root) in ROOTS
        or any(name(inner) == "channel" for inner in root)
        or any(
            name(element) in HOLDERS and any(name(inner) in ITEMS for inner in element)
            for element in islice(root.iter(), LOOKED_AT)
        )
    )


def read(document: Document) -> Reading:
    """All entries of the feed, in document order."""
    return read_quickly(document) or read_with_care(document)


def read_with_care(document: Document) -> Reading:
    """All entries as feedparser finds them, however odd the feed."""
    from ingest.parsers import feedreader  # noqa: PLC0415 -- 15 ms, which a round of plain feeds is spared

    return feedreader.read(document)
