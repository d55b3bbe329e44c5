"""Generic webhook: JSON of our own, signed as Standard Webhooks says. The shape is public: it only ever grows.

    {"type": "alert.raise", "schema": 1, "id": "msg_…", "timestamp": "2026-11-21T03:04:05Z", "demo": false,
     "alert": {"id": 12, "version": 3, "url": "https://…/alerts/12", "state": "open",
               "level": 1, "previous_level": 2, "colour": "red",
               "title": "…", "language": "fr", "gloss": {"zh": "…" or null, "en": "…" or null},
               "countries": ["NE"], "categories": ["political"], "subtypes": ["coup"],
               "unconfirmed": true, "withdrawn": false, "concern": false, "score": 78.5,
               "reasons": [{"kind": "severity", "code": "severity.dead", "value": "5", "words": "five dead"}],
               "clause": "POL-1", "guideline": "1+0a1b2c3d",
               "opened_at": "…Z", "changed_at": "…Z", "acknowledge_by": "…Z" or null,
               "sources": [{"name": "…", "reliability": "B", "title": "…", "link": "https://…" or null,
                            "published_at": "…Z" or null}]},
     "to": {"subscription": "…" or null, "owner": "…" or null, "name": "…" or null},
     "steps": [{"text": {"zh": "…", "en": "…"}, "due_at": "…Z"}],
     "text": {"language": "zh", "summary": "…", "level": "…", "change": "…", "countries": ["…"],
              "categories": ["…"], "subtypes": ["…"], "reasons": ["…"]}}

A digest (`alert.digest`) tells what was held back: its `alert` is null, and it has besides

     "action": "digest", "url": "https://…", "total": 212, "alerts": [
       {"id": 12, "url": "https://…/alerts/12", "state": "open", "level": 4, "colour": "blue", "title": "…",
        "language": "fr", "countries": ["NE"], "categories": ["…"], "subtypes": ["…"], "unconfirmed": false,
        "withdrawn": false,
        "held": {"for": "silence", "by": "silence:3", "said": "li: …" or null, "since": "…Z", "notices": 2}}]

with the alerts as they stand now, at most 500 of the `total`. `for` is silence, window, inhibited, cooldown, storm or
budget.

`type` is `alert.` and open, raise, lower, confirm, withdraw, update, resolve, dismiss, escalate, ask_again, hasten
(a crisis: answer earlier) or overdue; `posture.due` or `posture.report_due` (a crisis: prolong or leave? report),
with `posture`: `place` and `url`; `guideline.proposed`, `guideline.approved` or `guideline.rejected`, with `guideline`:
`version` and `url`; or `channel.test`. Of these `alert` is null. `steps` are the owner's next ones in the response,
with `alert.overdue` those that are late. `owner` is a key, `name` what they are called. `alert` is for machines, `text`
for people, in the channel's language. The same `id` (header `webhook-id` too) is the same notice: a receiver drops what
it has had. `version` counts an alert's changes: what is older than the newest is stale.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from service.locale.catalogue import Catalogue
from service.notify.card import APART, COLOURS, addressee, gloss_of
from service.notify.channel import Answer, ChannelInfo, Outgoing, Post, Result, Unusable
from service.notify.digest import Room, face_of
from service.notify.judge import check_address, judge_http
from service.notify.message import GUIDELINE, POSTURE, DigestLine, Message, SourceLine
from service.notify.text import clean, safe_link

SCHEMA = 1
PREFIX = "whsec_"
ROOM = Room(20_000)  # bytes, for what people read of a digest
# What is about no alert; the others are `alert.` and the action.
TYPES = {
    "test": "channel.test",
    "posture_due": "posture.due",
    "report_due": "posture.report_due",
    "guideline_proposed": "guideline.proposed",
    "guideline_approved": "guideline.approved",
    "guideline_rejected": "guideline.rejected",
}


class Webhook:
    """A receiver of the operator's or a subscriber's own. Without a secret it is not signed."""

    def check(self, info: ChannelInfo) -> None:
        """Raise Unusable when address or secret cannot be right."""
        check_address(info)
        if info.secret:
            _key(info.secret)

    def render(self, message: Message, info: ChannelInfo, words: Catalogue) -> Outgoing:
        """The public JSON."""
        body = json.dumps(payload(message, words, info.language), ensure_ascii=False, separators=(",", ":"))
        headers = {"Content-Type": "application/json", "webhook-id": message.id}
        return Post(info.address, body.encode("utf-8", "replace"), headers)

    def sign(self, outgoing: Outgoing, info: ChannelInfo, now: datetime) -> Outgoing:
        """Add webhook-timestamp and webhook-signature: HMAC-SHA256 over id, timestamp and body."""
        if not isinstance(outgoing, Post):
            return outgoing
        stamp = str(int(now.timestamp()))
        headers = {**outgoing.headers, "webhook-timestamp": stamp}
        if info.secret:
            content = f"{outgoing.headers['webhook-id']}.{stamp}.".encode() + outgoing.body
            mac = hmac.new(_key(info.secret), content, hashlib.sha256).digest()
            headers["webhook-signature"] = "v1," + base64.b64encode(mac).decode()
        return replace(outgoing, headers=headers)

    def judge(self, answer: Answer) -> Result:
        """By the HTTP status."""
        return judge_http(answer)


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX) + "==", validate=False)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not key:
        raise Unusable("The channel's secret cannot be used; a webhook's begins with whsec_, then come base64 letters.")
    return key


def payload(message: Message, words: Catalogue, lang: str) -> dict[str, Any]:
    """The public JSON, version 1. Written by hand: a field of ours never leaks by itself."""
    digest, apart = message.action == "digest", message.action == "test" or message.kind in APART
    return {
        "type": TYPES.get(message.action, f"alert.{message.action}"),
        "schema": SCHEMA,
        "id": message.id,
        "timestamp": message.changed_at,
        "demo": message.demo,
        "alert": None if digest or apart else _alert(message, words),
        **_about(message),
        "to": {
            "subscription": _name(message.subscription),
            "owner": _name(message.owner),
            "name": addressee(message, words, lang) or None,
        },
        "steps": [{"text": {"zh": clean(step.zh), "en": clean(step.en)}, "due_at": step.due} for step in message.steps],
        "text": _text(message, words, lang),
        **(_digest(message) if digest else {}),
    }


def _about(message: Message) -> dict[str, Any]:
    """What a message is about that is about no alert: a crisis by its place, a guideline by its version."""
    name = {POSTURE: "place", GUIDELINE: "version"}.get(message.kind)
    return {message.kind: {name: clean(message.title), "url": safe_link(message.url)}} if name else {}


def _digest(message: Message) -> dict[str, Any]:
    return {
        "action": "digest",
        "url": safe_link(message.url),
        "total": message.total,
        "alerts": [_digest_line(line) for line in message.alerts],
    }


def _digest_line(line: DigestLine) -> dict[str, Any]:
    return {
        "id": line.alert_id,
        "url": safe_link(line.url),
        "state": line.state,
        "level": line.level,
        "colour": next((name for level, name in COLOURS.items() if level == line.level), None),
        "title": clean(line.title),
        "language": line.language,
        "countries": list(line.countries),
        "categories": list(line.categories),
        "subtypes": list(line.subtypes),
        "unconfirmed": line.unconfirmed,
        "withdrawn": line.withdrawn,
        "held": {
            "for": line.held_for,
            "by": clean(line.held_by),
            "said": clean(line.held_said) or None,
            "since": line.held_since,
            "notices": line.changes,
        },
    }


def _name(text: str | None) -> str | None:
    return clean(text) if text is not None else None


def _alert(message: Message, words: Catalogue) -> dict[str, Any]:
    return {
        "id": message.alert_id,
        "kind": message.kind,
        "version": message.version,
        "url": safe_link(message.url),
        "state": message.state,
        "level": message.level,
        "previous_level": message.previous_level,
        "colour": next((name for level, name in COLOURS.items() if level == message.level), None),
        "title": clean(message.title),
        "language": message.language,
        "gloss": {lang: gloss_of(message, words, lang) or None for lang in words.languages},
        "countries": list(message.countries),
        "categories": list(message.categories),
        "subtypes": list(message.subtypes),
        "unconfirmed": message.unconfirmed,
        "withdrawn": message.withdrawn,
        "concern": message.concern,
        "score": message.score,
        "reasons": [
            {key: clean(str(reason.get(key, ""))) for key in ("kind", "code", "value", "words")}
            for reason in message.reasons
        ],
        "clause": clean(message.clause),
        "guideline": clean(message.guideline),
        "opened_at": message.opened_at,
        "changed_at": message.changed_at,
        "acknowledge_by": message.acknowledge_by,
        "sources": [_source(source) for source in message.sources],
    }


def _source(source: SourceLine) -> dict[str, Any]:
    return {
        "name": clean(source.name),
        "reliability": source.reliability,
        "title": clean(source.title),
        "link": safe_link(source.link),
        "published_at": source.published_at,
    }


def _text(message: Message, words: Catalogue, lang: str) -> dict[str, Any]:
    card = face_of(message, words, lang, ROOM)
    return {
        "language": words.language(lang),
        "summary": f"{card.head} · {card.title}",
        "level": card.level_text,
        "change": card.change,
        "countries": [words.country(code, lang) for code in message.countries],
        "categories": [words.category(key, lang) for key in message.categories],
        "subtypes": [words.subtype(key, lang) for key in message.subtypes],
        "reasons": list(card.reasons),
    }
