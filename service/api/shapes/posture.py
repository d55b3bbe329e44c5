"""Postures as the API answers them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, field_validator

from service.desk.postures import Crisis
from service.desk.situation_room import Room
from service.store.tables import PostureRow


class PostureShape(BaseModel):
    """A crisis of a place, in force while `ended_at` is null; on `until`, its return date, the desk is asked."""

    id: int
    place: str
    posture: str
    since: datetime
    until: datetime
    author: str
    by_rule: bool
    alert_id: int | None
    reason: str
    asked_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    note: str


class WaitShape(BaseModel):
    """Seconds to answer an alert of a level."""

    level: int
    usual_s: int
    now_s: int


class LooksShape(BaseModel):
    """Seconds between two looks at a source."""

    source: str
    usual_s: int
    now_s: int


class EffectShape(BaseModel):
    """What a crisis changes. `report_every_s` null: reports as usual; `roster` is the tag of the routes that hold."""

    thresholds: float
    waits: list[WaitShape]
    sources: list[LooksShape]
    report_every_s: int | None
    roster: str


class CrisisShape(PostureShape):
    """The same with what it changes; `red` are the open level-1 alerts that keep it, `asks` that an answer is due.
    `report_due_at`: when the next situation report is, null without a rhythm."""

    effect: EffectShape
    red: list[int]
    asks: bool
    report_due_at: datetime | None
    reported_at: datetime | None


class PosturesShape(BaseModel):
    """What is in force, and what was, the newest first."""

    in_force: list[CrisisShape]
    past: list[PostureShape]


class RoomAlert(BaseModel):
    """An open alert of the place."""

    id: int
    level: int
    state: str
    title: str
    language: str | None
    acknowledge_by: datetime | None
    changed_at: datetime


class RoomStep(BaseModel):
    """A step at work."""

    id: int
    alert_id: int
    state: str
    text: dict[str, str]
    owner: str
    due_at: datetime


class RoomReport(BaseModel):
    """One of the last reports."""

    entry_id: int
    source: str
    reliability: str
    title: str
    link: str | None
    first_seen_at: datetime


class RoomDuty(BaseModel):
    """Who would answer at a level, with the people on duty in order."""

    level: int
    owner: str
    people: list[str]


class RoomLine(BaseModel):
    """One thing that was done, about an alert or the posture."""

    at: datetime
    actor: str
    action: str
    subject: str
    subject_id: str


class RoomShape(BaseModel):
    """The situation room of a place; `crisis` is null in normal life."""

    place: str
    crisis: CrisisShape | None
    alerts: list[RoomAlert]
    steps: list[RoomStep]
    reports: list[RoomReport]
    duties: list[RoomDuty]
    log: list[RoomLine]


class _Dated(BaseModel):
    model_config = ConfigDict(extra="forbid")

    until: datetime = Field(description="The return date, with its zone.")
    reason: str = Field(min_length=1, max_length=500)

    @field_validator("until")
    @classmethod
    def _aware(cls, value: datetime) -> datetime:
        if value.tzinfo is None:
            raise ValueError("it has no zone; end it with Z or an offset")
        return value


class PostureGiven(_Dated):
    """Put a place into crisis."""

    place: str = Field(max_length=40, description="ISO 3166 alpha-2, or the key of a region.")


class ProlongGiven(_Dated):
    """Another return date."""


class LeaveGiven(BaseModel):
    """The closing note."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field(min_length=1, max_length=500)


def posture_values(row: PostureRow) -> dict[str, object]:
    """A row as it is answered."""
    return {
        "id": row.id or 0,
        "place": row.place,
        "posture": row.kind,
        "since": row.since,
        "until": row.until,
        "author": row.author,
        "by_rule": row.by_rule,
        "alert_id": row.alert_id,
        "reason": row.reason,
        "asked_at": row.asked_at,
        "ended_at": row.ended_at,
        "ended_by": row.ended_by,
        "note": row.note,
    }


def posture_shape(row: PostureRow) -> PostureShape:
    """One posture."""
    return PostureShape.model_validate(posture_values(row))


def crisis_shape(found: Crisis) -> CrisisShape:
    """One in force, with what it changes."""
    every = found.rule.report_every
    effect = EffectShape(
        thresholds=found.rule.thresholds,
        waits=[
            WaitShape(level=int(level), usual_s=int(wait.total_seconds()), now_s=int(short.total_seconds()))
            for level, (wait, short) in found.waits.items()
        ],
        sources=[LooksShape(source=one.name, usual_s=one.usual, now_s=one.now) for one in found.looks],
        report_every_s=int(every.total_seconds()) if every is not None else None,
        roster=found.rule.roster,
    )
    values = {**posture_values(found.row), "effect": effect, "red": list(found.red), "asks": found.asks}
    reports = {"report_due_at": found.report_due, "reported_at": found.row.reported_at}
    return CrisisShape.model_validate({**values, **reports})


def room_shape(found: Room) -> RoomShape:
    """The situation room."""
    return RoomShape(
        place=found.place,
        crisis=crisis_shape(found.crisis) if found.crisis is not None else None,
        alerts=[
            RoomAlert(
                id=one.id or 0,
                level=one.level,
                state=one.state,
                title=one.title,
                language=one.language,
                acknowledge_by=one.acknowledge_by,
                changed_at=one.changed_at,
            )
            for one in found.alerts
        ],
        steps=[
            RoomStep(
                id=step.id or 0,
                alert_id=alert.id or 0,
                state=step.state,
                text={key: str(value) for key, value in (step.said.get("do") or {}).items()},
                owner=step.owner,
                due_at=step.due_at,
            )
            for step, alert in found.steps
        ],
        reports=[
            RoomReport(
                entry_id=entry.id or 0,
                source=source.key,
                reliability=entry.reliability,
                title=entry.title,
                link=entry.link,
                first_seen_at=entry.first_seen_at,
            )
            for entry, source in found.reports
        ],
        duties=[
            RoomDuty(level=int(level), owner=duty.owner, people=[stand.person for stand in duty.people])
            for level, answering in found.answering
            for duty in answering.duties[:1]
        ],
        log=[
            RoomLine(at=one.at, actor=one.actor, action=one.action, subject=one.subject, subject_id=one.subject_id)
            for one in found.log
        ],
    )
