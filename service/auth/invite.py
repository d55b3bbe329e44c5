"""Invitations: one-time links by which people make their own account; the first one makes the first administrator."""

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from service.auth.names import clean_name
from service.auth.passwords import check_password, hash_password
from service.auth.tokens import hash_token, is_token, new_token
from service.errors import Conflict, NotFound
from service.store.engine import Store
from service.store.log import write_log
from service.store.people import count_people, forget_invitations, home_organisation, open_invitation, person_by_name
from service.store.scope import Role
from service.store.tables import Invitation, Person

FIRST_LASTS = timedelta(hours=24)
LASTS = timedelta(days=7)


def first_invitation(store: Store, now: datetime, public_url: str) -> str | None:
    """The link that makes the first administrator; None when there are people already. Older links stop working."""
    with store.write() as session:
        if count_people(session):
            return None
        home = home_organisation(session)
        forget_invitations(session, home.id or 0)
        token = add_invitation(session, home.id or 0, Role.ADMIN, now, FIRST_LASTS)
    return welcome_link(public_url, token)


def welcome_link(public_url: str, token: str) -> str:
    """Where an invitation is accepted."""
    return f"{public_url.rstrip('/')}/welcome/{token}"


def add_invitation(
    session: Session,
    organisation_id: int,
    role: Role,
    now: datetime,
    lasts: timedelta = LASTS,
    *,
    made_by: str | None = None,
    note: str | None = None,
) -> str:
    """The token of a new invitation, in the caller's transaction."""
    token = new_token()
    session.add(
        Invitation(
            token_hash=hash_token(token),
            organisation_id=organisation_id,
            role=role.value,
            created_at=now,
            expires_at=now + lasts,
            made_by=made_by,
            note=note,
        )
    )
    return token


def find_invitation(store: Store, token: str, now: datetime) -> Invitation:
    """The invitation behind a link; NotFound when it does not work (any more)."""
    with store.read() as session:
        found = open_invitation(session, hash_token(token), now) if is_token(token) else None
    return _usable(found)


def _usable(found: Invitation | None) -> Invitation:
    if found is None:
        raise NotFound(
            "This link does not work: it was used already or is too old.",
            "Ask an administrator for another; when nobody can sign in yet, restart `watchfire serve`.",
        )
    return found


def accept_invitation(store: Store, token: str, name: str, password: str, now: datetime) -> Person:
    """Make the account of an invitation. Invalid for a bad name or password, Conflict when the name is taken."""
    find_invitation(store, token, now)
    name = clean_name(name)
    check_password(password, name)
    hashed = hash_password(password)
    try:
        with store.write() as session:
            return _joined(session, token, name, hashed, now)
    except IntegrityError as error:
        raise _taken(name) from error


def _joined(session: Session, token: str, name: str, hashed: str, now: datetime) -> Person:
    invitation = _usable(open_invitation(session, hash_token(token), now, lock=True))
    if person_by_name(session, name) is not None:
        raise _taken(name)
    invitation.used_at = now
    person = Person(
        organisation_id=invitation.organisation_id,
        name=name,
        password_hash=hashed,
        role=invitation.role,
        created_at=now,
    )
    session.add_all([invitation, person])
    session.flush()
    write_log(
        session,
        at=now,
        actor=name,
        action="person.join",
        subject="person",
        subject_id=person.id or 0,
        organisation_id=person.organisation_id,
        detail={"role": person.role},
    )
    return person


def _taken(name: str) -> Conflict:
    return Conflict(f"The name '{name}' is taken.", "Choose another.")
