"""What a parser is handed and what it hands back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from ingest.entry import Item

MAX_ITEMS = 25_000  # the longest sanctions lists have fewer; items take about 60 µs each

Record = TypeVar("Record")


class ParseError(Exception):
    """A document is refused; `str(error)` is one sentence for a person: what came, and what to do."""


class Shape(StrEnum):
    """How a document is written, before anything is known of what it says."""

    XML = "xml"
    JSON = "json"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Document:
    """A decoded document. `content` by `shape`: an lxml root element, a JSON value, or rows of cells.

    `base` is the address that relative links start from, `zone` the IANA zone of dates that carry none.
    """

    shape: Shape
    content: Any
    now: datetime
    base: str | None = None
    zone: str | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a parser read: the kind of document, what it says of itself, its items in document order."""

    format: str
    items: tuple[Item, ...]
    title: str | None = None
    language: str | None = None
    problems: tuple[str, ...] = ()


def most(records: Sequence[Record]) -> tuple[Sequence[Record], tuple[str, ...]]:
    """The first MAX_ITEMS records, and a sentence about those that were left out."""
    lost = len(records) - MAX_ITEMS
    if lost <= 0:
        return records, ()
    return records[:MAX_ITEMS], (f"The document is too long; its last {lost:,} records were left out.",)


@dataclass(frozen=True, slots=True)
class Parser:
    """One kind of document. `accepts` looks at the content only and must be cheap and unable to fail."""

    name: str
    shape: Shape
    accepts: Callable[[Any], bool]
    read: Callable[[Document], Reading]
