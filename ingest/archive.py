"""The door of archives: a file of old entries → items with their own dates. Pure and streaming.

Columns and fields are told by what they are called, as in any feed of records, or by an explicit mapping.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import IO

from ingest.archive_rows import ArchiveError, Fault, Raw, rows_of
from ingest.dates import EPOCH
from ingest.entry import NOTHING, DateQuality, Item, digest
from ingest.parsers.document import Document, Shape
from ingest.parsers.draft import Draft, finish
from ingest.parsers.record import (
    COUNTRY,
    GUID,
    LATITUDE,
    LINK,
    LONGITUDE,
    OCCURRED,
    PUBLISHED,
    TEXT,
    TITLE,
    UPDATED,
    Fields,
    draft,
    plain_key,
    scalar,
)
from ingest.text import fold

__all__ = ["ArchiveError", "Fault", "Plan", "Row", "parse_map", "read_archive"]

SOURCE = (
    "source", "sourcename", "outlet", "outletname", "publisher", "publication", "newspaper", "media", "medianame",
    "来源", "媒体",
)  # fmt: skip
SOURCE_LENGTH = 120
FIRST = 50  # rows by which a file that is nothing like what was said is told
# What --map may name, and the synonym that stands for it: the first that is looked up.
MAPPED: Mapping[str, str] = {
    "title": TITLE[0],
    "text": TEXT[0],
    "link": LINK[0],
    "id": GUID[0],
    "published": PUBLISHED[0],
    "updated": UPDATED[0],
    "occurred": OCCURRED[0],
    "country": COUNTRY[0],
    "latitude": LATITUDE[0],
    "longitude": LONGITUDE[0],
    "language": "language",
    "source": SOURCE[0],
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file is read: `columns` maps our fields to theirs, `zone` is the IANA zone of dates that carry none."""

    columns: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of an archive: the line it stands on, the item, and the outlet that the row itself names."""

    line: int
    item: Item
    source: str | None


def parse_map(text: str) -> dict[str, str]:
    """`title=headline,published=day` → {"title": "headline", "published": "day"}. ArchiveError says what is wrong."""
    columns: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        ours, sign, theirs = (piece.strip() for piece in pair.partition("="))
        if not (sign and theirs) or ours not in MAPPED:
            raise ArchiveError(f"--map cannot use '{pair[:60]}'; write FIELD=COLUMN with one of {', '.join(MAPPED)}.")
        columns[ours] = theirs
    return columns


def read_archive(file: IO[bytes], plan: Plan, now: datetime) -> Iterator[Row | Fault]:
    """Every row of a binary file that can be sought in: an item dated by itself, or why it is none.

    `now` (aware) tells dates that lie ahead. ArchiveError: no archive at all, or one that breaks off.
    """
    document = Document(Shape.TABLE, None, now, zone=plan.zone)
    unseen = {name: plain_key(name) for name in plan.columns.values()}
    faults: list[Fault] = []
    count = 0
    for count, raw in enumerate(rows_of(file, tuple(plan.columns.values())), start=1):
        if isinstance(raw, Fault):
            found: Row | Fault = raw
        else:
            fields = Fields(raw.record)
            unseen = {name: key for name, key in unseen.items() if key not in fields.by_name} if unseen else unseen
            found = _read(raw, _mapped(fields, plan), document)
        if count <= FIRST and isinstance(found, Fault):
            faults.append(found)
        if count == FIRST:
            _doubt(unseen, faults, count)
        yield found
    if count < FIRST:
        _doubt(unseen, faults if count > 1 else [], count)


def _doubt(unseen: Mapping[str, str], faults: list[Fault], count: int) -> None:
    """Refuse a file whose first rows show that it is not what was said."""
    if unseen and len(faults) < count:
        raise ArchiveError(f"No row has a field '{next(iter(unseen))}', which --map speaks of; correct its name.")
    if faults and len(faults) == count:
        first = faults[0]
        raise ArchiveError(f"None of the first {count} rows can be read; line {first.line}: {first.why}.")


def _mapped(fields: Fields, plan: Plan) -> Fields:
    for ours, theirs in plan.columns.items():
        path = fields.by_name.get(plain_key(theirs))
        if path is not None:
            fields.by_path[MAPPED[ours]] = fields.by_path[path]
            fields.by_name[MAPPED[ours]] = MAPPED[ours]
    return fields


def _read(raw: Raw, fields: Fields, document: Document) -> Row | Fault:
    drafted = draft(fields)
    if not drafted.title and drafted.body_is_plain:
        return Fault(raw.line, "the row has neither a title nor a text")
    item = finish(drafted, document)
    if item.published is None or item.published.date() == EPOCH.date():
        return Fault(raw.line, _undated(drafted))
    if item.date_quality is DateQuality.FUTURE:
        return Fault(raw.line, f"its date {item.published:%Y-%m-%d} lies ahead")
    if item.guid is None and item.link is None:
        # Without a name of its own, the same words on another day are another report.
        item = replace(item, key="sha256:" + digest(item.title, item.text, item.published.isoformat()))
    return Row(raw.line, item, fold(_source(fields), SOURCE_LENGTH) or None)


def _source(fields: Fields) -> str:
    """What the row calls its source: a name, or an object that has one."""
    inner = (f"{outer}/{part}" for outer in SOURCE for part in ("name", "title"))
    return fields.first(SOURCE) or next((scalar(fields.by_path[path]) for path in inner if path in fields.by_path), "")


def _undated(drafted: Draft) -> str:
    given = fold(scalar(drafted.published) or scalar(drafted.updated), 40)
    return f"its date '{given}' cannot be read for certain" if given else "the row has no date"
