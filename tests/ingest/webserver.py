"""A real HTTP server on loopback, in a thread, that answers as it was told: for tests of everything that fetches."""

import socket
import ssl
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Answer:
    """One answer. Content-Length is added unless `headers` names it; a header of None is left out.

    `drip` sends the body byte by byte, waiting so many seconds between two; `reset` breaks the connection by RST after
    `reset` bytes of the body; `silent` never answers until the server stops; `raw` is sent instead of everything.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str | None] = field(default_factory=dict)
    drip: float = 0.0
    reset: int | None = None
    silent: bool = False
    raw: bytes | None = None


@dataclass(frozen=True)
class Asked:
    """One request as it came in; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class WebServer:
    """`answers[path]` is one Answer, or a list of which each request takes the next and the last stays."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.answers: dict[str, Answer | Sequence[Answer]] = {}
        self.asked: list[Asked] = []
        self.stopping = threading.Event()
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.web = self
        self.port: int = self._server.server_address[1]
        if certificate is not None:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(certificate)
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """The address of a path on this server."""
        return f"http://{host}:{self.port}{path}"

    def take(self, asked: Asked) -> Answer:
        """Note the request and find its answer; 404 for an unknown path."""
        with self._lock:
            self.asked.append(asked)
            script = self.answers.get(asked.path, Answer(404))
            if isinstance(script, Answer):
                return script
            at = self._counts.get(asked.path, 0)
            self._counts[asked.path] = at + 1
            return script[min(at, len(script) - 1)]

    def paths(self) -> list[str]:
        """The paths asked for so far, in order."""
        return [asked.path for asked in self.asked]

    def start(self) -> None:
        """Serve until `stop`."""
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """End all answers that still wait, and close."""
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def webserver(certificate: Path | None = None) -> Iterator[WebServer]:
    """A running server, closed at the end; over TLS if given a PEM file with key and certificate."""
    server = WebServer(certificate)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    web: WebServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.web.take(Asked(self.command, self.path, headers, body))
        if answer.silent:
            self.server.web.stopping.wait(30)
            self.close_connection = True
        elif answer.raw is not None:
            self.wfile.write(answer.raw)
            self.close_connection = True
        else:
            self._send_head(answer)
            self._send_body(answer)

    do_POST = do_GET  # noqa: N815

    def _send_head(self, answer: Answer) -> None:
        self.send_response(answer.status)
        names = {name.lower() for name in answer.headers}
        if "content-length" not in names and answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            if value is not None:
                self.send_header(name, value)
        if "content-length" in names:
            self.close_connection = True
        self.end_headers()

    def _send_body(self, answer: Answer) -> None:
        if answer.reset is not None:
            self.wfile.write(answer.body[: answer.reset])
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            socket.close(self.connection.detach())
            self.close_connection = True
        elif answer.drip:
            for byte in answer.body:
                self.wfile.write(bytes([byte]))
                if self.server.web.stopping.wait(answer.drip):
                    self.close_connection = True
                    return
        else:
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet."""
