"""What a decision of the rules does to the alert of an event."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from ingest.entry import Sharing
from rules.decision import Action, Decision
from rules.exposure import hit_values
from rules.level import Level
from rules.quiet_rule import RestraintRule
from rules.situation import Standing
from scoring.category import Category
from service.record.assign import assign, deadlines_of, duty_owners, index, touched_sites
from service.record.audience import Audience
from service.record.deadlines import note_usual, shift_due, tell_hastened
from service.record.notices import Telling, tell, tells_nobody
from service.record.quiet import keep_hush, put_off
from service.record.response import Outcome, Playbook, respond
from service.record.share import share, shared_with
from service.record.steps import first_lines, first_steps
from service.store.events import Told
from service.store.guidelines import note_match
from service.store.log import log_alert
from service.store.read_alerts import CLOSED
from service.store.rows import reason_values
from service.store.tables import Alert, Event

BORNE = ("grade.confirmed", "grade.unconfirmed")  # the reasons that count independent sources
KEPT = 3  # reasons, and what would have given another level, that the log keeps of each change


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a decision is taken on: the event, its reports, its live alert, and who could be told.

    `fresh` says that the event was made in this transaction: nothing about it is in the database yet to be looked up.
    """

    event: Event
    told: tuple[Told, ...]
    alert: Alert | None
    audience: Audience
    fresh: bool
    demo: bool
    public_url: str
    playbook: Playbook | None = None  # without one no response starts

    @property
    def organisation_id(self) -> int:
        """Whose alert it is."""
        return self.audience.home.id or 0

    @property
    def sharing(self) -> str:
        """The strictest mark of what the alert shows: for another organisation, of what it is cleared for."""
        if self.audience.home.home:
            return self.event.sharing
        return max((one.entry.sharing for one in self.told), key=lambda mark: Sharing(mark).strictness)

    @property
    def title(self) -> str:
        """The event's title, where it may be known."""
        return self.event.title if self.audience.home.home else ""


def live_alert(session: Session, organisation_id: int, event_id: int) -> Alert | None:
    """The live alert of an event, if there is one."""
    query = select(Alert).where(
        Alert.organisation_id == organisation_id, Alert.event_id == event_id, col(Alert.state).not_in(CLOSED)
    )
    return session.exec(query).first()


def held_alerts(session: Session) -> list[int]:
    """Events of which a live alert, of whichever organisation, is held above what its reports say."""
    query = select(Alert.event_id).where(
        col(Alert.calmer_since).is_not(None),
        col(Alert.state).not_in(CLOSED),
        Alert.level < Level.BLUE,
    )
    return list(dict.fromkeys(session.exec(query.order_by(col(Alert.id))).all()))


def other_alerts(session: Session, organisation_id: int, event_id: int) -> dict[int, Alert]:
    """The live alerts of an event that belong to other organisations than this, by organisation."""
    query = select(Alert).where(
        Alert.organisation_id != organisation_id, Alert.event_id == event_id, col(Alert.state).not_in(CLOSED)
    )
    return {alert.organisation_id: alert for alert in session.exec(query).all()}


def standing_of(session: Session, alert: Alert | None) -> Standing | None:
    """A live alert as the rules look at it."""
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
        withdrawn=alert.withdrawn,
        owners=duty_owners(session, alert),
        due=alert.acknowledge_by,
        told=alert.told_at,
        sites=touched_sites(alert),
        usual=alert.usual_by,
    )


def record_decision(
    session: Session, grounds: Grounds, decision: Decision, now: datetime, restraint: RestraintRule | None = None
) -> Alert | None:
    """Carry a decision out: alert, duties, log line, shares and outbox, all in the caller's transaction.

    With a `restraint` nobody is told one by one of more than its budget: the rest is held for a digest.
    """
    alert = grounds.alert
    if decision.action is Action.NONE or (decision.level is None and alert is None):
        if alert is not None:
            alert.calmer_since, alert.sources = decision.calmer_since, _voices(grounds.told)
            alert.sharing = grounds.sharing  # what joined may be stricter, though it changes nothing else
            _apply_own(alert, decision)
            _hasten(session, grounds, alert, shift_due(session, alert, decision, now), now)
            _respond(session, grounds, decision, alert, now, fresh=False)
        return alert
    if alert is None and _closed_as_grave(session, grounds, decision.level):
        return None  # closed by a person: only something graver speaks up again
    fresh, before = alert is None, alert.level if alert is not None else None
    alert = _opened(grounds, decision, now) if alert is None else alert
    _apply(alert, grounds, decision, now)
    session.add(alert)
    session.flush()
    index(session, alert, fresh=fresh)
    # Who is let go by a lower level was warned, and is told that it is lower.
    former = duty_owners(session, alert) if decision.action is Action.LOWER else ()
    hastened = _assign(session, alert, decision, now, fresh=fresh)
    keep_hush(session, alert, decision.hush, decision.action.value, now)
    if not tells_nobody(session, alert):  # what is invented is no match that a clause is told by
        note_match(session, alert, now)
    outcome = _respond(session, grounds, decision, alert, now, fresh=fresh)
    _tell(session, grounds, decision, alert, before, now, outcome, restraint, former)
    _hasten(session, grounds, alert, hastened, now)
    return alert


def _assign(session: Session, alert: Alert, decision: Decision, now: datetime, *, fresh: bool) -> tuple[str, ...]:
    """Give the duties; answers whose time a crisis made shorter with a change that tells owners nothing."""
    before, quiet = alert.acknowledge_by, decision.action is Action.UPDATE and alert.state == "open"
    held = deadlines_of(session, alert) if quiet else {}
    assign(session, alert, put_off(decision, now), now, fresh=fresh)
    note_usual(alert, before, decision)
    return tuple(one.owner for one in decision.duties if one.acknowledge_by < held.get(one.owner, one.acknowledge_by))


def _hasten(session: Session, grounds: Grounds, alert: Alert, owners: tuple[str, ...], now: datetime) -> None:
    if owners:
        tell_hastened(session, grounds.audience, alert, grounds.told, owners, grounds.public_url, now)


def _respond(
    session: Session, grounds: Grounds, decision: Decision, alert: Alert, now: datetime, *, fresh: bool
) -> Outcome:
    if grounds.playbook is None:
        return Outcome(None)
    return respond(session, alert, decision, grounds.playbook, now, fresh=fresh)


def _tell(
    session: Session,
    grounds: Grounds,
    decision: Decision,
    alert: Alert,
    before: int | None,
    now: datetime,
    outcome: Outcome,
    restraint: RestraintRule | None,
    former: tuple[str, ...] = (),
) -> None:
    """Write the log line, the shares and the outbox."""
    action = decision.action.value
    log_alert(session, alert, f"alert.{action}", "rules", said_of(alert, before), now)
    have = set() if before is None else shared_with(session, alert)
    fresh = share(session, grounds.audience, alert, have, now)
    steps = first_lines(outcome.lines) if outcome.lines else first_steps(session, outcome.response)
    telling = Telling(
        *(alert, grounds.told, action, before, grounds.public_url, steps), hush=decision.hush, restraint=restraint
    )
    if decision.action is Action.UPDATE:  # news for those it is new to; the others know the alert
        tell(session, grounds.audience, telling, fresh, (), now)
        return
    owners = [*(duty.owner for duty in decision.duties), *former] or duty_owners(session, alert)
    if grounds.audience.has_own_followers:
        # A subscriber says by its subscriptions what it wants to be told: what they leave out is no dead letter.
        owners = [owner for owner in owners if owner in grounds.audience.owners]
    tell(session, grounds.audience, telling, have | fresh, owners, now)


def said_of(alert: Alert, before: int | None) -> dict[str, Any]:
    """What the log keeps of a decision: what it was, and why and why not otherwise as of then."""
    read = [reason for reason in alert.reasons if not str(reason.get("code", "")).startswith("grade.")]
    return {
        "level": alert.level,
        "before": before,
        "clause": alert.clause,
        "guideline": alert.guideline,
        "score": alert.score,
        "reasons": read[:KEPT],
        "otherwise": alert.counterfactuals[:KEPT],
        "sources": next((int(one["value"]) for one in alert.reasons if one.get("code") in BORNE), None),
        "crisis": next((one["value"] for one in alert.reasons if one.get("code") == "grade.posture"), None),
    }


def _closed_as_grave(session: Session, grounds: Grounds, level: Level | None) -> bool:
    """Whether a person has already closed an alert of this event that was at least as grave."""
    if grounds.fresh:
        return False
    query = select(Alert.level).where(
        Alert.organisation_id == grounds.organisation_id,
        Alert.event_id == grounds.event.id,
        col(Alert.state).in_(CLOSED),
    )
    return level is None or any(closed <= level for closed in session.exec(query).all())


def _opened(grounds: Grounds, decision: Decision, now: datetime) -> Alert:
    return Alert(
        organisation_id=grounds.organisation_id,
        event_id=grounds.event.id or 0,
        level=decision.level or Level.BLUE,
        version=0,
        title=grounds.title,
        clause=decision.clause,
        guideline=decision.guideline,
        score=decision.score,
        unconfirmed=decision.unconfirmed,
        demo=grounds.demo,
        sharing=grounds.sharing,
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
    if decision.action in (Action.RAISE, Action.OPEN) and alert.state == "acknowledged":
        # Whoever acknowledged the calmer alert has not seen this one.
        alert.state, alert.acknowledged_at, alert.acknowledged_by = "open", None, None
    lead = _lead(grounds.told)
    alert.level = level
    alert.version += 1
    alert.title, alert.language = lead.entry.title or grounds.title, lead.entry.language
    alert.clause, alert.guideline, alert.score = decision.clause, decision.guideline, round(decision.score, 1)
    alert.unconfirmed = decision.unconfirmed
    alert.withdrawn = decision.action is Action.WITHDRAW or (alert.withdrawn and decision.action is Action.UPDATE)
    alert.concern = any(told.report.assessment.concern for told in grounds.told)
    alert.sharing = grounds.sharing
    alert.sources = _voices(grounds.told)
    alert.countries = list(decision.countries)
    alert.categories = [category.value for category in decision.categories]
    alert.subtypes = list(decision.subtypes)
    alert.reasons = [reason_values(reason) for reason in decision.reasons]
    alert.calmer_since = decision.calmer_since
    alert.changed_at = now
    _apply_own(alert, decision)


def _apply_own(alert: Alert, decision: Decision) -> None:
    """What only the alert's own organisation is told."""
    if decision.exposure or not alert.withdrawn:  # what was touched stays told while the withdrawal is looked at
        alert.exposure = [dict(hit_values(hit)) for hit in decision.exposure]
    alert.counterfactuals = [reason_values(reason) for reason in decision.counterfactuals]


def _voices(told: tuple[Told, ...]) -> int:
    return len({one.report.origin for one in told if not one.report.archived})


def _lead(told: tuple[Told, ...]) -> Told:
    """The report whose title speaks for the event: reliable and grave first, then the earlier."""
    live = [one for one in told if not one.report.archived] or list(told)
    current = [one for one in live if one.report.latest] or live
    return max(current, key=lambda one: one.report.assessment.severity * one.report.assessment.certainty)
