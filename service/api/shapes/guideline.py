"""The guideline and its versions as the API takes and answers them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from rules.document import DocumentError
from rules.watching import SourceClause
from service.api.shapes.common import InWords
from service.desk.guideline import LONGEST_NOTE, LONGEST_TEXT
from service.desk.guideline_in_force import InForce
from service.store.tables import ClauseMatch, GuidelineVersion


class ClauseShape(BaseModel):
    """One clause, and when it last gave an alert its level. `thresholds` are the least scores of levels 1 to 4."""

    id: str
    category: str
    subtype: str | None
    when: str | None
    title: InWords
    why: InWords
    thresholds: list[float]
    weights: dict[str, float]
    hold_seconds: float | None
    last_matched_at: datetime | None
    last_alert_id: int | None
    matched: int


class SourceClauseShape(BaseModel):
    """A clause about our own sources, and when it last rang an alarm."""

    id: str
    trouble: str
    of: list[str]
    level: int
    title: InWords
    why: InWords
    last_matched_at: datetime | None
    last_alert_id: int | None
    matched: int


class GuidelineShape(BaseModel):
    """What is in force. `origin` is adopted, file or shipped; `number` that of an adopted version."""

    version: str
    origin: str
    number: int | None
    problem: str | None
    title: InWords
    clauses: list[ClauseShape]
    sources: list[SourceClauseShape]
    text: str


class FaultShape(BaseModel):
    """One fault of a text."""

    line: int
    what: str
    advice: str


class CheckShape(BaseModel):
    """Whether a text can be used, and every fault with its line."""

    ok: bool
    version: str | None
    faults: list[FaultShape]


class TextGiven(BaseModel):
    """A whole guideline, YAML."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=LONGEST_TEXT)


class ProposalGiven(TextGiven):
    """A whole guideline, and why it changes."""

    note: str = Field("", max_length=LONGEST_NOTE)


class SinceGiven(BaseModel):
    """From when on history is told again; 90 days if not given."""

    model_config = ConfigDict(extra="forbid")

    since: datetime | None = None


class ApprovalGiven(BaseModel):
    """From when on it holds; now if not given."""

    model_config = ConfigDict(extra="forbid")

    effective_at: datetime | None = None


class ReasonGiven(BaseModel):
    """Why."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field("", max_length=LONGEST_NOTE)


class VersionShape(BaseModel):
    """One version. `state` is proposed, approved, rejected or withdrawn; `backtest` what it would have changed."""

    number: int
    version: str
    parent: str
    state: str
    note: str
    proposed_at: datetime
    proposed_by: str
    decided_at: datetime | None
    decided_by: str | None
    reason: str
    effective_at: datetime | None
    back_to: int | None
    backtest: dict[str, Any] | None


class VersionsShape(BaseModel):
    """The newest versions, the newest first; `in_force` is the number of the adopted one."""

    in_force: int | None
    items: list[VersionShape]


def guideline_shape(found: InForce, matched: dict[str, ClauseMatch]) -> GuidelineShape:
    """The guideline in force."""
    guideline = found.guideline
    clauses = []
    for one in guideline.clauses:
        match = matched.get(one.id)
        weights = {name: getattr(one.weights, name) for name in ("severity", "urgency", "certainty", "concern")}
        clauses.append(
            ClauseShape(
                id=one.id,
                category=one.category.value,
                subtype=one.subtype,
                when=one.when.source if one.when is not None else None,
                title=InWords(en=one.title.en, zh=one.title.zh),
                why=InWords(en=one.why.en, zh=one.why.zh),
                thresholds=list(one.thresholds),
                weights=weights,
                hold_seconds=one.hold.total_seconds() if one.hold is not None else None,
                last_matched_at=match.last_at if match is not None else None,
                last_alert_id=match.alert_id if match is not None else None,
                matched=match.count if match is not None else 0,
            )
        )
    return GuidelineShape(
        version=guideline.version,
        origin=found.origin,
        number=found.number,
        problem=f"{found.problem} {found.advice}".strip() or None,
        title=InWords(en=guideline.title.en, zh=guideline.title.zh),
        clauses=clauses,
        sources=[_source_clause(one, matched.get(one.id)) for one in guideline.sources],
        text=found.text,
    )


def _source_clause(one: SourceClause, match: ClauseMatch | None) -> SourceClauseShape:
    return SourceClauseShape(
        id=one.id,
        trouble=one.trouble.value,
        of=list(one.of),
        level=int(one.level),
        title=InWords(en=one.title.en, zh=one.title.zh),
        why=InWords(en=one.why.en, zh=one.why.zh),
        last_matched_at=match.last_at if match is not None else None,
        last_alert_id=match.alert_id if match is not None else None,
        matched=match.count if match is not None else 0,
    )


def faults_shape(error: DocumentError, told: Callable[[DocumentError], tuple[str, str]]) -> list[FaultShape]:
    """Every fault of a text in line order, in the words of `told`."""
    both = ((one.line, *told(one)) for one in error.every)
    return [FaultShape(line=line, what=what, advice=advice) for line, what, advice in both]


def version_shape(row: GuidelineVersion) -> VersionShape:
    """One version, without its text."""
    names = [name for name in VersionShape.model_fields if name != "number"]
    return VersionShape(number=row.id or 0, **{name: getattr(row, name) for name in names})
