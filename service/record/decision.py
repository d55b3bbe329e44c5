"""What a decision of the rules does to the alert of an event."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from rules.decision import Action, Decision
from rules.level import Level
from rules.situation import Standing
from scoring.category import Category
from service.record.notices import Telling, tell
from service.record.share import share
from service.store.events import Told
from service.store.log import write_log
from service.store.rows import reason_values
from service.store.tables import Alert, AlertCategory, AlertCountry, Duty, Event

CLOSED = ("resolved", "dismissed")


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a decision was taken on: the event and its reports, and for whom."""

    organisation_id: int
    event: Event
    told: tuple[Told, ...]
    demo: bool
    public_url: str


def standing_alert(session: Session, organisation_id: int, event_id: int) -> Alert | None:
    """The live alert of an event, if there is one."""
    query = select(Alert).where(
        Alert.organisation_id == organisation_id, Alert.event_id == event_id, col(Alert.state).not_in(CLOSED)
    )
    return session.exec(query).first()


def standing_of(session: Session, organisation_id: int, event_id: int) -> Standing | None:
    """The live alert as the rules look at it."""
    alert = standing_alert(session, organisation_id, event_id)
    if alert is None:
        return None
    return Standing(
        level=Level(alert.level),
        clause=alert.clause,
        unconfirmed=alert.unconfirmed,
        since=alert.level_since,
        countries=tuple(alert.countries),
        categories=tuple(Category(key) for key in alert.categories),
        calmer_since=alert.calmer_since,
    )


def _closed_as_grave(session: Session, grounds: Grounds, level: Level | None) -> bool:
    """Whether a person has already closed an alert of this event that was at least as grave."""
    query = select(Alert.level).where(
        Alert.organisation_id == grounds.organisation_id,
        Alert.event_id == grounds.event.id,
        col(Alert.state).in_(CLOSED),
    )
    return level is None or any(closed <= level for closed in session.exec(query).all())


def record_decision(session: Session, grounds: Grounds, decision: Decision, now: datetime) -> Alert | None:
    """Carry a decision out: alert, duties, log line, shares and outbox, all in the caller's transaction."""
    alert = standing_alert(session, grounds.organisation_id, grounds.event.id or 0)
    if decision.action is Action.NONE or (decision.level is None and alert is None):
        if alert is not None and alert.calmer_since != decision.calmer_since:
            alert.calmer_since = decision.calmer_since
            session.add(alert)
        return alert
    if alert is None and _closed_as_grave(session, grounds, decision.level):
        return None  # closed by a person: only something graver speaks up again
    before = alert.level if alert is not None else None
    alert = _opened(grounds, decision, now) if alert is None else alert
    _apply(alert, grounds, decision, now)
    session.add(alert)
    session.flush()
    _index(session, alert)
    _assign(session, alert, decision, now)
    write_log(
        session,
        at=now,
        actor="rules",
        action=f"alert.{decision.action.value}",
        subject="alert",
        subject_id=alert.id or 0,
        organisation_id=alert.organisation_id,
        detail={"level": alert.level, "before": before, "clause": alert.clause, "guideline": alert.guideline},
    )
    fresh = share(session, alert, now)
    telling = Telling(alert, grounds.told, decision.action.value, before, grounds.public_url)
    tell(session, telling, now, only=fresh if decision.action is Action.UPDATE else None)
    return alert


def _opened(grounds: Grounds, decision: Decision, now: datetime) -> Alert:
    return Alert(
        organisation_id=grounds.organisation_id,
        event_id=grounds.event.id or 0,
        level=decision.level or Level.BLUE,
        version=0,
        title=grounds.event.title,
        clause=decision.clause,
        guideline=decision.guideline,
        score=decision.score,
        unconfirmed=decision.unconfirmed,
        demo=grounds.demo,
        sharing=grounds.event.sharing,
        countries=[],
        categories=[],
        subtypes=[],
        reasons=[],
        opened_at=now,
        changed_at=now,
        level_since=now,
    )


def _apply(alert: Alert, grounds: Grounds, decision: Decision, now: datetime) -> None:
    level = decision.level or Level(alert.level)
    if level != alert.level:
        alert.level_since = now
    if decision.action is Action.RAISE and alert.state == "acknowledged":
        # Whoever acknowledged the calmer alert has not seen this one.
        alert.state, alert.acknowledged_at, alert.acknowledged_by = "open", None, None
    lead = _lead(grounds.told)
    alert.level = level
    alert.version += 1
    alert.title, alert.language = lead.entry.title or grounds.event.title, lead.entry.language
    alert.clause, alert.guideline, alert.score = decision.clause, decision.guideline, round(decision.score, 1)
    alert.unconfirmed = decision.unconfirmed
    alert.withdrawn = decision.action is Action.WITHDRAW
    alert.concern = any(told.report.assessment.concern for told in grounds.told)
    alert.sharing = grounds.event.sharing
    alert.sources = len({told.report.origin for told in grounds.told})
    alert.countries = list(decision.countries)
    alert.categories = [category.value for category in decision.categories]
    alert.subtypes = list(decision.subtypes)
    alert.reasons = [reason_values(reason) for reason in decision.reasons]
    alert.calmer_since = decision.calmer_since
    alert.changed_at = now


def _lead(told: tuple[Told, ...]) -> Told:
    """The report whose title speaks for the event: reliable and grave first, then the earlier."""
    current = [one for one in told if one.report.latest] or list(told)
    return max(current, key=lambda one: one.report.assessment.severity * one.report.assessment.certainty)


def _index(session: Session, alert: Alert) -> None:
    connection = session.connection()
    connection.execute(delete(AlertCountry).where(col(AlertCountry.alert_id) == alert.id))
    connection.execute(delete(AlertCategory).where(col(AlertCategory.alert_id) == alert.id))
    session.add_all(AlertCountry(alert_id=alert.id or 0, country=code) for code in alert.countries)
    session.add_all(AlertCategory(alert_id=alert.id or 0, category=key) for key in alert.categories)


def _assign(session: Session, alert: Alert, decision: Decision, now: datetime) -> None:
    if not decision.duties:
        return
    session.connection().execute(delete(Duty).where(col(Duty.alert_id) == alert.id))
    session.add_all(
        Duty(
            alert_id=alert.id or 0,
            owner=duty.owner,
            role=duty.role,
            acknowledge_by=duty.acknowledge_by,
            clause=duty.clause,
            created_at=now,
        )
        for duty in decision.duties
    )
    alert.acknowledge_by = min(duty.acknowledge_by for duty in decision.duties)
    session.add(alert)
    session.flush()
