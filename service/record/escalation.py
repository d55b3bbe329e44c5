"""Escalation carried out: pages through the outbox, each with its line in the log, until somebody answers or it lapses.

Who is due is a question to the database (rows with an instant); what is due is the rules' matter. Everything of one
alert is written in the caller's transaction. A rung at which nobody can be reached is passed over at once, in the log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from rules.escalate import Act, Called, Page, Policy, next_step, page
from rules.level import Level
from rules.owners import find_owners
from rules.posture import CRISIS, Posture, posture_of
from rules.roster import Rosters
from rules.routing import Route
from rules.situation import Owner
from rules.targets import Target, targets
from scoring.category import Category
from service.record.answers import as_given, expire, given_to
from service.record.assign import duty_owners, touched_sites
from service.record.audience import Audience, read_audience
from service.record.notices import Addressee, Telling, write
from service.store.engine import advisory_lock
from service.store.escalations import due_alerts, last_deed
from service.store.events import told_of
from service.store.log import LOG_LOCK, log_alert
from service.store.rosters import channels_of, load_rosters, owners_of_people, policy_of
from service.store.tables import Alert, Channel, Duty, EscalationRow

ACTOR = "escalation"


@dataclass(frozen=True)
class Office:
    """By which rules alerts are pressed, for which organisation, and how long a fresh deadline is."""

    owners: tuple[Owner, ...]
    routes: Route | None
    waits: Mapping[Level, timedelta]
    organisation_id: int
    public_url: str = ""
    hastened: Mapping[Level, timedelta] = field(default_factory=dict)  # the same in a crisis
    postures: tuple[Posture, ...] = ()
    roster: str = ""  # the tag of a crisis
    organisation: str = ""  # by key, as routes name it

    def wait(self, alert: Alert, now: datetime) -> timedelta:
        """How long a fresh deadline of an alert is."""
        return (self.hastened if self.hastened and self.stirred(alert, now) else self.waits)[Level(alert.level)]

    def stirred(self, alert: Alert, now: datetime) -> bool:
        """Whether an alert is of a place in crisis."""
        return posture_of(alert.countries, self.postures, now) == CRISIS


@dataclass
class _Desk:
    """What one run has at hand."""

    session: Session
    office: Office
    now: datetime
    rosters: Rosters
    audience: Audience
    accounts: dict[str, str]
    done: list[tuple[int, str]] = field(default_factory=list)


def escalate(session: Session, office: Office, now: datetime, limit: int = 200) -> list[tuple[int, str]]:
    """Take the next step with every alert that is due; answers their numbers with what was done."""
    advisory_lock(session, LOG_LOCK)  # before any alert is touched, in the order in which people's acts take them
    due = due_alerts(session, office.organisation_id, now, limit)
    if not due:
        return []
    desk = _Desk(
        session,
        office,
        now,
        load_rosters(session, office.organisation_id, now),
        read_audience(session, office.organisation_id, now),
        owners_of_people(session, office.organisation_id),
    )
    for alert, row in due:
        _step(desk, alert, row)
    return desk.done


def _step(desk: _Desk, alert: Alert, row: EscalationRow | None) -> None:
    assert alert.acknowledge_by is not None
    if row is None:
        row = EscalationRow(alert_id=alert.id or 0, due=alert.acknowledge_by)
    if row.due != alert.acknowledge_by:
        row.due, row.steps, row.lapsed_at = alert.acknowledge_by, 0, None
    called, policy = called_of(desk.session, alert, row), policy_of(desk.rosters, alert.level)
    found = next_step(called, policy, desk.now)
    match found.act:
        case Act.PAGE:
            row.steps = _page(desk, alert, called, policy, found.pages)
            coming = page(policy, row.due, row.steps)
            row.next_at = coming.at if coming is not None else row.due + policy.lapse
        case Act.ASK_AGAIN:
            _ask_again(desk, alert, called)
            row.due, row.steps, row.next_at = alert.acknowledge_by, 0, alert.acknowledge_by
        case Act.LAPSE:
            row.lapsed_at, row.next_at = desk.now, None
            _log(desk, alert, "alert.lapse", {"level": alert.level, "steps": row.steps, "due": _stamp(row.due)})
        case Act.WAIT:
            row.next_at = found.at
    desk.session.add(row)


def called_of(session: Session, alert: Alert, row: EscalationRow | None) -> Called:
    """An alert as the rules of escalation look at it."""
    assert alert.acknowledge_by is not None
    current = row if row is not None and row.due == alert.acknowledge_by else None
    acknowledged = alert.state == "acknowledged"
    given = as_given(given_to(session, alert))
    return Called(
        level=Level(alert.level),
        due=alert.acknowledge_by,
        owners=duty_owners(session, alert),
        given=given,
        steps=current.steps if current is not None else 0,
        deed=last_deed(session, alert) if acknowledged and given else None,
        responding=alert.state not in ("open", "acknowledged") or (acknowledged and not given),
        lapsed=current is not None and current.lapsed_at is not None,
        withdrawn=alert.withdrawn,
    )


def central_owner(office: Office, alert: Alert, now: datetime) -> str:
    """Who would be accountable if it were of level 1."""
    kinds, sites = [Category(key) for key in alert.categories], touched_sites(alert)
    found = find_owners(
        *(office.owners, alert.countries, kinds, Level.RED, now),
        routes=office.routes,
        organisation=office.organisation,
        sites=sites,
        roster=office.roster if office.stirred(alert, now) else "",
    )
    return found[0].owner


def _page(desk: _Desk, alert: Alert, called: Called, policy: Policy, pages: Sequence[Page]) -> int:
    """Ask everybody of these pages, and go on up the chain until somebody is reached; answers the steps so far."""
    central = central_owner(desk.office, alert, desk.now)
    answered = {one.actor for one in called.given}
    last, asked = pages[-1], list[Target]()
    for one in pages:
        asked += targets(one.rung, called.owners, central, desk.rosters, desk.now, answered)
    while not _reached(desk, asked) and last.step + 1 < len(policy.chain):
        following = page(policy, called.due, last.step + 1)
        if following is None:
            break
        last = following
        asked += targets(last.rung, called.owners, central, desk.rosters, desk.now, answered)
    asked = list(dict.fromkeys(asked))
    _send(desk, alert, "escalate", asked, f".{called.due:%Y%m%d%H%M%S}.{last.step}")
    detail = {"rung": last.rung.value, "step": last.step, "due": _stamp(called.due), "level": alert.level}
    _log(desk, alert, "alert.escalate", {**detail, **_told(desk, asked)})
    return last.step + 1


def _ask_again(desk: _Desk, alert: Alert, called: Called) -> None:
    """The acknowledgement holds no longer: the alert is open again, with a deadline of its level."""
    actors = expire(desk.session, alert, desk.now)
    alert.state, alert.acknowledged_at, alert.acknowledged_by = "open", None, None
    alert.acknowledge_by = desk.now + desk.office.wait(alert, desk.now)
    alert.changed_at, alert.version = desk.now, alert.version + 1
    for duty in desk.session.exec(select(Duty).where(Duty.alert_id == alert.id)).all():
        duty.acknowledge_by = alert.acknowledge_by
        desk.session.add(duty)
    desk.session.add(alert)
    asked = [Target(called.owners[0])] if called.owners else []
    asked += [Target(called.owners[0], actor) for actor in actors if called.owners]
    _send(desk, alert, "ask_again", asked, "")
    _log(desk, alert, "alert.ask_again", {"level": alert.level, "by": ", ".join(actors), **_told(desk, asked)})


def _channels(desk: _Desk, target: Target) -> list[Channel]:
    if target.person is None:
        return desk.audience.owners.get(target.owner, [])
    return channels_of(target.person, desk.audience.owners, desk.accounts)


def _reached(desk: _Desk, asked: Sequence[Target]) -> bool:
    return any(_channels(desk, target) for target in asked)


def _send(desk: _Desk, alert: Alert, action: str, asked: Sequence[Target], mark: str) -> None:
    """One notice a channel, each naming the owner whose duty it is; a dead letter where nobody can be told."""
    found: dict[int, Addressee] = {}
    for target in asked:
        for channel in _channels(desk, target):
            found.setdefault(channel.id or 0, Addressee(desk.audience.home, channel, owner=target.owner))
    nobody = [Addressee(desk.audience.home, None, owner=key) for key in duty_owners(desk.session, alert)[:1]]
    telling = Telling(
        alert, tuple(told_of(desk.session, alert.event_id)), action, alert.level, desk.office.public_url, about=mark
    )
    write(desk.session, telling, list(found.values()) or nobody, desk.now)


def _told(desk: _Desk, asked: Sequence[Target]) -> dict[str, str]:
    """For the log: who was asked, and who could not be."""
    names = {target.person or target.owner: bool(_channels(desk, target)) for target in asked}
    return {
        "asked": ", ".join(name for name, there in names.items() if there),
        "unreached": ", ".join(name for name, there in names.items() if not there),
    }


def _log(desk: _Desk, alert: Alert, action: str, detail: dict[str, Any]) -> None:
    log_alert(desk.session, alert, action, ACTOR, detail, desk.now)
    desk.done.append((alert.id or 0, action))


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
