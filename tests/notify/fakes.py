"""Pretend receivers on loopback: they check address, signature and shape as the real services do, and answer like them.

Each `Fake` takes faults from a queue, one a request: busy (500), crowded (rate limit), silent (no answer), broken
(hangs up), denied (403), closed (410), html (a page that is not the service's). What it accepted is in `accepted`,
what it was asked at all in `asked`. `links` and `alarms` tell what a reader's program would make of a message:
where its links lead, and whatever would mention people or act as markup of outsiders.
"""

import base64
import hashlib
import hmac
import json
import re
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from standardwebhooks import Webhook

from service.notify.channel import ChannelInfo

Clock = Callable[[], datetime]
PAGE = b"<!doctype html><title>Welcome to the hotel network</title>"
MARKDOWN_LINK = re.compile(r"\[[^\]]*\]\(([^)]*)\)")


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


class Fake:
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

    def check(self, asked: Asked) -> Reply | None:
        """The refusal; None to accept."""
        raise NotImplementedError

    def success(self) -> Reply:
        raise NotImplementedError

    def number(self, asked: Asked) -> str:
        """The notice's id, wherever this kind of message carries it."""
        found = re.search(r"msg_[0-9a-z_]+", self.shown(asked))
        assert found, "no id is shown"
        return found[0]

    def shown(self, asked: Asked) -> str:
        """Everything that a reader sees."""
        return "\n".join(_strings(asked.json))

    def links(self, asked: Asked) -> set[str]:
        raise NotImplementedError

    def alarms(self, asked: Asked) -> list[str]:
        raise NotImplementedError


GENERAL = {
    "busy": Reply(500, b"oops"),
    "crowded": Reply(429, b"slow down", (("Retry-After", "90"),)),
    "denied": Reply(403, b"no"),
    "closed": Reply(410, b"gone"),
    "html": Reply(200, PAGE),
}


def _said(**values: Any) -> Reply:
    return Reply(200, json.dumps(values).encode(), (("Content-Type", "application/json"),))


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _strings(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _strings(inner)]
    return [value] if isinstance(value, str) else []


def _nodes(value: Any) -> list[dict[str, Any]]:
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    mine = [value] if isinstance(value, dict) else []
    return mine + [node for one in inner for node in _nodes(one)]


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


class FakeFeishu(Fake):
    """A custom bot of Feishu: always 200, the error in `code`."""

    kind = "feishu"
    path = "/open-apis/bot/v2/hook/token-1234567890"
    secret = "feishu signing key"
    wrong_secret = "another signing key"
    faults_of_its_own: ClassVar[dict[str, Reply]] = {
        "crowded": _said(code=11232, data={}, msg="frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]"),
        "denied": _said(code=19022, msg="Ip Not Allowed"),
    }
    templates = ("blue", "wathet", "turquoise", "green", "yellow", "orange", "red", "carmine", "purple", "grey")

    def check(self, asked: Asked) -> Reply | None:
        if asked.path != self.path:
            return _said(code=19001, data={}, msg="param invalid: incoming webhook access token invalid")
        body = asked.json
        key = f"{body.get('timestamp')}\n{self.secret}".encode()
        sign = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
        late = abs(self.clock().timestamp() - int(body.get("timestamp", 0))) > 3600
        if late or body.get("sign") != sign:
            text = "sign match fail or timestamp is not within one hour from current time"
            return _said(code=19021, msg=text)
        return None if self._is_card(body) and len(asked.body) <= 20_480 else _said(code=9499, msg="Bad Request")

    def _is_card(self, body: Any) -> bool:
        header, elements = body["card"]["header"], body["card"]["elements"]
        tags = {"div", "hr", "note", "action", "markdown"}
        texts = [node for node in _nodes(elements) if "content" in node]
        return (
            body["msg_type"] == "interactive"
            and header["template"] in self.templates
            and header["title"]["tag"] == "plain_text"
            and all(element["tag"] in tags for element in elements)
            and all(text["tag"] in ("plain_text", "lark_md") and isinstance(text["content"], str) for text in texts)
            and all(element["fields"] for element in elements if "fields" in element)
        )

    def success(self) -> Reply:
        return _said(StatusCode=0, StatusMessage="success", code=0, data={}, msg="success")

    def shown(self, asked: Asked) -> str:
        return unescape(super().shown(asked))

    def _marked(self, asked: Asked) -> list[str]:
        return [node["content"] for node in _nodes(asked.json) if node.get("tag") == "lark_md"]

    def links(self, asked: Asked) -> set[str]:
        buttons = {node["url"] for node in _nodes(asked.json) if node.get("tag") == "button"}
        return buttons | {link for text in self._marked(asked) for link in MARKDOWN_LINK.findall(text)}

    def alarms(self, asked: Asked) -> list[str]:
        ours = [re.sub(r"^\*\*[^*\n]+\*\*", "", MARKDOWN_LINK.sub("", text)) for text in self._marked(asked)]
        return [found for text in ours for found in re.findall(r"<[^>]*>|\*+|~~|`|\]\(|!\[|:[A-Za-z]+:", text)]


class FakeDingTalk(Fake):
    """A custom robot of DingTalk: always 200, the error in `errcode`."""

    kind = "dingtalk"
    path = "/robot/send?access_token=token-1234567890"
    secret = "SECdingtalk0123456789"
    wrong_secret = "SECanother0123456789"
    faults_of_its_own: ClassVar[dict[str, Reply]] = {
        "crowded": _said(errcode=130101, errmsg="send too fast, exceed 20 times per minute"),
        "denied": _said(errcode=310000, errmsg="ip 203.0.113.7 not in whitelist"),
    }

    def check(self, asked: Asked) -> Reply | None:
        if asked.query.get("access_token") != "token-1234567890":
            return _said(errcode=300005, errmsg="token is not exist")
        stamp = asked.query.get("timestamp", "0")
        mac = hmac.new((self.secret or "").encode(), f"{stamp}\n{self.secret}".encode(), hashlib.sha256).digest()
        if abs(self.clock().timestamp() * 1000 - int(stamp)) > 3_600_000:
            return _said(errcode=310000, errmsg="invalid timestamp")
        if asked.query.get("sign") != base64.b64encode(mac).decode():
            return _said(errcode=310000, errmsg="sign not match")
        if len(asked.body) > 20_000:
            return _said(errcode=460101, errmsg="message too long, exceed 20000 bytes")
        body = asked.json
        part = body.get(body.get("msgtype"), {})
        needed = {"actionCard": ("title", "text", "singleTitle", "singleURL"), "markdown": ("title", "text")}
        whole = all(part.get(name) for name in needed.get(body["msgtype"], ("?",)))
        return None if whole else _said(errcode=400105, errmsg="unsupported msgtype")

    def success(self) -> Reply:
        return _said(errcode=0, errmsg="ok")

    def links(self, asked: Asked) -> set[str]:
        part = asked.json[asked.json["msgtype"]]
        single = {part["singleURL"]} if "singleURL" in part else set()
        return single | set(MARKDOWN_LINK.findall(part["text"]))

    def alarms(self, asked: Asked) -> list[str]:
        body = asked.json
        at = body.get("at", {})
        everyone = ["everyone"] if at.get("isAtAll") or at.get("atMobiles") else []
        return everyone + _markdown_alarms(body[body["msgtype"]]["text"])


class FakeWeCom(Fake):
    """A group robot of WeCom: always 200, the error in `errcode`."""

    kind = "wecom"
    path = "/cgi-bin/webhook/send?key=token-1234567890"
    faults_of_its_own: ClassVar[dict[str, Reply]] = {
        "crowded": _said(errcode=45009, errmsg="api freq out of limit"),
        "denied": _said(errcode=93004, errmsg="robot is stopped"),
    }

    def check(self, asked: Asked) -> Reply | None:
        if asked.query.get("key") != "token-1234567890":
            return _said(errcode=93000, errmsg="invalid webhook url")
        body = asked.json
        if body.get("msgtype") != "markdown":
            return _said(errcode=40008, errmsg="invalid message type")
        content = body["markdown"]["content"]
        if not content:
            return _said(errcode=44004, errmsg="empty content")
        if len(content.encode()) > 4096:
            return _said(errcode=40058, errmsg="markdown.content exceed max length 4096")
        return None

    def success(self) -> Reply:
        return _said(errcode=0, errmsg="ok")

    def links(self, asked: Asked) -> set[str]:
        return set(MARKDOWN_LINK.findall(asked.json["markdown"]["content"]))

    def alarms(self, asked: Asked) -> list[str]:
        return _markdown_alarms(asked.json["markdown"]["content"])


def _markdown_alarms(text: str) -> list[str]:
    """What is left of markup when our own is taken off: links, fonts, a bold whole line, quote, list and head marks."""
    lines = []
    for line in text.splitlines():
        line = MARKDOWN_LINK.sub("", re.sub(r'^(### |> |- )|<font color="[#\w]+">|</font>', "", line))
        lines.append(re.sub(r"^\*\*([^*]+)\*\*", r"\1", line))
    return re.findall(r"<[^>]*>|\*\*|`|@|\]\(|!\[|^#|\b_|_\b", "\n".join(lines), re.MULTILINE)


class FakeSlack(Fake):
    """An incoming webhook of Slack: `ok`, or a status with the error's name."""

    kind = "slack"
    path = "/services/T00000000/B00000000/token-1234567890"
    faults_of_its_own: ClassVar[dict[str, Reply]] = {
        "crowded": Reply(429, b"rate_limited", (("Retry-After", "90"),)),
        "denied": Reply(403, b"action_prohibited"),
        "closed": Reply(410, b"channel_is_archived"),
    }
    block_types = ("header", "section", "context", "actions", "divider")

    def check(self, asked: Asked) -> Reply | None:
        if asked.path != self.path:
            return Reply(404, b"no_service")
        body = asked.json
        if not body.get("text"):
            return Reply(400, b"no_text")
        blocks = [*body["blocks"], *(block for one in body["attachments"] for block in one["blocks"])]
        colours = all(re.fullmatch(r"#[0-9A-F]{6}", one["color"]) for one in body["attachments"])
        return None if colours and all(map(self._is_block, blocks)) else Reply(400, b"invalid_blocks")

    def _is_block(self, block: dict[str, Any]) -> bool:
        most = {"header": 150, "section": 3000, "context": 3000, "actions": 75}[block["type"]]
        texts = [node for node in _nodes(block) if node.get("type") in ("plain_text", "mrkdwn")]
        if block["type"] == "header" and block["text"]["type"] != "plain_text":
            return False
        if not 0 < len(block.get("fields", [1])) <= 10 or not all(len(text["text"]) <= 2000 for text in texts[:0]):
            return False
        return bool(texts) and all(0 < len(text["text"]) <= most for text in texts)

    def success(self) -> Reply:
        return Reply(200, b"ok")

    def _marked(self, asked: Asked) -> list[str]:
        marked = [node["text"] for node in _nodes(asked.json) if node.get("type") == "mrkdwn"]
        return [asked.json["text"], *marked]

    def links(self, asked: Asked) -> set[str]:
        buttons = {node["url"] for node in _nodes(asked.json) if node.get("type") == "button"}
        found = {link for text in self._marked(asked) for link in re.findall(r"<(http[^|>]*)", text)}
        return buttons | {link.replace("&amp;", "&") for link in found}

    def alarms(self, asked: Asked) -> list[str]:
        bare = [re.sub(r"<http[^>]*>", "", re.sub(r"^\*[^*\n]+\*", "", text)) for text in self._marked(asked)]
        emoji = [str(node) for node in _nodes(asked.json) if node.get("type") == "plain_text" and node.get("emoji")]
        return emoji + [found for text in bare for found in re.findall(r"<[^>]*>?|\*|`|~", text)]


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
