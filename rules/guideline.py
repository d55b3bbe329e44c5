"""Guideline: thresholds as data. What is read here is complete, without contradiction and never changes afterwards."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from yaml.nodes import MappingNode, Node

from rules.clause import Clause, Floor, LevelRule, TimeRule, Weights
from rules.condition import Condition, ConditionError, parse_condition
from rules.document import Document, DocumentError, Words, line_of, short_hash
from rules.floors import read_floors
from rules.level import LEVELS, NORMAL, Level
from rules.lint import complete, distinct, lint
from rules.posture import CALM, PostureRule, posture_rule
from rules.quiet_rule import RestraintRule, restraint_rule
from rules.reach import ExposureRule, exposure_rule, kinds_of
from rules.watching import SourceClause, source_clause
from scoring.assessment import Assessment
from scoring.category import CATEGORIES, SUBTYPES, Category

ID = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")


class GuidelineError(DocumentError):
    """A guideline cannot be used."""


@dataclass(frozen=True, slots=True, eq=False)
class Guideline:
    """A whole guideline. `version`, the given one, a plus sign and a short hash of the content, tells two apart."""

    title: Words
    version: str
    weights: Weights  # where a clause has none of its own
    levels: Mapping[Level, LevelRule]
    floors: tuple[Floor, ...]
    time: TimeRule
    clauses: tuple[Clause, ...]
    by_id: Mapping[str, Clause] = field(repr=False)
    by_kind: Mapping[str, Clause] = field(repr=False)  # sub-type or category key → clause
    sources: tuple[SourceClause, ...] = ()  # which trouble with which sources is worth an alarm
    by_condition: Mapping[str, tuple[Clause, ...]] = field(default_factory=dict, repr=False)  # those with a condition
    exposure: ExposureRule = field(kw_only=True)  # how far events reach, and what it weighs whom they touch
    restraint: RestraintRule = field(kw_only=True)  # what is told later instead of at once
    crisis: PostureRule = field(kw_only=True)  # what a crisis changes

    @property
    def waits(self) -> dict[Level, timedelta]:
        """Until when a duty must be acknowledged, by level."""
        return {level: rule.acknowledge for level, rule in self.levels.items()}

    def posture(self, name: str) -> PostureRule:
        """What a posture changes; the normal one changes nothing."""
        return CALM if name == NORMAL else self.crisis

    def waits_in(self, posture: str) -> dict[Level, timedelta]:
        """The same in a posture."""
        factor = self.posture(posture).acknowledge
        return self.waits if factor == 1.0 else {level: wait * factor for level, wait in self.waits.items()}

    def hold(self, clause: str, level: Level) -> timedelta:
        """How long a calmer picture must last before this level, set by this clause, is lowered."""
        named = self.by_id.get(clause)
        return named.hold if named is not None and named.hold is not None else self.levels[level].hold

    def clauses_of(
        self, labels: Iterable[Category], subtypes: Iterable[str], context: Any = None
    ) -> tuple[Clause, ...]:
        """The clauses that speak of these labels: those of the sub-types, else the category's own.

        Conditions are asked about `context` (of rules.condition); without one, none of them holds.
        """
        clauses = (self._speaker(kind, context) for kind in kinds_of(tuple(labels), tuple(subtypes)))
        return tuple({clause.id: clause for clause in clauses}.values())

    def asks_of(self, made: Assessment) -> bool:
        """Whether a clause with a condition may speak of such a report: only then facts are worth gathering."""
        kinds = self.by_condition
        return bool(kinds) and any(kind in kinds for kind in (*made.subtypes, *made.labels))

    def _speaker(self, kind: str, context: Any) -> Clause:
        """The first clause of a kind whose condition holds, else the one without, else that of the whole category."""
        if context is not None:
            for clause in self.by_condition.get(kind, ()):
                if clause.when is not None and clause.when.holds(context):
                    return clause
        found = self.by_kind.get(kind)
        return found if found is not None else self._speaker(SUBTYPES[kind].value, context)


def parse_guideline(text: str, name: str = "guideline.yaml") -> Guideline:
    """Read a guideline; GuidelineError lists every fault with its line and what to do about it."""
    document = Document(name, GuidelineError)
    keys = ("version", "title", "weights", "levels", "floors", "time", "clauses")
    root = document.table(document.root(text), "the guideline", keys, ("sources", "exposure", "restraint", "posture"))
    weights = _weights(document, root.get("weights"), Weights())
    levels = _levels(document, root.get("levels"))
    floors = read_floors(document, root.get("floors"))
    nodes = document.items(root.get("clauses"), "clauses")
    readable = [_clause(document, node, weights) for node in nodes]
    clauses = tuple(clause for clause in readable if clause is not None)
    distinct(document, clauses)
    sources = _sources(document, root.get("sources"), clauses)
    if clauses and None not in readable:
        complete(document, clauses, root["clauses"])
    if not document.faults:
        lint(document, clauses, floors)
    guideline = Guideline(
        title=document.words(root.get("title"), "title"),
        version=_version(document, root.get("version"), text),
        weights=weights,
        levels=levels,
        floors=floors,
        time=_time(document, root.get("time")),
        clauses=clauses,
        by_id=MappingProxyType({clause.id: clause for clause in clauses}),
        by_kind=MappingProxyType({clause.kind: clause for clause in clauses if clause.when is None}),
        sources=sources,
        by_condition=_by_condition(clauses),
        exposure=_exposure(document, root.get("exposure")),
        restraint=_restraint(document, root.get("restraint"), levels),
        crisis=_crisis(document, root.get("posture")),
    )
    document.finish()
    return guideline


def default_text() -> str:
    """The shipped guideline as it is written."""
    return files("rules").joinpath("defaults", "guideline.yaml").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def default_guideline() -> Guideline:
    """The shipped guideline."""
    return parse_guideline(default_text(), "guideline.yaml")


def _by_condition(clauses: Sequence[Clause]) -> Mapping[str, tuple[Clause, ...]]:
    found: dict[str, tuple[Clause, ...]] = {}
    for clause in clauses:
        if clause.when is not None:
            found[clause.kind] = (*found.get(clause.kind, ()), clause)
    return MappingProxyType(found)


def _sources(document: Document, node: Node | None, clauses: tuple[Clause, ...]) -> tuple[SourceClause, ...]:
    """The clauses about sources; a guideline that says nothing of them has the shipped ones."""
    if node is None:
        return default_guideline().sources
    found = [source_clause(document, one) for one in document.items(node, "sources")]
    readable = [one for one in found if one is not None]
    taken = {clause.id: clause.line for clause in clauses}
    for one in readable:
        if one.id and not ID.fullmatch(one.id):
            document.fault(one.line, f"id {one.id} is not capital letters, digits and dashes", "Write it like SRC-1.")
        if one.id in taken:
            document.fault(one.line, f"clause id {one.id} is taken by line {taken[one.id]}", "Give it its own id.")
        taken.setdefault(one.id, one.line)
    return tuple(readable)


def _exposure(document: Document, node: Node | None) -> ExposureRule:
    """As given; where a guideline says nothing of it, the shipped one's."""
    return exposure_rule(document, node) if node is not None else default_guideline().exposure


def _restraint(document: Document, node: Node | None, levels: Mapping[Level, LevelRule]) -> RestraintRule:
    """As given; where a guideline says nothing of it, the shipped one's."""
    return restraint_rule(document, node, levels) if node is not None else default_guideline().restraint


def _crisis(document: Document, node: Node | None) -> PostureRule:
    """The same for what a crisis changes."""
    return posture_rule(document, node) if node is not None else default_guideline().crisis


def _version(document: Document, node: Node | None, text: str) -> str:
    given = document.text(node, "version", 40)
    return f"{given}+{short_hash(text)}"


def _weights(document: Document, node: Node | None, base: Weights) -> Weights:
    names = ("severity", "urgency", "certainty")
    found = document.table(node, "weights", (), (*names, "concern"))
    read = {name: document.number(found[name], f"weight of {name}", 0.05, 4) for name in names if name in found}
    if "concern" in found:
        read["concern"] = document.number(found["concern"], "weight of concern", 1, 3)
    return Weights(**{name: read.get(name, getattr(base, name)) for name in (*names, "concern")})


def _levels(document: Document, node: Node | None) -> Mapping[Level, LevelRule]:
    found = document.table(node, "levels", LEVELS)
    rules: dict[Level, LevelRule] = {}
    before = timedelta()
    for level in Level:
        # The calmest level is never lowered by itself: a person closes the alert. So there is nothing to hold.
        keys = ("acknowledge",) if level is Level.BLUE else ("acknowledge", "hold")
        rule = document.table(found.get(str(int(level))), f"level {int(level)}", keys)
        wait = document.duration(rule.get("acknowledge"), f"acknowledge of level {int(level)}")
        hold = document.duration(rule.get("hold"), f"hold of level {int(level)}")
        if "acknowledge" in rule and wait <= before:
            what = f"level {int(level)} must be acknowledged no later than the graver level before it"
            document.fault(rule["acknowledge"], what, "Give it a longer time.")
        before = max(before, wait)
        rules[level] = LevelRule(wait, hold)
    return MappingProxyType(rules)


def _time(document: Document, node: Node | None) -> TimeRule:
    found = document.table(node, "time", ("old_after", "picture"), ("past",))
    spans = {key: document.duration(found.get(key), key) for key in ("old_after", "picture")}
    for key, span in spans.items():
        if key in found and not span and not any(line_of(found[key]) == fault[0] for fault in document.faults):
            document.fault(found[key], f"{key} is zero", "Give a time span, such as 7 d.")
    past = tuple(document.text(item, "past") for item in document.items(found.get("past"), "past"))
    return TimeRule(spans["old_after"], spans["picture"], past)


def _clause(document: Document, node: Node, weights: Weights) -> Clause | None:
    """The clause, None when its kind cannot be read: then no fault of coverage follows from it."""
    required = ("id", "category", "title", "thresholds", "why")
    found = document.table(node, "clause", required, ("subtype", "weights", "hold", "when"))
    identity = document.text(found.get("id"), "id", 40)
    if identity and not ID.fullmatch(identity):
        document.fault(found["id"], f"id {identity} is not capital letters, digits and dashes", "Write it like SEC-1.")
    where = f"clause {identity}".strip()
    category = document.choice(found.get("category"), "category", (key.value for key in CATEGORIES))
    subtype = document.choice(found.get("subtype"), "sub-type", SUBTYPES)
    if subtype and category and SUBTYPES[subtype].value != category:
        what = f"{subtype} is a sub-type of {SUBTYPES[subtype].value}, not of {category}"
        document.fault(found["subtype"], what, "Correct one of them.")
    clause = Clause(
        id=identity,
        category=Category(category) if category else CATEGORIES[0],
        subtype=subtype or None,
        title=document.words(found.get("title"), f"title of {where}"),
        why=document.words(found.get("why"), f"why of {where}"),
        thresholds=_thresholds(document, found.get("thresholds"), where),
        weights=_weights(document, found["weights"], weights) if "weights" in found else weights,
        hold=document.duration(found["hold"], f"hold of {where}") if "hold" in found else None,
        line=line_of(node),
        when=_when(document, found.get("when"), where),
        when_line=line_of(found["when"]) if "when" in found else 0,
    )
    return clause if category and bool(subtype) == ("subtype" in found) else None


def _when(document: Document, node: Node | None, where: str) -> Condition | None:
    source = document.text(node, f"when of {where}")
    if not source:
        return None
    try:
        return parse_condition(source)
    except ConditionError as error:
        document.fault(node, error.what, error.advice)
        return None


def _thresholds(document: Document, node: Node | None, where: str) -> tuple[float, float, float, float]:
    found = document.table(node, f"thresholds of {where}", LEVELS)
    read = [document.number(found.get(level), "threshold", 0, 100) for level in LEVELS]
    if len(found) == len(LEVELS) and isinstance(node, MappingNode):
        _descending(document, found, read, where)
    return (read[0], read[1], read[2], read[3])


def _descending(document: Document, found: dict[str, Node], read: list[float], where: str) -> None:
    for level, graver, calmer in zip(LEVELS[1:], read, read[1:], strict=False):
        if calmer >= graver:
            what = f"threshold {calmer:g} of level {level} in {where} is not below {graver:g}, that of the level before"
            document.fault(found[level], what, "Thresholds descend from level 1 to level 4.")
    if read[-1] == 0:
        document.fault(found[LEVELS[-1]], f"threshold 0 in {where} alerts on everything", "Give a number above 0.")
