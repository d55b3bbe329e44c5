"""The robots of the pretend chat room: each checks what it is sent as the real service does, and answers as it does.

Written against the services' documents and not against our senders, so that a mistake there shows here.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

TOKENS = {"webhook": "to", "feishu": "token", "dingtalk": "access_token", "wecom": "key", "slack": "token"}
PATIENCE = timedelta(hours=1)  # how old a signature Feishu and DingTalk take
FEISHU_MOST, DINGTALK_MOST, WECOM_MOST, SLACK_HEADER = 20_480, 20_000, 4_096, 150  # bytes, bytes, bytes, characters


@dataclass(frozen=True, slots=True)
class Robot:
    """A robot in the room: the channel that leads to it and who reads there."""

    kind: str
    token: str
    secret: str | None
    name: str
    organisation: str
    owner: str | None = None
    subscription: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a robot's address. Header names are in lower case."""

    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    at: datetime

    def json(self) -> dict[str, Any]:
        """The body as an object, {} when it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class Reply:
    """What the service answers; `taken` says whether the message is shown in the room."""

    taken: bool
    body: bytes
    status: int = 200
    content_type: str = "application/json"


def answer(kind: str, robot: Robot | None, call: Call) -> Reply:
    """What the service of this kind says to a call; `robot` is None when its token is unknown."""
    return SERVICES[kind](robot, call)


def _json(taken: bool, status: int = 200, **values: Any) -> Reply:
    return Reply(taken, json.dumps(values, ensure_ascii=False).encode(), status)


def _webhook(robot: Robot | None, call: Call) -> Reply:
    """Standard Webhooks, checked by its reference library."""
    if robot is None:
        return _json(False, 404, error="no such receiver")
    if robot.secret:
        try:
            Webhook(robot.secret).verify(call.body, dict(call.headers))
        except (
            WebhookVerificationError,
            ValueError,
        ) as error:  # ValueError: bytes that are no text, no base64, no JSON
            return _json(False, 401, error=str(error))
    return _json(True, received=True)


def _feishu(robot: Robot | None, call: Call) -> Reply:
    if robot is None:
        return _json(False, code=19001, msg="param invalid: incoming webhook access token invalid", data={})
    body = call.json()
    if body.get("msg_type") != "interactive" or not isinstance(body.get("card"), dict):
        return _json(False, code=9499, msg="Bad Request", data={})
    if len(call.body) > FEISHU_MOST:
        return _json(False, code=9499, msg="too large body", data={})
    stamp = str(body.get("timestamp", ""))
    if robot.secret and not (
        _is_recent(stamp, 1, call.at) and _same(body.get("sign"), f"{stamp}\n{robot.secret}".encode(), b"")
    ):
        told = "sign match fail or timestamp is not within one hour from current time"
        return _json(False, code=19021, msg=told, data={})
    return _json(True, StatusCode=0, StatusMessage="success", code=0, data={}, msg="success")


def _dingtalk(robot: Robot | None, call: Call) -> Reply:
    if robot is None:
        return _json(False, errcode=300005, errmsg="token is not exist")
    stamp = call.query.get("timestamp", "")
    if robot.secret and not _is_recent(stamp, 1000, call.at):
        return _json(False, errcode=310000, errmsg="invalid timestamp")
    if robot.secret and not _same(call.query.get("sign"), robot.secret.encode(), f"{stamp}\n{robot.secret}".encode()):
        return _json(False, errcode=310000, errmsg="sign not match")
    body = call.json()
    if not isinstance(body.get(str(body.get("msgtype"))), dict):
        return _json(False, errcode=40035, errmsg="missing parameter json")
    if len(call.body) > DINGTALK_MOST:
        return _json(False, errcode=460101, errmsg="message too long, exceed 20000 bytes")
    return _json(True, errcode=0, errmsg="ok")


def _wecom(robot: Robot | None, call: Call) -> Reply:
    if robot is None:
        return _json(False, errcode=93000, errmsg="invalid webhook url")
    body = call.json()
    inner = body.get("markdown")
    if body.get("msgtype") != "markdown" or not isinstance(inner, dict):
        return _json(False, errcode=40008, errmsg="invalid message type")
    if len(str(inner.get("content", "")).encode()) > WECOM_MOST:
        return _json(False, errcode=40058, errmsg="markdown.content exceed max length 4096")
    return _json(True, errcode=0, errmsg="ok")


def _slack(robot: Robot | None, call: Call) -> Reply:
    if robot is None:
        return _plain(False, "no_service", 404)
    body = call.json()
    if not body:
        return _plain(False, "invalid_payload", 400)
    if not (body.get("text") or body.get("blocks")):
        return _plain(False, "no_text", 400)
    heads = [block for block in body.get("blocks", []) if block.get("type") == "header"]
    if any(len(block.get("text", {}).get("text", "")) > SLACK_HEADER for block in heads):
        return _plain(False, "invalid_blocks", 400)
    return _plain(True, "ok", 200)


def _plain(taken: bool, text: str, status: int) -> Reply:
    return Reply(taken, text.encode(), status, "text/plain; charset=utf-8")


def _is_recent(stamp: str, units: int, now: datetime) -> bool:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 16):
        return False
    return abs(now.timestamp() - int(stamp) / units) <= PATIENCE.total_seconds()


def _same(given: object, key: bytes, content: bytes) -> bool:
    mac = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest())
    return hmac.compare_digest(str(given).encode(), mac)


SERVICES: dict[str, Callable[[Robot | None, Call], Reply]] = {
    "webhook": _webhook,
    "feishu": _feishu,
    "dingtalk": _dingtalk,
    "wecom": _wecom,
    "slack": _slack,
}
