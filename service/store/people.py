"""People, organisations, sessions, keys and invitations in the database.

These queries come before there is a reader, so they take no Scope; what they answer stays within `auth` and the use
cases that administer people.
"""

from datetime import datetime

from sqlalchemy import bindparam, delete, func
from sqlmodel import Session, col, select

from service.errors import NotFound
from service.store.tables import ApiKey, Invitation, Organisation, Person, SignIn

# Asked with every request: put together once.
_KEY_HOLDER = (
    select(ApiKey, Organisation)
    .join(Organisation, col(Organisation.id) == col(ApiKey.organisation_id))
    .where(
        col(ApiKey.key_hash) == bindparam("hash"),
        col(ApiKey.revoked_at).is_(None),
        (col(ApiKey.expires_at).is_(None)) | (col(ApiKey.expires_at) > bindparam("now")),
    )
)
_SIGNED_IN = (
    select(Person, Organisation, SignIn)
    .join(SignIn, col(SignIn.person_id) == col(Person.id))
    .join(Organisation, col(Organisation.id) == col(Person.organisation_id))
    .where(
        col(SignIn.token_hash) == bindparam("hash"),
        col(SignIn.expires_at) > bindparam("now"),
        col(Person.active).is_(True),
    )
)


def home_organisation(session: Session) -> Organisation:
    """The organisation that runs the desk."""
    found = session.exec(select(Organisation).where(col(Organisation.home).is_(True))).first()
    if found is None:
        raise NotFound("There is no organisation that runs the desk.", "Run `watchfire db upgrade`.")
    return found


def found_home(session: Session, now: datetime) -> None:
    """Make the organisation that runs the desk, if there is none: there is one from the first start on."""
    if session.exec(select(Organisation).where(col(Organisation.home).is_(True))).first() is None:
        session.add(Organisation(key="home", name="Watchfire", home=True, clearance="TLP:RED", created_at=now))


def organisation_by_id(session: Session, number: int) -> Organisation:
    """An organisation by its number."""
    found = session.get(Organisation, number)
    if found is None:
        raise NotFound(f"There is no organisation {number}.", "`watchfire organisation list` shows them.")
    return found


def organisation_by_key(session: Session, key: str) -> Organisation:
    """An organisation by its key."""
    found = session.exec(select(Organisation).where(Organisation.key == key)).first()
    if found is None:
        raise NotFound(f"There is no organisation '{key}'.", "`watchfire organisation list` shows them.")
    return found


def all_organisations(session: Session) -> list[Organisation]:
    """Every organisation, the home first."""
    return list(session.exec(select(Organisation).order_by(col(Organisation.home).desc(), col(Organisation.key))).all())


def count_people(session: Session) -> int:
    """How many people there are, disabled ones included."""
    return session.exec(select(func.count()).select_from(Person)).one()


def person_by_name(session: Session, name: str, *, lock: bool = False) -> Person | None:
    """A person by the name they sign in with."""
    query = select(Person).where(Person.name == name)
    return session.exec(query.with_for_update() if lock else query).first()


def people_of(session: Session, organisation_id: int | None) -> list[tuple[Person, Organisation]]:
    """People with their organisation; of one organisation, or of all when None."""
    query = select(Person, Organisation).join(Organisation, col(Organisation.id) == col(Person.organisation_id))
    if organisation_id is not None:
        query = query.where(Person.organisation_id == organisation_id)
    return [(person, organisation) for person, organisation in session.exec(query.order_by(col(Person.name))).all()]


def names_of_people(session: Session) -> list[str]:
    """The names of everybody who can sign in, or could."""
    return sorted(session.exec(select(Person.name)).all())


def signed_in(session: Session, token_hash: str, now: datetime) -> tuple[Person, Organisation, SignIn] | None:
    """Whose session a token opens; None when it is unknown or over, or its person is disabled."""
    return session.exec(_SIGNED_IN, params={"hash": token_hash, "now": now}).first()


def end_session(session: Session, token_hash: str) -> None:
    """Forget one session."""
    session.connection().execute(delete(SignIn).where(col(SignIn.token_hash) == token_hash))


def end_sessions(session: Session, person_id: int) -> None:
    """Forget every session of a person."""
    session.connection().execute(delete(SignIn).where(col(SignIn.person_id) == person_id))


def forget_ended(session: Session, now: datetime) -> None:
    """Remove sessions that are over."""
    session.connection().execute(delete(SignIn).where(col(SignIn.expires_at) <= now))


def key_holder(session: Session, key_hash: str, now: datetime) -> tuple[ApiKey, Organisation] | None:
    """The key that a token is, with its organisation; None when it is unknown, revoked or expired."""
    return session.exec(_KEY_HOLDER, params={"hash": key_hash, "now": now}).first()


def keys_of(session: Session, organisation_id: int | None) -> list[tuple[ApiKey, Organisation]]:
    """Keys with their organisation; of one organisation, or of all when None."""
    query = select(ApiKey, Organisation).join(Organisation, col(Organisation.id) == col(ApiKey.organisation_id))
    if organisation_id is not None:
        query = query.where(ApiKey.organisation_id == organisation_id)
    return [(key, organisation) for key, organisation in session.exec(query.order_by(col(ApiKey.id))).all()]


def open_invitation(session: Session, token_hash: str, now: datetime, *, lock: bool = False) -> Invitation | None:
    """The invitation behind a link; None when it is unknown, used or too old."""
    query = select(Invitation).where(
        Invitation.token_hash == token_hash, col(Invitation.used_at).is_(None), col(Invitation.expires_at) > now
    )
    return session.exec(query.with_for_update() if lock else query).first()


def forget_invitations(session: Session, organisation_id: int) -> None:
    """Remove an organisation's invitations that nobody has used."""
    session.connection().execute(
        delete(Invitation).where(col(Invitation.organisation_id) == organisation_id, col(Invitation.used_at).is_(None))
    )
