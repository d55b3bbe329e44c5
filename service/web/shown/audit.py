"""Lines of the log as an audit shows them: who did what to which thing, and the small facts beside it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.notify.text import clean, shorten
from service.store.tables import LogLine
from service.web.shown.row import Telling
from service.web.shown.times import Moment

VALUE, FACTS = 160, 8
CALLED = ("owner", "asked", "unreached", "person", "instead", "mentioned")  # facts that are owners or people
# kind of thing → where it is looked at, by its number or key
PLACES = {
    "alert": "/alerts/{}",
    "notice": "/alerts/{}",
    "quiet": "/alerts/{}",
    "response": "/alerts/{}",
    "comment": "/alerts/{}",
    "event": "/events/{}",
    "entry": "/entries/{}/correct",
    "person": "/people/{}",
    "report": "/reports/{}",
    "source": "/sources/{}",
    "silence": "/silences/{}",
    "site": "/sites/{}",
    "partner": "/sites/partners/{}",
    "guideline": "/guideline/changes/{}",
    "plan": "/plans/{}",
    "channel": "/channels",
    "key": "/people/keys",
    "organisation": "/people/organisations",
    "subscription": "/subscriptions",
    "roster": "/roster",
    "model": "/models",
}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
# values that have words, by the name of the fact
WORDED = {
    "role": ("web.who",),
    "state": ("web.state", "web.report_state"),
    "kind": ("quiet.kind", "audit.quiet"),
    "cause": ("audit.quiet",),
    "change": ("quiet.change",),
    "rung": ("roster.rung",),
}
REASONS = ("reasons", "otherwise")  # facts that are kept as codes with values
MACHINE = ("rules", "scoring", "escalation", "delivery", "watchfire", "mailbox", "translator", "quiet", "collect")
BY_NUMBER = tuple(kind for kind, place in PLACES.items() if "{}" in place and kind != "plan")


@dataclass(frozen=True, slots=True)
class LineShown:
    """One line. `known` says that there are words for the deed; else its code is shown."""

    id: int
    at: Moment
    actor: str
    machine: bool
    what: str
    known: bool
    subject: str
    thing: str
    thing_name: str
    number: str
    href: str
    facts: tuple[tuple[str, str, bool], ...]  # name, value, whether there is a word for the name


def line_shown(line: LogLine, telling: Telling) -> LineShown:
    """One line of the log."""
    key = f"audit.do.{line.action}"
    known = telling.words.has(key)
    actor = clean(line.actor)
    return LineShown(
        id=line.id or 0,
        at=telling.surely(line.at),
        actor=shorten(actor, 80),
        machine=actor in MACHINE,
        what=telling.say(key) if known else line.action,
        known=known,
        subject=line.subject,
        thing=thing_name(line.subject, telling),
        thing_name=shorten(clean(str(line.detail.get("name", ""))), 80),
        number=line.subject_id if line.subject_id.isdecimal() else "",
        href=href_of(line.subject, line.subject_id),
        facts=facts_of(line.detail, telling),
    )


def thing_name(subject: str, telling: Telling) -> str:
    """What a kind of thing is called."""
    key = f"audit.thing.{subject}"
    return telling.say(key) if telling.words.has(key) else subject


def href_of(subject: str, number: str) -> str:
    """Where a thing is looked at, "" where there is no such place."""
    place = PLACES.get(subject, "")
    if "{}" in place and (not number or (subject in BY_NUMBER and not number.isdecimal())):
        return ""
    return place.format(number)


def facts_of(detail: Mapping[str, Any], telling: Telling) -> tuple[tuple[str, str, bool], ...]:
    """The small facts of a line, flat and short. Names without a word are shown as the program has them."""
    told = [(name, value) for name, value in detail.items() if value not in (None, "", [], {}) and name != "name"]
    return tuple(_fact(name, value, telling) for name, value in told[:FACTS])


def _fact(name: str, value: Any, telling: Telling) -> tuple[str, str, bool]:
    key = f"audit.fact.{name}"
    known = telling.words.has(key)
    return (telling.say(key) if known else name, _text(name, value, telling), known)


def _text(name: str, value: Any, telling: Telling) -> str:
    text = shorten(clean(_flat(name, value, telling)), VALUE)
    if TIME.match(text):
        return telling.words.moment(text, telling.lang, telling.zone)
    for key in (f"{group}.{text}" for group in WORDED.get(name, ())):
        if telling.words.has(key):
            return telling.say(key)
    if name == "cause":  # `silence:3`, `alert:8`, `storm:12`
        what, _, number = text.partition(":")
        key = f"audit.quiet.{what}"
        return f"{telling.say(key) if telling.words.has(key) else thing_name(what, telling)} {number}"
    if name in CALLED:  # several stand joined in one text
        return telling.say("web.joint.list").join(telling.owner(key) or key for key in text.split(", "))
    return text


def _flat(name: str, value: Any, telling: Telling) -> str:
    """A value as one text: reasons as everybody reads them, what else is nested by its names."""
    if isinstance(value, Mapping) and name in REASONS:
        return telling.words.reason_text(value, telling.lang)
    joint = telling.say("web.joint.reasons" if name in REASONS else "web.joint.list")
    if isinstance(value, Mapping):
        return joint.join(f"{key} {_text(key, one, telling)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return joint.join(_text(name, inner, telling) for inner in value)
    return str(value)
