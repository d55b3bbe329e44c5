"""What the triage list shows besides the alerts themselves: a handful of queries a page, not one a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, case, cast, func, tuple_
from sqlmodel import Session, col, select

from service.store.outbox import count_in
from service.store.pages import Page, decode_cursor, page_of
from service.store.read_alerts import LIVE, AlertFilter, filtered, narrowed, visible
from service.store.scope import Scope
from service.store.stage import ON_STAGE
from service.store.tables import Alert, AlertCountry, Duty, EntryRow, EventEntry, SourceRow


@dataclass(frozen=True, slots=True)
class Beside:
    """Who has duties on an alert, the accountable owner first, and the best reliability letter among its reports.

    Subscribers see no owners; `letter` is None where no report may be seen.
    """

    owners: tuple[str, ...] = ()
    letter: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """A country with live alerts: the gravest level there, and how many."""

    country: str
    level: int
    count: int


@dataclass(frozen=True, slots=True)
class Heard:
    """How many sources are active, when one of them last answered, and the shortest interval between two looks."""

    active: int
    last: datetime | None
    shortest: timedelta


def list_triage(
    session: Session, scope: Scope, wanted: AlertFilter, *, limit: int = 50, cursor: str | None = None
) -> Page[Alert]:
    """Live alerts in the order in which they want somebody: not yet acknowledged first, then the graver, the newer.

    Only for filters that ask for live alerts: there are never many of them, so that no index need hold this order.
    """
    rank = case((col(Alert.state) == "open", 0), else_=1)
    # Numbers first, out of an index that holds all it takes: sorting thousands of whole rows for fifty costs most.
    query = narrowed(session, filtered(select(Alert.id).where(visible(scope)), wanted), wanted)
    if cursor:
        ranked, level, number = decode_cursor(cursor, (int, int, int))
        query = query.where(tuple_(rank, col(Alert.level), -col(Alert.id)) > tuple_(ranked, level, -number))
    order = (rank, col(Alert.level), col(Alert.id).desc())
    chosen = query.order_by(*order).limit(limit + 1).subquery()
    whole = select(Alert, rank).where(col(Alert.id).in_(select(chosen.c.id))).order_by(*order)
    rows = session.exec(whole).all()
    page = page_of(list(rows), limit, lambda row: (row[1], row[0].level, row[0].id))
    return Page([alert for alert, _ in page.items], page.next)


def list_scored(
    session: Session, scope: Scope, wanted: AlertFilter, *, limit: int = 50, cursor: str | None = None
) -> Page[Alert]:
    """Alerts by score, the highest first; in tenths, so that a page's end can be said exactly."""
    score = cast(func.round(col(Alert.score) * 10), Integer)
    query = narrowed(session, filtered(select(Alert, score).where(visible(scope)), wanted), wanted)
    if cursor:
        reached, number = decode_cursor(cursor, (int, int))
        query = query.where(tuple_(score, col(Alert.id)) < tuple_(reached, number))
    rows = session.exec(query.order_by(score.desc(), col(Alert.id).desc()).limit(limit + 1)).all()
    page = page_of(list(rows), limit, lambda row: (row[1], row[0].id))
    return Page([alert for alert, _ in page.items], page.next)


def beside(session: Session, scope: Scope, alerts: Sequence[Alert]) -> dict[int, Beside]:
    """For each alert of a page, by its number."""
    letters = _letters(session, scope, [alert.event_id for alert in alerts])
    owners = _owners(session, scope, [alert.id or 0 for alert in alerts])
    return {alert.id or 0: Beside(owners.get(alert.id or 0, ()), letters.get(alert.event_id)) for alert in alerts}


def _letters(session: Session, scope: Scope, events: list[int]) -> dict[int, str]:
    query = (
        select(EventEntry.event_id, func.min(EntryRow.reliability))
        .join(EntryRow, col(EntryRow.id) == col(EventEntry.entry_id))
        .where(col(EventEntry.event_id).in_(events), col(EntryRow.sharing).in_(scope.marks))
        .group_by(col(EventEntry.event_id))
    )
    return dict(session.exec(query).all())


def _owners(session: Session, scope: Scope, alerts: list[int]) -> dict[int, tuple[str, ...]]:
    if not scope.home:
        return {}
    query = (
        select(Duty.alert_id, Duty.owner)
        .where(col(Duty.alert_id).in_(alerts))
        .order_by(col(Duty.role) != "accountable", col(Duty.id))
    )
    found: dict[int, tuple[str, ...]] = {}
    for alert, owner in session.exec(query).all():
        found[alert] = (*found.get(alert, ()), owner)
    return found


def live_places(session: Session, scope: Scope) -> list[PlaceCount]:
    """Countries with live alerts, the gravest first."""
    query = (
        select(AlertCountry.country, func.min(Alert.level), func.count())
        .join(Alert, col(Alert.id) == col(AlertCountry.alert_id))
        .where(visible(scope), col(Alert.state).in_(LIVE))
        .group_by(col(AlertCountry.country))
        .order_by(func.min(Alert.level), func.count().desc(), col(AlertCountry.country))
    )
    return [PlaceCount(country, level, count) for country, level, count in session.exec(query).all()]


def heard(session: Session, scope: Scope) -> Heard | None:
    """How fresh the picture is; only the desk knows its sources. What is invented makes no picture fresh."""
    if not scope.home:
        return None
    active, last, shortest = session.exec(
        select(func.count(), func.max(SourceRow.last_success_at), func.min(SourceRow.interval_s)).where(
            col(SourceRow.active).is_(True), col(SourceRow.key).not_like(ON_STAGE)
        )
    ).one()
    return Heard(active, last, timedelta(seconds=shortest or 0))


def count_open(session: Session, scope: Scope, now: datetime) -> tuple[int, int]:
    """How many alerts wait for their first acknowledgement, and how many of them are past its deadline."""
    late = func.sum(case((col(Alert.acknowledge_by) <= now, 1), else_=0))
    waiting, over = session.exec(select(func.count(), late).where(visible(scope), Alert.state == "open")).one()
    return waiting, over or 0


def count_dead(session: Session, scope: Scope) -> int:
    """Notices that did not arrive and never will by themselves."""
    return count_in(session, "dead", None if scope.home else scope.organisation_id)
