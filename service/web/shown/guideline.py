"""The guideline and its versions, as the pages show them."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from rules.clause import Clause, Weights
from rules.guideline import Guideline
from rules.level import Level
from scoring.category import CATEGORIES
from service.desk.exposure_told import exposure_told, reach_told
from service.desk.guideline_in_force import InForce
from service.desk.posture_told import posture_told
from service.desk.restraint import restraint_told
from service.locale.refusal import refusal
from service.store.tables import ClauseMatch, GuidelineVersion, LogLine
from service.web.shown.powers import raised
from service.web.shown.row import Telling
from service.web.shown.times import Moment

FACTORS = ("severity", "urgency", "certainty", "concern")
MOST_DIFF = 400


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which score on a level begins."""

    level: int
    roman: str
    name: str
    score: str


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """One clause in the reader's language; `beside` is the same in the other one."""

    id: str
    title: str
    why: str
    beside: tuple[str, str]
    thresholds: tuple[Threshold, ...]
    when: str
    differs: tuple[str, ...]
    matched: Moment | None
    times: int
    alert: int | None
    special: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    """The clauses of one category."""

    key: str
    title: str
    clauses: tuple[ClauseShown, ...]


@dataclass(frozen=True, slots=True)
class LevelShown:
    """A level with its times."""

    level: int
    roman: str
    name: str
    acknowledge: str
    hold: str


@dataclass(frozen=True, slots=True)
class SourceClauseShown:
    """A clause about our own sources, and when it last rang an alarm."""

    id: str
    level: int
    roman: str
    title: str
    of: str
    why: str
    matched: Moment | None
    times: int
    alert: int | None


@dataclass(frozen=True, slots=True)
class GuidelineShown:
    """The whole guideline, compiled."""

    title: str
    beside: str
    version: str
    origin: str
    problem: str
    formula: str
    levels: tuple[LevelShown, ...]
    floors: tuple[tuple[str, str], ...]
    time: str
    chapters: tuple[Chapter, ...]
    sources: tuple[SourceClauseShown, ...]
    restraint: tuple[tuple[str, str], ...]
    crisis: str = ""
    exposure: tuple[str, ...] = ()
    reach: tuple[tuple[str, tuple[str, ...], str], ...] = ()


def guideline_shown(found: InForce, matched: Mapping[str, ClauseMatch], telling: Telling) -> GuidelineShown:
    """The guideline in force, in the reader's language."""
    guideline, lang = found.guideline, telling.lang
    usual = {name: f"{getattr(guideline.weights, name):g}" for name in FACTORS}
    spans = {"old": guideline.time.old_after, "picture": guideline.time.picture}
    floors = [
        (
            telling.say("guideline.floor", severity=f"{floor.severity:g}", level=floor.level.roman),
            floor.why.of(lang),
        )
        for floor in guideline.floors
    ]
    return GuidelineShown(
        title=guideline.title.of(lang),
        beside=guideline.title.of(_other(lang)),
        version=guideline.version,
        origin=telling.say(f"guideline.origin.{found.origin}"),
        problem=_problem(found, telling),
        formula=raised(telling.say("guideline.formula_text", **usual)),
        levels=tuple(_level(level, guideline, telling) for level in guideline.levels),
        floors=tuple(floors),
        time=telling.say("rules.time", **{key: _span(span, telling) for key, span in spans.items()}),
        chapters=_chapters(guideline, matched, telling),
        sources=tuple(
            SourceClauseShown(
                one.id,
                int(one.level),
                one.level.roman,
                one.title.of(lang),
                telling.say("guideline.of", of=_whose(one.of, telling)),
                one.why.of(lang),
                *_matched(matched.get(one.id), telling),
            )
            for one in guideline.sources
        ),
        restraint=tuple(restraint_told(guideline.restraint, telling.words, lang)),
        crisis=posture_told(guideline, telling.words, lang),
        exposure=tuple(exposure_told(guideline.exposure, telling.words, lang)),
        reach=tuple(reach_told(guideline.exposure, telling.words, lang)),
    )


def _other(lang: str) -> str:
    return "en" if lang == "zh" else "zh"


def _level(level: Level, guideline: Guideline, telling: Telling) -> LevelShown:
    rule = guideline.levels[level]
    hold = telling.say("rules.never") if level is Level.BLUE else _span(rule.hold, telling)
    name = telling.words.level_name(level, telling.lang)
    return LevelShown(int(level), level.roman, name, _span(rule.acknowledge, telling), hold)


def _span(span: Any, telling: Telling) -> str:
    return telling.words.span(span, telling.lang)


def _chapters(guideline: Guideline, matched: Mapping[str, ClauseMatch], telling: Telling) -> tuple[Chapter, ...]:
    ordered = sorted(guideline.clauses, key=lambda one: CATEGORIES.index(one.category))
    return tuple(
        Chapter(
            key.value,
            telling.words.category(key.value, telling.lang),
            tuple(_clause(one, guideline.weights, matched.get(one.id), telling) for one in several),
        )
        for key, several in groupby(ordered, key=lambda one: one.category)
    )


def _whose(keys: Sequence[str], telling: Telling) -> str:
    """Sources that a clause is about: all, the critical ones, or kinds."""
    words = (f"guideline.of.{key}" if key in ("all", "critical") else f"web.kind.{key}" for key in keys)
    return telling.say("web.joint.list").join(telling.say(word) for word in words)


def _matched(match: ClauseMatch | None, telling: Telling) -> tuple[Moment | None, int, int | None]:
    """When a clause last gave an alert its level, how often in all, and the last alert."""
    return (telling.moment(match.last_at), match.count, match.alert_id) if match is not None else (None, 0, None)


def _clause(one: Clause, usual: Weights, match: ClauseMatch | None, telling: Telling) -> ClauseShown:
    lang, other = telling.lang, _other(telling.lang)
    weights = [
        raised(telling.say(f"rules.weight.{name}", value=f"{getattr(one.weights, name):g}"))
        for name in FACTORS
        if getattr(one.weights, name) != getattr(usual, name)
    ]
    hold = [telling.say("rules.hold", value=_span(one.hold, telling))] if one.hold is not None else []
    when, times, alert = _matched(match, telling)
    return ClauseShown(
        id=one.id,
        title=one.title.of(lang),
        why=one.why.of(lang),
        beside=(one.title.of(other), one.why.of(other)),
        thresholds=tuple(
            Threshold(int(level), level.roman, telling.words.level_name(level, lang), f"{score:g}")
            for level, score in zip(Level, one.thresholds, strict=True)
        ),
        when=one.when.source if one.when is not None else "",
        differs=(*weights, *hold),
        matched=when,
        times=times,
        alert=alert,
        special=one.subtype is not None,
    )


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One version on its way. `state` is proposed, waiting, approved, in_force, rejected or withdrawn."""

    id: int
    version: str
    parent: str
    state: str
    state_name: str
    note: str
    by: str
    at: Moment
    decided_by: str
    effective: Moment | None
    reason: str
    own: bool
    tried: bool


def version_shown(
    row: GuidelineVersion, current: int | None, actor: str, now: datetime, telling: Telling
) -> VersionShown:
    """A version in the reader's language."""
    state = row.state
    if row.id == current:
        state = "in_force"
    elif state == "approved" and row.effective_at is not None and row.effective_at > now:
        state = "waiting"
    return VersionShown(
        id=row.id or 0,
        version=row.version,
        parent=row.parent,
        state=state,
        state_name=telling.say(f"guideline.state.{state}"),
        note=row.note,
        by=telling.actor(row.proposed_by),
        at=telling.surely(row.proposed_at),
        decided_by=telling.actor(row.decided_by) if row.decided_by else "",
        effective=telling.moment(row.effective_at),
        reason=row.reason,
        own=row.proposed_by == actor,
        tried=row.backtest is not None,
    )


def _problem(found: InForce, telling: Telling) -> str:
    """What is wrong with the operator's file, in the reader's language as far as we have words for it."""
    told = refusal(telling.words, found.problem, found.advice, telling.lang)
    problem = "".join(told) if told is not None else f"{found.problem} {found.advice}".strip()
    return telling.say("guideline.problem", problem=problem) if problem else ""


def difference(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """What changes between two texts: (added | gone | same | gap, line)."""
    kinds = {"+": "added", "-": "gone", " ": "same", "@": "gap"}
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2))[2:]
    return tuple((kinds.get(line[:1], "same"), "…" if line[:1] == "@" else line[1:]) for line in lines[:MOST_DIFF])


def deeds(lines: Sequence[LogLine], telling: Telling) -> tuple[tuple[str, str, Moment], ...]:
    """What was done about a version: deed, who, when."""
    return tuple(
        (
            telling.say(f"guideline.deed.{line.action.partition('.')[2]}"),
            telling.actor(line.actor),
            telling.surely(line.at),
        )
        for line in lines
    )
