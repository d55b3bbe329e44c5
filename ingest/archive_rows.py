"""The rows of an archive file, one after the other: JSON lines or a table, packed or not, of any size.

Nothing but the row at hand is in memory. A row that cannot be read is a Fault with its line; the next one is read all
the same.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, TextIO

import orjson

from ingest.encoding import BOMS, WIDE, decode
from ingest.parsers.collection import HASHTAG, is_header
from ingest.parsers.record import KNOWN, plain_key
from ingest.parsers.sniff import DELIMITERS, MAGIC, QUOTED

SAMPLE = 2**20  # bytes by which encoding and form are told
LONGEST = 4 * 2**20  # characters of a line; longer ones are no rows
CELL = 2**20  # characters of a table's cell; an open quote swallows no more than this
HEADER_WITHIN = 3  # rows within which a table must name its columns
GZIP = b"\x1f\x8b"
NAMES_TOO_FEW = "no columns that are known; name them with --map, as in --map title=headline,published=day"


class ArchiveError(Exception):
    """A file cannot be read as an archive at all, or not to its end; one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Raw:
    """One row as it stands: the line that it begins on (from 1), and its fields."""

    line: int
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that cannot be used, and why; `rows` is how many lines were lost with it."""

    line: int
    why: str
    rows: int = 1


def rows_of(file: IO[bytes], named: Sequence[str] = ()) -> Iterator[Raw | Fault]:
    """Every row of a binary file that can be sought in. `named` are columns that a table's header must have.

    ArchiveError: the file is none of the known kinds, or ends in the middle of its packing.
    """
    plain = _unpacked(file)
    try:
        head = plain.read(SAMPLE)
        plain.seek(0)
        form, codec = _form(head)
        lines = _Lines(_text(plain, codec))
        yield from _objects(lines) if form is None else _table(lines, form, named)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ArchiveError("The file ends in the middle of its packing; get it anew and import it again.") from error


def _unpacked(file: IO[bytes]) -> IO[bytes]:
    start = file.read(8)
    file.seek(0)
    for magic, kind in MAGIC:
        if start.startswith(magic):
            raise ArchiveError(f"This is {kind}, not an archive of entries; unpack it, or export JSON lines or CSV.")
    return io.BufferedReader(gzip.GzipFile(fileobj=file)) if start.startswith(GZIP) else file


def _form(head: bytes) -> tuple[str | None, str]:
    """The delimiter of a table, or None for JSON; and the encoding."""
    is_wide = any(head.startswith(mark) for mark, _ in BOMS[1:]) or any(pattern.match(head) for pattern, _ in WIDE)
    whole = head if is_wide or len(head) < SAMPLE else head[: head.rfind(b"\n") + 1] or head
    decoded = decode(whole)
    text = decoded.text.lstrip("\ufeff\x00\x1e \t\r\n")
    if not text:
        raise ArchiveError("The file is empty.")
    if text[0] in "{[":
        return None, decoded.encoding
    if text[0] == "<":
        raise ArchiveError("This is a feed or a page; import feeds with `watchfire archive feeds FILE`.")
    sample = QUOTED.sub("", text[:20_000])
    delimiter = max(DELIMITERS, key=lambda sign: sample.count(sign) * (1 if sign == "," else 2))
    if delimiter not in sample:
        raise ArchiveError("This is neither JSON lines nor a table with columns; export one of them.")
    return delimiter, decoded.encoding


def _text(plain: IO[bytes], codec: str) -> TextIO:
    return io.TextIOWrapper(
        plain,
        encoding=codec,
        errors="watchfire-cp1252" if codec == "utf-8" else "replace",
        newline="",
    )


class _Lines:
    """Lines with their numbers. One that is longer than LONGEST is passed over and noted in `lost`."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self.number = 0
        self.lost: list[int] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while line := self._text.readline(LONGEST):
            self.number += 1
            if len(line) < LONGEST or line.endswith(("\n", "\r")):
                return line.lstrip("\ufeff") if self.number == 1 else line
            self.lost.append(self.number)
            while line and not line.endswith(("\n", "\r")):
                line = self._text.readline(LONGEST)
        raise StopIteration

    def faults(self) -> Iterator[Fault]:
        """What was lost since the last time it was asked."""
        lost, self.lost = self.lost, []
        return (Fault(number, f"the line is longer than {LONGEST >> 20} million characters") for number in lost)


def _objects(lines: _Lines) -> Iterator[Raw | Fault]:
    for line in lines:
        yield from lines.faults()
        text = line.strip(" \t\r\n\x1e")
        if text in ("", "[", "]", ","):
            continue
        found = _json(text)
        if found is None:
            yield Fault(lines.number, "this is no JSON object; write one object a line")
            continue
        for one in found:
            yield (
                Raw(lines.number, one)
                if isinstance(one, dict)
                else Fault(lines.number, "this is JSON, but no object with fields")
            )
    yield from lines.faults()


def _json(text: str) -> list[Any] | None:
    """The values on a line: an object, a whole list, or one member of a list that is written a line a member."""
    for candidate in (text, text.strip("[], ")):
        try:
            value = orjson.loads(candidate)
        except orjson.JSONDecodeError:
            continue
        return value if isinstance(value, list) else [value]
    return None


def _table(lines: _Lines, delimiter: str, named: Sequence[str]) -> Iterator[Raw | Fault]:
    before = csv.field_size_limit(CELL)
    try:
        columns: list[str] = []
        first: list[str] = []
        for start, cells in _cells(lines, delimiter):
            yield from lines.faults()
            if isinstance(cells, Fault):
                yield cells
            elif not columns:
                columns, first = cells if _names_columns(cells, named) else [], first or cells
                if not columns and start >= HEADER_WITHIN:
                    break
            elif not _is_tags(cells):
                yield _row(start, lines.number, columns, cells)
        if not columns:
            raise ArchiveError(f"Its first line names {_without(first, named)}.")
        yield from lines.faults()
    finally:
        csv.field_size_limit(before)


def _cells(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str] | Fault]]:
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        start = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            lost = lines.number - start + 1
            why = f"a quotation mark opens here and does not close again: {lost} lines cannot be read"
            yield start, Fault(start, why, lost)
            continue
        if any(cells):
            yield start, cells


def _row(start: int, end: int, columns: list[str], cells: list[str]) -> Raw | Fault:
    if len(cells) < len(columns) or any(cells[len(columns) :]):
        why = f"the row has {len(cells)} cells, the first line names {len(columns)} columns"
        return Fault(start, why, end - start + 1)
    return Raw(start, dict(zip(columns, cells, strict=False)))


def _names_columns(cells: Sequence[str], named: Sequence[str]) -> bool:
    keys = {plain_key(cell) for cell in cells}
    wanted = {plain_key(name) for name in named}
    return is_header(cells) and wanted <= keys and len((keys & KNOWN) | wanted) >= 2


def _without(cells: Sequence[str], named: Sequence[str]) -> str:
    keys = {plain_key(cell) for cell in cells}
    missing = [name for name in named if plain_key(name) not in keys]
    return f"no column '{missing[0]}', which --map speaks of" if missing else NAMES_TOO_FEW


def _is_tags(cells: Sequence[str]) -> bool:
    """The row of hashtags that humanitarian tables put below their header."""
    filled = [cell for cell in cells if cell]
    return len(filled) > 1 and all(HASHTAG.match(cell) for cell in filled)
