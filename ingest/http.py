"""The client for everything that this house asks of the web: httpx in the hand, libcurl underneath, guarded.

The guard stands where the connection is opened: whatever a name resolves to is judged there, and exactly a judged
address is connected to. A name that changes its answer, a redirect or a kept connection cannot slip past it. TLS still
proves the host name.
"""

import logging
from collections.abc import Mapping, Sequence

from httpx import (
    URL,
    AsyncBaseTransport,
    ByteStream,
    ConnectError,
    Cookies,
    HTTPError,
    InvalidURL,
    ProxyError,
    RemoteProtocolError,
    Request,
    Response,
    TimeoutException,
)
from httpx import AsyncClient as Client

from ingest.carrier import Carrier, Resolver
from ingest.guard import Guard, Network

__all__ = [
    "URL",
    "AsyncBaseTransport",
    "ByteStream",
    "Client",
    "ConnectError",
    "HTTPError",
    "InvalidURL",
    "ProxyError",
    "RemoteProtocolError",
    "Request",
    "Resolver",
    "Response",
    "TimeoutException",
    "make_client",
    "plain_host",
]

USER_AGENT = "Watchfire/0.1 (early warning; reads public feeds)"


def make_client(
    allow_nets: Sequence[Network] = (),
    *,
    timeout: float = 20.0,
    user_agent: str = USER_AGENT,
    allow_ports: frozenset[tuple[str, int]] | None = None,
    public: bool = True,
    resolve: Resolver | None = None,
    authorities: str | None = None,
    mounts: Mapping[str, AsyncBaseTransport] | None = None,
) -> Client:
    """A client for feeds and webhooks alike; close it (`async with`) when done.

    `timeout` is in seconds for each of connect and read. `allow_nets` are let through besides public addresses;
    `allow_ports` narrows them to (host, port) pairs; `public=False` shuts out all others. Redirects are not followed,
    cookies not kept, proxies of the environment not used; the proxy that a request names in `extensions["proxy"]` is,
    if the guard admits its address. `authorities` is a file of certificates to trust, instead of SSL_CERT_FILE or those
    of certifi. Requests raise AddressRefused besides the exceptions of httpx.
    `mounts` are patterns of addresses, as httpx writes them, that are answered without any network.
    """
    logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it logs whole addresses, webhook secrets included
    return _Client(
        transport=Carrier(Guard(tuple(allow_nets), allow_ports, public), resolve, authorities),
        timeout=timeout,
        headers={"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate"},
        follow_redirects=False,
        trust_env=False,
        mounts=mounts,
    )


class _NoCookies(Cookies):
    """A jar that nothing goes into."""

    def extract_cookies(self, response: Response) -> None:
        """Leave them: even to look for them took a tenth of a millisecond an answer."""


_NO_COOKIES = _NoCookies()


class _Client(Client):
    """The client, without cookies."""

    @property
    def cookies(self) -> Cookies:
        """None, whatever was sent."""
        return _NO_COOKIES

    @cookies.setter
    def cookies(self, _given: object) -> None:
        """Pass them over."""


def plain_host(url: URL) -> str:
    """The host as it goes over the wire; unlike `URL.host` it never raises."""
    return url.raw_host.decode("ascii").lower()
