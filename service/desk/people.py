"""People and organisations."""

import secrets
from datetime import datetime

from sqlmodel import Session

from ingest.entry import Sharing
from service.auth.access import Permission, demand
from service.auth.invite import add_invitation, welcome_link
from service.auth.names import spelled
from service.auth.passwords import hash_password
from service.auth.premises import Premises
from service.desk.audit import leave_line
from service.desk.owners import known_owner
from service.desk.words import clean_label, one_line
from service.errors import Conflict, Invalid, NotFound, Refused
from service.store.engine import advisory_lock
from service.store.pages import Page
from service.store.people import (
    all_organisations,
    end_sessions,
    organisation_by_id,
    organisation_by_key,
    people_of,
    person_by_name,
)
from service.store.scope import Role, Scope
from service.store.staff import StaffFilter, keys_made_by, page_of_people
from service.store.tables import Organisation, Person

MOST_NOTE = 120
ADMIN_LOCK = 7_245_030  # two administrators may take each other's role at the same moment
KEY_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.")


def list_people(premises: Premises, scope: Scope) -> list[tuple[Person, Organisation]]:
    """People with their organisation: the desk sees all, others their own."""
    demand(scope, Permission.PEOPLE)
    with premises.store.read() as session:
        return people_of(session, None if scope.home else scope.organisation_id)


def page_through_people(
    premises: Premises,
    scope: Scope,
    *,
    role: str | None,
    working: bool | None,
    organisation: str | None,
    limit: int,
    cursor: str | None,
) -> Page[tuple[Person, Organisation]]:
    """The same page by page, in the order in which they joined; of one organisation by its key if it is given."""
    demand(scope, Permission.PEOPLE)
    with premises.store.read() as session:
        wanted = StaffFilter(within(session, scope, organisation), role, working)
        return page_of_people(session, wanted, limit=limit, cursor=cursor)


def within(session: Session, scope: Scope, organisation: str | None) -> int | None:
    """The organisation whose people or keys are asked for, None for all; only the desk may ask for another's."""
    if organisation is None:
        return None if scope.home else scope.organisation_id
    return organisation_for(session, scope, organisation).id


def invite(premises: Premises, scope: Scope, role: str, organisation: str | None = None, note: str = "") -> str:
    """A one-time link, good for a week, by which somebody makes an account with this role; `note` says for whom."""
    demand(scope, Permission.PEOPLE)
    given, whom, now = read_role(role), one_line(note)[:MOST_NOTE] or None, premises.clock()
    with premises.store.write() as session:
        where = organisation_for(session, scope, organisation)
        token = add_invitation(session, where.id or 0, given, now, made_by=scope.actor, note=whom)
        said = {"for": whom} if whom else {}
        leave_line(session, scope, now, "person.invite", "", role=given.value, organisation=where.key, **said)
    return welcome_link(premises.public_url, token)


def read_role(role: str) -> Role:
    """A role by its name."""
    try:
        return Role(role)
    except ValueError:
        raise Invalid(f"'{role[:40]}' is no role.", f"Use {', '.join(known.value for known in Role)}.") from None


def organisation_for(session: Session, scope: Scope, key: str | None) -> Organisation:
    """The organisation that a change is about: the named one, else the actor's; others may name their own only."""
    if key is None:
        return organisation_by_id(session, scope.organisation_id)
    found = organisation_by_key(session, key)
    if not scope.home and found.id != scope.organisation_id:
        raise NotFound(f"There is no organisation '{key}'.", "`watchfire organisation list` shows them.")
    return found


def set_active(premises: Premises, scope: Scope, name: str, *, active: bool, keys: bool = False) -> Person:
    """Disable somebody (every session ends at once) or let them in again. The last administrator stays.

    With `keys` the keys that they made for their organisation are revoked as well: programs that live on them stop.
    """
    now = premises.clock()
    with premises.store.write() as session:
        person = _person(session, scope, name)
        if not active:
            _keep_an_admin(session, person)
            end_sessions(session, person.id or 0)
            if keys:
                _revoke_made_by(session, scope, person, now)
        person.active = active
        session.add(person)
        leave_line(session, scope, now, "person.enable" if active else "person.disable", person.id, name=person.name)
    return person


def _revoke_made_by(session: Session, scope: Scope, person: Person, now: datetime) -> None:
    for key in keys_made_by(session, person.organisation_id, person.name, now):
        key.revoked_at = now
        session.add(key)
        leave_line(session, scope, now, "key.revoke", key.id, name=key.name)


def change(premises: Premises, scope: Scope, name: str, *, role: str | None = None, owner: str | None = None) -> Person:
    """Give somebody another role, or say which owner they are ("" for none)."""
    given, now = read_role(role) if role else None, premises.clock()
    with premises.store.write() as session:
        person = _person(session, scope, name)
        if given is not None and given is not Role.ADMIN:
            _keep_an_admin(session, person)
        person.role = given.value if given is not None else person.role
        if owner is not None:
            person.owner = known_owner(premises.settings, owner) if owner else None
        session.add(person)
        leave_line(
            session, scope, now, "person.change", person.id, name=person.name, role=person.role, owner=person.owner
        )
    return person


def reset_password(premises: Premises, scope: Scope, name: str) -> str:
    """A new random password for somebody, shown this once; every session of theirs ends and a pause is lifted."""
    demand(scope, Permission.PEOPLE)
    password, now = "-".join(secrets.token_hex(3) for _ in range(4)), premises.clock()
    hashed = hash_password(password)
    with premises.store.write() as session:
        person = _person(session, scope, name)
        person.password_hash, person.failures, person.locked_until = hashed, 0, None
        session.add(person)
        end_sessions(session, person.id or 0)
        leave_line(session, scope, now, "person.reset", person.id, name=person.name)
    return password


def find_person(premises: Premises, scope: Scope, name: str) -> Person:
    """Somebody by the name they sign in with, of any organisation for the desk; NotFound else."""
    with premises.store.read() as session:
        return _person(session, scope, name, lock=False)


def _person(session: Session, scope: Scope, name: str, *, lock: bool = True) -> Person:
    demand(scope, Permission.PEOPLE)
    found = person_by_name(session, spelled(name), lock=lock)
    if found is None or not (scope.home or found.organisation_id == scope.organisation_id):
        raise NotFound(f"There is nobody called '{name[:60]}'.", "`watchfire person list` shows everybody.")
    return found


def _keep_an_admin(session: Session, person: Person) -> None:
    advisory_lock(session, ADMIN_LOCK)
    others = [
        other
        for other, organisation in people_of(session, person.organisation_id)
        if other.id != person.id and other.active and other.role == Role.ADMIN and organisation.home
    ]
    is_last = person.role == Role.ADMIN and organisation_by_id(session, person.organisation_id).home and not others
    if is_last:
        raise Refused(f"'{person.name}' is the last administrator.", "Make another one first.")


def list_organisations(premises: Premises, scope: Scope) -> list[Organisation]:
    """Every organisation; only the desk sees them."""
    demand(scope, Permission.ORGANISATIONS)
    with premises.store.read() as session:
        return all_organisations(session)


def add_organisation(premises: Premises, scope: Scope, key: str, name: str, clearance: str) -> Organisation:
    """A subscriber: an organisation that sees what its subscriptions share with it, up to its clearance."""
    demand(scope, Permission.ORGANISATIONS)
    if not 1 <= len(key) <= 60 or not KEY_CHARACTERS.issuperset(key):
        raise Invalid(f"The key '{key[:60]}' cannot be used.", "Use up to 60 of a-z, 0-9, '-', '_' and '.'.")
    now = premises.clock()
    row = Organisation(key=key, name=clean_label(name, "organisation"), clearance=_mark(clearance), created_at=now)
    with premises.store.write() as session:
        if any(known.key == key for known in all_organisations(session)):
            raise Conflict(f"There is an organisation '{key}' already.", "Choose another key.")
        session.add(row)
        session.flush()
        leave_line(session, scope, now, "organisation.add", row.id, key=key, clearance=row.clearance)
    return row


def change_organisation(premises: Premises, scope: Scope, key: str, name: str, clearance: str) -> Organisation:
    """Another name or clearance. What an organisation may see is judged when it looks, so it holds at once.

    The desk's own is cleared for everything and stays so: Invalid for anything less.
    """
    demand(scope, Permission.ORGANISATIONS)
    label, mark, now = clean_label(name, "organisation"), _mark(clearance), premises.clock()
    with premises.store.write() as session:
        row = organisation_by_key(session, key)
        if row.home and mark != row.clearance:
            raise Invalid("The desk's own organisation is cleared for everything.", "Change another's clearance.")
        before = row.clearance
        row.name, row.clearance = label, mark
        session.add(row)
        said = {"before": before} if before != mark else {}
        leave_line(session, scope, now, "organisation.change", row.id, key=key, name=label, clearance=mark, **said)
    return row


def _mark(text: str) -> str:
    try:
        return Sharing("TLP:" + text.upper().removeprefix("TLP:")).value
    except ValueError:
        marks = ", ".join(mark.value for mark in Sharing)
        raise Invalid(f"'{text[:20]}' is no sharing mark.", f"Use {marks}.") from None
