"""Pretend chat services as a custom bot sees them: Feishu, DingTalk, WeCom and Slack, with their codes and limits."""

import base64
import hashlib
import hmac
import re
from html import unescape
from typing import Any, ClassVar

from tests.notify.fakes import Asked, Fake, Reply, nodes, said

MARKDOWN_LINK = re.compile(r"\[[^\]]*\]\(([^)]*)\)")


class FakeFeishu(Fake):
    """A custom bot of Feishu: always 200, the error in `code`."""

    kind = "feishu"
    path = "/open-apis/bot/v2/hook/token-1234567890"
    secret = "feishu signing key"
    wrong_secret = "another signing key"
    faults_of_its_own: ClassVar[dict[str, Reply]] = {
        "crowded": said(code=11232, data={}, msg="frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]"),
        "denied": said(code=19022, msg="Ip Not Allowed"),
    }
    templates = ("blue", "wathet", "turquoise", "green", "yellow", "orange", "red", "carmine", "purple", "grey")

    def check(self, asked: Asked) -> Reply | None:
        if asked.path != self.path:
            return said(code=19001, data={}, msg="param invalid: incoming webhook access token invalid")
        body = asked.json
        key = f"{body.get('timestamp')}\n{self.secret}".encode()
        sign = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
        late = abs(self.clock().timestamp() - int(body.get("timestamp", 0))) > 3600
        if late or body.get("sign") != sign:
            text = "sign match fail or timestamp is not within one hour from current time"
            return said(code=19021, msg=text)
        return None if self._is_card(body) and len(asked.body) <= 20_480 else said(code=9499, msg="Bad Request")

    def _is_card(self, body: Any) -> bool:
        header, elements = body["card"]["header"], body["card"]["elements"]
        tags = {"div", "hr", "note", "action", "markdown"}
        texts = [node for node in nodes(elements) if "content" in node]
        return (
            body["msg_type"] == "interactive"
            and header["template"] in self.templates
            and header["title"]["tag"] == "plain_text"
            and all(element["tag"] in tags for element in elements)
            and all(text["tag"] in ("plain_text", "lark_md") and isinstance(text["content"], str) for text in texts)
            and all(element["fields"] for element in elements if "fields" in element)
        )

    def success(self) -> Reply:
        return said(StatusCode=0, StatusMessage="success", code=0, data={}, msg="success")

    def shown(self, asked: Asked) -> str:
        return unescape(super().shown(asked))

    def _marked(self, asked: Asked) -> list[str]:
        return [node["content"] for node in nodes(asked.json) if node.get("tag") == "lark_md"]

    def links(self, asked: Asked) -> set[str]:
        buttons = {node["url"] for node in nodes(asked.json) if node.get("tag") == "button"}
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
        "crowded": said(errcode=130101, errmsg="send too fast, exceed 20 times per minute"),
        "denied": said(errcode=310000, errmsg="ip 203.0.113.7 not in whitelist"),
    }

    def check(self, asked: Asked) -> Reply | None:
        if asked.query.get("access_token") != "token-1234567890":
            return said(errcode=300005, errmsg="token is not exist")
        stamp = asked.query.get("timestamp", "0")
        mac = hmac.new((self.secret or "").encode(), f"{stamp}\n{self.secret}".encode(), hashlib.sha256).digest()
        if abs(self.clock().timestamp() * 1000 - int(stamp)) > 3_600_000:
            return said(errcode=310000, errmsg="invalid timestamp")
        if asked.query.get("sign") != base64.b64encode(mac).decode():
            return said(errcode=310000, errmsg="sign not match")
        if len(asked.body) > 20_000:
            return said(errcode=460101, errmsg="message too long, exceed 20000 bytes")
        body = asked.json
        part = body.get(body.get("msgtype"), {})
        needed = {"actionCard": ("title", "text", "singleTitle", "singleURL"), "markdown": ("title", "text")}
        whole = all(part.get(name) for name in needed.get(body["msgtype"], ("?",)))
        return None if whole else said(errcode=400105, errmsg="unsupported msgtype")

    def success(self) -> Reply:
        return said(errcode=0, errmsg="ok")

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
        "crowded": said(errcode=45009, errmsg="api freq out of limit"),
        "denied": said(errcode=93004, errmsg="robot is stopped"),
    }

    def check(self, asked: Asked) -> Reply | None:
        if asked.query.get("key") != "token-1234567890":
            return said(errcode=93000, errmsg="invalid webhook url")
        body = asked.json
        if body.get("msgtype") != "markdown":
            return said(errcode=40008, errmsg="invalid message type")
        content = body["markdown"]["content"]
        if not content:
            return said(errcode=44004, errmsg="empty content")
        if len(content.encode()) > 4096:
            return said(errcode=40058, errmsg="markdown.content exceed max length 4096")
        return None

    def success(self) -> Reply:
        return said(errcode=0, errmsg="ok")

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
        texts = [node for node in nodes(block) if node.get("type") in ("plain_text", "mrkdwn")]
        if block["type"] == "header" and block["text"]["type"] != "plain_text":
            return False
        fields = block.get("fields", [{"text": "x"}])
        if not 0 < len(fields) <= 10 or not all(len(field["text"]) <= 2000 for field in fields):
            return False
        return bool(texts) and all(0 < len(text["text"]) <= most for text in texts)

    def success(self) -> Reply:
        return Reply(200, b"ok")

    def _marked(self, asked: Asked) -> list[str]:
        marked = [node["text"] for node in nodes(asked.json) if node.get("type") == "mrkdwn"]
        return [asked.json["text"], *marked]

    def links(self, asked: Asked) -> set[str]:
        buttons = {node["url"] for node in nodes(asked.json) if node.get("type") == "button"}
        found = {link for text in self._marked(asked) for link in re.findall(r"<(http[^|>]*)", text)}
        return buttons | {link.replace("&amp;", "&") for link in found}

    def alarms(self, asked: Asked) -> list[str]:
        bare = [re.sub(r"<http[^>]*>", "", re.sub(r"^\*[^*\n]+\*", "", text)) for text in self._marked(asked)]
        emoji = [str(node) for node in nodes(asked.json) if node.get("type") == "plain_text" and node.get("emoji")]
        return emoji + [found for text in bare for found in re.findall(r"<[^>]*>?|\*|`|~", text)]
