"""Pretend receivers on loopback: they check address, signature and shape as the real services do, and answer like them.

Each `Fake` takes faults from a queue, one a request: busy (500), crowded (rate limit), silent (no answer), broken
(hangs up), denied (403), closed (410), html (a page that is not the service's). What it accepted is in `accepted`,
what it was asked at all in `asked`. `links` and `alarms` tell what a reader's program would make of a message:
where its links lead, and whatever would mention people or act as markup of outsiders.
"""

import base64
import hmac
import json
import re
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from standardwebhooks import Webhook

from service.notify.channel import ChannelInfo

Clock = Callable[[], datetime]
PAGE = b"<!doctype html><title>Welcome to the hotel network</title>"


@dataclass(frozen=True)
class Asked:
    """One request as it came in; header names in lower case."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class Fake(ABC):
    """A receiver of one kind. `info` is the channel that leads to it."""

    kind: ClassVar[str]
    path: ClassVar[str]
    secret: ClassVar[str | None] = None
    wrong_secret: ClassVar[str | None] = None  # of the right form; None where there is no secret to be wrong
    faults_of_its_own: ClassVar[dict[str, Reply]] = {}

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.faults: deque[str] = deque()
        self.replies: deque[Reply] = deque()  # given before anything else
        self.asked: list[Asked] = []
        self.accepted: list[Asked] = []
        self.meanwhile: Callable[[], object] = lambda: None  # called while a request is being answered
        self.stopping = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        self.root = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def info(self, language: str = "zh") -> ChannelInfo:
        return ChannelInfo(self.kind, "the room", self.root + self.path, self.secret, language)

    def nowhere(self) -> ChannelInfo:
        """A channel with an address that the service does not know."""
        return replace(self.info(), address=self.root + self.path.replace("token", "another"))

    def take(self, asked: Asked) -> Reply | None:
        """Note the request and answer it; None to hang up."""
        self.asked.append(asked)
        self.meanwhile()
        if self.replies:
            return self.replies.popleft()
        fault = self.faults.popleft() if self.faults else ""
        if fault == "silent":
            self.stopping.wait(30)
            return None
        if fault == "broken":
            return None
        if fault:
            return (GENERAL | self.faults_of_its_own)[fault]
        reply = self.check(asked)
        if reply is None:
            self.accepted.append(asked)
            return self.success()
        return reply

    @abstractmethod
    def check(self, asked: Asked) -> Reply | None:
        """The refusal; None to accept."""

    @abstractmethod
    def success(self) -> Reply: ...

    def number(self, asked: Asked) -> str:
        """The notice's id, wherever this kind of message carries it."""
        found = re.search(r"msg_[0-9a-z_]+", self.shown(asked))
        assert found, "no id is shown"
        return found[0]

    def shown(self, asked: Asked) -> str:
        """Everything that a reader sees."""
        return "\n".join(_strings(asked.json))

    @abstractmethod
    def links(self, asked: Asked) -> set[str]: ...

    @abstractmethod
    def alarms(self, asked: Asked) -> list[str]: ...


GENERAL = {
    "busy": Reply(500, b"oops"),
    "crowded": Reply(429, b"slow down", (("Retry-After", "90"),)),
    "denied": Reply(403, b"no"),
    "closed": Reply(410, b"gone"),
    "html": Reply(200, PAGE),
}


def said(**values: Any) -> Reply:
    return Reply(200, json.dumps(values).encode(), (("Content-Type", "application/json"),))


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _strings(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _strings(inner)]
    return [value] if isinstance(value, str) else []


def nodes(value: Any) -> list[dict[str, Any]]:
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    mine = [value] if isinstance(value, dict) else []
    return mine + [node for one in inner for node in nodes(one)]


class FakeWebhook(Fake):
    """A receiver that follows Standard Webhooks."""

    kind = "webhook"
    path = "/hooks/token-1234567890"
    secret = "whsec_" + base64.b64encode(b"a key of twenty-four byte").decode()
    wrong_secret = "whsec_" + base64.b64encode(b"another key of some byte").decode()

    def check(self, asked: Asked) -> Reply | None:
        if asked.path != self.path:
            return Reply(404, b"")
        heads = asked.headers
        moment = datetime.fromtimestamp(int(heads["webhook-timestamp"]), self.clock().tzinfo)
        expected = Webhook(self.secret or "").sign(heads["webhook-id"], moment, asked.body.decode())
        fresh = abs((self.clock() - moment).total_seconds()) < 300
        right = hmac.compare_digest(heads.get("webhook-signature", ""), expected)
        return None if fresh and right else Reply(401, b"signature")

    def success(self) -> Reply:
        return Reply(204, b"")

    def number(self, asked: Asked) -> str:
        assert asked.json["id"] == asked.headers["webhook-id"]
        return asked.headers["webhook-id"]

    def links(self, asked: Asked) -> set[str]:
        found = [asked.json["alert"]["url"], *(source["link"] for source in asked.json["alert"]["sources"])]
        return {link for link in found if link}

    def alarms(self, asked: Asked) -> list[str]:
        return []


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64  # five, the default, makes a busy sender wait for lost connections
    fake: Fake

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gives up is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        heads = {name.lower(): value for name, value in self.headers.items()}
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        reply = self.server.fake.take(Asked(parts.path, query, heads, body))
        if reply is None:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in (("Content-Length", str(len(reply.body))), *reply.headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet."""
