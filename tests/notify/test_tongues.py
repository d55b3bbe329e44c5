"""What goes out speaks its channel's language: cards of every kind, mails, digests, questions, what webhooks say."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import yaml
from lxml import html

from service.locale.catalogue import FOLDER, SLOT
from service.notify.channel import ChannelInfo, Letter, Post
from service.notify.channels import CHANNELS
from service.notify.message import NO_ALERT, DigestLine, Message, SourceLine, StepLine
from tests.notify.world import MESSAGE, WORDS
from tests.web.tongues import foreign, foreign_words
from tests.web.written import fields

ACTIONS = (
    *("open", "raise", "lower", "confirm", "withdraw", "update", "resolve", "dismiss", "hand", "escalate"),
    *("ask_again", "hasten", "overdue", "mention", "test"),
)
TITLES = {"zh": "Soldiers seize the presidency", "en": "虚构首都的士兵占领总统府"}  # in the language that it is not
NAMES = {"zh": "Desk of the north", "en": "北方值班组"}
STEPS = (StepLine(zh="核实人员安全", en="Check that everybody is safe", due="2026-11-21T04:00:00Z"),)
STATES = ("open", "acknowledged", "responding", "resolved", "dismissed")
CAUSES = (
    *(("silence", "silence:3"), ("window", "window:4"), ("inhibited", "alert:7"), ("cooldown", "alert:8")),
    *(("storm", "opened:42"), ("budget", "budget:12"), ("update", "update")),
)
# What a card holds besides words: how it is drawn, and where its links lead.
DRAWN = {"tag", "type", "msg_type", "msgtype", "template", "url", "color", "style", "singleURL", "btnOrientation"}
MARKUP = re.compile(r"</?font[^>]*>")
MADE_BILINGUAL = WORDS.say("notify.mark.demo", "zh")


def reasons() -> Iterator[dict[str, Any]]:
    """One of every kind that has words."""
    told = set(yaml.safe_load((FOLDER / "en" / "reasons.yaml").read_text("utf-8")))
    for key, text in WORDS.texts("en").items():
        if key.startswith("fault."):
            continue
        if key in told or ("value" in SLOT.findall(text) and set(SLOT.findall(text)) <= {"value", "words"}):
            code = key.removeprefix("reason.")
            yield {"kind": code.split(".")[0], "code": code, "value": "3", "words": "", "weight": 0.5}


def messages(lang: str) -> Iterator[Message]:
    """Everything that is ever told, with titles and names of the other language in it."""
    title, name = TITLES[lang], NAMES[lang]
    sources = (SourceLine(name, "B", title, "https://news.example/1", "2026-11-21T03:01:00Z"),)
    base = replace(MESSAGE, title=title, sources=sources, owner=name, steps=STEPS, language=None, demo=True, reasons=())
    yield from (replace(base, action=action, state=state) for action in ACTIONS for state in STATES[:1])
    yield from (replace(base, previous_level=None, action=action, withdrawn=True) for action in ("raise", "lower"))
    every = list(reasons())
    yield from (replace(base, reasons=tuple(every[at : at + 4])) for at in range(0, len(every), 4))
    ringing = [one for one in every if one["code"].startswith("source.")]
    yield from (replace(base, kind="source", reasons=({**one, "kind": "source"}, *ringing)) for one in ringing)
    yield from _digests(lang)
    for action, ask in (("posture_due", "posture.ask"), ("report_due", "posture.report_ask")):
        codes = (ask, "posture.ends", "posture.report_by", "posture.report_last")
        asked = [{"kind": "posture", "code": code, "value": "NE", "words": ""} for code in codes]
        yield replace(
            NO_ALERT,
            id=MESSAGE.id,
            action=action,
            kind="posture",
            title="NE",
            reasons=tuple(asked),
            level=3,
            owner=name,
        )
    told = [one for one in every if one["code"].startswith("guideline.told.")]
    for action in ("guideline_proposed", "guideline_approved", "guideline_rejected"):
        asked = NO_ALERT, {"action": action, "kind": "guideline", "title": "9", "level": 4, "owner": name}
        yield from (replace(asked[0], id=MESSAGE.id, reasons=(one, *told), **asked[1]) for one in told)


def _digests(lang: str) -> Iterator[Message]:
    line = DigestLine(
        *(7, 4, "open", TITLES[lang], None, ("NE", "BF"), ("political",), ("coup",), True, False),
        *("storm", "opened:42", "2026-11-21T03:00:00Z", "https://desk.example/alerts/7"),
    )
    lines = [replace(line, state=state, withdrawn=gone) for state in STATES for gone in (True, False)]
    lines += [replace(line, held_for=kind, held_by=cause) for kind, cause in CAUSES]
    for some in (lines, *([one] for one in lines)):
        yield replace(
            NO_ALERT,
            id=MESSAGE.id,
            action="digest",
            alerts=tuple(some),
            total=700,
            owner=NAMES[lang],
            opened_at=line.held_since,
        )


def shown(card: Any) -> Iterator[str]:
    """The words of a card."""
    return (text for key, text in fields(card) if key not in DRAWN)


def theirs(message: Message, lang: str) -> set[str]:
    """What is nobody's language of ours: originals, names, numbers of notices."""
    return {TITLES[lang], NAMES[lang], message.id, MADE_BILINGUAL, *(message.owner or "").split(), "CC-1"}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", list(CHANNELS))
def test_whatever_is_told_speaks_one_language(kind: str, lang: str) -> None:
    address = "desk@example.org" if kind == "mail" else "https://hooks.example/x"
    wrong: dict[str, list[str]] = {}
    for message in messages(lang):
        made = CHANNELS[kind].render(message, ChannelInfo(kind, "room", address, None, lang), WORDS)
        if found := _foreign(made, message, lang):
            wrong[f"{message.action} {[one['code'] for one in message.reasons]}"] = found
    assert wrong == {}


def _foreign(made: Post | Letter, message: Message, lang: str) -> list[str]:
    kept = theirs(message, lang)
    if isinstance(made, Letter):
        words = foreign_words(f"{made.subject}\n{made.text}", lang, kept)
        return [*words, *foreign(made.html.encode(), kept)] if html.fromstring(made.html).get("lang") else ["no lang"]
    body = json.loads(made.body)
    said = "\n".join(shown(body["text"] if "webhook-id" in made.headers else body))
    return foreign_words(MARKUP.sub(" ", said.replace("|", " | ")), lang, kept)
