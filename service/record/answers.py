"""Acknowledgements: each is kept, and together they are an answer or not yet, as the roster's policy has it."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from rules.escalate import Given, is_answered, missing
from rules.roster import Rosters
from service.record.assign import duty_owners
from service.store.rosters import load_rosters, policy_of
from service.store.scope import Scope
from service.store.tables import Acknowledgement, Alert, EscalationRow


def given_to(session: Session, alert: Alert) -> tuple[Acknowledgement, ...]:
    """The acknowledgements that still hold: not expired, and given when the alert was at least as grave."""
    query = select(Acknowledgement).where(
        Acknowledgement.alert_id == alert.id,
        col(Acknowledgement.expired_at).is_(None),
        col(Acknowledgement.level) <= alert.level,
    )
    return tuple(session.exec(query.order_by(col(Acknowledgement.id))).all())


def as_given(rows: Collection[Acknowledgement]) -> tuple[Given, ...]:
    """Rows as the rules look at them."""
    return tuple(Given(row.actor, row.at, tuple(row.owners.split())) for row in rows)


def answer(session: Session, alert: Alert, actor: str, owner: str | None, now: datetime) -> tuple[bool, int]:
    """Keep somebody's acknowledgement; whether it was new, and how many more it takes to be an answer."""
    rosters = load_rosters(session, alert.organisation_id, now)
    owners = duty_owners(session, alert)
    rows = given_to(session, alert)
    fresh = all(row.actor != actor[:120] for row in rows)
    if fresh:
        stood = [key for key in owners if key == owner or stands_for(rosters, key, actor)]
        row = Acknowledgement(
            alert_id=alert.id or 0, actor=actor[:120], owners=" ".join(stood), level=alert.level, at=now
        )
        session.add(row)
        waiting = session.get(EscalationRow, alert.id)
        if waiting is not None:
            waiting.next_at = now  # what comes next is another thing from here on
            session.add(waiting)
        session.flush()
        rows = (*rows, row)
    policy, given = policy_of(rosters, alert.level), as_given(rows)
    return fresh, 0 if is_answered(policy, owners, given) else missing(policy, owners, given)


def stands_for(rosters: Rosters, owner: str, actor: str) -> bool:
    """Whether a person has a part in an owner's roster: takes turns, is a deputy of it, its lead, or stands in."""
    roster = rosters.rosters.get(owner)
    if roster is None:
        return False
    people = {*roster.people, *roster.deputies, roster.lead}
    people |= {member.deputy for key, member in rosters.members.items() if key in people}
    return actor in people or any(swap.owner == owner and swap.person == actor for swap in rosters.swaps)


def expire(session: Session, alert: Alert, now: datetime) -> tuple[str, ...]:
    """Let what was given hold no longer; answers by whom it was."""
    rows = given_to(session, alert)
    for row in rows:
        row.expired_at = now
        session.add(row)
    return tuple(row.actor for row in rows)


def stood_for(session: Session, scope: Scope, owners: Collection[str], now: datetime) -> str | None:
    """Which of these owners the reader stands for by the roster; None when by none, or when they are one already."""
    if not scope.home or scope.owner in owners:
        return None
    rosters = load_rosters(session, scope.organisation_id, now)
    return next((key for key in owners if stands_for(rosters, key, scope.actor)), None)
