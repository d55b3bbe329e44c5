"""What a reader of the chat room sees: each service's message boiled down to lines, and what those lines say.

Only the public JSON of our own webhook has fields; from the chat tools' cards everything is read as a person would.
"""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.parsers.country import codes

ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
LEVEL = re.compile(r"\b(IV|I{1,3})级|\bLevel (IV|I{1,3})\b")
NUMBER = re.compile(r"\bmsg_\w+")
ALERT = re.compile(r"/alerts/(\d+)")
FONT = re.compile(r"</?font[^>]*>")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)|<[^|<>]+\|([^<>]*)>")
MARKS = re.compile(r"^(?:#+|>)\s+|\*\*|\u200b", re.MULTILINE)
WIDE = {0xFEE0 + ord(mark): mark for mark in "*_`[]<>#~\\|@&"}


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as its readers see it. `lines` begin with the head: level, marks, place."""

    id: str
    level: int | None
    title: str
    countries: tuple[str, ...]
    lines: tuple[str, ...]
    alert_id: int | None


def read(kind: str, body: Mapping[str, Any], raw: str) -> Seen:
    """The message of an accepted call; `raw` is its body as text."""
    if kind == "webhook":
        return _of_webhook(body)
    lines = tuple(line for line in (one.strip() for one in READERS[kind](body)) if line)
    head, title = (*lines, "", "")[:2]
    return Seen(
        id=_first(NUMBER, "\n".join(lines)),
        level=_level(head),
        title=title,
        countries=codes(head.rsplit(" · ", 1)[-1]),
        lines=lines,
        alert_id=int(_first(ALERT, raw) or 0) or None,
    )


def _of_webhook(body: Mapping[str, Any]) -> Seen:
    alert = body.get("alert") or {}
    text = body.get("text") or {}
    reasons = [str(reason) for reason in text.get("reasons", ())]
    names = [f"{one['reliability']} · {one['name']} · {one['title']}" for one in alert.get("sources", ())]
    title, summary = str(alert.get("title", "")), str(text.get("summary", ""))
    return Seen(
        id=str(body.get("id", "")),
        level=alert.get("level"),
        title=title or summary,
        countries=tuple(alert.get("countries", ())),
        lines=(summary.removesuffix(f" · {title}"), title, str(text.get("change", "")), *reasons, *names),
        alert_id=alert.get("id"),
    )


def _level(head: str) -> int | None:
    found = LEVEL.search(head)
    return ROMAN[found[1] or found[2]] if found else None


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[min(1, pattern.groups)] if found else ""


def _of_feishu(body: Mapping[str, Any]) -> Iterator[str]:
    card = body["card"]
    yield card.get("header", {}).get("title", {}).get("content", "")
    for element in card.get("elements", ()):
        fields = [field["text"] for field in element.get("fields", ())]
        inner = [*([element["text"]] if "text" in element else []), *fields, *element.get("elements", ())]
        for text in inner:
            content = text.get("content", "")
            yield from (html.unescape(_bare(content)) if text.get("tag") == "lark_md" else content).split("\n")


def _of_dingtalk(body: Mapping[str, Any]) -> Iterator[str]:
    yield from _bare(str(body[body["msgtype"]].get("text", ""))).translate(WIDE).split("\n")


def _of_wecom(body: Mapping[str, Any]) -> Iterator[str]:
    yield from _bare(str(body["markdown"].get("content", ""))).translate(WIDE).split("\n")


def _of_slack(body: Mapping[str, Any]) -> Iterator[str]:
    attached = [block for part in body.get("attachments", ()) for block in part.get("blocks", ())]
    for block in [*body.get("blocks", ()), *attached]:
        inner = [*([block["text"]] if "text" in block else []), *block.get("fields", ())]
        inner += [element for element in block.get("elements", ()) if isinstance(element.get("text"), str)]
        for text in inner:
            said = str(text.get("text", ""))
            yield from (html.unescape(_bare(said).replace("*", "")) if text.get("type") == "mrkdwn" else said).split(
                "\n"
            )


def _bare(text: str) -> str:
    """Markup taken off; what was escaped stays escaped."""
    return MARKS.sub("", LINK.sub(lambda found: found[1] or found[2] or "", FONT.sub("", text)))


READERS: dict[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "feishu": _of_feishu,
    "dingtalk": _of_dingtalk,
    "wecom": _of_wecom,
    "slack": _of_slack,
}
