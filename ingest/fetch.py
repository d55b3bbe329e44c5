"""A polite, safe GET: conditional, bounded in bytes and in time, with redirects followed by hand."""

import asyncio
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

from ingest.feed import Feed
from ingest.http import (
    URL,
    Client,
    ConnectError,
    HTTPError,
    InvalidURL,
    ProxyError,
    RemoteProtocolError,
    Response,
    TimeoutException,
    plain_host,
)
from ingest.trouble import (
    AddressRefused,
    BadAnswer,
    BadRedirect,
    FetchError,
    HttpError,
    Timeout,
    TooLarge,
    Unreachable,
)
from ingest.unpack import Unpacker

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/cap+xml, "
    "application/xml;q=0.9, application/json;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
_PERMANENT = frozenset({301, 308})
_REDIRECT = frozenset({301, 302, 303, 307, 308})
_CHUNK = 65_536
_VALIDATOR = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,498}[\x21-\x7e])?")  # what may be sent back as a header
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one fetch: bytes of the body after unpacking, seconds over all (redirects included), redirects."""

    body: int = 10 * 1024 * 1024
    seconds: float = 60.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: a document (status 2xx), or 304 with an empty body.

    `address` is where it came from in the end, without a password; `moved` is where a permanent redirect sent us, if
    one did. `max_age` is in seconds.
    """

    status: int
    body: bytes
    address: str
    etag: str | None = None
    modified: str | None = None
    moved: str | None = None
    max_age: int | None = None
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """How a publisher is reached: through a `proxy`, and with `headers` that let us in.

    The headers are sent to the place of `home` only, an address, and to the same host by https.
    """

    proxy: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    home: str = ""


LIMITS = Limits()
PLAIN = Way()


def way_to(feed: Feed) -> Way:
    """The way to a feed."""
    if feed.proxy is None and feed.credentials is None:
        return PLAIN
    return Way(feed.proxy, feed.credentials.headers() if feed.credentials is not None else {}, feed.address)


async def fetch(
    client: Client,
    address: str,
    *,
    etag: str | None = None,
    modified: str | None = None,
    limits: Limits = LIMITS,
    way: Way = PLAIN,
) -> Fetched:
    """GET the address unless it is unchanged since `etag` or `modified`; a FetchError for every failure."""
    url = _web_address(address)
    headers = {"Accept": _ACCEPT, **_conditions(etag, modified)}
    try:
        async with asyncio.timeout(limits.seconds):
            return await _follow(client, url, headers, limits, way)
    except TimeoutError:
        raise Timeout(f"{_named(url, way)} did not send the document within {limits.seconds:g} s.") from None
    except (HTTPError, InvalidURL, OSError, ValueError) as error:
        raise _translated(error, _named(url, way)) from error


@lru_cache(maxsize=8192)
def host_of(address: str) -> str:
    """The host of an address in lower case, '' if it has none or cannot be read."""
    try:
        return plain_host(_url(address))
    except (InvalidURL, ValueError):
        return ""


_url = lru_cache(maxsize=8192)(URL)  # read apart again and again: 40 µs each time


async def _follow(client: Client, url: URL, headers: dict[str, str], limits: Limits, way: Way) -> Fetched:
    moved, permanent, passed = None, True, {url}
    home = _web_address(way.home) if way.headers else url
    extensions = {"proxy": way.proxy} if way.proxy else {}
    for _ in range(limits.redirects + 1):
        own = way.headers if _is_home(url, home) else {}  # what lets us in there is nobody else's business
        asked = client.stream(
            "GET", url, headers={**headers, **own}, follow_redirects=False, extensions=extensions or None
        )
        async with asked as response:
            if response.status_code not in _REDIRECT:
                return await _read(response, url, moved, limits)
            target = _target(url, response)
        if target in passed:
            raise BadRedirect(f"{plain_host(url)} sends us round in a circle; check the address.")
        passed.add(target)
        # A step back to plain http is followed but never remembered.
        permanent &= response.status_code in _PERMANENT and (url.scheme, target.scheme) != ("https", "http")
        moved = str(target) if permanent else moved
        url = target
    raise BadRedirect(f"{plain_host(url)} redirects more than {limits.redirects} times; give the final address.")


def _target(url: URL, response: Response) -> URL:
    location = response.headers.get("location", "").strip()
    if not location:
        raise BadRedirect(f"{plain_host(url)} redirects without saying where to; check the address.")
    try:
        target = url.join(location).copy_with(fragment=None)
    except (InvalidURL, ValueError):
        raise BadRedirect(f"{plain_host(url)} redirects to something that is not an address.") from None
    if target.scheme not in {"http", "https"} or not target.raw_host:
        raise BadRedirect(f"{plain_host(url)} redirects to '{target.scheme}:', and only http and https are followed.")
    is_same = _place(url) == _place(target)
    return target.copy_with(userinfo=url.userinfo) if is_same and not target.userinfo else target


def _place(url: URL) -> tuple[str, bytes, int | None]:
    return url.scheme, url.raw_host, url.port


def _is_home(url: URL, home: URL) -> bool:
    is_secured = (home.scheme, url.scheme, home.port, url.port) == ("http", "https", None, None)
    return _place(url) == _place(home) or (is_secured and url.raw_host == home.raw_host)


async def _read(response: Response, url: URL, moved: str | None, limits: Limits) -> Fetched:
    status, headers = response.status_code, response.headers
    asked = "if-none-match" in response.request.headers or "if-modified-since" in response.request.headers
    if not (200 <= status < 300 or (status == 304 and asked)):
        raise HttpError(plain_host(url), status, _retry_after(headers.get("retry-after", "")))
    return Fetched(
        status=status,
        body=b"" if status == 304 else await _body(response, limits.body),
        address=str(url.copy_with(userinfo=b"") if url.userinfo else url),
        etag=_sendable(headers.get("etag")),
        modified=_sendable(headers.get("last-modified")),
        moved=moved,
        max_age=_max_age(headers.get("cache-control", "")),
        content_type=headers.get("content-type"),
    )


async def _body(response: Response, limit: int) -> bytes:
    length = response.headers.get("content-length", "")
    if re.fullmatch(r"\d{1,18}", length) and int(length) > limit:
        raise TooLarge(f"The document is {int(length):,} bytes long, and at most {limit:,} are read.")
    unpacker = Unpacker(response.headers.get("content-encoding", ""), limit)
    async for chunk in response.aiter_raw(_CHUNK):
        unpacker.feed(chunk)
    return unpacker.finish()


def _web_address(address: str) -> URL:
    try:
        url = _url(address.strip())
        url = url.copy_with(fragment=None) if url.fragment else url
        _ = url.host  # raises on names that IDNA forbids, which httpx would do later and less clearly
    except (InvalidURL, ValueError):
        raise AddressRefused("The address cannot be read; write it as https://host/path.") from None
    if url.scheme not in {"http", "https"} or not url.raw_host:
        raise AddressRefused("Only addresses that begin with http:// or https:// are fetched; correct the address.")
    return url


def _conditions(etag: str | None, modified: str | None) -> dict[str, str]:
    sent = {"If-None-Match": _sendable(etag), "If-Modified-Since": _sendable(modified)}
    return {name: value for name, value in sent.items() if value}


def _sendable(value: str | None) -> str | None:
    return value if value and _VALIDATOR.fullmatch(value) else None


def _max_age(cache_control: str) -> int | None:
    found = _MAX_AGE.search(cache_control)
    return int(found.group(1)) if found else None


def _retry_after(value: str) -> timedelta | datetime | None:
    value = value.strip()
    if re.fullmatch(r"\d{1,9}", value, re.ASCII):
        return timedelta(seconds=int(value))
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _named(url: URL, way: Way) -> str:
    """The host, and the proxy that stands before it: either may be to blame."""
    return f"{plain_host(url)}, through the proxy {host_of(way.proxy)}," if way.proxy else plain_host(url)


def _translated(error: Exception, host: str) -> FetchError:
    match error:
        case ProxyError():
            return Unreachable(str(error))
        case TimeoutException():
            return Timeout(f"{host} did not answer in time.")
        case ConnectError():
            return Unreachable(_no_connection(error, host))
        case RemoteProtocolError():
            return BadAnswer(f"{host} broke off its answer or does not speak HTTP properly.")
        case HTTPError() | OSError():
            return Unreachable(f"The connection to {host} broke.")
        case _:
            return BadAnswer(f"{host} sent something that cannot be understood ({type(error).__name__}).")


def _no_connection(error: Exception, host: str) -> str:
    for cause in _causes(error):
        match cause:
            case ssl.SSLCertVerificationError():
                return f"The certificate of {host} cannot be trusted ({cause.verify_message})."
            case ssl.SSLError():
                return f"{host} offers no secure connection; check whether the address is right."
            case socket.gaierror() | UnicodeError():
                return f"The name {host} cannot be found; check the address and the network."
    return f"{host} takes no connection."


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
