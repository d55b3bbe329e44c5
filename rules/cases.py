"""Cases: a guideline tried on told situations, with a clock: what is reported when, and what must come of it.

    cases:
      - name: a coup goes out at once
        start: 2026-05-04T12:00Z
        steps:
          - {at: 0 min, report: {source: wire, kind: coup, countries: [NE], severity: 0.95, reliability: B}}
          - {at: 0 min, expect: {action: open, level: 1, clause: POL-1, owner: central-lead}}
          - {at: 30 h, situation: {posture: crisis}}

A step has one of `report`, `expect`, `situation`, `silence`, `window`. A `situation` sets the posture, or other alerts
that are open, were closed or were just opened (rules.case_quiet).
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from yaml.nodes import Node

from ingest.entry import Status
from ingest.place.countries import CODES
from rules.case_quiet import (
    EVENT,
    KNOWN,
    SITUATION,
    QuietStep,
    hush_got,
    silence_step,
    situation_step,
    taken,
)
from rules.case_quiet import EXPECTED as QUIET_EXPECTED
from rules.decision import Action
from rules.document import Document, DocumentError, line_of
from rules.evidence import RANKS
from rules.guideline import Guideline
from rules.level import LEVELS, POSTURES
from rules.quiet import SILENCES, Quiet
from rules.reach import KINDS
from rules.replay import Heard, Life, Told
from rules.situation import Owner, Report, Situation
from scoring.assessment import Assessment
from scoring.category import SUBTYPES, Category

FACTORS = {"severity": 0.5, "urgency": 0.7, "certainty": 0.85}
FLAGS = ("concern", "hedged", "denied")
DEEDS = ("report", "expect", "situation", "silence", "window")
EXPECTED = (*QUIET_EXPECTED, "action", "level", "clause", "owner", "support", "unconfirmed", "score_from", "score_to")
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


class CasesError(DocumentError):
    """A file of cases cannot be used."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens at a time after the start, or that must be so then."""

    after: timedelta
    line: int
    report: Report | None = None
    item: str = ""
    expect: tuple[tuple[str, str], ...] = ()
    posture: str | None = None  # "": looked at again as it is
    quiet: QuietStep | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One told situation."""

    name: str
    start: datetime
    steps: tuple[Step, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Miss:
    """One expectation that was not met."""

    line: int
    at: datetime
    what: str
    wanted: str
    got: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case went: every change in order, and what was missed."""

    case: Case
    told: tuple[Told, ...]
    misses: tuple[Miss, ...]


def parse_cases(text: str, name: str = "cases.yaml") -> tuple[Case, ...]:
    """Read cases; CasesError lists every fault with its line and what to do about it."""
    document = Document(name, CasesError)
    root = document.table(document.root(text), "the file of cases", ("cases",))
    found = tuple(_case(document, node) for node in document.items(root.get("cases"), "cases"))
    document.finish()
    return found


def run_case(case: Case, guideline: Guideline, owners: tuple[Owner, ...]) -> Outcome:
    """Live through a case. What comes in at one time is decided on together, and looked at afterwards."""
    life = Life(guideline, Situation(None, owners, quiet=Quiet(event=EVENT)))
    told: list[Told] = []
    misses: list[Miss] = []
    waiting = False
    for place, step in enumerate(case.steps):
        at = case.start + step.after
        told += life.pass_until(at)
        if step.report is not None:
            life.hear(Heard(at, step.item, _dated(step.report, at)))
            waiting = True
        if step.quiet is not None and life.situation.quiet is not None:
            life.situation = replace(life.situation, quiet=taken(life.situation.quiet, step.quiet, at, step.line))
        if step.posture is not None:
            life.situation = replace(life.situation, posture=step.posture or life.situation.posture)
            waiting = waiting or bool(life.known)
        following = case.steps[place + 1] if place + 1 < len(case.steps) else None
        together = following is not None and following.after == step.after and not following.expect and not step.expect
        if waiting and not together:
            told.append(life.decide(at))
            waiting = False
        if step.expect:
            told += life.pass_until(at + timedelta(seconds=1))  # what is due now has happened
            misses += _missed(step, at, told, case.start)
    return Outcome(case, tuple(told), tuple(misses))


def _dated(report: Report, at: datetime) -> Report:
    """The report as of the case's clock: `published` was read as a time before it was seen."""
    age = report.seen - (report.published or report.seen)
    return replace(report, seen=at, published=at - age)


def _missed(step: Step, at: datetime, told: list[Told], start: datetime) -> list[Miss]:
    last = told[-1].decision if told else None
    latest = next((one.decision for one in reversed(told) if one.decision.action is not Action.NONE), None)
    got: dict[str, str] = {"action": "none", "level": "none", "clause": "", "owner": "", "support": ""}
    if last is not None:
        accountable = [duty.owner for duty in last.duties if duty.role == "accountable"]
        support = sorted(duty.owner for duty in last.duties if duty.role != "accountable")
        withdrawn = latest is not None and latest.action is Action.WITHDRAW
        got = {
            "action": (latest or last).action.value,
            "level": "none" if last.level is None or withdrawn else str(int(last.level)),
            "clause": last.clause,
            "owner": "".join(accountable),
            "support": " ".join(support),
            "unconfirmed": str(last.unconfirmed).lower(),
            "score_from": f"{last.score:g}",
            "score_to": f"{last.score:g}",
        }
    got |= hush_got(latest.hush if latest is not None else None, start)
    return [
        Miss(step.line, at, name, wanted, got.get(name, ""))
        for name, wanted in step.expect
        if not _met(name, wanted, got.get(name, ""))
    ]


def _met(name: str, wanted: str, got: str) -> bool:
    if name in ("score_from", "score_to"):
        return bool(got) and (float(got) >= float(wanted) if name == "score_from" else float(got) <= float(wanted))
    return wanted == got


def _case(document: Document, node: Node) -> Case:
    found = document.table(node, "case", ("name", "steps"), ("start",))
    start = START
    if "start" in found:
        written = document.text(found["start"], "start", 40)
        try:
            start = datetime.fromisoformat(written)
            start = start if start.tzinfo else start.replace(tzinfo=UTC)
        except ValueError:
            document.fault(found["start"], f"start {written} is no time", "Write it like 2026-05-04T12:00Z.")
    steps = [_step(document, one) for one in document.items(found.get("steps"), "steps")]
    for before, after in zip(steps, steps[1:], strict=False):  # noqa: RUF007 -- of a list that may be empty
        if after.after < before.after:
            document.fault(after.line, "this step is before the one above it", "Put steps in the order of time.")
    return Case(document.text(found.get("name"), "name", 200), start, tuple(steps), line_of(node))


def _step(document: Document, node: Node) -> Step:
    found = document.table(node, "step", ("at",), DEEDS)
    after = document.duration(found.get("at"), "at")
    deeds = [key for key in DEEDS if key in found]
    if len(deeds) != 1:
        document.fault(node, f"a step needs one of {', '.join(DEEDS)}", "Write a step for each.")
        return Step(after, line_of(node))
    if deeds == ["expect"]:
        return Step(after, line_of(node), expect=_expected(document, found["expect"]))
    if deeds == ["situation"]:
        told = document.table(found["situation"], "situation", (), ("posture", *SITUATION))
        quiet = situation_step(document, told)
        posture = document.choice(told.get("posture"), "posture", POSTURES)
        return Step(after, line_of(node), posture=posture if "posture" in told or not told else None, quiet=quiet)
    if deeds[0] in SILENCES:
        return Step(after, line_of(node), quiet=silence_step(document, found[deeds[0]], deeds[0]))
    report, item = _report(document, found["report"])
    return Step(after, line_of(node), report=report, item=item)


def _expected(document: Document, node: Node) -> tuple[tuple[str, str], ...]:
    found = document.table(node, "expect", (), EXPECTED)
    if not found:
        document.fault(node, "expect is empty", "Say what must be so, such as level: 2.")
    known = {
        "action": tuple(one.value for one in Action),
        "level": ("none", *LEVELS),
        "unconfirmed": ("true", "false"),
        **KNOWN,
    }
    told = []
    for key, one in found.items():
        if key in known:
            told.append((key, document.choice(one, key, known[key])))
        elif key.startswith("score"):
            told.append((key, f"{document.number(one, key, 0, 100):g}"))
        else:
            told.append((key, " ".join(sorted(document.text(one, key, 400).replace(",", " ").split()))))
    return tuple(told)


def _report(document: Document, node: Node) -> tuple[Report, str]:
    optional = ("id", "kind", "kinds", "countries", "origin", "reliability", "status", "age", *FACTORS, *FLAGS)
    found = document.table(node, "report", ("source",), optional)
    source = document.text(found.get("source"), "source", 80)
    item = document.text(found["id"], "id", 80) if "id" in found else f"line {line_of(node)}"
    kinds = _kinds(document, found)
    labels = tuple(dict.fromkeys(SUBTYPES.get(kind) or Category(kind) for kind in kinds))
    countries = document.choices(found.get("countries"), "countries", "country", CODES)
    age = document.duration(found.get("age"), "age")
    values: dict[str, Any] = {
        key: document.number(found[key], key, 0, 1) if key in found else FACTORS[key] for key in FACTORS
    }
    flags: dict[str, Any] = {key: document.choice(found.get(key), key, ("true", "false")) == "true" for key in FLAGS}
    status = document.choice(found.get("status"), "status", tuple(one.value for one in Status)) or "actual"
    made = Assessment(
        probabilities={},
        labels=labels,
        uncertain=(),
        subtypes=tuple(kind for kind in kinds if kind in SUBTYPES),
        countries=countries,
        reasons=(),
        model="case",
        **values,
        **flags,
    )
    reliability = document.choice(found.get("reliability"), "reliability", RANKS) or "C"
    origin = document.text(found["origin"], "origin", 80) if "origin" in found else source
    report = Report(item, source, origin, reliability, Status(status), START - age, START, made)
    return report, f"{source}:{item}"


def _kinds(document: Document, found: dict[str, Node]) -> tuple[str, ...]:
    first = document.choice(found.get("kind"), "kind", KINDS)
    return (*([first] if first else []), *document.choices(found.get("kinds"), "kinds", "kind", KINDS))
