"""Rosters and escalation as the API answers them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, field_validator

from rules.roster import Span, Stand
from rules.roster_check import Finding
from service.desk.pressing import Pressing
from service.desk.rosters import Answering
from service.store.tables import Alert, EscalationRow, RosterFile, RosterSwap


class SpanShape(BaseModel):
    """A time in which the same person is on duty; `person` null is a gap."""

    start: datetime
    end: datetime
    person: str | None
    by: str


class OwnerCalendar(BaseModel):
    """Who is on duty for one owner."""

    owner: str
    zone: str
    spans: list[SpanShape]


class SwapShape(BaseModel):
    """Somebody stands in: for `instead`, or with null for whoever would be on duty."""

    id: int
    owner: str
    person: str
    instead: str | None
    start: datetime
    end: datetime
    reason: str
    by: str


class CalendarShape(BaseModel):
    """The rosters over a time. `without` are owners that have none."""

    start: datetime
    end: datetime
    owners: list[OwnerCalendar]
    without: list[str]
    swaps: list[SwapShape]


class StandShape(BaseModel):
    """Somebody who would be asked: on duty, as a deputy, or as lead."""

    person: str
    part: str


class DutyAnswering(BaseModel):
    """One duty, with who would be asked in order."""

    owner: str
    role: str
    asked: list[StandShape]


class AnsweringShape(BaseModel):
    """Who would answer. `command` is central at levels 1 and 2; `path` names the routes that led there."""

    duties: list[DutyAnswering]
    command: str
    path: list[str]


class FindingShape(BaseModel):
    """One thing that is wrong with a roster; a grave one keeps it from taking effect."""

    fault: str
    line: int
    grave: bool
    values: dict[str, str]
    start: datetime | None
    end: datetime | None


class RosterGiven(BaseModel):
    """A roster as it is written (YAML)."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=1_000_000)
    note: str = Field("", max_length=300)


class RosterShape(BaseModel):
    """The roster in force."""

    id: int
    text: str
    note: str
    by: str
    since: datetime


class RosterChecked(BaseModel):
    """What the check found."""

    findings: list[FindingShape]


class SwapGiven(BaseModel):
    """A swap; times with their zone."""

    model_config = ConfigDict(extra="forbid")

    owner: str = Field(max_length=120)
    person: str = Field(max_length=120)
    start: datetime
    end: datetime
    instead: str | None = Field(None, max_length=120)
    reason: str = Field("", max_length=300)

    @field_validator("start", "end")
    @classmethod
    def _aware(cls, value: datetime) -> datetime:
        if value.tzinfo is None:
            raise ValueError("it has no zone; end it with Z or an offset")
        return value


class GivenShape(BaseModel):
    """One acknowledgement."""

    actor: str
    at: datetime


class ComingShape(BaseModel):
    """What comes next unless somebody answers: a rung of the chain, `ask_again` or `lapse`."""

    what: str
    at: datetime
    people: list[str]


class PassedShape(BaseModel):
    """One thing that escalation did."""

    at: datetime
    action: str
    rung: str | None
    asked: str
    unreached: str


class PressingShape(BaseModel):
    """How an alert is pressed for an answer. `missing` is how many more acknowledgements it takes."""

    answer: str
    missing: int
    on_duty: dict[str, str | None]
    given: list[GivenShape]
    done: list[PassedShape]
    next: ComingShape | None
    lapsed_at: datetime | None


class LapsedShape(BaseModel):
    """An alert on the morning list."""

    alert_id: int
    level: int
    title: str
    due: datetime
    lapsed_at: datetime | None


def span_shape(span: Span) -> SpanShape:
    """One span."""
    return SpanShape(start=span.start, end=span.end, person=span.person, by=span.by)


def swap_shape(row: RosterSwap) -> SwapShape:
    """One swap."""
    return SwapShape(
        id=row.id or 0,
        owner=row.owner,
        person=row.person,
        instead=row.instead,
        start=row.starts_at,
        end=row.ends_at,
        reason=row.reason,
        by=row.by,
    )


def stand_shape(stand: Stand) -> StandShape:
    """One person."""
    return StandShape(person=stand.person, part=stand.part.value)


def answering_shape(found: Answering) -> AnsweringShape:
    """Who would answer."""
    duties = [
        DutyAnswering(owner=one.owner, role=one.role, asked=[stand_shape(stand) for stand in one.people])
        for one in found.duties
    ]
    return AnsweringShape(duties=duties, command="central" if found.central else "local", path=list(found.path))


def finding_shape(finding: Finding) -> FindingShape:
    """One finding."""
    return FindingShape(
        fault=finding.fault.value,
        line=finding.line,
        grave=finding.grave,
        values=dict(finding.values),
        start=finding.start,
        end=finding.end,
    )


def roster_shape(row: RosterFile) -> RosterShape:
    """A roster file."""
    return RosterShape(id=row.id or 0, text=row.text, note=row.note, by=row.by, since=row.created_at)


def pressing_shape(found: Pressing) -> PressingShape:
    """The escalation of an alert."""
    coming = found.coming
    return PressingShape(
        answer=found.policy.answer.value,
        missing=found.missing,
        on_duty=dict(found.on_duty),
        given=[GivenShape(actor=actor, at=at) for actor, at in found.given],
        done=[
            PassedShape(
                at=line.at,
                action=line.action,
                rung=line.detail.get("rung"),
                asked=str(line.detail.get("asked", "")),
                unreached=str(line.detail.get("unreached", "")),
            )
            for line in found.done
        ],
        next=ComingShape(what=coming.what, at=coming.at, people=list(coming.people)) if coming else None,
        lapsed_at=found.lapsed_at,
    )


def lapsed_shape(alert: Alert, row: EscalationRow) -> LapsedShape:
    """One line of the morning list."""
    return LapsedShape(
        alert_id=alert.id or 0, level=alert.level, title=alert.title, due=row.due, lapsed_at=row.lapsed_at
    )
