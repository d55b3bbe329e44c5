"""Silences and windows as the API takes and answers them."""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from service.desk.quiet_told import stage
from service.desk.silences import MOST_MINUTES, MOST_REASON, SilenceGiven, Trial
from service.store.pages import LARGEST
from service.store.tables import Alert, HushRow, SilenceRow


class SilenceShape(BaseModel):
    """What shall not interrupt anybody. Empty lists mean any; `state` is active, planned, past or called_off.

    `held` counts the changes that it kept quiet, `passed` those that were too grave for it.
    """

    id: int
    kind: str
    state: str
    countries: list[str]
    categories: list[str]
    subtypes: list[str]
    levels: list[int]
    sources: list[str]
    event_id: int | None
    starts_at: datetime
    ends_at: datetime
    weekly_minutes: int | None
    zone: str
    alarms: list[str]
    author: str
    reason: str
    created_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    held: int
    passed: int


class SilenceBody(BaseModel):
    """A silence, or a `window` that may come back every week for `weekly_minutes`. Something must be named; times carry
    their own offsets."""

    model_config = ConfigDict(extra="forbid")

    ends_at: AwareDatetime
    reason: str = Field(min_length=1, max_length=MOST_REASON)
    kind: Literal["silence", "window"] = "silence"
    starts_at: AwareDatetime | None = Field(None, description="Now if not given.")
    countries: list[str] = Field(default_factory=list, max_length=250)
    categories: list[str] = Field(default_factory=list, max_length=5)
    subtypes: list[str] = Field(default_factory=list, max_length=50)
    levels: list[Literal[3, 4]] = Field(default_factory=list, max_length=2, description="Levels 1 and 2 always pass.")
    sources: list[str] = Field(default_factory=list, max_length=200, description="Keys of sources.")
    event_id: int | None = Field(None, ge=1, le=LARGEST)
    weekly_minutes: int | None = Field(None, ge=1, le=MOST_MINUTES)
    zone: str = Field(
        "UTC", max_length=64, description="IANA name: a weekly window keeps to the clock on the wall there."
    )
    alarms: list[Literal["failing", "quiet", "implausible", "unseen"]] = Field(
        default_factory=list,
        max_length=4,
        description="Alarms about our own sources, of these troubles, and nothing else.",
    )

    def given(self) -> SilenceGiven:
        """As the desk takes it."""
        lists = {name: tuple(getattr(self, name)) for name in ("categories", "subtypes", "levels", "sources", "alarms")}
        return SilenceGiven(
            ends_at=self.ends_at,
            reason=self.reason,
            kind=self.kind,
            starts_at=self.starts_at,
            countries=tuple(code.upper() for code in self.countries),
            event_id=self.event_id,
            weekly_minutes=self.weekly_minutes,
            zone=self.zone,
            **lists,
        )


class TrialShape(BaseModel):
    """What a silence would have done in the last seven days, out of so many changes that were told."""

    held: int
    passed: int
    told: int
    examples: list[int]


class HeldShape(BaseModel):
    """One change that was kept quiet; `passed`: told all the same, being so grave."""

    alert_id: int
    title: str
    action: str
    level: int
    level_now: int
    state: str
    until: datetime | None
    passed: bool
    at: datetime


def silence_shape(row: SilenceRow, now: datetime, counts: tuple[int, int] = (0, 0)) -> SilenceShape:
    """One silence."""
    names = ("kind", "countries", "categories", "subtypes", "levels", "sources", "event_id", "starts_at", "ends_at")
    values = {
        name: getattr(row, name)
        for name in (*names, "weekly_minutes", "zone", "alarms", "author", "reason", "created_at")
    }
    return SilenceShape(
        id=row.id or 0,
        state=stage(row, now),
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        held=counts[0],
        passed=counts[1],
        **values,
    )


def trial_shape(trial: Trial) -> TrialShape:
    """A trial; the examples are numbers of alerts."""
    return TrialShape(
        held=trial.held, passed=trial.passed, told=trial.told, examples=[one.id or 0 for one in trial.examples]
    )


def held_shape(row: HushRow, alert: Alert) -> HeldShape:
    """One change that a silence held."""
    return HeldShape(
        alert_id=alert.id or 0,
        title=alert.title,
        action=row.action,
        level=row.level,
        level_now=alert.level,
        state=alert.state,
        until=row.until,
        passed=row.passed,
        at=row.at,
    )
