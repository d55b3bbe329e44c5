"""Sources as the API answers them."""

from datetime import UTC, date, datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from ingest.checkup import Checkup, checkup
from ingest.health import health_of
from service.desk.sources import source_state
from service.store.rows import feed_of
from service.store.source_health import since
from service.store.tables import SourceRow


class SourceShape(BaseModel):
    """A channel that yields entries, with its health.

    `state` is ok, new, moved, degraded, quiet, failing, refused, unknown or paused, and `state_since` when it began;
    `troubles` are codes of what is wrong with a source that answers. `rhythm_s`, `patience_s` and `lag_s` are seconds:
    the usual time between two looks that bring something new, the silence after which it is called quiet, and how long
    after publication an entry is seen; null while unknown. `success` is the share of the last 50 looks, 0–1. Of proxy
    and credentials it only says whether there are any.
    """

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
    has_proxy: bool
    has_credentials: bool
    state: str
    state_since: datetime | None
    troubles: list[str]
    rhythm_s: int | None
    patience_s: int
    lag_s: int | None
    success: float | None
    paused_until: datetime | None
    last_look_at: datetime | None
    last_success_at: datetime | None
    last_entry_at: datetime | None
    next_look_at: datetime | None
    hold_until: datetime | None
    failures: int
    error: str | None
    created_at: datetime


class DayShape(BaseModel):
    """One day in UTC: new entries, looks and failed looks. Without looks nothing is known of it."""

    day: date
    entries: int
    looks: int
    failed: int


class FailureShape(BaseModel):
    """A kind of failure: how often since the source was added, and when last."""

    kind: str
    times: int
    last_at: datetime


class HealthShape(BaseModel):
    """Everything counted about a source. Shares are 0–1 and null while there is nothing to take them of; `_s` seconds.

    `known` and `copies` are shares of the items lately seen in documents: seen before, and saying what another one
    says. `dated` is the share of new entries whose date may be believed; the four after it say what was wrong with the
    others. `bytes` came over the wire in all, `document_bytes` is what a document usually has. `days` are the last 28.
    """

    source_id: int
    state: str
    state_since: datetime | None
    troubles: list[str]
    problems: list[str]
    looks: int
    failed: int
    entries: int
    success: float | None
    silence_s: int | None
    rhythm_s: int | None
    longest_silence_s: int | None
    patience_s: int
    rhythm_learnt: bool
    lag_s: int | None
    known: float | None
    copies: float | None
    dated: float | None
    missing: float | None
    future: float | None
    ancient: float | None
    unreadable: float | None
    bytes: int
    document_bytes: int
    failures: list[FailureShape]
    days: list[DayShape]


class AccessGiven(BaseModel):
    """How a source is reached: never answered. `user` goes with `password`, `header` with `value`."""

    model_config = ConfigDict(extra="forbid")

    proxy: SecretStr | None = Field(None, max_length=2000)
    user: SecretStr | None = Field(None, max_length=200)
    password: SecretStr | None = Field(None, max_length=1000)
    header: SecretStr | None = Field(None, max_length=100)
    value: SecretStr | None = Field(None, max_length=4000)

    def fields(self) -> dict[str, str]:
        """As they would stand in a source file."""
        return {name: _text(value) for name, value in self.model_dump(exclude_none=True).items()}


class SourceGiven(AccessGiven):
    """A source to watch: its address, and what is known of it. `reliability` is A–F, `interval` seconds.

    `proxy` is `http://host:port` or `socks5h://host:port`; `user` goes with `password`, `header` with `value`. None of
    these is ever answered.
    """

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


class SourceChange(AccessGiven):
    """What is to be changed about a source; what is left out stays. `zone` "" means none, and so does `proxy` "".

    `user`, `password`, `header` and `value` are replaced as one; all of them "" means none.
    """

    name: str | None = Field(None, max_length=200)
    reliability: str | None = Field(None, max_length=1)
    interval: int | None = None
    zone: str | None = Field(None, max_length=60)
    critical: bool | None = None


class PauseGiven(BaseModel):
    """Until when a source rests; without it until it is resumed."""

    model_config = ConfigDict(extra="forbid")

    until: datetime | None = None


def source_shape(row: SourceRow, now: datetime) -> SourceShape:
    """One source."""
    facts = _checkup(row, now)
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
        has_proxy=row.proxy is not None,
        has_credentials=row.credentials is not None,
        state=source_state(row, now),
        state_since=since(row, now),
        troubles=list(facts.troubles),
        rhythm_s=_seconds(facts.usual),
        patience_s=int(facts.patience.total_seconds()),
        lag_s=_seconds(facts.lag),
        success=facts.success,
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


def health_shape(row: SourceRow, now: datetime) -> HealthShape:
    """Everything counted about a source."""
    facts = _checkup(row, now)
    today = now.astimezone(UTC).date()
    return HealthShape(
        source_id=row.id or 0,
        state=source_state(row, now),
        state_since=since(row, now),
        troubles=list(facts.troubles),
        problems=list(facts.problems),
        looks=facts.looks,
        failed=facts.failed,
        entries=facts.entries,
        success=facts.success,
        silence_s=_seconds(facts.silence),
        rhythm_s=_seconds(facts.usual),
        longest_silence_s=_seconds(facts.longest),
        patience_s=int(facts.patience.total_seconds()),
        rhythm_learnt=facts.learnt,
        lag_s=_seconds(facts.lag),
        known=facts.known,
        copies=facts.copies,
        dated=facts.dated,
        missing=facts.missing,
        future=facts.future,
        ancient=facts.ancient,
        unreadable=facts.unreadable,
        bytes=facts.bytes,
        document_bytes=facts.size,
        failures=[
            FailureShape(kind=one.kind, times=one.times, last_at=datetime.fromtimestamp(one.at, UTC))
            for one in facts.failures
        ],
        days=[
            DayShape(day=today - timedelta(days=ago), entries=day.entries, looks=day.looks, failed=day.failed)
            for ago, day in zip(range(len(facts.days) - 1, -1, -1), facts.days, strict=True)
        ],
    )


def _checkup(row: SourceRow, now: datetime) -> Checkup:
    return checkup(feed_of(row), health_of(row.health), now)


def _text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return str(value).lower() if isinstance(value, bool) else str(value)


def _seconds(span: timedelta | None) -> int | None:
    return int(span.total_seconds()) if span is not None else None
