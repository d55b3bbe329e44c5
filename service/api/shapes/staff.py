"""People, invitations and keys as the API answers them. Secrets are answered once, by what makes them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from service.auth.sessions import paused_until
from service.desk.accounts import Account
from service.desk.keys import state_of
from service.desk.people import MOST_NOTE
from service.store.office import HANDLE
from service.store.scope import Role
from service.store.tables import ApiKey, Invitation, Organisation, Person


class PersonShape(BaseModel):
    """Somebody who signs in by `name`; `organisation` is a key, `owner` the key of the owner that they are.

    `paused_until`: too many wrong passwords. `seen_at` is kept every five minutes at most.
    """

    id: int
    name: str
    role: Role
    owner: str | None
    organisation: str
    active: bool
    paused_until: datetime | None
    language: str | None
    zone: str | None
    created_at: datetime
    seen_at: datetime | None


class SessionShape(BaseModel):
    """Where somebody is signed in."""

    since: datetime
    seen_at: datetime | None
    expires_at: datetime


class HoldsShape(BaseModel):
    """An owner, by its key, that somebody stands for now, and as what."""

    owner: str
    part: str


class PersonWhole(PersonShape):
    """One person: `member` is what the roster in force calls them; `channels` are the numbers of what reaches them,
    `keys` those of working keys that they made."""

    sessions: list[SessionShape]
    member: str | None
    holds: list[HoldsShape]
    channels: list[int]
    keys: list[int]


class PersonChange(BaseModel):
    """What to change; what is left out stays. An `owner` of "" is none."""

    model_config = ConfigDict(extra="forbid")

    role: Role | None = None
    owner: str | None = Field(None, max_length=120)


class DisableGiven(BaseModel):
    """Whether the keys that they made are revoked as well: programs that live on them stop."""

    model_config = ConfigDict(extra="forbid")

    keys: bool = False


class PasswordShape(BaseModel):
    """A new password, shown this once."""

    password: str


class EndedShape(BaseModel):
    """How many sessions were ended."""

    ended: int


class InvitationGiven(BaseModel):
    """Whom to let in: `organisation` is a key, the reader's own if not given; `note` says for whom it is."""

    model_config = ConfigDict(extra="forbid")

    role: Role
    organisation: str | None = Field(None, max_length=60)
    note: str = Field("", max_length=MOST_NOTE)


class LinkShape(BaseModel):
    """A link by which somebody makes an account: it works once, for a week, and is shown this once."""

    link: str


class InvitationShape(BaseModel):
    """A link that still works; `handle` names it, the link itself is not kept."""

    handle: str
    role: Role
    organisation: str
    note: str | None
    made_by: str | None
    created_at: datetime
    expires_at: datetime


class KeyShape(BaseModel):
    """A machine's key. `state` is works, expired or revoked; `hint` is how its token begins."""

    id: int
    name: str
    hint: str
    role: Role
    organisation: str
    state: str
    made_by: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None


class KeyGiven(BaseModel):
    """A key to make: how many `days` it works (until it is revoked if not given), for the reader's own organisation
    or the one of a key."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=200)
    role: Role = Role.VIEWER
    organisation: str | None = Field(None, max_length=60)
    days: int | None = Field(None, ge=1, le=3660)


class KeyMade(KeyShape):
    """A new key with its token, shown this once."""

    token: str


def person_shape(person: Person, organisation: Organisation, now: datetime) -> PersonShape:
    """Somebody."""
    return PersonShape(
        id=person.id or 0,
        name=person.name,
        role=Role(person.role),
        owner=person.owner,
        organisation=organisation.key,
        active=person.active,
        paused_until=paused_until(person, now),
        language=person.locale,
        zone=person.zone,
        created_at=person.created_at,
        seen_at=person.seen_at,
    )


def person_whole(held: Account, now: datetime) -> PersonWhole:
    """Everything about somebody."""
    return PersonWhole(
        **person_shape(held.person, held.organisation, now).model_dump(),
        sessions=[
            SessionShape(since=row.created_at, seen_at=row.seen_at, expires_at=row.expires_at) for row in held.sessions
        ],
        member=held.member or None,
        holds=[HoldsShape(owner=owner, part=part) for owner, part in held.holds],
        channels=[row.id or 0 for row in held.channels],
        keys=[row.id or 0 for row in held.keys],
    )


def invitation_shape(row: Invitation, organisation: Organisation) -> InvitationShape:
    """A link that still works."""
    return InvitationShape(
        handle=row.token_hash[:HANDLE],
        role=Role(row.role),
        organisation=organisation.key,
        note=row.note,
        made_by=row.made_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def key_shape(row: ApiKey, organisation: Organisation, now: datetime) -> KeyShape:
    """A key."""
    return KeyShape(
        id=row.id or 0,
        name=row.name,
        hint=row.hint,
        role=Role(row.role),
        organisation=organisation.key,
        state=state_of(row, now),
        made_by=row.made_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        used_at=row.used_at,
    )
