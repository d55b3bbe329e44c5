"""What one look showed, as `ingest.health` counts it. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from statistics import median_low

from ingest.entry import DateQuality, Entry, Item
from ingest.feed import Feed, Outcome
from ingest.health import Look
from ingest.trouble import (
    AddressRefused,
    BadAnswer,
    BadRedirect,
    HttpError,
    RobotsRefused,
    Timeout,
    TooLarge,
    Unreachable,
)

_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (Timeout, "timeout"),
    (Unreachable, "unreachable"),
    (BadAnswer, "bad answer"),
    (BadRedirect, "redirect"),
    (TooLarge, "too large"),
    (AddressRefused, "address"),
    (RobotsRefused, "robots"),
)


def looked(
    feed: Feed,
    now: datetime,
    outcome: Outcome,
    *,
    entries: Sequence[Entry] = (),
    items: Sequence[Item] | None = None,
    size: int = 0,
    error: Exception | None = None,
    problems: tuple[str, ...] = (),
) -> Look:
    """One look: `entries` are those it brought, `items` all of the document (None if none was read), `size` its bytes.

    `error` is what it failed with.
    """
    dates = Counter(entry.item.date_quality for entry in entries)
    return Look(
        at=now,
        outcome=outcome.value,
        reason=reason_of(error) if error is not None and outcome is not Outcome.HELD else "",
        interval=feed.interval,
        bytes=size,
        read=items is not None,
        items=len(items) if items is not None else 0,
        copies=copies_in(items) if items else 0,
        fresh=len(entries),
        missing=dates[DateQuality.MISSING],
        future=dates[DateQuality.FUTURE],
        ancient=dates[DateQuality.ANCIENT],
        unreadable=dates[DateQuality.UNREADABLE],
        lag=_lag(entries) if entries else None,
        problems=problems,
    )


def reason_of(error: Exception) -> str:
    """The kind of a failure in a word or two: `timeout`, `http 403`, `parser` …"""
    if isinstance(error, HttpError):
        return f"http {error.status}"
    return next((kind for known, kind in _KINDS if isinstance(error, known)), "parser")


def copies_in(items: Sequence[Item]) -> int:
    """How many items say, title and text, what another one has said already; known ones are not asked."""
    told = [(item.title, item.text) for item in items if not item.is_known]
    return len(told) - len(set(told))


def _lag(entries: Sequence[Entry]) -> int | None:
    """The median of the seconds between publication and sight, over those whose date may be believed."""
    lags = [
        int((entry.first_seen - entry.item.published).total_seconds())
        for entry in entries
        if entry.item.published is not None and entry.item.date_quality is DateQuality.GOOD
    ]
    return max(median_low(lags), 0) if lags else None
