"""Lint: what a guideline says about itself that cannot be meant: dead clauses, conditions that never or always hold,
thresholds that no report reaches, floors that another floor hides.

A guideline is read whole before it is looked at; each finding has a line and advice, as the reading's own faults have.
"""

import itertools
import re
from collections.abc import Sequence
from datetime import timedelta

from yaml.nodes import Node

from ingest.place.countries import CODES
from rules.clause import SUREST, Clause, Floor
from rules.condition import GROWING, LISTS, Condition, ConditionError, Facts, greater, samples
from rules.document import Document
from rules.level import POSTURES
from scoring.category import CATEGORIES, SUBTYPES

WORD = re.compile(r"""(["'])((?:(?!\1).)*)\1""")
MOST_TRIED = 3_000
MOST_IN_ALL = 20_000  # however many conditions there are: a check must not take long


def lint(document: Document, clauses: Sequence[Clause], floors: Sequence[Floor]) -> None:
    """Add what is found to the document's faults."""
    most = max(50, min(MOST_TRIED, MOST_IN_ALL // max(1, sum(clause.when is not None for clause in clauses))))
    for clause in clauses:
        _reach(document, clause)
        if clause.hold is not None and clause.hold <= timedelta():
            document.fault(clause.line, f"hold of clause {clause.id} is zero", "Leave it out, or the level flaps.")
        if clause.when is not None:
            _condition(document, clause, clause.when, most)
    _order(document, clauses)
    _floors(document, floors)


def distinct(document: Document, clauses: Sequence[Clause]) -> None:
    """No two clauses of one id, none without a condition for what another speaks of already."""
    ids: dict[str, int] = {}
    kinds: dict[str, int] = {}
    for clause in clauses:
        kind = clause.subtype or f"all of {clause.category.value}"
        if clause.id and clause.id in ids:
            document.fault(
                clause.line, f"clause id {clause.id} is taken by line {ids[clause.id]}", "Give it its own id."
            )
        if clause.when is None and not clause.when_line and kind in kinds:
            document.fault(clause.line, f"{kind} has a clause already in line {kinds[kind]}", "Keep one of them.")
        ids.setdefault(clause.id, clause.line)
        if not clause.when_line:
            kinds.setdefault(kind, clause.line)


def complete(document: Document, clauses: Sequence[Clause], node: Node) -> None:
    """A clause for each whole category, so that nothing falls between the sub-types."""
    whole = {clause.category for clause in clauses if clause.subtype is None and not clause.when_line}
    for category in CATEGORIES:
        if category not in whole:
            what = f"category {category.value} has no clause of its own"
            document.fault(
                node, what, "Add a clause with that category, no subtype and no when: for what no other covers."
            )


def _reach(document: Document, clause: Clause) -> None:
    most = clause.score(1.0, 1.0, SUREST)
    if clause.thresholds[0] > most:
        what = f"level 1 of clause {clause.id} is out of reach: the gravest report scores {most:g}"
        document.fault(clause.line, what, f"Give a threshold under {most:g}.")


def _floors(document: Document, floors: Sequence[Floor]) -> None:
    for place, floor in enumerate(floors):
        for other in (*floors[:place], *floors[place + 1 :]):
            hides = other.severity <= floor.severity and other.least_urgency <= floor.least_urgency
            same = (other.severity, other.least_urgency, other.level) == (
                floor.severity,
                floor.least_urgency,
                floor.level,
            )
            if hides and other.level <= floor.level and (not same or floors.index(floor) > floors.index(other)):
                what = f"the floor of severity {floor.severity:g} never holds: that of line {other.line} covers it"
                document.fault(floor.line, what, "Keep one of them, or make the graver one the graver level.")
                break


def _order(document: Document, clauses: Sequence[Clause]) -> None:
    """Within a kind the first clause whose condition holds speaks: what stands behind one without is never heard."""
    kinds: dict[str, list[Clause]] = {}
    for clause in clauses:
        kinds.setdefault(clause.kind, []).append(clause)
    for kind, several in kinds.items():
        for place, clause in enumerate(several):
            for before in several[:place]:
                _hidden(document, kind, before, clause)
        for clause, after in itertools.pairwise(several):
            _takes_over(document, clause, after)


def _hidden(document: Document, kind: str, before: Clause, clause: Clause) -> None:
    if before.when is None and clause.when is not None:
        what = f"clause {clause.id} is unreachable: {before.id} in line {before.line} has no condition and takes {kind}"
        document.fault(clause.line, what, "Put the clause with the condition first.")
    elif before.when is not None and before.when == clause.when:
        what = f"clause {clause.id} has the same condition as {before.id} in line {before.line}"
        document.fault(clause.line, what, "Only the first would ever speak: keep one of them.")


def _takes_over(document: Document, clause: Clause, after: Clause) -> None:
    """A clause that begins when things get graver must not grade calmer than the one it takes over from."""
    if clause.when is None or not clause.when.looks_at.intersection(GROWING):
        return
    softer = any(mine > theirs for mine, theirs in zip(clause.thresholds, after.thresholds, strict=True))
    one, other = clause.weights, after.weights
    dearer = any(getattr(one, name) > getattr(other, name) for name in ("severity", "urgency", "certainty"))
    if softer or dearer or one.concern < other.concern:
        what = f"clause {clause.id} contradicts {after.id}: it begins when things get graver, and grades them calmer"
        document.fault(clause.line, what, f"Give it thresholds and weights no higher than those in line {after.line}.")


def _condition(document: Document, clause: Clause, condition: Condition, most: int) -> None:
    where = clause.when_line or clause.line
    known = _words(document, where, clause, condition)
    if known is None:
        return
    held = 0
    tried, whole = samples(condition, known, most)
    try:
        for facts in tried:
            now = condition.tried(facts)
            held += now
            if now and not _stays(condition, facts):
                what = (
                    f"condition of clause {clause.id} stops to hold when things get graver ({_told(condition, facts)})"
                )
                document.fault(where, what, "A graver report would lower the level: use >= and >.")
                return
    except ConditionError as error:
        document.fault(where, error.what, error.advice)
        return
    if whole and held == 0:
        document.fault(
            where, f"condition of clause {clause.id} never holds", "Check values and signs; fractions are 0–1."
        )
    elif whole and held == len(tried):
        document.fault(where, f"condition of clause {clause.id} always holds", "Leave `when` out.")


def _stays(condition: Condition, facts: Facts) -> bool:
    return all(condition.tried(graver) for graver in greater(facts, condition.looks_at))


def _told(condition: Condition, facts: Facts) -> str:
    return ", ".join(f"{name} {getattr(facts, name)}" for name in sorted(condition.looks_at) if name in GROWING)


def _words(document: Document, where: int, clause: Clause, condition: Condition) -> dict[str, list[str]] | None:
    """The words that the expression names, by the list that could hold them; None after one that nothing could hold."""
    known = {"countries": set(CODES), "categories": {key.value for key in CATEGORIES}, "subtypes": set(SUBTYPES)}
    fields = {"posture": POSTURES, "best": tuple("ABCDEF")}
    found: dict[str, list[str]] = {name: [] for name in LISTS}
    for _, word in WORD.findall(condition.source):
        homes = [name for name, words in known.items() if word in words and name in condition.looks_at]
        fits = any(word in words for name, words in fields.items() if name in condition.looks_at)
        for name in homes:
            found[name].append(word)
        if not homes and not fits and "indicators" in condition.looks_at:
            found["indicators"].append(word)
        elif not homes and not fits and not _part(condition, word):
            named = ", ".join(sorted(condition.looks_at))
            what = f'condition of clause {clause.id} names "{word}", which is no value of {named}'
            if not named:
                what = f'condition of clause {clause.id} names "{word}", and looks at nothing'
            document.fault(where, what, "Check the key.")
            return None
    return found


def _part(condition: Condition, word: str) -> bool:
    """Whether a word is only a part of one: what functions on text are given."""
    return bool(re.search(r"\b(startsWith|endsWith|contains|matches)\s*\(\s*[\"']" + re.escape(word), condition.source))
