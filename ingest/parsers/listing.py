"""Any other list of records that name something: JSON of many APIs, repeated XML elements, a table with a header."""

from collections.abc import Mapping, Sequence
from typing import Any

from ingest.parsers.collection import in_json, in_rows, in_xml, is_header
from ingest.parsers.document import Document, ParseError, Reading, Shape, most
from ingest.parsers.draft import finish
from ingest.parsers.markup import name
from ingest.parsers.record import KNOWN, Fields, draft, plain_key

FEW = 8  # fields of an answer that holds a list and little else


def accepts_json(value: Any) -> bool:
    """True when objects that name something are found, or a list is plainly empty."""
    if isinstance(value, Mapping):
        return bool(in_json(value)) or (len(value) <= FEW and any(inner == [] for inner in value.values()))
    return value == [] or bool(in_json(value))


def accepts_xml(root: Any) -> bool:
    """True when an element repeats and names something. ParseError for a list of feeds, which is no feed."""
    if name(root) == "opml":
        raise ParseError("This is a list of feeds (OPML), not a feed. Import it as sources instead.")
    return bool(in_xml(root))


def accepts_table(rows: Any) -> bool:
    """True when one of the first rows can be a header with columns that are known, and more follow."""
    return len(rows) > 1 and any(_is_known(row) for row in rows[:3])


def _is_known(row: Sequence[str]) -> bool:
    return len(row) >= 3 and is_header(row) and len({plain_key(cell) for cell in row} & KNOWN) >= 2


def read(document: Document) -> Reading:
    """One item for each record."""
    problems: tuple[str, ...] = ()
    if document.shape is Shape.TABLE:
        records, problems = in_rows(document.content)
    else:
        records = in_xml(document.content) if document.shape is Shape.XML else in_json(document.content)
    kept, cut = most(records)
    items = tuple(finish(draft(Fields(record)), document) for record in kept)
    title = document.content.get("title") if isinstance(document.content, Mapping) else None
    return Reading("records", items, title if isinstance(title, str) else None, None, (*problems, *cut))
