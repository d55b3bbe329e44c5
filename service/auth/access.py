"""Who may do what: the only maker of `Scope`, and the table of permissions."""

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum

from sqlmodel import Session

from ingest.entry import Sharing
from service.errors import Refused
from service.store.people import home_organisation, organisation_by_key, people_of
from service.store.scope import Role, Scope
from service.store.tables import ApiKey, Organisation, Person, Subscription


class Permission(StrEnum):
    """One kind of thing to do."""

    READ = "read"
    ACT = "act"  # acknowledge, respond, resolve, dismiss any alert
    ACT_OWN = "act_own"  # the same where the actor owns a duty
    SUBSCRIBE = "subscribe"  # the organisation's subscriptions and feed tokens
    CHANNELS = "channels"  # the organisation's channels
    DELIVERIES = "deliveries"  # send a dead letter again
    REPORT = "report"  # file a report from the field
    ROSTERS = "rosters"  # put rosters in force, swap anybody's turns
    MODELS = "models"  # have a model trained, choose the one in use
    POSTURE = "posture"  # put places into crisis and back
    RULES = "rules"  # propose, approve and take back versions of the guideline
    SITES = "sites"  # the organisation's own sites and partners
    SILENCE = "silence"  # silences and maintenance windows of the organisation
    SOURCES = "sources"
    PEOPLE = "people"
    KEYS = "keys"
    ORGANISATIONS = "organisations"
    SETTINGS = "settings"  # what is set, and what is wrong with it
    AUDIT = "audit"  # who did what


P = Permission
_ANSWERS = {P.READ, P.ACT, P.REPORT, P.SILENCE}
_MANAGES = _ANSWERS | {
    *(P.SUBSCRIBE, P.CHANNELS, P.DELIVERIES),
    *(P.MODELS, P.POSTURE, P.ROSTERS, P.RULES, P.SITES, P.AUDIT),
}
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({P.READ}),
    Role.ANALYST: frozenset(_ANSWERS),
    Role.OWNER: frozenset({P.READ, P.ACT_OWN, P.REPORT}),
    Role.MANAGER: frozenset(_MANAGES),
    Role.ADMIN: frozenset(_MANAGES | {P.SOURCES, P.PEOPLE, P.KEYS, P.ORGANISATIONS, P.SETTINGS}),
}
# Alerts, sources, models and organisations are the desk's: a subscriber's administrator runs his own house only.
DESK_ONLY = frozenset(
    {
        *(P.ACT, P.ACT_OWN, P.MODELS, P.POSTURE, P.ROSTERS, P.RULES),
        *(P.SOURCES, P.ORGANISATIONS, P.SETTINGS, P.AUDIT),
    }
)
_WORDS = {
    P.READ: "read",
    P.ACT: "act on this alert",
    P.ACT_OWN: "act on this alert",
    P.SUBSCRIBE: "change subscriptions",
    P.CHANNELS: "change channels",
    P.DELIVERIES: "send deliveries again",
    P.REPORT: "file a report",
    P.ROSTERS: "change rosters",
    P.MODELS: "train models or choose the one in use",
    P.POSTURE: "change the posture of a place",
    P.RULES: "change the guideline",
    P.SITES: "change sites and partners",
    P.SILENCE: "silence anything",
    P.SOURCES: "change sources",
    P.PEOPLE: "administer people",
    P.KEYS: "administer keys",
    P.ORGANISATIONS: "administer organisations",
    P.SETTINGS: "see the settings",
    P.AUDIT: "read the log",
}


def permissions_of(scope: Scope) -> frozenset[Permission]:
    """Everything that a reader may do."""
    granted = GRANTS[scope.role]
    return granted if scope.home else granted - DESK_ONLY


def allows(scope: Scope, permission: Permission) -> bool:
    """Whether a reader may do this kind of thing."""
    return permission in permissions_of(scope)


def demand(scope: Scope, permission: Permission) -> None:
    """Refused when a reader may not do this kind of thing."""
    if not allows(scope, permission):
        _refuse(scope, permission)


def may_act(scope: Scope, owners: Collection[str], organisation_id: int | None = None) -> bool:
    """Whether a reader may act on an alert with these owners; a subscriber's people on their own organisation's."""
    if not scope.home:
        own = organisation_id == scope.organisation_id
        return own and bool(GRANTS[scope.role] & {P.ACT, P.ACT_OWN})
    owns = scope.owner is not None and scope.owner in owners
    return allows(scope, P.ACT) or (allows(scope, P.ACT_OWN) and owns)


def demand_act(scope: Scope, owners: Collection[str], organisation_id: int | None = None) -> None:
    """Refused when a reader may not act on an alert with these owners."""
    if not may_act(scope, owners, organisation_id):
        _refuse(scope, P.ACT)


def may_comment(scope: Scope) -> bool:
    """Whether a reader may say something about alerts that they may see: whoever may act on any at all."""
    return bool(GRANTS[scope.role] & {P.ACT, P.ACT_OWN})


def demand_comment(scope: Scope) -> None:
    """Refused when a reader may only look."""
    if not may_comment(scope):
        raise Refused(f"As {scope.role.value} you may not comment.", "Ask an administrator for another role.")


def in_place_of(scope: Scope, owner: str | None) -> Scope:
    """The same reader, standing for an owner as the roster has it; with None as they are."""
    return replace(scope, owner=owner) if owner is not None else scope


def _refuse(scope: Scope, permission: Permission) -> None:
    able = [role.value for role, granted in GRANTS.items() if permission in granted]
    who = " or ".join(able) if scope.home or permission not in DESK_ONLY else "member of the desk"
    article = "an" if who[0] in "aeiou" else "a"
    raise Refused(f"As {scope.role.value} you may not {_WORDS[permission]}.", f"Ask {article} {who}.")


def person_scope(person: Person, organisation: Organisation) -> Scope:
    """The eyes of somebody who is signed in."""
    return _scope(organisation, Role(person.role), person.name, owner=person.owner, person_id=person.id)


def key_scope(key: ApiKey, organisation: Organisation) -> Scope:
    """The eyes of a machine."""
    return _scope(organisation, Role(key.role), f"key:{key.name}", key_id=key.id)


def mailbox_scope(session: Session) -> Scope:
    """The eyes of the mailbox: it files what mails report, in nobody's name."""
    return _scope(home_organisation(session), Role.ANALYST, "mailbox", clearance=Sharing.RED)


def link_scope(session: Session) -> Scope:
    """The eyes of whoever holds the link for reports: nobody in particular, who files and is shown nothing."""
    return _scope(home_organisation(session), Role.OWNER, "anonymous", clearance=Sharing.CLEAR)


def feed_scope(subscription: Subscription, organisation: Organisation) -> Scope:
    """The eyes of whoever holds a subscription's feed token: reading, nothing else."""
    return _scope(organisation, Role.VIEWER, f"feed:{subscription.id}")


def operator_scope(session: Session, organisation: str | None = None) -> Scope:
    """The eyes of whoever may run commands on this machine: they could read the database file anyway.

    With the key of an organisation, as that organisation's administrator; NotFound when there is none such.
    """
    if organisation is None:
        return _scope(home_organisation(session), Role.ADMIN, "operator", clearance=Sharing.RED)
    return _scope(organisation_by_key(session, organisation), Role.ADMIN, "operator")


def demo_scope(session: Session) -> Scope:
    """The eyes of a demonstration's visitor: its first person of the desk, or a manager when there is none."""
    home = home_organisation(session)
    people = [person for person, _ in people_of(session, home.id) if person.active]
    if people:
        return person_scope(min(people, key=lambda person: person.id or 0), home)
    return _scope(home, Role.MANAGER, "demo")


def _scope(
    organisation: Organisation,
    role: Role,
    actor: str,
    *,
    owner: str | None = None,
    person_id: int | None = None,
    key_id: int | None = None,
    clearance: Sharing | None = None,
) -> Scope:
    return Scope(
        organisation_id=organisation.id or 0,
        role=role,
        home=organisation.home,
        clearance=clearance or Sharing(organisation.clearance),
        actor=actor,
        owner=owner,
        person_id=person_id,
        key_id=key_id,
    )
