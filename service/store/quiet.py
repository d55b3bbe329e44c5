"""Quiet in the database: silences that hold now, graver and closed alerts, and what was kept quiet by what."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, and_, cast, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from rules.level import Level
from rules.quiet import Closed, Graver, Silence
from rules.quiet_rule import HELD
from scoring.category import Category
from service.errors import NotFound
from service.store.read_alerts import CLOSED, LIVE
from service.store.scope import Scope
from service.store.tables import Alert, EntryRow, EventEntry, HushRow, LogLine, SilenceRow, SourceRow

TOLD = ("open", "raise", "lower", "confirm", "withdraw", "update")


def silence_of(row: SilenceRow) -> Silence:
    """A silence as the rules look at it; whose it is was settled when it was read."""
    return Silence(
        key=str(row.id or ""),
        kind=row.kind,
        start=row.starts_at,
        end=row.over_at,
        author=row.author,
        reason=row.reason,
        countries=frozenset(row.countries),
        categories=frozenset(Category(key) for key in row.categories),
        subtypes=frozenset(row.subtypes),
        levels=frozenset(Level(level) for level in row.levels),
        sources=frozenset(row.sources),
        event=str(row.event_id) if row.event_id is not None else "",
        length=timedelta(minutes=row.weekly_minutes) if row.weekly_minutes else None,
        zone=row.zone,
        alarms=frozenset(row.alarms),
    )


def silences_now(session: Session, organisation_id: int, now: datetime) -> tuple[Silence, ...]:
    """What people of an organisation have silenced at this moment; weekly windows among their quiet hours or not."""
    query = select(SilenceRow).where(
        SilenceRow.organisation_id == organisation_id,
        col(SilenceRow.starts_at) <= now,
        col(SilenceRow.ends_at) > now,
        or_(col(SilenceRow.ended_at).is_(None), col(SilenceRow.ended_at) > now),
    )
    return tuple(silence_of(row) for row in session.exec(query.order_by(col(SilenceRow.id))).all())


def graver_open(session: Session, organisation_id: int, levels: Collection[Level]) -> tuple[Graver, ...]:
    """The organisation's open alerts of these levels, which may mute calmer ones; withdrawn ones do not.

    Plain columns: of a thousand such alerts, making objects of the table took 60 ms.
    """
    kinds: Any = (Alert.countries, Alert.categories, Alert.subtypes)
    columns: Any = (Alert.id, Alert.event_id, Alert.level, Alert.level_since, *kinds)
    query = select(*columns).where(
        Alert.organisation_id == organisation_id,
        col(Alert.state).in_(LIVE),
        col(Alert.level).in_([int(level) for level in levels]),
        col(Alert.source_id).is_(None),
        col(Alert.withdrawn).is_(False),
    )
    return tuple(_graver(*row) for row in session.exec(query).all())


def graver_of(alert: Alert) -> Graver:
    """An open alert as the rules look at it when it may mute others."""
    kinds = (alert.countries, alert.categories, alert.subtypes)
    return _graver(alert.id, alert.event_id, alert.level, alert.level_since, *kinds)


def _graver(
    number: int | None,
    event: int,
    level: int,
    since: datetime,
    countries: list[str],
    categories: list[str],
    subtypes: list[str],
) -> Graver:
    kinds = frozenset(Category(key) for key in categories)
    return Graver(str(number), str(event), Level(level), since, frozenset(countries), kinds, frozenset(subtypes))


def closed_since(session: Session, organisation_id: int, since: datetime) -> tuple[Closed, ...]:
    """The alerts that people closed since then."""
    columns: Any = (Alert.id, Alert.level, Alert.closed_at, Alert.countries, Alert.subtypes)
    query = select(*columns).where(
        Alert.organisation_id == organisation_id, col(Alert.closed_at) > since, col(Alert.source_id).is_(None)
    )
    return tuple(
        Closed(str(number), Level(level), at, frozenset(countries), frozenset(subtypes))
        for number, level, at, countries, subtypes in session.exec(query).all()
    )


def opened_since(session: Session, organisation_id: int, since: datetime) -> int:
    """How many alerts that may wait were opened since then."""
    query = select(func.count()).where(
        Alert.organisation_id == organisation_id,
        col(Alert.opened_at) > since,
        col(Alert.level).in_([int(level) for level in HELD]),
        col(Alert.source_id).is_(None),
    )
    return session.exec(query).one()


def list_silences(session: Session, scope: Scope, limit: int = 500) -> list[SilenceRow]:
    """The silences of the reader's organisation, the last to end first."""
    query = select(SilenceRow).where(SilenceRow.organisation_id == scope.organisation_id)
    return list(session.exec(query.order_by(col(SilenceRow.ends_at).desc(), col(SilenceRow.id).desc()).limit(limit)))


def get_silence(session: Session, scope: Scope, number: int, *, lock: bool = False) -> SilenceRow:
    """One silence; NotFound when the reader's organisation has none such."""
    query = select(SilenceRow).where(SilenceRow.id == number, SilenceRow.organisation_id == scope.organisation_id)
    found = session.exec(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound(f"There is no silence {number}.", "`watchfire silence list` shows them.")
    return found


def names_of(session: Session, numbers: Collection[int]) -> dict[int, SilenceRow]:
    """Silences by number, for saying whose it is and why."""
    rows = session.exec(select(SilenceRow).where(col(SilenceRow.id).in_(numbers))).all() if numbers else ()
    return {row.id or 0: row for row in rows}


def source_keys(session: Session, scope: Scope, keys: Collection[str]) -> set[str]:
    """Which of these keys are sources; they are the desk's to know."""
    if not keys or not scope.home:
        return set()
    return set(session.exec(select(SourceRow.key).where(col(SourceRow.key).in_(keys))).all())


def held_by(session: Session, silence: SilenceRow, limit: int = 500) -> list[tuple[HushRow, Alert]]:
    """What a silence kept quiet, or (passed) was too grave for it, the newest first."""
    query: Any = (
        select(HushRow, Alert)
        .join(Alert, col(Alert.id) == col(HushRow.alert_id))
        .where(HushRow.silence_id == silence.id, HushRow.organisation_id == silence.organisation_id)
        .order_by(col(HushRow.id).desc())
        .limit(limit)
    )
    return [(row, alert) for row, alert in session.exec(query).all()]


def held_counts(session: Session, scope: Scope) -> dict[int, tuple[int, int]]:
    """For each silence how many changes it held, and how many were too grave for it."""
    columns: Any = (HushRow.silence_id, HushRow.passed, func.count())
    query = select(*columns).where(
        HushRow.organisation_id == scope.organisation_id, col(HushRow.silence_id).is_not(None)
    )
    found: dict[int, tuple[int, int]] = {}
    for silence, passed, count in session.exec(query.group_by(col(HushRow.silence_id), col(HushRow.passed))).all():
        held, gone = found.get(silence, (0, 0))
        found[silence] = (held, gone + count) if passed else (held + count, gone)
    return found


def holding(session: Session, numbers: Collection[int], now: datetime) -> dict[int, HushRow]:
    """For each of these alerts what keeps its newest change quiet now; alerts that nothing holds are left out."""
    if not numbers:
        return {}
    query: Any = (
        select(HushRow)
        .join(Alert, and_(col(Alert.id) == col(HushRow.alert_id), col(Alert.version) == col(HushRow.version)))
        .where(col(HushRow.alert_id).in_(numbers), *_goes_on(now))
        .order_by(col(HushRow.id))
    )
    return {row.alert_id: row for row in session.exec(query).all()}


def hushes_of(session: Session, alert: Alert, limit: int = 50) -> list[HushRow]:
    """What kept changes of an alert quiet, or would have, the newest first."""
    query = select(HushRow).where(HushRow.alert_id == alert.id)
    return list(session.exec(query.order_by(col(HushRow.id).desc()).limit(limit)).all())


def is_quiet(now: datetime) -> Any:
    """SQL: whether the newest change of an alert is being kept quiet."""
    same = and_(col(HushRow.alert_id) == col(Alert.id), col(HushRow.version) == col(Alert.version))
    return select(HushRow.id).where(same, *_goes_on(now)).correlate(Alert).exists()


def _goes_on(now: datetime) -> list[Any]:
    """SQL: conditions under which a hush is not over. A silence may be ended early, a graver alert be closed
    or come down to the level of what it muted."""
    silence, cause = aliased(SilenceRow), aliased(Alert)
    ended = select(silence.id).where(
        silence.id == HushRow.silence_id, col(silence.ended_at).is_not(None), col(silence.ended_at) <= now
    )
    gone = or_(col(cause.state).in_(CLOSED), col(cause.level) >= col(HushRow.level))
    closed = select(cause.id).where(cause.id == HushRow.cause_alert_id, gone)
    return [
        col(HushRow.passed).is_(False),
        or_(col(HushRow.until).is_(None), col(HushRow.until) > now),
        ~ended.correlate(HushRow).exists(),
        or_(col(HushRow.kind) != "inhibited", ~closed.correlate(HushRow).exists()),
    ]


@dataclass(frozen=True, slots=True)
class Change:
    """A change of an alert that was told: the alert, the level it came to, and the sources that speak of its event."""

    alert: Alert
    level: Level
    grave: bool  # it stands, or stood, at a level that is never held
    sources: tuple[str, ...]


def told_changes(session: Session, scope: Scope, since: datetime, *, sources: bool, limit: int = 5_000) -> list[Change]:
    """What the rules changed since then, the newest first: for trying a silence on it."""
    query = lines_of_rules(scope, TOLD, since, limit).where(col(Alert.source_id).is_(None))
    rows = [(detail, alert) for detail, alert in session.exec(query).all()]
    speakers = _speakers(session, {alert.event_id for _, alert in rows}) if sources else {}
    return [_change(detail, alert, speakers) for detail, alert in rows]


def lines_of_rules(scope: Scope, actions: Iterable[str], since: datetime, limit: int) -> Any:
    """SQL: what the log keeps of these changes that the rules made since then, and the alert; the newest first."""
    return (
        select(LogLine.detail, Alert)
        .join(Alert, cast(col(Alert.id), String) == col(LogLine.subject_id))
        .where(
            LogLine.organisation_id == scope.organisation_id,
            LogLine.subject == "alert",
            LogLine.actor == "rules",
            col(LogLine.action).in_([f"alert.{action}" for action in actions]),
            col(LogLine.at) >= since,
            col(Alert.changed_at) >= since,
        )
        .order_by(col(LogLine.id).desc())
        .limit(limit)
    )


def _change(detail: Mapping[str, Any], alert: Alert, speakers: Mapping[int, tuple[str, ...]]) -> Change:
    level, before = int(detail.get("level") or alert.level), int(detail.get("before") or 4)
    return Change(alert, Level(level), min(level, before) < min(HELD), speakers.get(alert.event_id, ()))


def _speakers(session: Session, events: Iterable[int]) -> dict[int, tuple[str, ...]]:
    columns: Any = (EventEntry.event_id, SourceRow.key)
    query = (
        select(*columns)
        .join(EntryRow, col(EntryRow.id) == col(EventEntry.entry_id))
        .join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
        .where(col(EventEntry.event_id).in_(list(events)))
        .distinct()
    )
    found: dict[int, tuple[str, ...]] = {}
    for event, key in session.exec(query).all():
        found[event] = (*found.get(event, ()), key)
    return found
