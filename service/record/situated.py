"""The situation that an organisation's alert is decided in. Made in this one place: what is explained or told again to
somebody is decided on just what was looked at when it was live."""

from dataclasses import dataclass, field

from sqlmodel import Session

from rules.holdings import NOTHING, Holdings
from rules.plan import Plans
from rules.posture import Posture
from rules.quiet import Quiet
from rules.routing import Route, names_organisation
from rules.situation import Owner, Situation
from service.record.decision import standing_of
from service.store.tables import Alert, Organisation


@dataclass(frozen=True, slots=True)
class Means:
    """What all situations of a batch have in common: the desk's people, routes and plans, what everybody has, and what
    is in crisis."""

    owners: tuple[Owner, ...]
    routes: Route | None = None
    plans: Plans | None = None
    everybody: Holdings = field(default=NOTHING)
    postures: tuple[Posture, ...] = ()  # the desk's; they hold for whomever it decides


def situation_of(
    session: Session, alert: Alert | None, organisation: Organisation, means: Means, quiet: Quiet | None = None
) -> Situation:
    """The situation of one organisation, with its live alert as it stands, and what may keep the change quiet.

    The desk's people and plans are for the desk's own alerts; another organisation answers for its own, unless the
    desk's routes name it.
    """
    routed = organisation.home or (means.routes is not None and names_organisation(means.routes, organisation.key))
    return Situation(
        standing=standing_of(session, alert),
        owners=means.owners if organisation.home else (),
        routes=means.routes if routed else None,
        organisation=organisation.key,
        plans=means.plans if organisation.home else None,
        holdings=means.everybody.of(organisation.id or 0),
        quiet=quiet,
        postures=means.postures,
    )
