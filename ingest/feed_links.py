"""Where a page says, or lets guess, that its feeds are. Pure: HTML in, addresses out, the likeliest first."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from lxml import etree, html

MOST_TEXT = 3_000_000  # characters of a page that are read; links to feeds stand early
MOST_ANCHORS = 8
_FEED_TYPES = frozenset((
    "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/xml",
    "text/xml", "application/cap+xml", "text/x-opml", "application/json",
))  # fmt: skip
_SURE_TYPES = _FEED_TYPES - {"application/xml", "text/xml", "application/json"}  # pages declare other things by these
_LIKE_FEED = re.compile(r"(?:^|[/._=-])(?:rss2?|atom|feeds?|rdf|opml)(?:[/._?&=-]|\d*$)|\.(?:xml|rdf)$", re.IGNORECASE)
_NO_FEED = re.compile(r"sitemap|oembed|wp-json|xmlrpc|osd\.xml|opensearch|manifest|/share\b|api\.w\.org", re.IGNORECASE)
_SAYS_FEED = re.compile(
    r"^\W*(?:rss|atom|feeds?|xml|rss feeds?|web ?feed|订阅|訂閱|rss ?订阅|rss ?訂閱)\W*$", re.IGNORECASE
)
_COMMENTS = re.compile(r"comment|kommentar|评论|評論", re.IGNORECASE)
# Readers and networks whose links on a page subscribe to it elsewhere, and are no feeds of it.
_ELSEWHERE = re.compile(
    r"(?:^|\.)(?:feedly|inoreader|netvibes|t|twitter|x|facebook|linkedin|google|weibo)\.(?:com|me)$"
)
_USUAL = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/?feed=rss2", "/rss/news", "/feeds")
_GENERATORS = (
    ("wordpress", "/feed/"),
    ("drupal", "/rss.xml"),
    ("discourse", "/latest.rss"),
    ("ghost", "/rss/"),
    ("joomla", "/?format=feed&type=rss"),
    ("hugo", "/index.xml"),
    ("jekyll", "/feed.xml"),
    ("blogger", "/feeds/posts/default"),
    ("spip", "/spip.php?page=backend"),
    ("mediawiki", "/index.php?title=Special:RecentChanges&feed=atom"),
)
_XML_HEAD = re.compile(r"\A\s*<\?xml[^>]*\?>", re.IGNORECASE)


class How(IntEnum):
    """How an address came up, the surest first."""

    ITSELF = 0  # the address that was given
    DECLARED = 1  # the page's <link rel=alternate>
    PLATFORM = 2  # what a well-known service has
    LINKED = 3  # a link that looks like a feed
    USUAL = 4  # where feeds usually lie
    SITEMAP = 5  # the list of news for search engines
    PAGE = 6  # the page itself, read by a rule


@dataclass(frozen=True, slots=True)
class Link:
    """An address where a feed may be. `comments` marks what readers say, which is seldom wanted."""

    address: str
    how: How
    title: str = ""

    @property
    def comments(self) -> bool:
        """True for a feed of readers' comments."""
        return _COMMENTS.search(f"{self.title} {urlsplit(self.address).path}") is not None


@dataclass(frozen=True, slots=True)
class Signpost:
    """What a page says of itself and of feeds."""

    title: str
    language: str | None
    links: tuple[Link, ...]


def read_signs(text: str, address: str) -> Signpost:
    """The links of a page to feeds: declared, of its platform, then those that look like it. Never raises."""
    root = _tree(text)
    if root is None:
        return Signpost("", None, tuple(platform_links(address)))
    base = _base(root, address)
    links = [*_declared(root, base), *platform_links(address), *_generated(root, address), *_anchors(root, base)]
    title = " ".join((root.findtext(".//title") or "").split())[:200]
    language = (root.get("lang") or root.get("xml:lang") or "").strip()
    return Signpost(title, language or None, tuple(_once(links, address)))


def usual_links(address: str) -> tuple[Link, ...]:
    """Where feeds usually lie: first below the page that was given, then at the root of its site."""
    parts = urlsplit(address)
    path = parts.path.rstrip("/")
    below = [f"{path}/feed", f"{path}/rss"] if path and "." not in path.rpartition("/")[2] else []
    return tuple(_once((Link(urljoin(address, place), How.USUAL) for place in (*below, *_USUAL)), address))


def platform_links(address: str) -> Iterator[Link]:
    """The feeds that services have by their own rules for an address on them."""
    parts = urlsplit(address)
    host, steps = (parts.hostname or "").removeprefix("www."), [step for step in parts.path.split("/") if step]
    for path in _platform_paths(host, steps, parse_qs(parts.query)):
        yield Link(urljoin(address, path), How.PLATFORM)


def _platform_paths(host: str, steps: list[str], query: dict[str, list[str]]) -> Iterator[str]:
    match (host, *steps):
        case ("youtube.com", "channel", channel, *_):
            yield f"/feeds/videos.xml?channel_id={channel}"
        case ("youtube.com", "playlist") if query.get("list"):
            yield f"/feeds/videos.xml?playlist_id={query['list'][0]}"
        case ("github.com", owner, repository, *_):
            yield f"/{owner}/{repository}/releases.atom"
            yield f"/{owner}/{repository}/commits.atom"
        case ("reddit.com" | "old.reddit.com", "r", name, *_):
            yield f"/r/{name}/.rss"
        case ("medium.com", name, *_):
            yield f"/feed/{name}"
        case (_, name) if name.startswith("@"):
            yield f"/{name}.rss"  # Mastodon and its kin
        case _:
            yield from _hosted(host)


def _hosted(host: str) -> Iterator[str]:
    for end, path in ((".substack.com", "/feed"), (".blogspot.com", "/feeds/posts/default"), (".tumblr.com", "/rss")):
        if host.endswith(end):
            yield path


def _tree(text: str) -> Any:
    try:
        return html.document_fromstring(_XML_HEAD.sub("", text[:MOST_TEXT].replace("\x00", "")))
    except (etree.LxmlError, ValueError):
        return None


def _base(root: Any, address: str) -> str:
    for element in root.iter("base"):
        return _joined(address, element.get("href", "")) or address
    return address


def _declared(root: Any, base: str) -> Iterator[Link]:
    for element in root.iter("link"):
        relations = (element.get("rel") or "").lower().split()
        kind = (element.get("type") or "").split(";")[0].strip().lower()
        target = _joined(base, element.get("href", ""))
        declared = "alternate" in relations or "feed" in relations
        if target and declared and (kind in _SURE_TYPES or (kind in _FEED_TYPES and not _NO_FEED.search(target))):
            yield Link(target, How.DECLARED, " ".join((element.get("title") or "").split())[:200])


def _generated(root: Any, address: str) -> Iterator[Link]:
    for element in root.iter("meta"):
        if (element.get("name") or "").lower() == "generator":
            made = (element.get("content") or "").lower()
            for name, path in _GENERATORS:
                if name in made:
                    yield Link(urljoin(address, path), How.PLATFORM)


def _anchors(root: Any, base: str) -> Iterator[Link]:
    found = 0
    for element in root.iter("a", "area"):
        target = _joined(base, element.get("href", ""))
        text = " ".join("".join(element.itertext()).split())[:80] or (element.get("title") or "")[:80]
        if target and _is_like_feed(target, text):
            yield Link(target, How.LINKED, text)
            found += 1
            if found == MOST_ANCHORS:
                return


def _is_like_feed(target: str, text: str) -> bool:
    parts = urlsplit(target)
    if _ELSEWHERE.search(parts.hostname or "") or _NO_FEED.search(target):
        return False
    return bool(_SAYS_FEED.match(text) or _LIKE_FEED.search(parts.path) or _LIKE_FEED.search(parts.query))


def _joined(base: str, reference: str) -> str:
    """An address on the web, without its fragment; "" for anything else."""
    try:
        target = urljoin(base, reference.strip())
        parts = urlsplit(target)
        good = bool(reference.strip()) and parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return target.partition("#")[0] if good and len(target) <= 2_000 else ""


def _once(links: Iterable[Link], address: str) -> Iterator[Link]:
    seen = {address.partition("#")[0]}
    for link in links:
        if link.address not in seen:
            seen.add(link.address)
            yield link
