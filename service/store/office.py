"""What the office keeps beside people: invitations that are open, sessions, and when somebody was last here.

As in `store.people`, the caller has judged who may ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, update
from sqlmodel import Session, col, select

from service.store.staff import opens
from service.store.tables import ApiKey, Channel, Invitation, Organisation, Person, SignIn

SEEN = timedelta(minutes=5)  # how exactly it is known when somebody was here
HANDLE = 16  # how much of a hash names an invitation in an address


def person_by_id(session: Session, number: int) -> tuple[Person, Organisation] | None:
    """Somebody with their organisation."""
    found = session.exec(
        select(Person, Organisation)
        .join(Organisation, col(Organisation.id) == col(Person.organisation_id))
        .where(Person.id == number)
    ).first()
    return (found[0], found[1]) if found is not None else None


def note_person(session: Session, person_id: int, token_hash: str, now: datetime) -> None:
    """Somebody was here."""
    seen = update(SignIn).where(col(SignIn.token_hash) == token_hash, _stale(SignIn.seen_at, now))
    session.connection().execute(seen.values(seen_at=now))
    here = update(Person).where(col(Person.id) == person_id, _stale(Person.seen_at, now))
    session.connection().execute(here.values(seen_at=now))


def note_key(session: Session, key_id: int, now: datetime) -> None:
    """A key was used."""
    used = update(ApiKey).where(col(ApiKey.id) == key_id, _stale(ApiKey.used_at, now))
    session.connection().execute(used.values(used_at=now))


def is_stale(at: datetime | None, now: datetime) -> bool:
    """Whether it is time to write down once more that somebody is here."""
    return at is None or now - at >= SEEN


def _stale(column: datetime | None, now: datetime) -> ColumnElement[bool]:
    at = col(column)
    return or_(at.is_(None), at <= now - SEEN)


def open_invitations(
    session: Session, organisation_id: int | None, now: datetime
) -> list[tuple[Invitation, Organisation]]:
    """Links that still work, with their organisation, the newest first; of all organisations when None."""
    query = (
        select(Invitation, Organisation)
        .join(Organisation, col(Organisation.id) == col(Invitation.organisation_id))
        .where(col(Invitation.used_at).is_(None), col(Invitation.expires_at) > now)
        .order_by(col(Invitation.created_at).desc(), col(Invitation.token_hash))
    )
    if organisation_id is not None:
        query = query.where(Invitation.organisation_id == organisation_id)
    return [(row, organisation) for row, organisation in session.exec(query).all()]


def sessions_of(session: Session, person_id: int, now: datetime) -> list[SignIn]:
    """Where somebody is signed in, the latest first."""
    query = select(SignIn).where(SignIn.person_id == person_id, col(SignIn.expires_at) > now)
    return list(session.exec(query.order_by(col(SignIn.created_at).desc(), col(SignIn.token_hash))).all())


def end_others(session: Session, person_id: int, kept: str) -> int:
    """Forget every session of a person but one; answers how many there were."""
    rows = session.exec(select(SignIn).where(SignIn.person_id == person_id, SignIn.token_hash != kept)).all()
    for row in rows:
        session.delete(row)
    return len(rows)


def count_sessions(session: Session, now: datetime) -> dict[int, int]:
    """How many sessions everybody has, by number of the person."""
    query = select(SignIn.person_id, func.count()).where(col(SignIn.expires_at) > now).group_by(col(SignIn.person_id))
    return dict(session.exec(query).all())


@dataclass(frozen=True, slots=True)
class Members:
    """How many people who can sign in, and how many working keys, each organisation has, by its number."""

    people: Mapping[int, int]
    keys: Mapping[int, int]


def count_members(session: Session, now: datetime) -> Members:
    """Count them."""
    people = select(Person.organisation_id, func.count()).where(col(Person.active))
    people = people.group_by(col(Person.organisation_id))
    keys = select(ApiKey.organisation_id, func.count()).where(opens(now)).group_by(col(ApiKey.organisation_id))
    return Members(dict(session.exec(people).all()), dict(session.exec(keys).all()))


def channels_reaching(session: Session, organisation_id: int, names: list[str]) -> list[Channel]:
    """The channels of an organisation that reach one of these owners or people."""
    query = select(Channel).where(
        Channel.organisation_id == organisation_id, col(Channel.active), col(Channel.owner).in_(names)
    )
    return list(session.exec(query.order_by(col(Channel.id))).all())


def count_admins(session: Session) -> int:
    """How many administrators of the desk can sign in."""
    query = (
        select(func.count())
        .select_from(Person)
        .join(Organisation, col(Organisation.id) == col(Person.organisation_id))
        .where(col(Organisation.home), col(Person.active), Person.role == "admin")
    )
    return session.exec(query).one()
