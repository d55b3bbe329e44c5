"""Alerts as the API answers them."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel

from service.api.shapes.common import (
    GlossShape,
    ReasonShape,
    TranslationShape,
    gloss_shape,
    reasons_of,
    translations_of,
)
from service.api.shapes.delivery import DeliveryShape
from service.locale.catalogue import Catalogue
from service.store.read_alerts import ReportLine
from service.store.scope import Scope
from service.store.tables import Alert, Duty, HushRow, LogLine
from service.store.translations import Made

# Of a log line's detail, what is promised to the outside.
TOLD = ("level", "before", "clause", "guideline", "reason")


class AlertShape(BaseModel):
    """A graded warning. Level 1 is the gravest; times are RFC 3339 in UTC.

    `kind` is risk, or source for an alarm about one of the desk's own sources, `source_id`, which only the desk sees.
    """

    id: int
    kind: str
    source_id: int | None
    level: int
    clause: str
    guideline: str
    reasons: list[ReasonShape]
    countries: list[str]
    categories: list[str]
    subtypes: list[str]
    state: str
    opened_at: datetime
    changed_at: datetime
    title: str
    language: str | None
    gloss: GlossShape
    translations: list[TranslationShape]
    score: float
    unconfirmed: bool
    withdrawn: bool
    concern: bool
    demo: bool
    sources: int
    sharing: str
    acknowledge_by: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    closed_at: datetime | None
    close_reason: str | None
    event_id: int
    version: int


class ReportShape(BaseModel):
    """One report behind an alert. Reports of the same `origin` count as one source."""

    entry_id: int
    source: str
    source_name: str
    origin: str
    reliability: str
    title: str
    link: str | None
    language: str | None
    gloss: GlossShape
    translations: list[TranslationShape]
    published_at: datetime | None
    occurred_at: datetime | None
    first_seen_at: datetime
    revision: int
    latest: bool
    status: str


class DutyShape(BaseModel):
    """Who must act, until when, by which clause."""

    owner: str
    role: str
    acknowledge_by: datetime
    clause: str


class HistoryShape(BaseModel):
    """One thing that happened to an alert."""

    id: int
    at: datetime
    actor: str
    action: str
    detail: dict[str, str | int | float | bool | None]


class HitShape(BaseModel):
    """Something of the reader's own that the event touches. `why` is near, along (a route), country, somewhere (in a
    country of which no more is known), own or partner (named); `km` is null where no distance is known."""

    why: str
    id: int
    name: str
    kind: str
    km: float | None = None
    reach: float | None = None
    country: str | None = None
    people: int = 0
    criticality: int = 2
    weight: float = 0.0
    words: str = ""


class QuietShape(BaseModel):
    """What keeps the newest change quiet: silence, window, inhibited, cooldown, storm or budget; `until` null: as long
    as its cause lasts."""

    kind: str
    cause: str
    until: datetime | None
    silence_id: int | None
    alert_id: int | None


class AlertWhole(AlertShape):
    """An alert with what it rests on and what became of it. Subscribers see their own part only."""

    reports: list[ReportShape]
    duties: list[DutyShape]
    history: list[HistoryShape]
    notices: list[DeliveryShape]
    exposure: list[HitShape]
    counterfactuals: list[ReasonShape]
    quiet: QuietShape | None = None


def alert_shape(alert: Alert, scope: Scope, catalogue: Catalogue, made: Mapping[str, Made] | None = None) -> AlertShape:
    """An alert as this reader may see it: subscribers are not told who at the desk acknowledged."""
    own = alert.organisation_id == scope.organisation_id
    who = alert.acknowledged_by if own or alert.acknowledged_by is None else "desk"
    return AlertShape(
        id=alert.id or 0,
        kind="risk" if alert.source_id is None else "source",
        source_id=alert.source_id,
        level=alert.level,
        clause=alert.clause,
        guideline=alert.guideline,
        reasons=reasons_of(alert.reasons, catalogue),
        countries=alert.countries,
        categories=alert.categories,
        subtypes=alert.subtypes,
        state=alert.state,
        opened_at=alert.opened_at,
        changed_at=alert.changed_at,
        title=alert.title,
        language=alert.language,
        gloss=_gloss(alert, catalogue),
        translations=translations_of(made),
        score=alert.score,
        unconfirmed=alert.unconfirmed,
        withdrawn=alert.withdrawn,
        concern=alert.concern,
        demo=alert.demo,
        sources=alert.sources,
        sharing=alert.sharing,
        acknowledge_by=alert.acknowledge_by if own else None,
        acknowledged_at=alert.acknowledged_at,
        acknowledged_by=who,
        closed_at=alert.closed_at,
        close_reason=alert.close_reason,
        event_id=alert.event_id,
        version=alert.version,
    )


def hits_of(alert: Alert, scope: Scope) -> list[HitShape]:
    """What of the reader's own is touched; another organisation's is not theirs to know."""
    if alert.organisation_id != scope.organisation_id:
        return []
    return [HitShape(**{name: hit[name] for name in HitShape.model_fields if name in hit}) for hit in alert.exposure]


def otherwise_of(alert: Alert, scope: Scope, catalogue: Catalogue) -> list[ReasonShape]:
    """What would give another level; it names sources, and so is for the alert's own organisation."""
    return reasons_of(alert.counterfactuals, catalogue) if alert.organisation_id == scope.organisation_id else []


def quiet_of(row: HushRow | None, alert: Alert, scope: Scope) -> QuietShape | None:
    """What keeps it quiet, for its own organisation: silences are nobody else's to read."""
    if row is None or alert.organisation_id != scope.organisation_id:
        return None
    return QuietShape(
        kind=row.kind, cause=row.cause, until=row.until, silence_id=row.silence_id, alert_id=row.cause_alert_id
    )


def _gloss(alert: Alert, catalogue: Catalogue) -> GlossShape:
    if alert.source_id is not None:
        return GlossShape(zh=None, en=None)
    return gloss_shape(alert.title, alert.language, catalogue, alert.categories, alert.subtypes, alert.countries)


def report_shape(line: ReportLine, catalogue: Catalogue, made: Mapping[str, Made] | None = None) -> ReportShape:
    """One report."""
    entry, source = line.entry, line.source
    return ReportShape(
        entry_id=entry.id or 0,
        source=source.key,
        source_name=source.name,
        origin=line.origin,
        reliability=entry.reliability,
        title=entry.title,
        link=entry.link,
        language=entry.language,
        gloss=gloss_shape(entry.title, entry.language, catalogue, line.labels, line.subtypes, line.countries),
        translations=translations_of(made),
        published_at=entry.published_at,
        occurred_at=entry.occurred_at,
        first_seen_at=entry.first_seen_at,
        revision=entry.revision,
        latest=entry.latest,
        status=entry.status,
    )


def duty_shape(duty: Duty) -> DutyShape:
    """One duty."""
    return DutyShape(owner=duty.owner, role=duty.role, acknowledge_by=duty.acknowledge_by, clause=duty.clause)


def history_shape(line: LogLine) -> HistoryShape:
    """One line of the log."""
    detail = {key: line.detail[key] for key in TOLD if key in line.detail}
    return HistoryShape(id=line.id or 0, at=line.at, actor=line.actor, action=line.action, detail=detail)
