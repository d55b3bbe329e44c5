"""The door of discovery: from the address of a page to the feeds behind it, each of them tried.

Polite and bounded: at most `MOST` requests, two at a time, within `SECONDS`. Nothing is stored; everything goes
through the guarded client.
"""

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any
from urllib.parse import urljoin

from ingest.candidate import Candidate, ranked, tried
from ingest.encoding import CompressedError, decode, unpack
from ingest.entry import Item
from ingest.feed_links import How, Link, Signpost, read_signs, usual_links
from ingest.fetch import Fetched, Limits, fetch, host_of
from ingest.http import Client
from ingest.parse import Parsed, ParseError, parse_document
from ingest.source_record import SourceFileError
from ingest.sources import read_sources
from ingest.trouble import AddressRefused, FetchError, HttpError

MOST = 12  # requests, the page itself included
SECONDS = 25.0
_AT_ONCE = 2
_DECLARED = 6  # feeds of one page that are tried
_LIMITS = Limits(body=10 * 1024 * 1024, seconds=10.0)
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|link|div|a)\b", re.IGNORECASE)
_OPML = re.compile(rb"\A[^<]{0,10}(?:<[?!][^>]*>\s*)*<opml\b", re.IGNORECASE)
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,40})""", re.IGNORECASE)


class Why(StrEnum):
    """Why nothing was found; each has its own advice."""

    REFUSED = "refused"  # the address guard, or no address at all
    ANSWER = "answer"  # the publisher answers an error
    SILENT = "silent"  # no answer, or none that is sound
    NO_FEED = "no_feed"  # a web page without a feed, as far as could be seen
    UNREADABLE = "unreadable"  # a document that is neither page nor feed


@dataclass(frozen=True, slots=True)
class PageLook:
    """A page that can be read without a feed: the rule for it, and the items that it gives now."""

    rule: Mapping[str, Any]
    items: tuple[Item, ...]


GuessPage = Callable[[str, str, datetime], PageLook | None]  # a page's HTML, its address, now


@dataclass(frozen=True, slots=True)
class Failed:
    """An address that was tried in vain, and one sentence on why."""

    address: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found behind an address: candidates, the best first. Without any, `why` and one `sentence` say why."""

    address: str
    candidates: tuple[Candidate, ...]
    failed: tuple[Failed, ...] = ()
    requests: int = 0
    why: Why | None = None
    sentence: str = ""


def whole_address(text: str) -> str:
    """The address as somebody pasted it, with `https://` where that is missing."""
    text = text.strip().strip("<>\"'")
    return text if re.match(r"[a-z][a-z0-9+.-]*:", text, re.IGNORECASE) and "://" in text else f"https://{text}"


async def discover(client: Client, address: str, now: datetime, *, guess: GuessPage | None = None) -> Discovery:
    """Find the feeds behind an address. Every trouble is an outcome with one sentence, never an exception."""
    search = _Search(client, whole_address(address), now, guess)
    try:
        async with asyncio.timeout(SECONDS):
            await search.run()
    except TimeoutError:
        search.note(search.address, f"{host_of(search.address)} took too long; try again, or give the feed's address.")
    return search.told()


@dataclass
class _Search:
    """One search: what is still to be tried, what was found, and how many requests may still go out."""

    client: Client
    address: str
    now: datetime
    guess: GuessPage | None
    left: int = MOST
    found: dict[int, Candidate] = field(default_factory=dict)  # by the place of their address in `seen`
    failed: list[Failed] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)  # in the order of their promise, which answers do not keep
    page: Fetched | None = None
    language: str | None = None
    why: Why | None = None
    sentence: str = ""

    async def run(self) -> None:
        """The steps, from the surest to the last resort; each only as long as none before it found anything."""
        first = await self._first()
        if first is None:
            return
        self.page = first
        signs = await asyncio.to_thread(_signs, first)
        self.language = signs.language
        await self._try_all(signs.links[:_DECLARED], deep=True)
        await self._until_found(signs.links[_DECLARED:])
        await self._until_found(usual_links(first.address))
        if not self.found:
            await self._try_all(await self._sitemaps(first.address))
        if self.guess is not None and not any(one.entries for one in self.found.values()):
            await asyncio.to_thread(self._guess_page, signs)

    def told(self) -> Discovery:
        """What came of it."""
        why, sentence = self.why, self.sentence
        if not self.found and why is None:
            why = Why.NO_FEED if self.page is not None else Why.SILENT
            sentence = sentence or (
                f"No feed was found at {host_of(self.address)}; look there for a link named RSS, Atom or 订阅, "
                "and give its address."
            )
        candidates = ranked([self.found[place] for place in sorted(self.found)], self.address)
        used = MOST - self.left
        return Discovery(self.address, candidates, tuple(self.failed), used, None if self.found else why, sentence)

    def note(self, address: str, sentence: str) -> None:
        """Remember an address that was tried in vain."""
        self.failed.append(Failed(address, sentence))
        self.sentence = self.sentence or (sentence if address == self.address else "")

    async def _first(self) -> Fetched | None:
        """The page of the address itself, None when it is a feed or cannot be had."""
        self.seen.append(self.address)
        try:
            fetched = await self._fetch(self.address)
        except FetchError as error:
            self.why, self.sentence = _why(error), str(error)
            return None
        if await self._read(Link(self.address, How.ITSELF), fetched) or await self._listed(fetched):
            return None
        if not _PAGE.search(_unpacked(fetched)[:200_000]):
            self.why, self.sentence = Why.UNREADABLE, self.failed[-1].sentence
            return None
        self.sentence = ""
        self.failed.clear()
        return fetched

    async def _try_all(self, links: Iterable[Link], *, deep: bool = False) -> None:
        """Try the links, two at a time; a page among them that lists feeds is looked through once."""
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one(link: Link) -> tuple[Link, ...]:
            async with gate:
                return await self._try(link)

        fresh = [link for link in links if link.address not in self.seen]
        self.seen += [link.address for link in fresh]
        more = [link for links in await asyncio.gather(*map(one, fresh)) for link in links]
        if deep and more and not any(candidate.how is How.DECLARED for candidate in self.found.values()):
            await self._try_all(more[:_DECLARED])

    async def _until_found(self, links: Iterable[Link]) -> None:
        for link in links:
            if any(one.entries for one in self.found.values()) or self.left <= 0:
                return
            await self._try_all([link])

    async def _try(self, link: Link) -> tuple[Link, ...]:
        """Try one link; the links of the page that it turns out to be, where it was to lead to feeds."""
        if self.left <= 0:
            return ()
        try:
            fetched = await self._fetch(link.address)
        except FetchError as error:
            self.note(link.address, str(error))
            return ()
        if await self._read(link, fetched) or await self._listed(fetched) or link.how is not How.LINKED:
            return ()
        signs = await asyncio.to_thread(_signs, fetched)
        return tuple(replace(one, how=How.LINKED) for one in signs.links)

    async def _fetch(self, address: str) -> Fetched:
        self.left -= 1
        return await fetch(self.client, address, limits=_LIMITS)

    async def _read(self, link: Link, fetched: Fetched) -> bool:
        """Take the document for a feed; False when it is none."""
        kind, base = fetched.content_type, fetched.address
        try:
            reading = partial(parse_document, fetched.body, content_type=kind, base=base, now=self.now)
            parsed = await asyncio.to_thread(reading)
        except ParseError as error:
            self.note(link.address, str(error))
            return False
        candidate = tried(link, fetched.moved or link.address, parsed, self.now, self.language)
        self.found[self.seen.index(link.address)] = candidate
        return True

    async def _listed(self, fetched: Fetched) -> bool:
        """True for a list of feeds (OPML), whose first few were tried."""
        body = _unpacked(fetched)
        if not _OPML.match(body.removeprefix(b"\xef\xbb\xbf")):
            return False
        try:
            feeds = read_sources(decode(body, fetched.content_type).text, "list.opml")
        except SourceFileError:
            return False
        await self._try_all(Link(feed.address, How.LINKED, feed.name) for feed in feeds[:_DECLARED])
        return bool(self.found)

    async def _sitemaps(self, address: str) -> list[Link]:
        """The site's lists of news for search engines, as its robots.txt names them."""
        if self.left < 2:
            return []
        try:
            robots = await self._fetch(urljoin(address, "/robots.txt"))
        except FetchError:
            return []
        named = re.findall(r"(?im)^\s*sitemap:\s*(\S+)", robots.body[:100_000].decode("utf-8", "replace"))
        news = [urljoin(address, one) for one in named if "news" in one.lower() and len(one) < 2_000]
        return [Link(one, How.SITEMAP) for one in news[:2]]

    def _guess_page(self, signs: Signpost) -> None:
        assert self.page is not None
        assert self.guess is not None
        look = self.guess(_text(self.page), self.page.address, self.now)
        if look is not None and look.items:
            parsed = Parsed("page", signs.title, signs.language, look.items, ())
            candidate = tried(Link(self.address, How.PAGE), self.address, parsed, self.now, signs.language)
            self.found[0] = replace(candidate, rule=look.rule)


def _signs(fetched: Fetched) -> Signpost:
    return read_signs(_text(fetched), fetched.address)


def _text(fetched: Fetched) -> str:
    body = _unpacked(fetched)
    meta = _META_CHARSET.search(body[:4_096])
    declared = fetched.content_type or ""
    charset = declared if "charset" in declared.lower() or meta is None else f"charset={meta[1].decode('ascii')}"
    return decode(body, charset).text


def _unpacked(fetched: Fetched) -> bytes:
    try:
        return unpack(fetched.body)
    except CompressedError:
        return b""


def _why(error: FetchError) -> Why:
    match error:
        case AddressRefused():
            return Why.REFUSED
        case HttpError():
            return Why.ANSWER
        case _:
            return Why.SILENT
