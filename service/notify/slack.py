"""Slack: Block Kit in a coloured attachment to an incoming webhook, with plain text for notifications."""

import json
from datetime import datetime
from typing import Any

from service.locale.catalogue import Catalogue
from service.notify.card import Card, Origin
from service.notify.channel import Answer, ChannelInfo, Outgoing, Post, Result, Verdict
from service.notify.digest import Room, face_of
from service.notify.judge import check_address, judge_http
from service.notify.message import Message
from service.notify.text import fitted, shorten

COLOURS = {"red": "#D92D20", "orange": "#F79009", "yellow": "#FAC515", "blue": "#2E90FA", "grey": "#98A2B3"}
HEADER, SECTION, FIELD = 150, 3000, 2000  # the service's limits in characters
ADVICE = {
    "no_service": "the webhook is switched off or gone, so make a new one",
    "no_team": "the workspace is gone, so give the channel another webhook",
    "invalid_token": "the address is not accepted, so copy it again",
    "channel_not_found": "its channel is gone, so make a new webhook",
    "channel_is_archived": "its channel is archived, so make a new webhook",
    "action_prohibited": "an administrator forbids it, so ask for permission",
    "invalid_payload": "the message is not accepted, so report this as a fault",
    "invalid_blocks": "the message is not accepted, so report this as a fault",
}
# In mrkdwn these set words in bold, italic, struck or as code; it knows no escape for them, so twins are shown.
_TWINS = str.maketrans({"*": "∗", "_": "＿", "~": "∼", "`": "ˋ"})


class Slack:
    """An incoming webhook; its address is its secret."""

    def check(self, info: ChannelInfo) -> None:
        """Raise Unusable when the address cannot be right."""
        check_address(info)

    def render(self, message: Message, info: ChannelInfo, words: Catalogue) -> Outgoing:
        """Text from outside goes into plain text blocks wherever the service has one."""
        card = face_of(message, words, info.language, ROOM)
        body = {
            # Shown in notifications and where blocks are not; beside blocks it is not repeated in the message.
            "text": escape(shorten(f"{card.head} · {card.title}", 600)),
            "blocks": [{"type": "header", "text": _plain(shorten(card.head, HEADER))}],
            "attachments": [{"color": COLOURS[card.colour], "blocks": _blocks(card)}],
        }
        encoded = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        return Post(info.address, encoded, {"Content-Type": "application/json; charset=utf-8"})

    def sign(self, outgoing: Outgoing, info: ChannelInfo, now: datetime) -> Outgoing:
        """Nothing to add: the address is the proof."""
        return outgoing

    def judge(self, answer: Answer) -> Result:
        """By the status; a success says `ok`, a refusal its name in the body."""
        result = judge_http(answer)
        said = answer.body[:200].decode("utf-8", "replace").strip()
        if result.ok and said != "ok":
            return Result(Verdict.DEAD, "What answered is not Slack; check the address of the channel.", answer.status)
        if result.verdict is Verdict.DEAD and said in ADVICE:
            return Result(Verdict.DEAD, f"Slack answers {answer.status} {said}; {ADVICE[said]}.", answer.status)
        return result


def escape(text: str) -> str:
    """Text that mrkdwn shows as it is: `<!channel>`, `<@user>` and `<link|text>` lose their brackets."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").translate(_TWINS)


ROOM = Room(SECTION - 200, lambda line: len(escape(line)) + 2)  # for the list of a digest


def _blocks(card: Card) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": _plain(card.title)},
        {"type": "context", "elements": [*([_plain(card.gloss)] if card.gloss else []), _plain(card.change)]},
        {"type": "section", "fields": [_field(fact.label, fact.text) for fact in card.facts[:10]]},
    ]
    if card.steps:
        blocks.append(_list(card.steps_label, [f"• {escape(step)}" for step in card.steps]))
    if card.reasons:
        blocks.append(_list(card.reasons_label, [f"• {escape(reason)}" for reason in card.reasons]))
    if card.sources:
        blocks.append(_list(card.sources_label, [_source(source) for source in card.sources]))
    if card.link is not None:
        style = {"style": "danger"} if card.colour in ("red", "orange") else {}
        button = {"type": "button", "text": _plain(card.link_text), "url": card.link, **style}
        blocks.append({"type": "actions", "elements": [button]})
    blocks.append({"type": "context", "elements": [_plain(card.footer)]})
    return [block for block in blocks if block.get("fields") != []]


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _field(label: str, text: str) -> dict[str, Any]:
    return _mrkdwn(shorten(f"*{escape(label)}*\n{escape(text)}", FIELD))


def _list(label: str, lines: list[str]) -> dict[str, Any]:
    return {"type": "section", "text": _mrkdwn(fitted([f"*{escape(label)}*", *lines], SECTION, len))}


def _mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _source(source: Origin) -> str:
    title = escape(source.title or source.name)
    shown = f"<{source.link.replace('&', '&amp;')}|{title}>" if source.link else title
    return f"• {escape(source.letter)} · {escape(source.name)} · {shown}"
