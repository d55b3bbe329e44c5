"""What carries the client's requests: libcurl under the face of httpx, with the address guard at each new socket.

libcurl does the work of a request in C and speaks HTTP/2 where a publisher offers it: 0.3 ms of processor time
against 1.9 ms with httpx's own carrier (`docs/decisions/0005-what-carries-a-request.md`). It asks the guard for every
socket that it opens, with the very address that it is about to connect to: nothing stands between check and connection.
"""

import asyncio
import os
import socket
import ssl
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from ipaddress import ip_address
from typing import Any

import certifi
import httpx
import pycurl

from ingest.guard import Guard, literal
from ingest.trouble import AddressRefused

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
_HELD = 1 << 20  # bytes of one body that wait to be taken before the publisher is made to wait
_TURNS = 3  # of the loop until libcurl has said that an answer without a body is over
_IDLE = 64  # easy handles, and kept connections
_OURS = frozenset((b"host", b"content-length", b"connection", b"transfer-encoding"))  # libcurl writes these itself
_PORTS = {"http": 80, "https": 443}
_PATIENCE = 20.0
_CONNECT = frozenset((
    pycurl.E_COULDNT_CONNECT, pycurl.E_COULDNT_RESOLVE_HOST, pycurl.E_COULDNT_RESOLVE_PROXY, pycurl.E_SSL_CONNECT_ERROR,
    pycurl.E_PEER_FAILED_VERIFICATION, pycurl.E_SSL_CACERT_BADFILE, pycurl.E_INTERFACE_FAILED,
))  # fmt: skip
_BROKEN_OFF = frozenset((pycurl.E_SEND_ERROR, pycurl.E_RECV_ERROR))


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
        if request.url.scheme not in _PORTS:
            raise httpx.UnsupportedProtocol("only http and https are carried", request=request)
        port = request.url.port or _PORTS[request.url.scheme]
        host = request.url.raw_host.decode("ascii").lower()
        found = await self._judged(host, port, _patience(request, "connect"))
        body = await request.aread()
        curl = self._idle.pop() if self._idle else pycurl.Curl()
        transfer = _Transfer(curl, request, self._guard, host, port)
        self._prepare(curl, request, transfer, body, found)
        transfer.start(self._multi)
        try:
            await transfer.head_arrived()
        except BaseException:
            self._give_back(transfer)
            raise
        return httpx.Response(
            transfer.status, headers=transfer.headers, stream=_Body(transfer, partial(self._give_back, transfer))
        )

    async def aclose(self) -> None:
        """End what is under way and close every connection."""
        await self._multi.aclose()
        for curl in self._idle:
            curl.close()
        self._idle.clear()

    async def _judged(self, host: str, port: int, seconds: float) -> tuple[str, ...]:
        """Addresses that a resolver of our own has found, judged; none where libcurl is to find them itself."""
        name = host.strip("[]")
        address = literal(name)
        if address is not None:
            self._guard.choose(name, port, [address])
        if address is not None or self._resolve is None:
            return ()
        try:
            async with asyncio.timeout(seconds):
                found = await self._resolve(name, port)
            return self._guard.choose(name, port, found)
        except TimeoutError as error:
            raise httpx.ConnectTimeout(f"no name server knew {name} in time") from error
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"the name {name} cannot be resolved") from error

    def _prepare(
        self, curl: pycurl.Curl, request: httpx.Request, transfer: "_Transfer", body: bytes, found: tuple[str, ...]
    ) -> None:
        set_ = curl.setopt
        url = request.url.copy_with(userinfo=b"") if request.url.userinfo else request.url
        set_(pycurl.URL, str(url.copy_with(fragment=None) if url.fragment else url))
        set_(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
        set_(pycurl.PATH_AS_IS, 1)
        set_(pycurl.NOSIGNAL, 1)
        set_(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS)
        set_(pycurl.CAINFO, self._authorities)
        set_(pycurl.HTTPHEADER, [b"Expect:", *_lines(request)])
        set_(pycurl.CONNECTTIMEOUT_MS, int(1000 * _patience(request, "connect")))
        set_(pycurl.HEADERFUNCTION, transfer.take_line)
        set_(pycurl.WRITEFUNCTION, transfer.take_body)
        set_(pycurl.OPENSOCKETFUNCTION, transfer.open_socket)
        set_(pycurl.PROXY, request.extensions.get("proxy") or "")  # "" and not the one that the environment names
        if request.method != "GET":
            set_(pycurl.CUSTOMREQUEST, request.method)
        if body or request.method in ("POST", "PUT", "PATCH"):
            set_(pycurl.POSTFIELDS, body)
        if found:
            place = f"{transfer.host}:{transfer.port}"
            set_(pycurl.RESOLVE, [f"-{place}", f"{place}:{','.join(map(_bracketed, found))}"])

    def _give_back(self, transfer: "_Transfer") -> None:
        is_free = transfer.ended
        transfer.close()
        if self._multi.closed:
            return
        if transfer.is_under_way:
            self._multi.remove_handle(transfer.curl)  # and its connection with it: the rest of the answer is unread
        elif is_free and len(self._idle) < _IDLE:
            transfer.curl.reset()  # options only: its connection stays with the multi handle, for whoever asks next
            self._idle.append(transfer.curl)


class _Transfer:
    """One request under way. libcurl calls the `take_` methods; it is never called from within them."""

    __slots__ = (
        "_chunks", "_guard", "_held", "_is_head_over", "_is_tunnel", "_lines", "_opened", "_outcome", "_paused",
        "_refused", "_request", "_trouble", "_wake", "curl", "ended", "host", "port",
    )  # fmt: skip

    def __init__(self, curl: pycurl.Curl, request: httpx.Request, guard: Guard, host: str, port: int) -> None:
        self.curl, self.host, self.port, self.ended = curl, host, port, False
        self._request, self._guard = request, guard
        self._lines: list[bytes] = []
        self._chunks: deque[bytes] = deque()
        self._held = 0
        self._is_head_over = self._paused = self._refused = False
        self._opened: list[socket.socket] = []
        self._is_tunnel = bool(request.extensions.get("proxy")) and request.url.scheme == "https"
        self._trouble: pycurl.error | None = None
        self._wake: asyncio.Future[None] | None = None

    def start(self, multi: pycurl.AsyncCurlMulti) -> None:
        """Begin; `_end` hears of the outcome."""
        self._outcome = multi.add_handle(self.curl)
        self._outcome.add_done_callback(self._end)

    @property
    def is_under_way(self) -> bool:
        """Whether libcurl still works on it. It may be over before `ended` says that the word has reached us."""
        return not self._outcome.done()

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
            await self._news(_patience(self._request, "connect") + _patience(self._request, "read"))

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
            await self._news(_patience(self._request, "read"))

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
        elif self._is_tunnel:
            self._is_tunnel = False  # the proxy's own "connection established"; the publisher's head follows
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
        if not self._guard.admits(address, self.host.strip("[]"), port):
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
        if not outcome.cancelled() and isinstance(trouble := outcome.exception(), pycurl.error):
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
            return AddressRefused(self._guard.refusal(self.host, self.port))
        if code == pycurl.E_OPERATION_TIMEDOUT:
            return httpx.ConnectTimeout(text, request=self._request)
        if code in _CONNECT:
            error = httpx.ConnectError(text, request=self._request)
            error.__cause__ = _cause(code, text)
            return error
        kind = httpx.ReadError if code in _BROKEN_OFF else httpx.RemoteProtocolError
        return kind(text, request=self._request)


class _Body(httpx.AsyncByteStream):
    """A body on its way; closing it early ends the transfer."""

    def __init__(self, transfer: _Transfer, give_back: Callable[[], None]) -> None:
        self._transfer, self._give_back = transfer, give_back
        self._is_open = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._transfer.body():
            yield chunk

    async def aclose(self) -> None:
        if self._is_open:
            self._is_open = False
            for _ in range(_TURNS):
                if not self._transfer.ended:
                    await asyncio.sleep(0)
            self._give_back()


def _patience(request: httpx.Request, kind: str) -> float:
    """Seconds that the request's timeout allows for `connect` or `read`."""
    timeouts: dict[str, float | None] = request.extensions.get("timeout", {})
    return timeouts.get(kind) or _PATIENCE


def _lines(request: httpx.Request) -> list[bytes]:
    """Header fields as libcurl wants them; an empty one needs a semicolon."""
    fields = [(name, value) for name, value in request.headers.raw if name.lower() not in _OURS]
    return [name + b": " + value if value else name + b";" for name, value in fields]


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


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
