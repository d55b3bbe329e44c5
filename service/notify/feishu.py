"""Feishu and Lark: an interactive card to a custom bot. Signed in the body; errors come as `code` in a 200."""

import base64
import hashlib
import hmac
import json
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from service.locale.catalogue import Catalogue
from service.notify.card import Card, Origin
from service.notify.channel import Answer, ChannelInfo, Outgoing, Post, Result
from service.notify.digest import Room, face_of
from service.notify.judge import check_address, judge_code
from service.notify.message import Message
from service.notify.text import octets

MOST = 20_000  # bytes of the whole body; the service refuses more than 20 KB
# What is markup in a card's `lark_md` is written as the character's number, as the service's documents ask; colons
# only where they make an emoji code. What is markup at the beginning of a line only never stands there.
_MARKUP = re.compile(r"[&<>*~`\[\]\\_]|:(?=\w+:)")
AGAIN = frozenset({11232, 11233, 99991400})
ADVICE = {
    9499: "the card is not accepted, so report this as a fault",
    19001: "it does not know this bot, so check the address of the channel",
    19021: "the signature does not fit, so check the secret and this machine's clock",
    19022: "this machine's address is not on the bot's list, so add it there",
    19024: "the bot asks for a keyword, so use its signature instead",
}


def escape(text: str) -> str:
    """Text that `lark_md` shows as it is: no markup, no mention, no emoji code."""
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", text)


ROOM = Room(14_000, lambda line: octets(escape(line)) + 6)  # for the list of a digest


class Feishu:
    """A custom bot in a group; the secret is the bot's signing key, if it has one."""

    def check(self, info: ChannelInfo) -> None:
        """Raise Unusable when the address cannot be right."""
        check_address(info)

    def render(self, message: Message, info: ChannelInfo, words: Catalogue) -> Outgoing:
        """A card with a header in the level's colour."""
        card = face_of(message, words, info.language, ROOM)
        body = {"msg_type": "interactive", "card": _card(card, words.say("notify.colon", info.language))}
        return Post(info.address, _encoded(body), {"Content-Type": "application/json; charset=utf-8"})

    def sign(self, outgoing: Outgoing, info: ChannelInfo, now: datetime) -> Outgoing:
        """Add timestamp (seconds) and sign: HMAC-SHA256 of nothing, keyed with timestamp, newline and secret."""
        if not isinstance(outgoing, Post) or not info.secret:
            return outgoing
        stamp = str(int(now.timestamp()))
        mac = hmac.new(f"{stamp}\n{info.secret}".encode(), b"", hashlib.sha256).digest()
        body = {"timestamp": stamp, "sign": base64.b64encode(mac).decode(), **json.loads(outgoing.body)}
        return replace(outgoing, body=_encoded(body))

    def judge(self, answer: Answer) -> Result:
        """By `code` (`StatusCode` of old) in the body."""
        return judge_code(answer, "Feishu", ("code", "StatusCode"), "msg", ADVICE, AGAIN)


def _encoded(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _card(card: Card, colon: str) -> dict[str, Any]:
    fixed: list[dict[str, Any]] = [
        _plain(card.title),
        *([_plain(card.gloss)] if card.gloss else []),
        _plain(card.change),
        {"tag": "div", "fields": [_field(fact.label, fact.text, colon) for fact in card.facts]},
    ]
    extra: list[dict[str, Any]] = []
    if card.steps:
        extra.append(_markdown("\n".join([f"**{escape(card.steps_label)}**", *map(_bullet, card.steps)])))
    if card.reasons:
        extra.append(_markdown("\n".join([f"**{escape(card.reasons_label)}**", *map(_bullet, card.reasons)])))
    if card.sources:
        extra.append(_markdown("\n".join([f"**{escape(card.sources_label)}**", *map(_source, card.sources)])))
    end = [*_button(card), {"tag": "note", "elements": [{"tag": "plain_text", "content": card.footer}]}]
    header = {"template": card.colour, "title": {"tag": "plain_text", "content": card.head}}
    while True:
        found = {
            "config": {"wide_screen_mode": True},
            "header": header,
            "elements": [*fixed, *extra, {"tag": "hr"}, *end],
        }
        if not extra or octets(json.dumps(found, ensure_ascii=False)) < MOST - 200:
            return found
        extra.pop()


def _plain(text: str) -> dict[str, Any]:
    return {"tag": "div", "text": {"tag": "plain_text", "content": text}}


def _markdown(text: str) -> dict[str, Any]:
    return {"tag": "div", "text": {"tag": "lark_md", "content": text}}


def _field(label: str, text: str, colon: str) -> dict[str, Any]:
    return {
        "is_short": False,
        "text": {"tag": "lark_md", "content": f"**{escape(label)}**{colon}{escape(text)}"},
    }


def _bullet(text: str) -> str:
    return f"• {escape(text)}"


def _source(source: Origin) -> str:
    title = escape(source.title or source.name)
    shown = f"[{title}]({source.link})" if source.link else title
    return f"• {escape(source.letter)} · {escape(source.name)} · {shown}"


def _button(card: Card) -> list[dict[str, Any]]:
    if card.link is None:
        return []
    kind = "danger" if card.colour in ("red", "orange") else "primary"
    text = {"tag": "plain_text", "content": card.link_text}
    return [{"tag": "action", "actions": [{"tag": "button", "text": text, "url": card.link, "type": kind}]}]
