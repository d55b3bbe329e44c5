"""Feed: what is watched, and what is remembered of it between two looks."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from ingest.advice import NO_MEMORY, Memory
from ingest.entry import NOTHING, Entry, Sharing
from ingest.health import HEALTHY, Health, State

KINDS = ("news", "advisory", "hazard", "sanctions", "health", "economy", "report")  # what a source is of


class Outcome(StrEnum):
    """How one look at a feed ended."""

    NEW = "new"  # a document with at least one new or changed item
    UNCHANGED = "unchanged"  # 304, or a body whose hash is known, or nothing new in it
    EMPTY = "empty"  # a well-formed document without items
    FAILED = "failed"  # network, HTTP or parser failure: `FeedState.error` says which
    REFUSED = "refused"  # the address guard or a limit said no: trying again will not help
    HELD = "held"  # a document that cannot be true was held back: nothing of it was taken over


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a publisher wants to see before it answers: a name and password, or a header. Never shown, never logged.

    `header` is sent as it stands (`Authorization: Bearer …`, `X-Api-Key: …`); `user` and `password` as Basic.
    """

    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    header: str = field(default="", repr=False)
    value: str = field(default="", repr=False)

    def headers(self) -> dict[str, str]:
        """The header fields that let us in."""
        if self.header:
            return {self.header: self.value}
        pair = b64encode(f"{self.user}:{self.password}".encode()).decode("ascii")
        return {"Authorization": f"Basic {pair}"} if self.user or self.password else {}


@dataclass(frozen=True, slots=True)
class Feed:
    """One channel to watch: address, kind and what is known about its publisher.

    `rule` declares how a page without a feed is read (`ingest.parsers.page`). `proxy` is the address of the proxy that
    the source is reached through, and may hold a password like `credentials`: neither is ever shown.
    """

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
    region: str | None = None
    terms: str | None = None  # under which the publisher lets others use it
    rule: Mapping[str, Any] | None = None
    proxy: str | None = field(default=None, repr=False)
    credentials: Credentials | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is remembered of a feed, all of it about its latest document that could be read.

    `known` maps the keys of the items to their raw hashes, `marks` the digests of the items as they stood, before any
    cleaning, to their keys, `memory` the keys of travel advice to their levels.
    """

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
    marks: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    memory: Memory = NO_MEMORY
    health: Health = HEALTHY


@dataclass(frozen=True, slots=True)
class Collected:
    """What one look brought: new or changed entries in document order, the next state, and what was odd."""

    outcome: Outcome
    entries: tuple[Entry, ...]
    state: FeedState
    problems: tuple[str, ...] = ()
    seen: int = 0  # items in the document, known ones included
    title: str | None = None  # what the document calls itself, when it was read
    remembers: bool = False  # whether what the state remembers of items is other than before
    word: State = State.NEW  # what the source's health comes to after this look
