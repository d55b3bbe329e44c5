"""Entry: one item as published, and how two items are told to be the same."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

NOTHING: Mapping[str, str] = MappingProxyType({})


class DateQuality(StrEnum):
    """How far the published time of an item may be believed."""

    GOOD = "good"
    MISSING = "missing"
    FUTURE = "future"
    ANCIENT = "ancient"
    UNREADABLE = "unreadable"


class Status(StrEnum):
    """CAP 1.2 `status` and `msgType`, folded: what an item is for. News is always ACTUAL."""

    ACTUAL = "actual"
    UPDATE = "update"
    CANCEL = "cancel"
    EXERCISE = "exercise"
    TEST = "test"


class Sharing(StrEnum):
    """FIRST Traffic Light Protocol 2.0, strictest first."""

    RED = "TLP:RED"
    AMBER_STRICT = "TLP:AMBER+STRICT"
    AMBER = "TLP:AMBER"
    GREEN = "TLP:GREEN"
    CLEAR = "TLP:CLEAR"

    @property
    def strictness(self) -> int:
        """4 for RED … 0 for CLEAR."""
        return 4 - list(Sharing).index(self)


@dataclass(frozen=True, slots=True)
class Item:
    """What a parser reads out of a document: one item, cleaned, not yet tied to a source or a time of sight.

    `text` is plain text (no tags), at most a few thousand characters. `raw_hash` is the SHA-256 hex digest of the
    item as it stood in the document (volatile parts left out): a change of it under the same key is a revision.
    `countries` are ISO 3166 alpha-2 codes that the document itself declares, not those named in the text.
    `extra` keeps what a kind of document knows besides (`advisory_level` 1–4, `cap_severity`, `magnitude` …).
    `mark` is a digest of the item as it stood, before any cleaning. An item whose mark is remembered is not cleaned
    again: it `is_known`, bears its key and raw hash, and nothing else.
    """

    key: str
    raw_hash: str
    title: str
    text: str = ""
    link: str | None = None
    guid: str | None = None
    language: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    occurred: datetime | None = None
    date_quality: DateQuality = DateQuality.MISSING
    status: Status = Status.ACTUAL
    countries: tuple[str, ...] = ()
    point: tuple[float, float] | None = None  # latitude, longitude in degrees
    extra: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    mark: str = ""
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as published, with where and when it came from; never changed after it is stored.

    `source` is the source's key and `reliability` its Admiralty letter A–F at that time. Three times are kept apart:
    `item.occurred` (when it happened), `item.published`, and `first_seen` (all aware, UTC). An `archived` entry came
    from an archive: it is understood like any other, and alerts nobody.
    """

    source: str
    reliability: str
    sharing: Sharing
    first_seen: datetime
    item: Item
    archived: bool = False


def identity(guid: str | None, link: str | None, title: str, text: str) -> str:
    """The key of an item within its source: guid, else canonical link, else hash of title and text."""
    if guid and guid.strip():
        return guid.strip()[:500]
    if link and link.strip():
        return link.strip()[:500]
    return "sha256:" + digest(title, text)


def digest(*parts: str) -> str:
    """SHA-256 hex digest of the parts, with a separator that no part can contain."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
