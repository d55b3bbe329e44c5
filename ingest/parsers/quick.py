"""The quick reading of plain feeds, without feedparser; of one that was read before, only what is new in it.

Both this and feedparser must say the same: `tests/ingest/test_quick.py` holds them to it over every document there. And
it must say the same whether anything is remembered or not: `tests/ingest/test_again.py`.
"""

from collections.abc import Sequence
from typing import Any

from lxml import etree

from ingest.entry import Item
from ingest.parsers.document import MAX_ITEMS, Document, Reading, most
from ingest.parsers.draft import CLEANING, finish, mark_of
from ingest.parsers.markup import well_formed
from ingest.parsers.pieces import Pieces, cut, digests
from ingest.parsers.quick_feed import Odd, PlainFeed, plain_feed


def read_quickly(document: Document) -> Reading | None:
    """All items of a plain feed, in document order; None where feedparser is to be asked."""
    try:
        feed = plain_feed(document.content, document.base)
        return _all(feed, document) if feed is not None else None
    except Odd:
        return None


def read_again(document: Document, most_new: int | None = None) -> Reading | None:
    """All items of a plain feed of which most are remembered; only the others are read. `document` has no tree yet.

    None where the whole document is to be read: it is no such feed, too little is known of it (or more than `most_new`
    characters of its items are new), or something is odd.
    """
    pieces = cut(document.text) if document.seen.marks else None
    if pieces is None or len(pieces.items) > MAX_ITEMS or _may_hold_alerts(pieces):
        return None
    try:
        return _again(pieces, document, most_new)
    except Odd:
        return None


def _all(feed: PlainFeed, document: Document) -> Reading:
    kept, problems = most(feed.items)
    items = tuple(
        _item(element, mark, feed, document) for element, mark in zip(kept, _marks(feed, document), strict=False)
    )
    return Reading(feed.format, items, feed.title, feed.language, problems)


def _again(pieces: Pieces, document: Document, most_new: int | None) -> Reading | None:
    # One empty item in their place: it is gone where items stand in a comment, and then these are none.
    frame = _short(pieces, [f"<{pieces.tag}>"], document)
    if frame is None:
        return None
    marks = digests(pieces.items, _place(frame, document), CLEANING)
    known = [document.seen.item(mark) for mark in marks]
    fresh = [text for text, item in zip(pieces.items, known, strict=True) if item is None]
    if len(fresh) == len(known) or (most_new is not None and sum(map(len, fresh)) > most_new):
        return None
    feed = _short(pieces, fresh, document) if pieces.are_whole(fresh) else None
    if feed is None:
        return None
    rest = iter(feed.items)
    items = tuple(
        item or finish(feed.draft(next(rest)), document, mark) for item, mark in zip(known, marks, strict=True)
    )
    return Reading(feed.format, items, feed.title, feed.language)


def _short(pieces: Pieces, items: Sequence[str], document: Document) -> PlainFeed | None:
    """The feed with these items only; None where they are not what makes its items."""
    root = well_formed(pieces.but(items))
    feed = plain_feed(root, document.base) if root is not None else None
    return feed if feed is not None and len(feed.items) == len(items) else None


def _may_hold_alerts(pieces: Pieces) -> bool:
    """Whether whole alerts of CAP may stand beside the items: then it may be no feed but a wrapping of alerts."""
    return any(sign in part for sign in ("<alert", ":alert") for part in (pieces.head, pieces.tail))


def _item(element: Any, mark: str, feed: PlainFeed, document: Document) -> Item:
    return document.seen.item(mark) or finish(feed.draft(element), document, mark)


def _marks(feed: PlainFeed, document: Document) -> Sequence[str]:
    """What each item is looked up by: a digest of its text, or of its tree where the text cannot be cut."""
    pieces = cut(document.text)
    if pieces is not None and len(pieces.items) == len(feed.items) and pieces.are_whole(pieces.items):
        return digests(pieces.items, _place(feed, document), CLEANING)
    return [mark_of(f"{feed.about}{_letters(item)}", document) for item in feed.items]


def _place(feed: PlainFeed, document: Document) -> str:
    space = sorted((prefix or "", name) for prefix, name in feed.space.items())
    return f"{feed.format}{feed.about}\x1f{document.base}\x1f{document.zone}\x1f{space}"


def _letters(element: Any) -> str:
    """All that an item says, as it says it. By hand where it can be: lxml lets go of the interpreter for each call of
    its serializer, and two parsing threads would hand it to and fro 50 times a document."""
    parts = [
        etree.tostring(inner, encoding="unicode") if len(inner) else f"{inner.tag}\x1e{inner.text}\x1e{inner.items()}"
        for inner in element
    ]
    return "\x1f".join((str(element.items()), *parts))
