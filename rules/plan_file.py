"""Reading plans: YAML files, departments, modules and plans in any of them, every fault with file, line and advice."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType

from yaml.nodes import MappingNode, Node

from ingest.place.countries import CODES
from rules.document import Document, DocumentError, Words, line_of, short_hash
from rules.level import LEVELS, POSTURES, Level
from rules.owners import default_owners
from rules.plan import COMMANDS, LEADS, Department, Module, Plan, Plans, Start, Step, put_in_order
from rules.plan_check import check_plans
from rules.situation import Owner
from rules.watching import Trouble
from scoring.category import CATEGORIES, SUBTYPES, Category

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PARTS = ("version", "title", "remind", "departments", "modules", "plans")
SHIPPED = ("plans.yaml", "plan_modules.yaml")
REMIND = {1: 15, 2: 30, 3: 240, 4: 1440}  # minutes, where a file says nothing


class PlansError(DocumentError):
    """The plans cannot be used."""


@dataclass
class _Shelf:
    """What has been read so far, of all files."""

    version: str = ""
    title: Words = field(default_factory=lambda: Words("Response plans", "响应预案"))
    remind: dict[Level, timedelta] = field(
        default_factory=lambda: {level: timedelta(minutes=REMIND[level]) for level in Level}
    )
    departments: dict[str, Department] = field(default_factory=dict)
    modules: list[Module] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)


def parse_plans(texts: Mapping[str, str], owners: Sequence[Owner]) -> Plans:
    """Read plans from files (name → text); PlansError lists every fault of every file, and what to do about it.

    `owners` are those in force: a department must be one of them.
    """
    shelf, documents = _Shelf(), {name: Document(name, PlansError) for name in texts}
    for name, text in texts.items():
        _read(documents[name], text, shelf)
    plans = [_whole(plan, shelf.modules) for plan in shelf.plans]
    version = f"{shelf.version or '1'}+{short_hash(*(texts[name] for name in sorted(texts)))}"
    found = put_in_order(version, shelf.title, shelf.departments, shelf.modules, plans, shelf.remind)
    for fault in check_plans(found, owners) if not any(one.faults for one in documents.values()) else ():
        documents[fault.file or next(iter(documents))].fault(fault.line, fault.what, fault.advice)
    _finish(documents.values())
    return found


def default_texts() -> dict[str, str]:
    """The shipped files as they are written."""
    folder = files("rules").joinpath("defaults")
    return {name: folder.joinpath(name).read_text(encoding="utf-8") for name in SHIPPED}


@lru_cache(maxsize=1)
def default_plans() -> Plans:
    """The shipped plans, for the shipped owners."""
    return parse_plans(default_texts(), default_owners())


def _finish(documents: Iterable[Document]) -> None:
    every: list[DocumentError] = []
    for document in documents:
        try:
            document.finish()
        except DocumentError as error:
            every += list(error.every)
    if every:
        first = every[0]
        raise PlansError(first.file, first.line, first.what, first.advice, tuple(every[1:]))


def _read(document: Document, text: str, shelf: _Shelf) -> None:
    root = document.table(document.root(text), "the plans file", (), PARTS)
    shelf.version = document.text(root["version"], "version", 40) if "version" in root else shelf.version
    shelf.title = document.words(root["title"], "title") if "title" in root else shelf.title
    if "remind" in root:
        spans = _spans(document, root["remind"], "remind", tuple(Level))
        shelf.remind.update(spans)
    for node in document.items(root.get("departments"), "departments"):
        _department(document, node, shelf)
    for node in document.items(root.get("modules"), "modules"):
        shelf.modules.append(_module(document, node))
    for node in document.items(root.get("plans"), "plans"):
        shelf.plans.append(_plan(document, node))


def _department(document: Document, node: Node, shelf: _Shelf) -> None:
    found = document.table(node, "department", ("key", "title", "owner"))
    key = _key(document, found.get("key"))
    if key in shelf.departments or key in LEADS:
        document.fault(node, f"department {key} stands twice or is a word of ours", "Give it another key.")
    shelf.departments[key] = Department(
        key, document.words(found.get("title"), "title"), document.text(found.get("owner"), "owner", 80), line_of(node)
    )


def _module(document: Document, node: Node) -> Module:
    found = document.table(node, "module", ("key", "title", "steps"), ("avoid",))
    key = _key(document, found.get("key"))
    return Module(
        key=key,
        title=document.words(found.get("title"), f"title of module {key}".strip()),
        steps=_steps(document, found.get("steps"), key or "module"),
        avoid=_avoid(document, found.get("avoid")),
        line=line_of(node),
        file=document.file,
    )


def _plan(document: Document, node: Node) -> Plan:
    keys = ("key", "title", "start", "command", "lead", "closes")
    found = document.table(node, "plan", keys, ("support", "use", "steps", "avoid"))
    key = _key(document, found.get("key"))
    return Plan(
        key=key,
        title=document.words(found.get("title"), f"title of plan {key}".strip()),
        start=_start(document, found.get("start"), key),
        command=document.choice(found.get("command"), "command", COMMANDS) or COMMANDS[0],
        lead=document.text(found.get("lead"), "lead", 40),
        support=_names(document, found.get("support"), "support"),
        modules=_names(document, found.get("use"), "use"),
        steps=_steps(document, found.get("steps"), key or "plan"),
        avoid=_avoid(document, found.get("avoid")),
        closes=document.words(found.get("closes"), f"closes of plan {key}".strip()),
        line=line_of(node),
        file=document.file,
    )


def _start(document: Document, node: Node | None, key: str) -> Start:
    optional = ("categories", "subtypes", "countries", "posture", "troubles")
    where = f"start of plan {key}".strip()
    found = document.table(node, where, ("levels",), optional)
    if found and ("categories" in found) == ("troubles" in found):
        what = f"{where} needs either categories or troubles"
        document.fault(node, what, "Events start a plan by `categories:`, alarms about sources by `troubles:`.")
    for name in ("subtypes", "countries", "posture") if "troubles" in found else ():
        if name in found:
            document.fault(found[name], f"alarms about sources have no {name}", "Leave it out.")
    levels = _choices(document, found.get("levels"), "level", LEVELS)
    categories = _choices(document, found.get("categories"), "category", [key.value for key in CATEGORIES])
    return Start(
        levels=tuple(Level(int(level)) for level in levels),
        categories=tuple(Category(key) for key in categories),
        subtypes=_choices(document, found.get("subtypes"), "sub-type", SUBTYPES),
        countries=_choices(document, found.get("countries"), "country", CODES),
        posture=document.choice(found.get("posture"), "posture", POSTURES),
        troubles=_choices(document, found.get("troubles"), "trouble", [one.value for one in Trouble]),
    )


def _steps(document: Document, node: Node | None, home: str) -> tuple[Step, ...]:
    return tuple(_step(document, one, home) for one in document.items(node, f"steps of {home}"))


def _step(document: Document, node: Node, home: str) -> Step:
    found = document.table(
        node, f"step of {home}", ("key", "do", "who", "within", "result"), ("support", "resource", "after", "levels")
    )
    key = _key(document, found.get("key"))
    where = f"step {home}.{key}"
    chosen = _choices(document, found.get("levels"), "level", LEVELS)
    levels = tuple(Level(int(level)) for level in chosen) or tuple(Level)
    return Step(
        key=f"{home}.{key}",
        what=document.words(found.get("do"), f"do of {where}"),
        who=document.text(found.get("who"), f"who of {where}", 40),
        within=MappingProxyType(_spans(document, found.get("within"), f"within of {where}", levels)),
        result=document.words(found.get("result"), f"result of {where}"),
        support=_names(document, found.get("support"), "support"),
        resource=document.words(found["resource"], f"resource of {where}") if "resource" in found else None,
        after=tuple(
            name if "." in name else f"{home}.{name}" for name in _names(document, found.get("after"), "after")
        ),
        levels=levels,
        line=line_of(node),
    )


def _spans(document: Document, node: Node | None, where: str, levels: Sequence[Level]) -> dict[Level, timedelta]:
    """One span for all levels, or a table of spans; the graver level never has the longer time."""
    if not isinstance(node, MappingNode):
        span = document.duration(node, where)
        if node is not None and not span and not document.faults:
            document.fault(node, f"{where} is no time at all", "Give a time span, such as 1 h.")
        return dict.fromkeys(Level, span)
    found = document.table(node, where, [str(int(level)) for level in levels], LEVELS)
    spans = {Level(int(key)): document.duration(value, where) for key, value in found.items()}
    ordered = [spans[level] for level in Level if level in spans]
    for graver, calmer in pairwise(ordered):
        if calmer < graver:
            document.fault(node, f"{where} gives a graver level more time", "Let the times grow from level 1 to 4.")
            break
    return {level: spans.get(level, max(ordered, default=timedelta())) for level in Level}


def _avoid(document: Document, node: Node | None) -> tuple[Words, ...]:
    return tuple(document.words(one, "avoid") for one in document.items(node, "avoid"))


def _names(document: Document, node: Node | None, where: str) -> tuple[str, ...]:
    names = [document.text(one, where, 80) for one in document.items(node, where)]
    for name in {name for name in names if names.count(name) > 1}:
        document.fault(node, f"{where} names {name} twice", "Keep one of them.")
    return tuple(names)


def _choices(document: Document, node: Node | None, one: str, known: Iterable[str]) -> tuple[str, ...]:
    values = [document.choice(item, one, tuple(known)) for item in document.items(node, f"list of {one}")]
    for value in {value for value in values if value and values.count(value) > 1}:
        document.fault(node, f"{one} {value} stands twice", "Keep one of them.")
    return tuple(value for value in values if value)


def _key(document: Document, node: Node | None) -> str:
    key = document.text(node, "key", 60)
    if key and not KEY.fullmatch(key):
        document.fault(node, f"key {key} is not small letters, digits and dashes", "Write it like asset-freeze-2.")
    return key


def _whole(plan: Plan, modules: Sequence[Module]) -> Plan:
    """The plan with the steps of its modules before its own, and their notes of what to avoid behind its own."""
    by_key = {module.key: module for module in modules}
    used = [by_key[key] for key in plan.modules if key in by_key]
    steps = (*(step for module in used for step in module.steps), *plan.steps)
    avoid = tuple(dict.fromkeys((*plan.avoid, *(note for module in used for note in module.avoid))))
    return replace(plan, steps=steps, avoid=avoid)
