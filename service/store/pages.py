"""Keyset pages: a list's next page begins behind the last row shown, however many rows came in between."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from service.errors import Invalid

Row = TypeVar("Row")
MOST = 200
LARGEST = 2**31 - 1  # of a key in either database


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, and the cursor of what follows (None at the end)."""

    items: list[Row]
    next: str | None


def encode_cursor(values: Sequence[Any]) -> str:
    """An opaque cursor."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, kinds: Sequence[type]) -> list[Any]:
    """The values of a cursor, checked; Invalid when somebody made it up."""
    try:
        plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(plain, list) or len(plain) != len(kinds):
            raise ValueError("wrong length")
        return [_value(value, kind) for value, kind in zip(plain, kinds, strict=True)]
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        raise Invalid("The cursor is not one of ours.", "Use `next` of the page before, unchanged.") from error


def _value(value: Any, kind: type) -> Any:
    """A value that a database takes without complaint: somebody may have written the cursor by hand."""
    if kind is datetime:
        return _moment(value)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError("wrong kind")
    if isinstance(value, int) and not 0 <= value <= LARGEST:
        raise ValueError("out of range")
    if isinstance(value, str) and not (value.isascii() and value.isprintable() and len(value) <= 100):
        raise ValueError("no key of ours")
    return value


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None or not 1900 < moment.year < 9000:
        raise ValueError("no time of ours")
    return moment


def page_of(rows: list[Row], limit: int, cursor_of: Any) -> Page[Row]:
    """The page of a query that asked for one row more than the limit."""
    shown = rows[:limit]
    return Page(shown, encode_cursor(cursor_of(shown[-1])) if len(rows) > limit else None)
