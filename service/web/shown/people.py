"""People, links, keys and organisations as their pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.auth.sessions import paused_until
from service.desk.accounts import Account
from service.desk.keys import state_of
from service.notify.text import clean, shorten
from service.store.office import HANDLE, Members
from service.store.scope import Role
from service.store.tables import ApiKey, Invitation, Organisation, Person, SignIn
from service.web.shown.audit import LineShown, line_shown
from service.web.shown.rest import ChannelShown, channel_shown
from service.web.shown.row import Telling, initials
from service.web.shown.times import Moment

NAME = 80
GRAVER = tuple(reversed(Role))  # who may do most comes first


@dataclass(frozen=True, slots=True)
class PersonShown:
    """Somebody in the list. `state` is active, off, or paused after failed tries."""

    id: int
    name: str
    initials: str
    role: str
    role_name: str
    owner_key: str
    owner: str
    organisation: str
    home: bool
    state: str
    paused_until: Moment | None
    seen: Moment | None
    since: Moment
    sessions: int
    me: bool
    language: str
    zone: str


@dataclass(frozen=True, slots=True)
class InvitationShown:
    """A link that still works."""

    handle: str
    note: str
    role_name: str
    organisation: str
    made_by: str
    made: Moment
    until: Moment


@dataclass(frozen=True, slots=True)
class KeyShown:
    """A machine's key. `state` is works, expired or revoked."""

    id: int
    name: str
    hint: str
    role: str
    role_name: str
    organisation: str
    made_by: str
    since: Moment
    used: Moment | None
    until: Moment | None
    revoked: Moment | None
    state: str


@dataclass(frozen=True, slots=True)
class OrganisationShown:
    """An organisation with how many people and keys it has."""

    key: str
    name: str
    home: bool
    clearance: str
    people: int
    keys: int
    since: Moment


@dataclass(frozen=True, slots=True)
class SessionShown:
    """Where somebody is signed in."""

    since: Moment
    seen: Moment | None
    until: Moment


@dataclass(frozen=True, slots=True)
class AccountShown:
    """One person's page."""

    person: PersonShown
    sessions: tuple[SessionShown, ...]
    lately: tuple[LineShown, ...]
    member: str
    holds: tuple[tuple[str, str], ...]  # what an owner is called, part
    channels: tuple[ChannelShown, ...]
    keys: tuple[str, ...]  # what the working keys that they made are called


def person_shown(
    person: Person, organisation: Organisation, telling: Telling, *, sessions: int = 0, me: int | None = None
) -> PersonShown:
    """Somebody; `me` is the reader's own number."""
    paused = paused_until(person, telling.now)
    return PersonShown(
        id=person.id or 0,
        name=shorten(clean(person.name), NAME),
        initials=initials(clean(person.name)),
        role=person.role,
        role_name=telling.say(f"web.who.{person.role}"),
        owner_key=person.owner or "",
        owner=telling.owner(person.owner) or "",
        organisation=shorten(clean(organisation.name), NAME),
        home=organisation.home,
        state="off" if not person.active else "paused" if paused is not None else "active",
        paused_until=telling.moment(paused),
        seen=telling.moment(person.seen_at),
        since=telling.surely(person.created_at),
        sessions=sessions,
        me=person.id == me,
        language=person.locale or "",
        zone=person.zone or "",
    )


def people_shown(
    people: Sequence[tuple[Person, Organisation]], sessions: Mapping[int, int], telling: Telling, me: int | None
) -> dict[str, list[PersonShown]]:
    """By organisation, the desk's own first; within one those who can sign in first, then by what they may do."""
    shown = [
        person_shown(person, organisation, telling, sessions=sessions.get(person.id or 0, 0), me=me)
        for person, organisation in people
    ]
    shown.sort(key=lambda one: (not one.home, one.organisation, one.state == "off", GRAVER.index(Role(one.role))))
    found: dict[str, list[PersonShown]] = {}
    for one in shown:
        found.setdefault(one.organisation, []).append(one)
    return found


def account_shown(held: Account, telling: Telling, me: int | None) -> AccountShown:
    """Everything about somebody."""
    return AccountShown(
        person_shown(held.person, held.organisation, telling, sessions=len(held.sessions), me=me),
        tuple(_session(row, telling) for row in held.sessions),
        tuple(line_shown(row, telling) for row in held.lately),
        clean(held.member),
        tuple((telling.owner(owner) or owner, part) for owner, part in held.holds),
        tuple(channel_shown(row, telling) for row in held.channels),
        tuple(shorten(clean(row.name), NAME) for row in held.keys),
    )


def _session(row: SignIn, telling: Telling) -> SessionShown:
    return SessionShown(telling.surely(row.created_at), telling.moment(row.seen_at), telling.surely(row.expires_at))


def invitation_shown(row: Invitation, organisation: str, telling: Telling) -> InvitationShown:
    """A link that still works."""
    return InvitationShown(
        row.token_hash[:HANDLE],
        shorten(clean(row.note), NAME),
        telling.say(f"web.who.{row.role}"),
        shorten(clean(organisation), NAME),
        telling.actor(row.made_by or ""),
        telling.surely(row.created_at),
        telling.surely(row.expires_at),
    )


def key_shown(row: ApiKey, organisation: Organisation, telling: Telling) -> KeyShown:
    """A key."""
    return KeyShown(
        id=row.id or 0,
        name=shorten(clean(row.name), NAME),
        hint=row.hint,
        role=row.role,
        role_name=telling.say(f"web.who.{row.role}"),
        organisation=shorten(clean(organisation.name), NAME),
        made_by=telling.actor(row.made_by or ""),
        since=telling.surely(row.created_at),
        used=telling.moment(row.used_at),
        until=telling.moment(row.expires_at),
        revoked=telling.moment(row.revoked_at),
        state=state_of(row, telling.now),
    )


def organisation_shown(row: Organisation, counts: Members, telling: Telling) -> OrganisationShown:
    """An organisation."""
    number = row.id or 0
    return OrganisationShown(
        row.key,
        shorten(clean(row.name), NAME),
        row.home,
        row.clearance,
        counts.people.get(number, 0),
        counts.keys.get(number, 0),
        telling.surely(row.created_at),
    )
