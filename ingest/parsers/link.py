"""Links: absolute, without tracking, the same for the same page."""

import re
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from ingest.text import UNWANTED

LENGTH = 2_000
# An address that means nothing but itself: lower case, no query, fragment or step up, no port but an odd one.
USUAL = re.compile(
    r"https?://([a-z0-9][a-z0-9-]*+(?:\.[a-z0-9-]++)+)(?::(?!443/)[1-9]\d{2,3})?/(?:[\w-]++[/.]?)*+", re.ASCII
)
BREAK = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]")
GAP = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]+")
TRACKING = re.compile(
    r"(?:utm_\w+|fb(?:clid|_\w+)|[gdy]clid|gclsrc|[gw]braid|msclkid|mc_[ce]id|igshid|_ga|_gl|_hs\w+|hs\w*tracking"
    r"|ns_(?:mchannel|source|campaign|linkname|fee)|at_(?:medium|campaign|custom\d+|link\w*|ptr\w*|bbc\w*|format)"
    r"|xtor|wt[._]\w+|cmp(?:id)?|cmpid|ito|ocid|smid|ref_src|ref_url|sr_share|spm|scm|traffic_source|ftcamp)$",
    re.IGNORECASE,
)
FROM_FEED = re.compile(
    r"(?:ref|from|source|src|partner|cid)=(?:rss|feed|rssfeed|atom|rss20|feedburner)\w*$", re.IGNORECASE
)
TRACKING_FRAGMENT = re.compile(r"(?:xtor|utm_|ref|at_|ns_)\w*=|(?:rss|feed)$", re.IGNORECASE)
PORTS = {"http": 80, "https": 443}


def canonical(link: str | None, *bases: str | None) -> str | None:
    """The http(s) address that a link means, or None when it means none.

    Relative links start from the first of `bases` that is absolute. Loopback and other non-public IP addresses are
    None unless the base itself is that host: an item must not point readers into their own network.
    """
    if not link:
        return None
    base = next((base for base in bases if base and base.startswith(("http://", "https://"))), None)
    if (found := USUAL.fullmatch(link)) and (not _is_inside(found[1]) or found[1] == _host(base)):
        return link[:LENGTH]
    if not (text := UNWANTED.sub("", GAP.sub(_unbroken, link[: LENGTH * 2])).strip().replace(" ", "%20")):
        return None
    try:
        parts = urlsplit(text if base is None or text.startswith(("http://", "https://")) else urljoin(base, text))
        host, port = (parts.hostname or "").lower(), parts.port
        own = urlsplit(base).hostname if base else None
    except ValueError:
        return None
    if parts.scheme.lower() not in PORTS or not host or (_is_inside(host) and host != own):
        return None
    return _joined(parts, host, port)[:LENGTH]


def _unbroken(gap: re.Match[str]) -> str:
    """Nothing for a gap with a line break or control in it; blanks alone stay."""
    return "" if BREAK.search(gap[0]) else gap[0]


def _joined(parts: SplitResult, host: str, port: int | None) -> str:
    scheme = parts.scheme.lower()
    place = f"[{host}]" if ":" in host else host
    if port and port != PORTS[scheme]:
        place += f":{port}"
    fragment = "" if TRACKING_FRAGMENT.match(parts.fragment) else parts.fragment
    return urlunsplit((scheme, place, parts.path or "/", "&".join(_kept(parts.query)), fragment))


def _kept(query: str) -> Iterator[str]:
    for pair in query.split("&"):
        if pair and not TRACKING.match(pair.partition("=")[0]) and not FROM_FEED.match(pair):
            yield pair


@lru_cache(maxsize=512)
def _host(base: str | None) -> str | None:
    try:
        return urlsplit(base).hostname if base else None
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _is_inside(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False
