"""Pressing: of one alert who was told, who answered, and what comes next and when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from rules.escalate import Act, Called, Policy, Rung, missing, next_step, page
from rules.roster import Rosters, holder_of
from rules.targets import targets
from service.auth.premises import Premises
from service.desk.guideline import in_force
from service.desk.owners import read_owners, read_routes
from service.record.escalation import Office, called_of, central_owner
from service.store.escalations import log_of, row_of
from service.store.people import organisation_by_id
from service.store.postures import in_force as postures
from service.store.read_alerts import CLOSED
from service.store.rosters import load_rosters, policy_of
from service.store.scope import Scope
from service.store.tables import Alert, LogLine


@dataclass(frozen=True, slots=True)
class Coming:
    """What comes next unless somebody answers: `what` is a rung, `ask_again` or `lapse`; whom it would ask by now."""

    what: str
    at: datetime
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pressing:
    """How an alert is pressed for an answer.

    `on_duty` are owner and person of each duty, with a roster; `given` who acknowledged when; `missing` how many more
    it takes; `done` the log of the escalation, oldest first; `lapsed_at` when it went to the morning list.
    """

    policy: Policy
    on_duty: tuple[tuple[str, str | None], ...]
    given: tuple[tuple[str, datetime], ...]
    missing: int
    done: tuple[LogLine, ...]
    coming: Coming | None
    lapsed_at: datetime | None
    rosters: Rosters


def pressing(session: Session, premises: Premises, scope: Scope, alert: Alert) -> Pressing | None:
    """Only for the desk; None for others, and for an alert without a deadline."""
    if not scope.home or alert.acknowledge_by is None:
        return None
    now = premises.clock()
    rosters = load_rosters(session, alert.organisation_id, now)
    policy, row = policy_of(rosters, alert.level), row_of(session, alert)
    called = called_of(session, alert, row)
    owners, given = called.owners, called.given
    found = next_step(called, policy, now)
    coming: Coming | None = None
    if alert.state == "open" and not called.lapsed:
        office = Office(
            *(read_owners(premises.settings), read_routes(premises.settings), {}, alert.organisation_id),
            postures=postures(session, now),
            roster=in_force(premises, scope).guideline.crisis.roster,
            organisation=organisation_by_id(session, alert.organisation_id).key,
        )
        people = _who(office, alert, rosters, owners, now)
        coming = _coming(called, policy, found.act, people)
    elif alert.state == "acknowledged" and found.at is not None:
        coming = Coming("ask_again", found.at)
    return Pressing(
        policy=policy,
        on_duty=tuple((owner, holder_of(rosters, owner, now)) for owner in owners if owner in rosters.rosters),
        given=tuple((one.actor, one.at) for one in given),
        missing=missing(policy, owners, given) if alert.state == "open" else 0,
        done=tuple(log_of(session, alert)),
        coming=coming,
        lapsed_at=row.lapsed_at if row is not None and called.lapsed and alert.state not in CLOSED else None,
        rosters=rosters,
    )


def _coming(called: Called, policy: Policy, act: Act, people: Callable[[Rung], tuple[str, ...]]) -> Coming:
    following = page(policy, called.due, called.steps)
    if act is Act.LAPSE or following is None:
        return Coming("lapse", called.due + policy.lapse)
    return Coming(following.rung.value, following.at, people(following.rung))


def _who(
    office: Office, alert: Alert, rosters: Rosters, owners: Sequence[str], now: datetime
) -> Callable[[Rung], tuple[str, ...]]:
    central = central_owner(office, alert, now)

    def people(rung: Rung) -> tuple[str, ...]:
        found = targets(rung, owners, central, rosters, now)
        return tuple(dict.fromkeys(one.person or one.owner for one in found))

    return people
