"""Bytes → a document of a known shape: XML, JSON or table. The content-type header is not asked for that."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

import orjson

from ingest.encoding import MAX_BYTES, CompressedError, decode, unpack
from ingest.parsers.document import MAX_ITEMS, Document, ParseError, Shape
from ingest.parsers.markup import AROUND, COMPLAINT_LENGTH, tree
from ingest.text import fold

MAGIC = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x89PNG", "an image"),
    (b"GIF8", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"\xd0\xcf\x11\xe0", "an Office file"),
)
WEB_PAGE = "This address answers a web page, not a feed. Look for its feed link."
HTML_TAGS = frozenset((
    "html", "head", "body", "title", "meta", "link", "script", "style", "div", "span", "p", "a", "ul", "ol", "li",
    "table", "tr", "td", "h1", "h2", "h3", "h4", "h5", "h6", "img", "br", "hr", "form", "section", "article", "main",
    "nav", "header", "footer", "center", "font", "b", "strong", "i", "em", "iframe", "noscript", "button", "input",
    "aside", "dl", "figure", "picture", "pre", "select", "small", "tbody", "template", "th", "u", "video",
))  # fmt: skip
FEED_START = re.compile(r"<\?xml\b|<(?:\w+:)?(?:rss|feed|rdf|alert)\b", re.IGNORECASE)
FIRST_TAG = re.compile(
    r"(?>\s*(?:<!--.*?-->|<\?.*?\?>|<!DOCTYPE\s++(?!html)[^>\[]*+(?:\[.*?\]\s*+)?>))*+\s*<(!?[\w:.-]+)\s*(html)?",
    re.IGNORECASE | re.DOTALL,
)
JUNK_WINDOW = 4_096
CALLBACK = re.compile(r"\s*[\w$.]{1,60}\s*\(\s*([{\[].*[}\]])\s*\)\s*;?\s*", re.DOTALL)
# What keeps the scripts of other sites from reading JSON.
GUARD = re.compile(r"\A(?:\)\]\}',?|while\s*\(1\);|for\s*\(;;\);)\s*(?=[{\[])")
SPARE_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+")|,(?=\s*[}\]])', re.DOTALL)
QUOTED = re.compile(r'"[^"]*"')
DELIMITERS = ("\t", ";", "|", ",")
MAX_ROWS = 2 * MAX_ITEMS  # of a table, or of JSON lines; what stands behind is left out


def document(body: bytes, content_type: str | None, base: str | None, zone: str | None, now: datetime) -> Document:
    """The decoded document. ParseError: empty, too large, packed like a bomb, a web page, or no document at all."""
    return shaped(written(body, content_type, base, zone, now))


def written(body: bytes, content_type: str | None, base: str | None, zone: str | None, now: datetime) -> Document:
    """The document as text, of which nothing more is known yet. ParseError: too large, packed like a bomb, no text."""
    decoded = decode(_plain_body(body), content_type)
    return Document(Shape.TEXT, None, now, base, zone, decoded.problems, text=decoded.text)


def shaped(document: Document) -> Document:
    """The document with its shape and content. ParseError: empty, a web page, or no document at all."""
    shape, content, problems = _shaped(document.text)
    text = "" if problems else document.text
    return replace(document, shape=shape, content=content, text=text, problems=(*document.problems, *problems))


def _plain_body(body: bytes) -> bytes:
    if len(body) > MAX_BYTES:
        raise ParseError(f"The document is larger than {MAX_BYTES >> 20} MB; it was not read.")
    try:
        body = unpack(body)
    except CompressedError as error:
        raise ParseError(str(error)) from error
    for magic, kind in MAGIC:
        if body.startswith(magic):
            raise ParseError(f"This address answers {kind}, not a feed. Look for its feed link.")
    return body


def _shaped(text: str) -> tuple[Shape, Any, tuple[str, ...]]:
    text = GUARD.sub("", text.strip(AROUND))
    if not text:
        raise ParseError("The document is empty.")
    if text[0] in "{[":
        return Shape.JSON, *_json(text)
    if text[0] == "<" or FEED_START.search(text, 0, JUNK_WINDOW):
        return _markup(text)
    if found := CALLBACK.fullmatch(text):
        return Shape.JSON, *_json(found[1])
    return Shape.TABLE, *_rows(text)


def _markup(text: str) -> tuple[Shape, Any, tuple[str, ...]]:
    problems: tuple[str, ...] = ()
    if text[0] != "<" or _is_page(text):
        # A server's own warning may stand before the feed; a whole page is no such warning.
        starts = (found.start() for found in FEED_START.finditer(text, 1, JUNK_WINDOW))
        start = next((start for start in starts if not _is_page(text[start:])), None)
        if start is None or re.search(r"<html\b", text[:start], re.IGNORECASE):
            raise ParseError(WEB_PAGE)
        text = text[start:]
        problems = ("Something stands before the feed; it was passed over.",)
    root, mended = tree(text)
    return Shape.XML, root, (*problems, *mended)


def _is_page(text: str) -> bool:
    found = FIRST_TAG.match(text)
    if not found:
        return False
    tag = found[1].lower()
    return tag in HTML_TAGS or (tag == "!doctype" and found[2] is not None)


def _json(text: str) -> tuple[Any, tuple[str, ...]]:
    try:
        return orjson.loads(text), ()
    except orjson.JSONDecodeError as error:
        complaint = fold(str(error).partition(":")[0], COMPLAINT_LENGTH)
    return _lenient_json(text, complaint)


def _lenient_json(text: str, complaint: str) -> tuple[Any, tuple[str, ...]]:
    """JSON with NaN, huge numbers or bare line breaks in strings, commas too many or something behind it; or one JSON
    object a line."""
    try:
        return json.loads(text, strict=False), ()
    except (ValueError, RecursionError):
        pass
    lines = [line for line in re.split(r"[\r\n\x1e]+", text) if line.strip()]
    try:
        if len(lines) > 1:
            return [orjson.loads(line) for line in lines[:MAX_ROWS]], _left_out(len(lines) - MAX_ROWS)
    except orjson.JSONDecodeError:
        pass
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(SPARE_COMMA.sub(r"\1", text))
    except (ValueError, RecursionError):
        raise ParseError(f"The JSON is broken ({complaint}); ask the publisher, or look for another feed.") from None
    return value, (f"The JSON is broken and was mended: {complaint}.",)


def _left_out(lost: int) -> tuple[str, ...]:
    return (f"The document is too long; its last {lost:,} lines were left out.",) if lost > 0 else ()


def _rows(text: str) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    head = QUOTED.sub("", text[:20_000])
    delimiter = max(DELIMITERS, key=lambda sign: head.count(sign) * (1 if sign == "," else 2))
    if delimiter not in head or len(head.splitlines()) < 2:
        raise ParseError(
            "This is neither XML nor JSON nor a table, so no feed that can be read. Look for its feed link."
        )
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        kept = tuple(tuple(cell.strip() for cell in row) for row in islice(rows, MAX_ROWS))
        return kept, _left_out(sum(1 for _ in rows))
    except csv.Error as error:
        raise ParseError(f"The table is broken: {fold(str(error), COMPLAINT_LENGTH)}.") from error
