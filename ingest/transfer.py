"""One request under way: what libcurl calls while it works on it, and what the client waits for.

A body is handed on as it comes. At most a megabyte of it waits to be taken; then libcurl stops reading, and the
publisher has to wait.
"""

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import httpx
import pycurl

from ingest.guard import Guard
from ingest.trouble import AddressRefused

_HELD = 1 << 20  # bytes of one body that wait to be taken before the publisher is made to wait
_TURNS = 3  # of the loop until libcurl has said that an answer without a body is over
_PATIENCE = 20.0
_PROXY = 97  # CURLE_PROXY, for which pycurl has no name: a handshake with a SOCKS proxy failed
_WANTS_PASSWORD, _NOT_THROUGH = 407, 300
_SOCKS_NO_ENTRY = frozenset((12, 33))  # CURLPX_NO_AUTH, CURLPX_USER_REJECTED
_NO_ENTRY = "does not let us in; check its user and password."
_CONNECT = frozenset((
    pycurl.E_COULDNT_CONNECT, pycurl.E_COULDNT_RESOLVE_HOST, pycurl.E_COULDNT_RESOLVE_PROXY, pycurl.E_SSL_CONNECT_ERROR,
    pycurl.E_PEER_FAILED_VERIFICATION, pycurl.E_SSL_CACERT_BADFILE, pycurl.E_INTERFACE_FAILED,
))  # fmt: skip
_BROKEN_OFF = frozenset((pycurl.E_SEND_ERROR, pycurl.E_RECV_ERROR))


@dataclass(frozen=True, slots=True)
class Place:
    """A host as written, and a port: the publisher's, or the proxy's."""

    host: str
    port: int
    is_proxy: bool = False

    @property
    def name(self) -> str:
        """The host without the brackets of an IPv6 address."""
        return self.host.strip("[]")

    @property
    def told(self) -> str:
        """As a sentence names it."""
        return f"the proxy {self.host}" if self.is_proxy else self.host


class Transfer:
    """One request under way. libcurl calls the `take_` methods; it is never called from within them."""

    __slots__ = (
        "_chunks", "_guard", "_held", "_is_head_over", "_lines", "_opened", "_outcome", "_paused", "_refused",
        "_request", "_target", "_trouble", "_wake", "curl", "door", "ended",
    )  # fmt: skip

    def __init__(self, curl: pycurl.Curl, request: httpx.Request, guard: Guard, target: Place, door: Place) -> None:
        self.curl, self.door, self.ended = curl, door, False
        self._request, self._guard, self._target = request, guard, target
        self._lines: list[bytes] = []
        self._chunks: deque[bytes] = deque()
        self._held = 0
        self._is_head_over = self._paused = self._refused = False
        self._opened: list[socket.socket] = []
        self._outcome: asyncio.Future[pycurl.Curl] | None = None
        self._trouble: pycurl.error | None = None
        self._wake: asyncio.Future[None] | None = None

    def start(self, multi: pycurl.AsyncCurlMulti) -> None:
        """Begin; `_end` hears of the outcome."""
        self._outcome = multi.add_handle(self.curl)
        self._outcome.add_done_callback(self._end)

    @property
    def is_under_way(self) -> bool:
        """Whether libcurl still works on it. It may be over before `ended` says that the word has reached us."""
        return self._outcome is not None and not self._outcome.done()

    @property
    def version(self) -> bytes:
        """The answer's version of HTTP, as `HTTP/1.1`."""
        return self._lines[0].split(None, 1)[0]

    @property
    def status(self) -> int:
        """The answer's status."""
        return int(self._lines[0].split(None, 2)[1])

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """The answer's header fields, in order."""
        parts = (line.partition(b":") for line in self._lines[1:])
        return [(name.strip(), value.strip()) for name, colon, value in parts if colon]

    async def head_arrived(self) -> None:
        """Wait for the status line and header fields."""
        while not self._is_head_over:
            if self.ended:
                raise self._failure()
            await self._news(patience(self._request, "connect") + patience(self._request, "read"))
        if self.door.is_proxy and self.status == _WANTS_PASSWORD:
            raise httpx.ProxyError(f"The proxy {self.door.host} {_NO_ENTRY}", request=self._request)

    async def body(self) -> AsyncIterator[bytes]:
        """The body in the pieces in which it came."""
        while True:
            while self._chunks:
                chunk = self._chunks.popleft()
                self._held -= len(chunk)
                yield chunk
            if self.ended:
                if self._trouble is not None:
                    raise self._failure()
                return
            if self._paused:
                self._paused = False
                self.curl.pause(pycurl.PAUSE_CONT)
                continue
            await self._news(patience(self._request, "read"))

    def take_line(self, line: bytes) -> None:
        """One line of the head; a head of 1xx is followed by another, and trailers come after the last."""
        if self._is_head_over:
            return
        if line.startswith(b"HTTP/"):
            self._lines = [line]
        elif line.strip():
            self._lines.append(line)
        elif self._lines and self._lines[0].split(None, 2)[1].startswith(b"1"):
            self._lines = []
        else:
            self._is_head_over = True
            self._tell()

    def take_body(self, chunk: bytes) -> int | None:
        """One piece of the body; libcurl brings it again later when enough waits already."""
        if self._held >= _HELD:
            self._paused = True
            return int(pycurl.WRITEFUNC_PAUSE)
        self._held += len(chunk)
        self._chunks.append(chunk)
        self._tell()
        return None

    def open_socket(self, _purpose: int, found: Any) -> socket.socket | int:
        """The guard's word on the address that libcurl is about to connect to."""
        address, port = ip_address(found.addr[0]), int(found.addr[1])
        if not self._guard.admits(address, self.door.name, port):
            self._refused = True
            return int(pycurl.SOCKET_BAD)
        opened = socket.socket(found.family, found.socktype, found.protocol)
        self._opened.append(opened)  # libcurl takes a copy of the descriptor
        return opened

    def close(self) -> None:
        """Let go of our copies of its sockets."""
        self.ended = True
        for opened in self._opened:
            opened.close()
        self._opened.clear()

    def _end(self, outcome: "asyncio.Future[pycurl.Curl]") -> None:
        self.ended = True
        if outcome.cancelled():
            self._trouble = pycurl.error(pycurl.E_RECV_ERROR, "the client was closed")
        elif isinstance(trouble := outcome.exception(), pycurl.error):
            self._trouble = trouble
        self._tell()

    def _tell(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    async def _news(self, seconds: float) -> None:
        self._wake = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await self._wake
        except TimeoutError:
            raise httpx.ReadTimeout("nothing came for too long", request=self._request) from None

    def _failure(self) -> Exception:
        """What went wrong, in the words of httpx and with the cause that it would have."""
        code, text = (*self._trouble.args, "")[:2] if self._trouble is not None else (0, "the answer has no head")
        if self._refused and not self._opened:
            return AddressRefused(self._guard.refusal(self.door.told, self.door.port))
        if self.door.is_proxy and (said := self._proxy_trouble(code)):
            return httpx.ProxyError(f"The proxy {self.door.host} {said}", request=self._request)
        if code == pycurl.E_OPERATION_TIMEDOUT:
            return httpx.ConnectTimeout(text, request=self._request)
        if code in _CONNECT:
            error = httpx.ConnectError(text, request=self._request)
            error.__cause__ = _cause(code, text)
            return error
        kind = httpx.ReadError if code in _BROKEN_OFF else httpx.RemoteProtocolError
        return kind(text, request=self._request)

    def _proxy_trouble(self, code: int) -> str:
        """What the proxy is to blame for, as the rest of a sentence that begins with its name."""
        answered = int(self.curl.getinfo(pycurl.HTTP_CONNECTCODE))
        if answered == _WANTS_PASSWORD or (code == _PROXY and self.curl.getinfo(pycurl.PROXY_ERROR) in _SOCKS_NO_ENTRY):
            return _NO_ENTRY
        if answered >= _NOT_THROUGH:
            return f"does not lead to {self._target.host} (it answers {answered}); check what it lets through."
        if code == _PROXY:
            return f"does not lead to {self._target.host}; check what it lets through and whether it speaks SOCKS 5."
        if code == pycurl.E_COULDNT_RESOLVE_PROXY:
            return "cannot be found; check its name and the network."
        return "takes no connection; check its address and whether it runs." if code == pycurl.E_COULDNT_CONNECT else ""


class Body(httpx.AsyncByteStream):
    """A body on its way; closing it early ends the transfer."""

    def __init__(self, transfer: Transfer, give_back: Callable[[], None]) -> None:
        self._transfer, self._give_back = transfer, give_back
        self._is_open = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._transfer.body():
            yield chunk

    async def aclose(self) -> None:
        if not self._is_open:
            return
        self._is_open = False
        try:
            for _ in range(_TURNS):
                if not self._transfer.ended:
                    await asyncio.sleep(0)
        finally:
            self._give_back()


def patience(request: httpx.Request, kind: str) -> float:
    """Seconds that the request's timeout allows for `connect` or `read`."""
    timeouts: dict[str, float | None] = request.extensions.get("timeout", {})
    return timeouts.get(kind) or _PATIENCE


def _cause(code: int, text: str) -> Exception | None:
    match code:
        case pycurl.E_COULDNT_RESOLVE_HOST | pycurl.E_COULDNT_RESOLVE_PROXY:
            return socket.gaierror(text)
        case pycurl.E_PEER_FAILED_VERIFICATION:
            error = ssl.SSLCertVerificationError(text)
            error.verify_message = text.removeprefix("SSL certificate problem: ")
            return error
        case pycurl.E_SSL_CONNECT_ERROR:
            return ssl.SSLError(text)
    return None
