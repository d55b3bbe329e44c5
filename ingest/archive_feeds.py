"""A feed read backwards, page by page, as far as its publisher keeps it.

Ways back, the surest first: RFC 5005 archives (`rel="prev-archive"`) and pages (`rel="next"`), `next_url` of JSON Feed,
and `?paged=2`, 3, 4 … of WordPress.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from ingest.encoding import decode, unpack
from ingest.entry import Item
from ingest.fetch import LIMITS, Fetched, Limits, fetch
from ingest.http import URL, Client, InvalidURL
from ingest.parse import ParseError, parse_document
from ingest.parsers.markup import name, tree
from ingest.trouble import FetchError, HttpError

LONGEST_WAIT = timedelta(minutes=2)  # what a publisher may ask for before we rather come back another day
PATIENCE = 3  # times that a page is asked for again
NO_MORE = frozenset({400, 404, 410})  # how servers say that there is no such page


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page: its number from 1, and its items that no page before it had."""

    number: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """Why the walk back ended, in a few words; `failed` when there may be more than was read."""

    why: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """How far and how politely: pages at most, the date to stop at, seconds between two pages, and the feed's zone."""

    pages: int = 50
    since: datetime | None = None
    wait: float = 2.0
    zone: str | None = None
    limits: Limits = LIMITS


async def walk_back(client: Client, address: str, way: Way, now: datetime) -> AsyncGenerator[FeedPage | Ended, None]:
    """The pages of a feed from the newest on, and at last why there are no more. Trouble is an end, never an error."""
    seen: set[str] = set()
    asked: set[str] = set()
    place = address
    for number in range(1, way.pages + 1):
        if number > 1:
            await asyncio.sleep(way.wait)
        asked.add(place)
        try:
            fetched = await _fetched(client, place, way)
            parsed = await asyncio.to_thread(_parsed, fetched, way.zone, now)
        except (FetchError, ParseError) as error:
            yield _end_of(error, number)
            return
        fresh = tuple({item.key: item for item in parsed if item.key not in seen}.values())
        if not fresh:
            yield Ended("the feed has no items" if number == 1 else f"page {number} repeats what was read")
            return
        seen.update(item.key for item in fresh)
        yield FeedPage(number, fresh)
        if way.since is not None and _all_before(fresh, way.since):
            yield Ended("older pages lie before the date asked for")
            return
        older = older_page(fetched, address, number)
        if older is None or older in asked:
            yield Ended("the feed names no older page")
            return
        place = older
    yield Ended(f"{way.pages} pages were read, the most asked for", failed=True)


async def _fetched(client: Client, address: str, way: Way) -> Fetched:
    """One page; a publisher that is busy is waited for as it asks, for a while."""
    for _ in range(PATIENCE):
        try:
            return await fetch(client, address, limits=way.limits)
        except HttpError as error:
            wait = error.retry_after
            if error.status not in (429, 503) or not isinstance(wait, timedelta) or wait > LONGEST_WAIT:
                raise
            await asyncio.sleep(wait.total_seconds())
    return await fetch(client, address, limits=way.limits)


def _parsed(fetched: Fetched, zone: str | None, now: datetime) -> tuple[Item, ...]:
    given: dict[str, Any] = {"content_type": fetched.content_type, "base": fetched.address, "zone": zone}
    return parse_document(fetched.body, now=now, **given).items


def _end_of(error: FetchError | ParseError, number: int) -> Ended:
    # Behind the last page most servers answer an error, or a web page that says so.
    gone = isinstance(error, ParseError) or (isinstance(error, HttpError) and error.status in NO_MORE)
    if number > 1 and gone:
        return Ended("there is no older page")
    return Ended(f"page {number}: {error}", failed=True)


def _all_before(items: Sequence[Item], since: datetime) -> bool:
    dates = [item.published for item in items if item.published is not None]
    return bool(dates) and max(dates) < since


def older_page(fetched: Fetched, first: str, number: int) -> str | None:
    """The address of the page behind this one, None when the feed names none. `first` is the feed's own address."""
    text = decode(unpack(fetched.body), fetched.content_type).text.strip("\ufeff\x00 \t\r\n")
    if text[:1] in ("{", "["):
        return _joined(fetched.address, _next_url(text))
    try:
        root, _ = tree(text)
    except ParseError:
        return None
    links, generator = _head(root)
    found = _joined(fetched.address, links.get("prev-archive") or links.get("next"))
    if found is not None:
        return found
    is_blog = "wordpress" in generator.lower() or URL(first).path.rstrip("/").endswith("/feed")
    counted = number == 1 or "paged" in URL(fetched.address).params  # a feed that links its pages has linked them all
    return str(URL(first).copy_set_param("paged", number + 1)) if is_blog and counted else None


def _next_url(text: str) -> str | None:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    found = value.get("next_url") if isinstance(value, dict) else None
    return found if isinstance(found, str) else None


def _head(root: Any) -> tuple[dict[str, str], str]:
    """Links by their relation, and the generator, of the feed itself and not of its items."""
    links: dict[str, str] = {}
    generator = ""
    for parent in (root, *(child for child in root if name(child) == "channel")):
        for element in parent:
            if name(element) == "link" and element.get("href"):
                links.setdefault((element.get("rel") or "alternate").lower(), element.get("href"))
            elif name(element) == "generator":
                generator = f"{element.get('uri') or ''} {element.text or ''}"
    return links, generator


def _joined(base: str, link: str | None) -> str | None:
    if not link:
        return None
    try:
        address = URL(base).join(link.strip()).copy_with(fragment=None)
    except (InvalidURL, ValueError):
        return None
    return str(address) if address.scheme in ("http", "https") and address.raw_host else None
