"""Alarms about our own sources: opened, changed and ended as `rules.alarm` says, each in the caller's transaction.

An alarm is an alert like any other (owner, deadline, states, log, notices), about an internal event that stands for the
source: one event a source, so that the rule of one live alert an event makes it one live alarm a source.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from ingest.entry import Sharing
from rules.alarm import Ringing, Step, Verdict, watch
from rules.decision import Hush
from rules.guideline import Guideline
from rules.hush import alarm_hushed
from rules.level import Level
from rules.plan import Plans
from rules.routing import Route
from rules.situation import Owner
from service.locale.catalogue import Catalogue
from service.notify.message import StepLine
from service.record.act import act
from service.record.assign import assign
from service.record.audience import read_audience
from service.record.notices import Telling, tell
from service.record.quiet import keep_hush, later
from service.record.response import Playbook, start_plan
from service.record.steps import first_lines, first_steps
from service.store.engine import advisory_lock
from service.store.guidelines import note_match
from service.store.log import LOG_LOCK, log_alert
from service.store.quiet import silences_now
from service.store.read_alerts import CLOSED
from service.store.rows import reason_values
from service.store.search import index_alerts
from service.store.source_health import Watched, last_alarms, watched
from service.store.tables import Alert, Event

BY_RULES = "source."  # how the reasons begin with which the rules end an alarm; people's never do


@dataclass(frozen=True, slots=True)
class Bell:
    """By which rules alarms ring, for whom, and in which words."""

    guideline: Guideline
    owners: tuple[Owner, ...]
    organisation_id: int
    words: Catalogue
    routes: Route | None = None
    organisation: str = ""  # the same by key
    plans: Plans | None = None  # without them no plan starts


def verdicts(session: Session, bell: Bell, now: datetime) -> list[tuple[Watched, Alert | None, Verdict]]:
    """For each source whose alarm is to change: the source, its last alarm, and what becomes of it."""
    kinds = {word for clause in bell.guideline.sources for word in clause.of}
    last = last_alarms(session, bell.organisation_id)
    ringing = [source for source, alert in last.items() if alert.state not in CLOSED]
    found = []
    for one in watched(session, kinds, ringing, now):
        alert = last.get(one.id)
        told = watch(
            *(one.feed, one.state, _ringing(alert), bell.guideline, bell.owners, now),
            paused=one.paused,
            routes=bell.routes,
            organisation=bell.organisation,
        )
        if told.step is not Step.NONE:
            found.append((one, alert, told))
    return found


def _ringing(alert: Alert | None) -> Ringing:
    if alert is None:
        return Ringing()
    if alert.state not in CLOSED:
        return Ringing(clause=alert.clause)
    by_person = not (alert.close_reason or "").startswith(BY_RULES)
    return Ringing(closed=alert.closed_at if by_person else None)


def ring_alarms(
    session: Session, bell: Bell, now: datetime, *, demo: bool = False, public_url: str = ""
) -> list[tuple[Alert, str]]:
    """Carry out what the rules say of every source; answers the alarms that changed, and how."""
    advisory_lock(session, LOG_LOCK)  # before any alert is touched, in the order in which people's acts take them
    rung = []
    found = verdicts(session, bell, now)
    silences = silences_now(session, bell.organisation_id, now) if found else ()
    for source, last, verdict in found:
        if verdict.step is Step.END:
            assert last is not None
            alert = act(session, last, "resolve", actor="rules", reason=verdict.why, now=now, public_url=public_url)
            rung.append((alert, "resolve"))
        elif verdict.clause is not None:
            alert = last if last is not None and verdict.step is Step.CHANGE else _opened(session, bell, source, now)
            about = (verdict.clause.level, verdict.clause.trouble.value, source.feed.key, str(bell.organisation_id))
            hush = alarm_hushed(silences, *about, now)
            rung.append((alert, _ring(session, bell, alert, verdict, now, hush, demo=demo, public_url=public_url)))
    index_alerts(session, [alert.id for alert, _ in rung if alert.id is not None])
    return rung


def _opened(session: Session, bell: Bell, source: Watched, now: datetime) -> Alert:
    return Alert(
        organisation_id=bell.organisation_id,
        event_id=_event(session, source, now).id or 0,
        source_id=source.id,
        level=0,
        version=0,
        title=source.feed.name,
        language="en",
        clause="",
        guideline=bell.guideline.version,
        score=0.0,
        unconfirmed=False,
        sharing=source.feed.sharing.value,
        countries=[],
        categories=[],
        subtypes=[],
        reasons=[],
        opened_at=now,
        changed_at=now,
        level_since=now,
    )


def _event(session: Session, source: Watched, now: datetime) -> Event:
    found = session.exec(select(Event).where(col(Event.source_id) == source.id)).first()
    event = found or Event(
        title=source.feed.name,
        countries=[],
        categories=[],
        subtypes=[],
        sharing=source.feed.sharing.value,
        opened_at=now,
        last_at=now,
        vector=b"",
        source_id=source.id,
    )
    if Sharing(event.sharing).strictness < source.feed.sharing.strictness:
        event.sharing = source.feed.sharing.value
    event.last_at = now
    session.add(event)
    session.flush()
    return event


def _ring(
    session: Session,
    bell: Bell,
    alert: Alert,
    verdict: Verdict,
    now: datetime,
    hush: Hush | None,
    *,
    demo: bool,
    public_url: str,
) -> str:
    """Write the alarm as it now stands, its duties, its log line and its notices; answers what was done to it."""
    clause = verdict.clause
    assert clause is not None
    fresh, before = alert.id is None, alert.level or None
    action = _action(before, int(clause.level))
    if action == "raise" and alert.state == "acknowledged":
        alert.state, alert.acknowledged_at, alert.acknowledged_by = "open", None, None
    if before != clause.level:
        alert.level, alert.level_since = int(clause.level), now
    alert.version += 1
    alert.clause, alert.guideline, alert.demo, alert.changed_at = clause.id, bell.guideline.version, demo, now
    alert.reasons = [reason_values(reason) for reason in verdict.reasons]
    alert.title = bell.words.title(alert.title, alert.reasons, "en")
    session.add(alert)
    session.flush()
    note_match(session, alert, now)
    assign(session, alert, later(verdict.duties, hush, now), now, fresh=fresh)
    steps = _respond(session, bell, alert, verdict, now, fresh=fresh)
    said = {"level": alert.level, "before": before, "clause": clause.id, "guideline": alert.guideline}
    log_alert(session, alert, f"alert.{action}", "rules", said, now)
    if action != "update":  # the same trouble by another name: whoever owns it knows of it already
        keep_hush(session, alert, hush, action, now)
        telling = Telling(alert, (), action, before, public_url, steps, hush=hush, restraint=bell.guideline.restraint)
        owners = [duty.owner for duty in verdict.duties]
        tell(session, read_audience(session, bell.organisation_id, now), telling, set(), owners, now)
    return action


def _respond(
    session: Session, bell: Bell, alert: Alert, verdict: Verdict, now: datetime, *, fresh: bool
) -> Mapping[str, tuple[StepLine, ...]]:
    """Start the plan for such alarms, or another one when the trouble has become another; its first steps by owner."""
    assert verdict.clause is not None
    found = bell.plans.for_alarm(Level(alert.level), verdict.clause.trouble.value) if bell.plans is not None else None
    if bell.plans is None or found is None:
        return {}
    book = Playbook(bell.plans, bell.owners, bell.routes, bell.organisation)
    outcome = start_plan(session, alert, found, book, verdict.duties, now, fresh=fresh)
    return first_lines(outcome.lines) if outcome.lines else first_steps(session, outcome.response)


def _action(before: int | None, level: int) -> str:
    if before is None:
        return "open"
    return "update" if before == level else "raise" if level < before else "lower"
