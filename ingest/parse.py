"""The door of parsing: bytes of any supported document → items. The kind is known from the bytes alone."""

from dataclasses import dataclass, replace
from datetime import datetime

from ingest.entry import Item
from ingest.parsers.document import NOTHING_SEEN, Document, ParseError, Reading, Seen
from ingest.parsers.quick import read_again
from ingest.parsers.sniff import shaped, written

__all__ = ["ParseError", "Parsed", "Seen", "parse_document", "parse_known"]

ERRORS = frozenset(("error", "errors", "fault"))  # what APIs put at the top of a refusal


SMALL, MOST_NEW = 2**18, 2**16  # bytes of a document, and characters of its new items, that are read in no time
# Documents that tell how things stand, not what happened: their items say so in `extra["record"]`, and the first look
# at such a list is where watching begins, no news of thousands of listings.
STANDING = frozenset(("sanctions", "advisory"))


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a document holds: its kind, what it says of itself, its items in document order, and what was odd.

    `problems` are sentences for whoever looks after the source; a document with problems was still read.
    """

    format: str
    title: str | None
    language: str | None
    items: tuple[Item, ...]
    problems: tuple[str, ...]


def parse_document(
    body: bytes,
    *,
    content_type: str | None = None,
    base: str | None = None,
    zone: str | None = None,
    now: datetime,
    seen: Seen = NOTHING_SEEN,
) -> Parsed:
    """Read one document.

    `content_type` is the HTTP header, used for its charset only; `base` the address that relative links start from;
    `zone` the IANA zone of dates that carry none; `now` (aware) tells future dates. Raises ParseError, one sentence
    that says why, for everything that is no feed, is broken beyond mending, or was built to do harm; nothing else.
    Items that stand as they are remembered in `seen` are not cleaned again.
    """
    try:
        document = replace(written(body, content_type, base, zone, now), seen=seen)
        again = read_again(document)
        return _parsed(document, again) if again is not None else _read(shaped(document))
    except (RecursionError, MemoryError) as error:
        raise ParseError("The document is nested or swollen beyond what a feed needs; it was not read.") from error


def parse_known(
    body: bytes,
    *,
    content_type: str | None = None,
    base: str | None = None,
    zone: str | None = None,
    now: datetime,
    seen: Seen,
) -> Parsed | None:
    """What `parse_document` says of a small document of which nearly all is remembered; None where that takes longer
    than a millisecond or two. Never fails."""
    if not seen.marks or len(body) > SMALL:
        return None
    try:
        body.decode()  # to guess another encoding takes long
        document = replace(written(body, content_type, base, zone, now), seen=seen)
        again = read_again(document, MOST_NEW)
    except (UnicodeError, ParseError, RecursionError, MemoryError):
        return None
    return _parsed(document, again) if again is not None else None


def _read(document: Document) -> Parsed:
    if isinstance(document.content, dict) and any(document.content.get(key) for key in ERRORS):
        raise ParseError("This address answers an error message, not a feed. Check the address.")
    from ingest.parsers.table import PARSERS  # noqa: PLC0415 -- 20 ms, which known feeds with a new item are spared

    for parser in PARSERS:
        if parser.shape is document.shape and parser.accepts(document.content):
            return _parsed(document, parser.read(document))
    raise ParseError(
        f"This {document.shape.upper()} document is none of the kinds that can be read. Look for a feed link."
    )


def _parsed(document: Document, reading: Reading) -> Parsed:
    problems = tuple(dict.fromkeys((*document.problems, *reading.problems)))
    items = tuple(_standing(item, reading.format) for item in reading.items)
    return Parsed(reading.format, reading.title, reading.language, items, problems)


def _standing(item: Item, kind: str) -> Item:
    """The item, marked where it tells how things stand; travel advice may come as RSS too."""
    record = kind if kind in STANDING else "advisory" if "advisory_level" in item.extra else None
    return item if record is None else replace(item, extra={**item.extra, "record": record})
