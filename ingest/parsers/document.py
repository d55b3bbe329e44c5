"""What a parser is handed and what it hands back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from ingest.entry import NOTHING, Item
from ingest.trouble import ParseError

__all__ = ["MAX_ITEMS", "NOTHING_SEEN", "Document", "ParseError", "Parser", "Reading", "Seen", "Shape", "most"]

MAX_ITEMS = 25_000  # the longest sanctions lists have fewer; items take about 60 µs each

Record = TypeVar("Record")


class Shape(StrEnum):
    """How a document is written, before anything is known of what it says."""

    XML = "xml"
    JSON = "json"
    TABLE = "table"
    TEXT = "text"  # not looked into yet


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered of the last reading: `marks` of items → their keys, keys → raw hashes (see `ingest.entry`)."""

    marks: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    known: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    def item(self, mark: str) -> Item | None:
        """The item that bears this mark, as it is remembered."""
        key = self.marks.get(mark)
        raw_hash = self.known.get(key) if key is not None else None
        return Item(key or "", raw_hash, "", mark=mark, is_known=True) if raw_hash is not None else None


NOTHING_SEEN = Seen()


@dataclass(frozen=True, slots=True)
class Document:
    """A decoded document. `content` by `shape`: an lxml root element, a JSON value, or rows of cells.

    `base` is the address that relative links start from, `zone` the IANA zone of dates that carry none, `seen` the
    items of the last reading, `text` the document as it was decoded, "" where it had to be mended.
    """

    shape: Shape
    content: Any
    now: datetime
    base: str | None = None
    zone: str | None = None
    problems: tuple[str, ...] = ()
    seen: Seen = NOTHING_SEEN
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a parser read: the kind of document, what it says of itself, its items in document order."""

    format: str
    items: tuple[Item, ...]
    title: str | None = None
    language: str | None = None
    problems: tuple[str, ...] = ()


def most(records: Sequence[Record], limit: int = MAX_ITEMS) -> tuple[Sequence[Record], tuple[str, ...]]:
    """The first `limit` records, and a sentence about those that were left out."""
    lost = len(records) - limit
    if lost <= 0:
        return records, ()
    return records[:limit], (f"The document is too long; its last {lost:,} records were left out.",)


@dataclass(frozen=True, slots=True)
class Parser:
    """One kind of document. `accepts` looks at the content only and must be cheap and unable to fail."""

    name: str
    shape: Shape
    accepts: Callable[[Any], bool]
    read: Callable[[Document], Reading]
