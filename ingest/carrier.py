"""What carries the client's requests: libcurl under the face of httpx, with the address guard at each new socket.

libcurl does the work of a request in C and speaks HTTP/2 where a publisher offers it: 0.3 ms of processor time
against 1.9 ms with httpx's own carrier (`docs/decisions/0005-what-carries-a-request.md`). It asks the guard for every
socket that it opens, with the very address that it is about to connect to: nothing stands between check and connection.

Through a proxy it is the proxy's address that the guard sees, and the proxy that finds the publisher's: a publisher
given by an address, or as localhost, is judged before the proxy is asked.
"""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache, partial

import certifi
import httpx
import pycurl

from ingest.guard import Guard, literal
from ingest.transfer import Body, Place, Transfer, patience

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
_IDLE = 64  # easy handles, and kept connections
_OURS = frozenset((b"host", b"content-length", b"connection", b"transfer-encoding"))  # libcurl writes these itself
_PORTS = {"http": 80, "https": 443}
_PROXY_PORTS = {"http": 80, "https": 443, "socks5h": 1080}
_SUPPRESS_CONNECT_HEADERS = 265  # CURLOPT_…, for which pycurl has no name: the proxy's own head is none of ours
_SENDING = frozenset(("POST", "PUT", "PATCH"))
_BREAK = re.compile(rb"[\r\n\x00]")


class Carrier(httpx.AsyncBaseTransport):
    """The transport of one client; used in one event loop. `resolve` takes the place of the system's resolver."""

    def __init__(self, guard: Guard, resolve: Resolver | None = None, authorities: str | None = None) -> None:
        self._guard = guard
        self._resolve = resolve
        self._authorities = authorities or os.environ.get("SSL_CERT_FILE") or certifi.where()
        self._multi = pycurl.AsyncCurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, _IDLE)
        self._idle: list[pycurl.Curl] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request; the body is handed on as it comes. AddressRefused besides the exceptions of httpx."""
        proxy: str = request.extensions.get("proxy") or ""
        target = _target(request)
        door = _door(proxy) if proxy else target
        if proxy:
            self._judge_behind(target)
        found = await self._judged(door, patience(request, "connect"))
        body = await request.aread()
        curl = self._idle.pop() if self._idle else pycurl.Curl()
        transfer = Transfer(curl, request, self._guard, target, door)
        try:
            self._prepare(curl, request, transfer, body, found)
            transfer.start(self._multi)
            await transfer.head_arrived()
        except BaseException:
            self._give_back(transfer)
            raise
        return httpx.Response(
            transfer.status,
            headers=transfer.headers,
            stream=Body(transfer, partial(self._give_back, transfer)),
            extensions={"http_version": transfer.version},
        )

    async def aclose(self) -> None:
        """End what is under way and close every connection."""
        await self._multi.aclose()
        for curl in self._idle:
            curl.close()
        self._idle.clear()

    def _judge_behind(self, target: Place) -> None:
        """A place that a proxy is to reach. Of names only the proxy knows where they lead."""
        name = target.name.removesuffix(".")
        is_local = name == "localhost" or name.endswith(".localhost")
        # libcurl would send 127%2e0%2e0%2e1 to the proxy as an address.
        address = "127.0.0.1" if is_local or "%" in name else literal(target.name)
        if address is not None:
            self._guard.choose(target.host, target.port, [address])

    async def _judged(self, door: Place, seconds: float) -> tuple[str, ...]:
        """Addresses that a resolver of our own has found, judged; none where libcurl is to find them itself."""
        address = literal(door.name)
        if address is not None:
            self._guard.choose(door.told, door.port, [address])
        if address is not None or self._resolve is None:
            return ()
        try:
            async with asyncio.timeout(seconds):
                found = await self._resolve(door.name, door.port)
            return self._guard.choose(door.told, door.port, found)
        except TimeoutError as error:
            raise httpx.ConnectTimeout(f"no name server knew {door.name} in time") from error
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"the name {door.name} cannot be resolved") from error

    def _prepare(
        self, curl: pycurl.Curl, request: httpx.Request, transfer: Transfer, body: bytes, found: tuple[str, ...]
    ) -> None:
        set_ = curl.setopt
        url = request.url.copy_with(userinfo=b"") if request.url.userinfo else request.url
        set_(pycurl.URL, str(url.copy_with(fragment=None) if url.fragment else url))
        set_(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
        set_(pycurl.PATH_AS_IS, 1)
        set_(pycurl.NOSIGNAL, 1)
        set_(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS)
        set_(pycurl.CAINFO, self._authorities)
        set_(pycurl.HTTPHEADER, _lines(request))
        set_(pycurl.CONNECTTIMEOUT_MS, int(1000 * patience(request, "connect")))
        set_(pycurl.HEADERFUNCTION, transfer.take_line)
        set_(pycurl.WRITEFUNCTION, transfer.take_body)
        set_(pycurl.OPENSOCKETFUNCTION, transfer.open_socket)
        self._go_through(curl, request)
        if request.method == "HEAD":
            set_(pycurl.NOBODY, 1)
        elif request.method != "GET":
            set_(pycurl.CUSTOMREQUEST, request.method)
        if body or request.method in _SENDING:
            set_(pycurl.POSTFIELDS, body)
        if found:
            place = f"{transfer.door.name}:{transfer.door.port}"
            set_(pycurl.RESOLVE, [f"-{place}", f"{place}:{','.join(map(_bracketed, found))}"])

    def _go_through(self, curl: pycurl.Curl, request: httpx.Request) -> None:
        proxy: str = request.extensions.get("proxy") or ""
        curl.setopt(pycurl.PROXY, proxy)  # "" and not the one that the environment names
        if proxy:
            curl.setopt(pycurl.NOPROXY, "")  # nor the exceptions that it names
            curl.setopt(pycurl.PROXY_CAINFO, self._authorities)
            curl.setopt(_SUPPRESS_CONNECT_HEADERS, 1)

    def _give_back(self, transfer: Transfer) -> None:
        is_free = transfer.ended and not self._multi.closed and len(self._idle) < _IDLE
        transfer.close()
        if transfer.is_under_way and not self._multi.closed:
            self._multi.remove_handle(transfer.curl)  # and its connection with it: the rest of the answer is unread
        if is_free:
            transfer.curl.reset()  # options only: its connection stays with the multi handle, for whoever asks next
            self._idle.append(transfer.curl)
        else:
            transfer.curl.close()


def _target(request: httpx.Request) -> Place:
    if request.url.scheme not in _PORTS:
        raise httpx.UnsupportedProtocol("only http and https are carried", request=request)
    return Place(request.url.raw_host.decode("ascii").lower(), request.url.port or _PORTS[request.url.scheme])


@lru_cache(maxsize=256)
def _door(proxy: str) -> Place:
    """Where the proxy stands."""
    url = httpx.URL(proxy)
    if url.scheme not in _PROXY_PORTS or not url.raw_host:
        raise httpx.UnsupportedProtocol("a proxy is reached by http, https or socks5h")
    return Place(url.raw_host.decode("ascii").lower(), url.port or _PROXY_PORTS[url.scheme], is_proxy=True)


def _lines(request: httpx.Request) -> list[bytes]:
    """Header fields as libcurl wants them: an empty one needs a semicolon, one without a value is not to be sent."""
    lines = [b"Expect:"]
    for name, value in request.headers.raw:
        if name.lower() not in _OURS:
            line = name + b": " + value if value else name + b";"
            if _BREAK.search(line):
                raise httpx.LocalProtocolError("a header field holds a line break", request=request)
            lines.append(line)
    if request.method in _SENDING and "content-type" not in request.headers:
        lines.append(b"Content-Type:")
    return lines


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address
