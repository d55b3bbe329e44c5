"""Sources as the API answers them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from service.desk.sources import source_state
from service.store.tables import SourceRow


class SourceShape(BaseModel):
    """A channel that yields entries, with its health. `state` is new, ok, failing or paused."""

    id: int
    key: str
    name: str
    address: str
    kind: str
    country: str | None
    language: str | None
    reliability: str
    sharing: str
    interval: int
    zone: str | None
    critical: bool
    state: str
    paused_until: datetime | None
    last_look_at: datetime | None
    last_success_at: datetime | None
    last_entry_at: datetime | None
    next_look_at: datetime | None
    hold_until: datetime | None
    failures: int
    error: str | None
    created_at: datetime


class SourceGiven(BaseModel):
    """A source to watch: its address, and what is known of it. `reliability` is A–F, `interval` seconds."""

    model_config = ConfigDict(extra="forbid")

    address: str = Field(max_length=2000)
    key: str | None = Field(None, max_length=100)
    name: str | None = Field(None, max_length=200)
    kind: str | None = Field(None, max_length=30)
    country: str | None = Field(None, max_length=2)
    language: str | None = Field(None, max_length=20)
    reliability: str | None = Field(None, max_length=1)
    sharing: str | None = Field(None, max_length=20)
    interval: int | None = None
    zone: str | None = Field(None, max_length=60)
    critical: bool | None = None

    def fields(self) -> dict[str, str]:
        """As they would stand in a source file."""
        given = self.model_dump(exclude_none=True)
        return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in given.items()}


class PauseGiven(BaseModel):
    """Until when a source rests; without it until it is resumed."""

    model_config = ConfigDict(extra="forbid")

    until: datetime | None = None


def source_shape(row: SourceRow, now: datetime) -> SourceShape:
    """One source."""
    return SourceShape(
        id=row.id or 0,
        key=row.key,
        name=row.name,
        address=row.moved_to or row.address,
        kind=row.kind,
        country=row.country,
        language=row.language,
        reliability=row.reliability,
        sharing=row.sharing,
        interval=row.interval_s,
        zone=row.zone,
        critical=row.critical,
        state=source_state(row, now),
        paused_until=row.paused_until,
        last_look_at=row.last_look_at,
        last_success_at=row.last_success_at,
        last_entry_at=row.last_entry_at,
        next_look_at=row.next_check_at,
        hold_until=row.hold_until,
        failures=row.failures,
        error=row.error,
        created_at=row.created_at,
    )
