"""What cases say of quiet: silences and windows, and what else is open, was closed or is coming in at the time.

- {at: 0 h, silence: {for: 8 h, countries: [NE], reason: site works}}
- {at: 0 h, window: {from: 2 h, for: 1 h, weekly: 30 d, subtypes: [unrest], reason: siren test}}
- {at: 1 h, situation: {open: [{level: 1, countries: [NE], categories: [political]}]}}
- {at: 1 h, situation: {closed: [{level: 4, countries: [NE], subtypes: [unrest], ago: 30 min}], opened: 40}}
- {at: 1 h, expect: {hush: silence, hush_passed: false}}
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from yaml.nodes import Node

from ingest.place.countries import CODES
from rules.decision import HUSHES, Hush
from rules.document import Document
from rules.level import LEVELS, Level
from rules.quiet import Closed, Graver, Quiet, Silence
from rules.quiet_rule import HELD
from scoring.category import CATEGORIES, SUBTYPES, Category

FENCES = ("countries", "categories", "subtypes", "levels", "sources", "event")
EXPECTED = ("hush", "hush_passed", "hush_until")
SITUATION = ("open", "closed", "opened")
KNOWN = {"hush": ("none", *HUSHES), "hush_passed": ("true", "false")}
LATER = datetime.fromtimestamp(0, UTC)  # its own time is set when its step comes
EVENT = "case"  # the one event that a case tells of


@dataclass(frozen=True, slots=True)
class QuietStep:
    """What a step changes about quiet. None: nothing of that. Times count from the step."""

    silence: tuple[Silence, timedelta, timedelta] | None = None  # with its beginning and length
    open: tuple[Graver, ...] | None = None
    closed: tuple[tuple[Closed, timedelta], ...] | None = None
    opened: int | None = None


def silence_step(document: Document, node: Node, kind: str) -> QuietStep:
    """A step `silence:` or `window:`."""
    weekly = ("weekly",) if kind == "window" else ()
    found = document.table(node, kind, ("for",), ("from", "reason", *FENCES, *weekly))
    start, span = document.duration(found.get("from"), "from"), document.duration(found.get("for"), "for")
    whole = document.duration(found.get("weekly"), "weekly")
    if not any(key in found for key in FENCES):
        document.fault(node, f"this {kind} would silence everything", "Name countries, kinds, sources or levels.")
    sources = document.items(found.get("sources"), "sources")
    values: dict[str, Any] = {
        "countries": frozenset(document.choices(found.get("countries"), "countries", "country", CODES)),
        "categories": frozenset(map(Category, _several(document, found, "categories", "category", _keys()))),
        "subtypes": frozenset(_several(document, found, "subtypes", "sub-type", tuple(SUBTYPES))),
        "levels": frozenset(Level(int(one)) for one in _several(document, found, "levels", "level", _held())),
        "sources": frozenset(document.text(one, "source", 80) for one in sources),
        "event": EVENT if "event" in found else "",
    }
    reason = document.text(found.get("reason"), "reason", 300)
    silence = Silence("", LATER, LATER, "case", reason, kind, **values, length=span if whole else None)
    return QuietStep(silence=(silence, start, whole or span))


def situation_step(document: Document, found: dict[str, Node]) -> QuietStep:
    """What a step `situation:` says of other alerts."""
    opened = document.number(found.get("opened"), "opened", 0, 100_000)
    gravers = tuple(_graver(document, one) for one in document.items(found.get("open"), "open"))
    closed = tuple(_closed(document, one) for one in document.items(found.get("closed"), "closed"))
    return QuietStep(
        open=gravers if "open" in found else None,
        closed=closed if "closed" in found else None,
        opened=int(opened) if "opened" in found else None,
    )


def taken(quiet: Quiet, step: QuietStep, at: datetime, line: int) -> Quiet:
    """The quiet once a step has happened."""
    if step.silence is not None:
        silence, start, length = step.silence
        made = replace(silence, key=f"line {line}", start=at + start, end=at + start + length)
        quiet = replace(quiet, silences=(*quiet.silences, made))
    if step.open is not None:
        named = (replace(one, alert=f"line {line}.{place}", since=at) for place, one in enumerate(step.open, 1))
        quiet = replace(quiet, graver=tuple(named))
    if step.closed is not None:
        closed = (replace(one, alert=f"line {line}.{n}", at=at - ago) for n, (one, ago) in enumerate(step.closed, 1))
        quiet = replace(quiet, closed=tuple(closed))
    return quiet if step.opened is None else replace(quiet, opened=step.opened)


def hush_got(hush: Hush | None, start: datetime) -> dict[str, str]:
    """What came of it, as it is expected; the end as hours after the case's start."""
    if hush is None:
        return {"hush": "none", "hush_passed": "false", "hush_until": ""}
    until = f"{(hush.until - start) / timedelta(hours=1):g} h" if hush.until is not None else "open"
    return {"hush": hush.kind, "hush_passed": str(hush.passed).lower(), "hush_until": until}


def _graver(document: Document, node: Node) -> Graver:
    found = document.table(node, "open", ("level", "countries"), ("categories", "subtypes"))
    level = document.choice(found.get("level"), "level", LEVELS)
    where, kinds = _where(document, found)
    categories = frozenset(map(Category, _several(document, found, "categories", "category", _keys())))
    return Graver("", "other", Level(int(level or 1)), LATER, where, categories, kinds)


def _closed(document: Document, node: Node) -> tuple[Closed, timedelta]:
    found = document.table(node, "closed", ("level", "countries", "subtypes", "ago"))
    level = document.choice(found.get("level"), "level", LEVELS)
    where, kinds = _where(document, found)
    return Closed("", Level(int(level or 4)), LATER, where, kinds), document.duration(found.get("ago"), "ago")


def _where(document: Document, found: dict[str, Node]) -> tuple[frozenset[str], frozenset[str]]:
    countries = document.choices(found.get("countries"), "countries", "country", CODES)
    return frozenset(countries), frozenset(_several(document, found, "subtypes", "sub-type", tuple(SUBTYPES)))


def _several(document: Document, found: dict[str, Node], key: str, one: str, known: tuple[str, ...]) -> tuple[str, ...]:
    return document.choices(found.get(key), key, one, known)


def _keys() -> tuple[str, ...]:
    return tuple(key.value for key in CATEGORIES)


def _held() -> tuple[str, ...]:
    return tuple(str(int(level)) for level in HELD)
