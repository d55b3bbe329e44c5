"""The door for pages without a feed: bytes of a page → items, by the page's rule. Stands in for `parse_document`."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from ingest.encoding import MAX_BYTES, CompressedError, decode, unpack
from ingest.parse import Parsed, ParseError
from ingest.parsers.document import NOTHING_SEEN, Seen
from ingest.parsers.page import read_page
from ingest.parsers.pageguess import guess_rule
from ingest.parsers.pagerule import PageRule, RuleError, rule_of

__all__ = ["PageRule", "RuleError", "guess_rule", "page_parser", "parse_page", "rule_of"]

DECLARED = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
WINDOW = 4_096


def parse_page(
    body: bytes, *, rule: PageRule, content_type: str | None = None, base: str | None = None,
    zone: str | None = None, now: datetime, seen: Seen = NOTHING_SEEN,
) -> Parsed:  # fmt: skip
    """Read one page by its rule; arguments and ParseError as in `ingest.parse.parse_document`.

    `zone` counts where the rule names none. The page's own `meta charset` counts where the header names none.
    """
    if len(body) > MAX_BYTES:
        raise ParseError(f"The page is larger than {MAX_BYTES >> 20} MB; it was not read.")
    try:
        body = unpack(body)
    except CompressedError as error:
        raise ParseError(str(error)) from error
    declared = DECLARED.search(body[:WINDOW])
    has_charset = content_type and "charset" in content_type.lower()
    charset = f"charset={declared[1].decode('ascii')}" if declared and not has_charset else content_type
    decoded = decode(body, charset)
    try:
        reading = read_page(decoded.text, rule, base=base, zone=zone, now=now, seen=seen)
    except (RecursionError, MemoryError) as error:
        raise ParseError("The page is nested or swollen beyond what a list needs; it was not read.") from error
    problems = tuple(dict.fromkeys((*decoded.problems, *reading.problems)))
    return Parsed(reading.format, reading.title, reading.language, reading.items, problems)


def page_parser(declared: Mapping[str, Any]) -> Callable[..., Parsed]:
    """The parser for pages of one declared rule; ParseError when the rule cannot be used."""
    try:
        return partial(parse_page, rule=rule_of(declared))
    except RuleError as error:
        raise ParseError(f"The rule of this page cannot be used: {error}") from error
