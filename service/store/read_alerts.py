"""Reading alerts, as far as the reader may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from service.errors import NotFound
from service.store.log import INNER
from service.store.pages import Page, decode_cursor, page_of
from service.store.scope import Scope
from service.store.search import finds_alert
from service.store.tables import (
    Alert,
    AlertCategory,
    AlertCountry,
    AlertFact,
    AlertShare,
    AssessmentRow,
    Attempt,
    Duty,
    EntryRow,
    Event,
    EventEntry,
    LogLine,
    Notice,
    Seen,
    Snooze,
    SourceRow,
)

LIVE = ("open", "acknowledged", "responding")
MOST_COUNTRIES = 60  # in one question
LOOKED_AT = 200  # live alerts among which those like an event are looked for
CLOSED = ("resolved", "dismissed")
SNOOZED = "snoozed"  # what a filter may ask for besides states: it is a mark, not a state


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """What a reader asks for; None means any, and of several levels or countries each will do. `state` may be `live`:
    everything that is not closed."""

    level: tuple[int, ...] = ()
    state: str | None = None
    country: tuple[str, ...] = ()
    category: str | None = None
    words: str = ""
    owner: str | None = None
    letter: str | None = None
    changed_since: datetime | None = None
    unseen_by: tuple[int, str] | None = None  # changed since this person (organisation, actor) looked, or never seen
    snoozed_at: datetime | None = None  # with a time, what is snoozed then is left out; `state` snoozed asks for it


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report behind an alert, with what its newest assessment holds to apply."""

    entry: EntryRow
    source: SourceRow
    origin: str
    labels: tuple[str, ...] = ()
    subtypes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


def list_alerts(
    session: Session, scope: Scope, wanted: AlertFilter, *, limit: int = 50, cursor: str | None = None
) -> Page[Alert]:
    """Alerts, the newest change first."""
    query = newest_first(selected(session, scope, wanted, select(Alert)), cursor).limit(limit + 1)
    return page_of(list(session.exec(query).all()), limit, lambda alert: (alert.changed_at, alert.id))


def selected(session: Session, scope: Scope, wanted: AlertFilter, columns: Any) -> Any:
    """A query of some columns of the alerts that a reader asks for and may see."""
    return narrowed(session, filtered(columns.where(visible(scope)), wanted), wanted)


def newest_first(query: Any, cursor: str | None) -> Any:
    """A query of alerts in the order of their last change, from behind a cursor on."""
    if cursor:
        at, number = decode_cursor(cursor, (datetime, int))
        query = query.where(or_(col(Alert.changed_at) < at, (col(Alert.changed_at) == at) & (col(Alert.id) < number)))
    return query.order_by(col(Alert.changed_at).desc(), col(Alert.id).desc())


def count_levels(session: Session, scope: Scope, now: datetime | None = None) -> dict[int, int]:
    """How many live alerts stand at each level; with a time, without those that are snoozed then."""
    query = select(Alert.level, func.count()).where(visible(scope), col(Alert.state).in_(LIVE))
    if now is not None:
        query = query.where(~asleep(now))
    query = query.group_by(col(Alert.level))
    found = dict(session.exec(query).all())
    return {level: found.get(level, 0) for level in (1, 2, 3, 4)}


def live_like(session: Session, scope: Scope, event: Event) -> list[Alert]:
    """Live alerts of other events in the same countries or categories, the newest first: what is likely the same."""
    query = select(Alert).where(visible(scope), col(Alert.state).in_(LIVE), col(Alert.source_id).is_(None))
    newest = query.where(col(Alert.event_id) != event.id).order_by(col(Alert.opened_at).desc()).limit(LOOKED_AT)
    wanted = {*event.countries, *event.categories}
    return [one for one in session.exec(newest).all() if wanted & {*one.countries, *one.categories}]


def get_alert(session: Session, scope: Scope, alert_id: int, *, lock: bool = False) -> Alert:
    """One alert; NotFound when there is none that this reader may see."""
    query = select(Alert).where(Alert.id == alert_id, visible(scope))
    found = session.exec(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound(f"There is no alert {alert_id}.", "It may belong to another organisation.")
    return found


def reports_of(session: Session, scope: Scope, alert: Alert) -> list[ReportLine]:
    """The reports behind an alert that the reader is cleared for, newest first."""
    newest = (
        select(func.max(AssessmentRow.id))
        .where(col(AssessmentRow.entry_id) == col(EntryRow.id))
        .correlate(EntryRow)
        .scalar_subquery()
    )
    held: list[Any] = [AssessmentRow.labels, AssessmentRow.subtypes, AssessmentRow.countries]
    query: Any = (
        select(EntryRow, SourceRow, EventEntry.origin, *held)
        .join(EventEntry, col(EventEntry.entry_id) == col(EntryRow.id))
        .join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
        .join(AssessmentRow, col(AssessmentRow.id) == newest, isouter=True)
        .where(EventEntry.event_id == alert.event_id, col(EntryRow.sharing).in_(scope.marks))
        .order_by(col(EntryRow.first_seen_at).desc(), col(EntryRow.id).desc())
        .limit(200)
    )
    return [
        ReportLine(entry, source, origin, *(tuple(keys or ()) for keys in kinds))
        for entry, source, origin, *kinds in session.exec(query).all()
    ]


def duties_of(session: Session, scope: Scope, alert: Alert) -> list[Duty]:
    """Who must act; only the alert's own people see it."""
    if not scope.home and alert.organisation_id != scope.organisation_id:
        return []
    return list(session.exec(select(Duty).where(Duty.alert_id == alert.id).order_by(col(Duty.id))).all())


def history_of(session: Session, scope: Scope, alert: Alert) -> list[LogLine]:
    """The alert's log, oldest first. Subscribers see what became of it, not who did it."""
    query = select(LogLine).where(LogLine.subject == "alert", LogLine.subject_id == str(alert.id))
    if not scope.home:
        query = query.where(col(LogLine.action).not_in(INNER))
    lines = list(session.exec(query.order_by(col(LogLine.id))).all())
    if not scope.home and alert.organisation_id != scope.organisation_id:
        for line in lines:
            session.expunge(line)
            line.actor = "desk"
    return lines


def notices_of(session: Session, scope: Scope, alert: Alert) -> list[Notice]:
    """What was told of an alert to the reader's own organisation, or by the desk to anyone."""
    query = select(Notice).where(Notice.alert_id == alert.id)
    if not scope.home:
        query = query.where(Notice.organisation_id == scope.organisation_id)
    return list(session.exec(query.order_by(col(Notice.created_at), col(Notice.id))).all())


def attempts_of(session: Session, scope: Scope, notices: Sequence[Notice]) -> dict[str, list[Attempt]]:
    """The tries to deliver each of these notices that the reader may see, by the notice's number, oldest first."""
    found: dict[str, list[Attempt]] = {
        one.id: [] for one in notices if scope.home or one.organisation_id == scope.organisation_id
    }
    query = select(Attempt).where(col(Attempt.notice_id).in_(found)).order_by(col(Attempt.id))
    for attempt in session.exec(query).all() if found else ():
        found[attempt.notice_id].append(attempt)
    return found


def visible(scope: Scope) -> Any:
    """The condition that every query of alerts carries."""
    if scope.home:
        return (col(Alert.organisation_id) == scope.organisation_id) & col(Alert.sharing).in_(scope.marks)
    shared = select(AlertShare.alert_id).where(AlertShare.organisation_id == scope.organisation_id)
    mine = col(Alert.organisation_id) == scope.organisation_id
    own = aliased(Alert)
    apart = select(own.id).where(
        own.organisation_id == scope.organisation_id, own.event_id == Alert.event_id, col(own.state).in_(LIVE)
    )
    # An alert of one's own about the event stands in the place of the desk's.
    return (mine | (col(Alert.id).in_(shared) & ~apart.exists())) & col(Alert.sharing).in_(scope.marks)


def filtered(query: Any, wanted: AlertFilter) -> Any:
    """A query of alerts, narrowed to what a reader asks for."""
    if wanted.level:
        query = query.where(col(Alert.level).in_(wanted.level))
    if wanted.state == "live":
        query = query.where(col(Alert.state).in_(LIVE))
    elif wanted.state not in (None, SNOOZED):
        query = query.where(Alert.state == wanted.state)
    if wanted.country:
        here = select(AlertCountry.alert_id).where(col(AlertCountry.country).in_(wanted.country))
        query = query.where(col(Alert.id).in_(here))
    if wanted.category is not None:
        such = select(AlertCategory.alert_id).where(AlertCategory.category == wanted.category)
        query = query.where(col(Alert.id).in_(such))
    return query


def narrowed(session: Session, query: Any, wanted: AlertFilter) -> Any:
    """The same by words, time, owner, reliability letter, and by what people have put aside for now."""
    query = recent(query, wanted)
    if wanted.words:
        query = query.where(finds_alert(session, wanted.words))
    if wanted.owner is not None:
        query = query.where(col(Alert.id).in_(select(AlertFact.alert_id).where(AlertFact.owner == wanted.owner)))
    if wanted.letter is not None:
        query = query.where(col(Alert.id).in_(select(AlertFact.alert_id).where(AlertFact.letter == wanted.letter)))
    if wanted.snoozed_at is None:
        return query
    if wanted.state == SNOOZED:
        return query.where(col(Alert.state).in_(LIVE), asleep(wanted.snoozed_at))
    return query.where(~asleep(wanted.snoozed_at))


def recent(query: Any, wanted: AlertFilter) -> Any:
    """The same by when an alert last changed: since a time, or since somebody looked at it."""
    if wanted.changed_since is not None:
        query = query.where(col(Alert.changed_at) >= wanted.changed_since)
    if wanted.unseen_by is None:
        return query
    organisation, actor = wanted.unseen_by
    looked = select(Seen.alert_id).where(
        Seen.organisation_id == organisation, Seen.actor == actor[:120], Seen.alert_id == Alert.id,
        col(Seen.at) >= col(Alert.changed_at),
    )  # fmt: skip
    return query.where(~looked.correlate(Alert).exists())


def asleep(now: datetime) -> Any:
    """Whether an alert is snoozed at a time: not past its end, not when it was raised since, and never a level 1 or 2
    whose acknowledgement is due."""
    overdue = (col(Alert.state) == "open") & (col(Alert.level) <= 2) & (col(Alert.acknowledge_by) <= now)
    held = select(Snooze.alert_id).where(
        col(Snooze.alert_id) == col(Alert.id), col(Snooze.until) > now, col(Snooze.level) <= col(Alert.level)
    )
    return held.correlate(Alert).exists() & ~func.coalesce(overdue, False)
