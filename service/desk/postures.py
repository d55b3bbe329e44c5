"""Postures as people work with them: enter, prolong, leave; what is in force and what that changes, in figures."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from rules.guideline import Guideline
from rules.level import Level
from rules.posture import CRISIS, LONGEST, Due, Posture, PostureRule, is_place
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.desk.guideline import in_force
from service.desk.words import one_line
from service.errors import Invalid, Refused
from service.record.posture import due_now, enter, leave, prolong
from service.record.situation_report import report_due
from service.store.engine import advisory_lock
from service.store.events import DECIDE_LOCK
from service.store.pace import Pace, sources_of
from service.store.postures import get_posture, list_postures, open_rows, posture_log, red_alerts
from service.store.scope import Scope
from service.store.situation_reports import reports_of
from service.store.tables import LogLine, PostureRow, SituationReport

LEAST_REASON, MOST_REASON = 3, 500


@dataclass(frozen=True, slots=True)
class Looks:
    """A source of the place: its interval usually and now, in seconds."""

    name: str
    usual: int
    now: int


@dataclass(frozen=True, slots=True)
class Crisis:
    """A place in crisis with what that changes.

    `red`: its open level-1 alerts, which keep it so; `asks`: its return date has come, and somebody must answer.
    `reports`: the last ones, the newest first; `report_due`: when the next one is.
    """

    row: PostureRow
    rule: PostureRule
    waits: dict[Level, tuple[timedelta, timedelta]]  # to answer: usually and now
    looks: tuple[Looks, ...]
    red: tuple[int, ...]
    asks: bool
    log: tuple[LogLine, ...] = field(default=())
    report_due: datetime | None = None
    reports: tuple[SituationReport, ...] = ()


def enter_posture(premises: Premises, scope: Scope, place: str, reason: str, until: datetime) -> PostureRow:
    """Put a country or region into crisis until a return date. Conflict when it is in one already."""
    demand(scope, Permission.POSTURE)
    if not is_place(place):
        raise Invalid(
            f"'{place[:40]}' is no country and no region.", "Use the two letters of ISO 3166, or the key of a region."
        )
    now = premises.clock()
    told, ends = _reason(reason, "a crisis"), _date(until, now)
    polling = in_force(premises, scope).guideline.crisis.polling
    posture = Posture(place, now, ends, scope.actor, told)
    with premises.store.write() as session:
        advisory_lock(session, DECIDE_LOCK)
        return enter(session, scope.organisation_id, posture, polling, now)


def prolong_posture(premises: Premises, scope: Scope, place: str, until: datetime, reason: str) -> PostureRow:
    """Give a crisis another return date, with the reason. NotFound in normal life."""
    demand(scope, Permission.POSTURE)
    now = premises.clock()
    told, ends = _reason(reason, "a longer crisis"), _date(until, now)
    with premises.store.write() as session:
        advisory_lock(session, DECIDE_LOCK)
        return prolong(session, get_posture(session, scope, place), ends, scope.actor, told, now)


def leave_posture(premises: Premises, scope: Scope, place: str, note: str) -> PostureRow:
    """Back to normal, with a closing note. Conflict while a level-1 alert of the place is open."""
    demand(scope, Permission.POSTURE)
    told = _reason(note, "the end of a crisis")
    with premises.store.write() as session:
        advisory_lock(session, DECIDE_LOCK)
        return leave(session, get_posture(session, scope, place), scope.actor, told, premises.clock())


def crises(premises: Premises, scope: Scope) -> list[Crisis]:
    """What is in force where, the newest first."""
    demand_desk(scope)
    guideline = in_force(premises, scope).guideline
    with premises.store.read() as session:
        rows = list_postures(session, scope, past=False)
        return [_crisis(session, scope, row, guideline, premises.clock()) for row in rows]


def crisis_of(premises: Premises, scope: Scope, place: str) -> Crisis:
    """One; NotFound in normal life."""
    demand_desk(scope)
    guideline = in_force(premises, scope).guideline
    with premises.store.read() as session:
        return _crisis(session, scope, get_posture(session, scope, place), guideline, premises.clock())


def past_postures(premises: Premises, scope: Scope) -> list[PostureRow]:
    """What was, the newest first."""
    demand_desk(scope)
    with premises.store.read() as session:
        return list_postures(session, scope, past=True)


def places_in_crisis(session: Session, scope: Scope) -> tuple[PostureRow, ...]:
    """The rows in force, for banners; nothing for readers outside the desk."""
    return tuple(open_rows(session, scope.organisation_id)) if scope.home else ()


def _crisis(session: Session, scope: Scope, row: PostureRow, guideline: Guideline, now: datetime) -> Crisis:
    red = tuple(red_alerts(session, scope.organisation_id, row.place))
    short = guideline.waits_in(CRISIS)
    return Crisis(
        row=row,
        rule=guideline.crisis,
        waits={level: (wait, short[level]) for level, wait in guideline.waits.items()},
        looks=tuple(Looks(*one) for one in sources_of(session, Pace(row.place, row.polling))),
        red=red,
        asks=now >= row.until and due_now(row, guideline, now, grave=bool(red)) is not Due.LAPSE,
        log=tuple(posture_log(session, scope, [row.id or 0])),
        report_due=report_due(row, guideline),
        reports=tuple(reports_of(session, scope, [row.id or 0])),
    )


def demand_desk(scope: Scope) -> None:
    """Postures are the desk's own."""
    demand(scope, Permission.READ)
    if not scope.home:
        raise Refused("Postures are the desk's own.", "Ask a member of the desk.")


def _reason(text: str, what: str) -> str:
    words = one_line(text)
    if len(words) < LEAST_REASON:
        raise Invalid(f"There is no reason for {what}.", "Write in a sentence why: it is kept.")
    if len(words) > MOST_REASON:
        raise Invalid("The reason is too long.", f"Use at most {MOST_REASON} characters.")
    return words


def _date(until: datetime, now: datetime) -> datetime:
    if until <= now:
        raise Invalid("The return date is past.", "Give a later one: on it the desk is asked.")
    if until > now + LONGEST:
        raise Invalid("The return date is too far away.", f"Give one within {LONGEST.days} days; it can be prolonged.")
    return until
