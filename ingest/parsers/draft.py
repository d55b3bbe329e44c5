"""Raw values of one item → `Item`: cleaned, dated, linked, with its key and hash."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from types import MappingProxyType
from typing import Any

from ingest import dates
from ingest.entry import NOTHING, DateQuality, Item, Status, digest, identity
from ingest.han import script_of
from ingest.parsers.document import Document
from ingest.parsers.link import canonical
from ingest.text import READ_LENGTH, TEXT_LENGTH, TITLE_LENGTH, cut, fold, headline, label, language, plain

GUID_LENGTH = KEY_LENGTH = 500
EXTRA_LENGTH = 500
LONGEST_POINT = 200
CLEANING = b"1"  # counts up when items are cleaned otherwise than before: then every item is looked at anew
UNHASHED = frozenset(("author", "categories", "publisher", "script"))  # publishers shuffle them

SCRIPT = re.compile(r"[\s\x00-\x1f]*(?:(?:java|vb|live)?script|data)\s*:", re.IGNORECASE)
# "…/afghanistan#2026-07-30T11:36:13+01:00": the same record under an identifier that changes with every update.
VERSION = re.compile(r"[#?@](?:v(?:ersion)?=)?(\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?)$")


@dataclass(slots=True)  # not frozen: it lives for a moment, and 20 frozen fields take 2 µs longer to fill
class Draft:
    """What a document says of one item, as it says it. `title` and `body` are HTML unless `is_plain` says otherwise.

    `hashed` are further raw parts whose change makes a revision; dates do not, publishers touch them too often.
    """

    title: str = ""
    body: str = ""
    title_is_plain: bool = False
    body_is_plain: bool = False
    link: str | None = None
    bases: tuple[str | None, ...] = ()
    guid: str | None = None
    key: str | None = None
    language: str | None = None
    published: object = None
    updated: object = None
    occurred: object = None
    zone: str | None = None
    status: Status = Status.ACTUAL
    countries: tuple[str, ...] = ()
    point: tuple[float, float] | None = None
    extra: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    hashed: tuple[str, ...] = ()


def finish(draft: Draft, document: Document, mark: str = "") -> Item:
    """The item that a draft means. Never fails: what cannot be used is left out.

    `mark` is what it was looked up by already, where a parser does so before it drafts.
    """
    if mark:
        return _cleaned(draft, document, mark)
    mark = _mark(draft, document)
    return document.seen.item(mark) or _cleaned(draft, document, mark)


def mark_of(said: str, document: Document) -> str:
    """Digest of an item as it stands, of where it stood, and of this program's way of cleaning."""
    parts = f"{said}\x1f{document.base}\x1f{document.zone}"
    return blake2b(parts.encode("utf-8", "surrogatepass"), digest_size=12, key=CLEANING).hexdigest()


def _mark(draft: Draft, document: Document) -> str:
    """Digest of all that the item is made of: what it says, where it stood, and this program's way of cleaning."""
    said = (
        draft.title, draft.body, draft.title_is_plain, draft.body_is_plain, draft.link, draft.bases, draft.guid,
        draft.key, draft.language, draft.published, draft.updated, draft.occurred, draft.zone, draft.status.value,
        draft.countries, draft.point, sorted(draft.extra.items()), draft.hashed,
    )  # fmt: skip
    return mark_of(repr(said), document)


def _cleaned(draft: Draft, document: Document, mark: str) -> Item:
    whole = label(draft.body, READ_LENGTH) if draft.body_is_plain else plain(draft.body, READ_LENGTH)
    title = label(draft.title) if draft.title_is_plain else plain(draft.title, TITLE_LENGTH)
    text = cut(whole, TEXT_LENGTH)
    link = canonical(draft.link, *draft.bases, document.base)
    guid, version = _guid(draft.guid)
    published, quality = _published(draft, document)
    extra = {key: fold(value, EXTRA_LENGTH) for key, value in draft.extra.items() if value}
    tongue = language(f"{title} {text[:500]}", draft.language)
    if tongue == "zh" and (script := script_of(f"{title} {text[:100]}")):
        extra["script"] = script
    if draft.link and not link and draft.link != draft.guid and not SCRIPT.match(draft.link):
        extra["unusable_link"] = fold(draft.link, EXTRA_LENGTH)  # shown as text, never followed
    parts = (title, whole, link or "", version, draft.status, *draft.countries, *draft.hashed, *_hashable(extra))
    return Item(
        key=(draft.key or identity(guid, link, title, text))[:KEY_LENGTH],
        raw_hash=digest(*parts),
        title=title or headline(text) or cut(link or guid or "–", TITLE_LENGTH),
        text=text,
        link=link,
        guid=guid,
        language=tongue,
        published=published,
        updated=_moment(draft.updated, draft, document),
        occurred=_moment(draft.occurred, draft, document),
        date_quality=quality,
        status=draft.status,
        countries=draft.countries,
        point=draft.point,
        extra=MappingProxyType(extra) if extra else NOTHING,
        mark=mark,
    )


def _guid(raw: str | None) -> tuple[str | None, str]:
    """An identifier without the version that it ends on, and that version."""
    guid = fold(raw or "", GUID_LENGTH * 2)
    found = VERSION.search(guid)
    if found and found.start() > 8:
        return guid[: found.start()][:GUID_LENGTH], found[1]
    return guid[:GUID_LENGTH] or None, ""


def _published(draft: Draft, document: Document) -> tuple[datetime | None, DateQuality]:
    """The published time, or that of the update where none is given or readable."""
    first = dates.read(draft.published, zone=document.zone or draft.zone, now=document.now)
    if first.moment is not None or draft.updated is None:
        return first.moment, first.quality
    second = dates.read(draft.updated, zone=document.zone or draft.zone, now=document.now)
    return (second.moment, second.quality) if second.moment is not None else (None, first.quality)


def _moment(value: object, draft: Draft, document: Document) -> datetime | None:
    return dates.read(value, zone=document.zone or draft.zone, now=document.now).moment


def _hashable(extra: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{key}={extra[key]}" for key in sorted(extra) if key not in UNHASHED)


def point(latitude: Any, longitude: Any) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, or None when they are not on Earth."""
    try:
        if len(str(latitude)) > LONGEST_POINT or len(str(longitude)) > LONGEST_POINT:
            return None
        north, east = float(str(latitude).replace(",", ".")), float(str(longitude).replace(",", "."))
    except ValueError:
        return None
    return (north, east) if -90 <= north <= 90 and -180 <= east <= 180 else None


def centre(pairs: list[tuple[float, float]]) -> tuple[float, float] | None:
    """The middle of the box around (latitude, longitude) pairs, close enough to tell a place."""
    if not pairs:
        return None
    norths, easts = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return point((min(norths) + max(norths)) / 2, (min(easts) + max(easts)) / 2)
