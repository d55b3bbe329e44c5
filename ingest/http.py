"""The one place that imports httpx: a client that cannot be talked into reaching the operator's own network.

The guard stands where the connection is opened: the name is resolved once, the found addresses are judged, and exactly
a judged address is connected to. A name that changes its answer, a redirect or a kept connection cannot slip past it.
TLS still proves the host name, because only the TCP connection is opened by number.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import httpcore
import httpx
from httpx import (
    URL,
    ConnectError,
    HTTPError,
    InvalidURL,
    RemoteProtocolError,
    Response,
    TimeoutException,
)
from httpx import AsyncClient as Client

from ingest.guard import Guard, Network, literal

__all__ = [
    "URL",
    "Client",
    "ConnectError",
    "HTTPError",
    "InvalidURL",
    "RemoteProtocolError",
    "Resolver",
    "Response",
    "TimeoutException",
    "make_client",
    "plain_host",
]

USER_AGENT = "Watchfire/0.1 (early warning; reads public feeds)"
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
_MOST_ADDRESSES = 6  # tried of one name, so that a long list of dead ones cannot use up the time


def make_client(
    allow_nets: Sequence[Network] = (),
    *,
    timeout: float = 20.0,
    user_agent: str = USER_AGENT,
    allow_ports: frozenset[tuple[str, int]] | None = None,
    public: bool = True,
    resolve: Resolver | None = None,
    tls: ssl.SSLContext | None = None,
) -> Client:
    """A client for feeds and webhooks alike; close it (`async with`) when done.

    `timeout` is in seconds for each of connect, read, write. `allow_nets` are let through besides public addresses;
    `allow_ports` narrows them to (host, port) pairs; `public=False` shuts out all others. Redirects are not followed,
    cookies not kept, proxies of the environment not used; a CA file named by SSL_CERT_FILE is.
    Requests raise AddressRefused besides the exceptions of httpx.
    """
    logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it logs whole addresses, webhook secrets included
    guard = Guard(tuple(allow_nets), allow_ports, public)
    client = Client(
        transport=_GuardedTransport(guard, resolve, tls or httpx.create_ssl_context()),
        timeout=timeout,
        headers={"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate"},
        follow_redirects=False,
        trust_env=False,
    )
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))
    return client


def plain_host(url: URL) -> str:
    """The host as it goes over the wire; unlike `URL.host` it never raises."""
    return url.raw_host.decode("ascii").lower()


async def _system_resolve(threads: ThreadPoolExecutor, host: str, port: int) -> Sequence[str]:
    """getaddrinfo in threads of its own, so that a slow name server holds up no other work."""
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(threads, look_up)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens TCP connections for httpcore, to judged addresses only."""

    def __init__(self, guard: Guard, resolve: Resolver) -> None:
        self._guard = guard
        self._resolve = resolve
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                addresses = self._guard.choose(host, port, await self._find(host, port))
                patience = None if timeout is None else timeout / min(len(addresses), _MOST_ADDRESSES)
                return await self._first_of(addresses, port, patience, socket_options)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"{host} did not take the connection") from error

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)

    async def _find(self, host: str, port: int) -> Sequence[str]:
        address = literal(host)
        if address is not None:
            return [address]
        try:
            return await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} cannot be resolved") from error

    async def _first_of(
        self, addresses: Sequence[str], port: int, patience: float | None, options: Iterable[Any] | None
    ) -> httpcore.AsyncNetworkStream:
        last: Exception = httpcore.ConnectError("no address")
        for address in addresses[:_MOST_ADDRESSES]:
            try:
                return await self._inner.connect_tcp(address, port, patience, None, options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last


class _GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport over a connection pool whose backend is guarded; httpx has no argument for it."""

    def __init__(self, guard: Guard, resolve: Resolver | None, tls: ssl.SSLContext) -> None:
        super().__init__(verify=tls, trust_env=False)
        self._threads = ThreadPoolExecutor(max_workers=32, thread_name_prefix="resolve")
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=None,  # the caller bounds how much goes on at once; queueing here would time out
            max_keepalive_connections=20,
            keepalive_expiry=5.0,
            network_backend=_GuardedBackend(guard, resolve or partial(_system_resolve, self._threads)),
        )

    async def aclose(self) -> None:
        await super().aclose()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def __aexit__(self, *error: Any) -> None:
        await super().__aexit__(*error)
        self._threads.shutdown(wait=False, cancel_futures=True)
