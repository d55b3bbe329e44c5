"""Feed: what is watched, and what is remembered of it between two looks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ingest.entry import NOTHING, Entry, Sharing


class Outcome(StrEnum):
    """How one look at a feed ended."""

    NEW = "new"  # a document with at least one new or changed item
    UNCHANGED = "unchanged"  # 304, or a body whose hash is known, or nothing new in it
    EMPTY = "empty"  # a well-formed document without items
    FAILED = "failed"  # network, HTTP or parser failure: `FeedState.error` says which
    REFUSED = "refused"  # the address guard or a limit said no: trying again will not help


@dataclass(frozen=True, slots=True)
class Feed:
    """One channel to watch: address, kind and what is known about its publisher."""

    key: str
    name: str
    address: str
    kind: str = "news"  # news, advisory, hazard, sanctions, health, economy, report
    country: str | None = None  # ISO 3166 alpha-2, None for many or unknown
    language: str | None = None
    reliability: str = "F"  # NATO Admiralty A–F
    sharing: Sharing = Sharing.CLEAR
    interval: int = 900  # seconds between two looks
    zone: str | None = None  # IANA zone of dates that carry none, or an ambiguous one
    critical: bool = False


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is remembered of a feed. `known` maps the keys of its latest document's items to their raw hashes."""

    etag: str | None = None
    modified: str | None = None
    body_hash: str | None = None
    address: str | None = None  # where a permanent redirect moved it
    next_check: datetime | None = None
    hold_until: datetime | None = None  # Retry-After: holds even a forced visit
    failures: int = 0  # in a row
    error: str | None = None
    last_success: datetime | None = None
    last_entry: datetime | None = None
    known: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Collected:
    """What one look brought: new or changed entries in document order, the next state, and what was odd."""

    outcome: Outcome
    entries: tuple[Entry, ...]
    state: FeedState
    problems: tuple[str, ...] = ()
    seen: int = 0  # items in the document, known ones included
    title: str | None = None  # what the document calls itself, when it was read
