"""One person as the desk sees them, the links that are still open, and what everybody may change of their own."""

from dataclasses import dataclass

from sqlmodel import Session

from rules.roster import on_duty
from service.auth.access import Permission, demand
from service.auth.passwords import check_password, fits, hash_password
from service.auth.premises import Premises
from service.auth.sessions import DENIED_ADVICE, count_failure, paused_until
from service.auth.tokens import hash_token
from service.desk.audit import leave_line
from service.desk.times import zones
from service.errors import Invalid, NotFound, Refused
from service.locale.accepted import LANGUAGES
from service.store.audit import lines_by
from service.store.office import (
    HANDLE,
    Members,
    channels_reaching,
    count_members,
    count_sessions,
    end_others,
    open_invitations,
    person_by_id,
    sessions_of,
)
from service.store.people import end_sessions, person_by_name, signed_in
from service.store.rosters import load_rosters
from service.store.scope import Scope
from service.store.staff import keys_made_by
from service.store.tables import ApiKey, Channel, Invitation, LogLine, Organisation, Person, SignIn

LATELY = 20
WRONG = "The password you have now is another one."


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody: where they are signed in, what they did lately, for whom they stand, and which ways reach them.

    `member` is what the roster in force calls them, "" when it does not know them; `holds` are owners that they are on
    duty for now, or deputy of. `keys` are those that they made for their organisation and that still open something.
    """

    person: Person
    organisation: Organisation
    sessions: list[SignIn]
    lately: list[LogLine]
    member: str
    holds: tuple[tuple[str, str], ...]  # key of an owner, part
    channels: list[Channel]
    keys: list[ApiKey]


def somebody(premises: Premises, scope: Scope, number: int) -> Person:
    """Oneself, or for who administers people one of their organisation, of any for the desk; NotFound else."""
    with premises.store.read() as session:
        return _somebody(session, scope, number)[0]


def _somebody(session: Session, scope: Scope, number: int) -> tuple[Person, Organisation]:
    if scope.person_id != number:
        demand(scope, Permission.PEOPLE)
    found = person_by_id(session, number)
    if found is None or not (scope.home or found[0].organisation_id == scope.organisation_id):
        raise NotFound(f"There is nobody with number {number}.", "`watchfire person list` shows everybody.")
    return found


def account(premises: Premises, scope: Scope, number: int) -> Account:
    """Everything about somebody; as `somebody` who may ask."""
    now = premises.clock()
    with premises.store.read() as session:
        person, organisation = _somebody(session, scope, number)
        member, holds = "", []
        if organisation.home:
            rosters = load_rosters(session, person.organisation_id, now)
            known = rosters.members.get(person.name)
            member = known.name if known is not None else ""
            for owner in rosters.rosters if member else ():
                parts = [stand.part.value for stand in on_duty(rosters, owner, now) if stand.person == person.name]
                holds += [(owner, part) for part in parts[:1]]
        reached = [name for name in (person.name, person.owner) if name]
        return Account(
            person,
            organisation,
            sessions_of(session, number, now),
            lines_by(session, scope, person.name, LATELY),
            member,
            tuple(holds),
            channels_reaching(session, person.organisation_id, reached),
            keys_made_by(session, person.organisation_id, person.name, now),
        )


def invitations(premises: Premises, scope: Scope) -> list[tuple[Invitation, Organisation]]:
    """Links that still work, each with its organisation."""
    demand(scope, Permission.PEOPLE)
    with premises.store.read() as session:
        return open_invitations(session, None if scope.home else scope.organisation_id, premises.clock())


def withdraw(premises: Premises, scope: Scope, handle: str) -> None:
    """Make a link worthless. NotFound when none that is open begins like this."""
    demand(scope, Permission.PEOPLE)
    now = premises.clock()
    with premises.store.write() as session:
        mine = open_invitations(session, None if scope.home else scope.organisation_id, now)
        row = next((row for row, _ in mine if row.token_hash[:HANDLE] == handle), None)
        if row is None:
            raise NotFound("There is no such invitation: it was used, taken back, or is too old.", "Make another one.")
        leave_line(session, scope, now, "person.uninvite", "", role=row.role, **({"for": row.note} if row.note else {}))
        session.delete(row)


def sign_out_everywhere(premises: Premises, scope: Scope, number: int) -> int:
    """End every session of somebody; answers how many there were."""
    now = premises.clock()
    with premises.store.write() as session:
        person, _ = _somebody(session, scope, number)
        count = len(sessions_of(session, number, now))
        end_sessions(session, number)
        leave_line(session, scope, now, "person.end_sessions", number, name=person.name, count=count)
    return count


def sessions_by_person(premises: Premises, scope: Scope) -> dict[int, int]:
    """How many sessions everybody has, by number."""
    demand(scope, Permission.PEOPLE)
    with premises.store.read() as session:
        return count_sessions(session, premises.clock())


def members(premises: Premises, scope: Scope) -> Members:
    """How many people and how many working keys each organisation has."""
    demand(scope, Permission.ORGANISATIONS)
    with premises.store.read() as session:
        return count_members(session, premises.clock())


def change_password(premises: Premises, scope: Scope, now_is: str, new: str, token: str | None) -> int:
    """A person's own password; every other session of theirs ends, and it answers how many. Wrong tries are counted.

    `token` is the session that goes on. Refused while too many tries have failed, Invalid for a wrong or weak one.
    """
    person = _own(premises, scope)
    now = premises.clock()
    if paused_until(person, now) is not None:
        raise Refused(WRONG, DENIED_ADVICE)
    if not fits(now_is, person.password_hash):
        count_failure(premises.store, person.name, now)
        raise Invalid(WRONG, "Nothing was changed.")
    check_password(new, person.name)
    hashed = hash_password(new)
    with premises.store.write() as session:
        row = person_by_name(session, person.name, lock=True)
        assert row is not None
        row.password_hash, row.failures, row.locked_until = hashed, 0, None
        session.add(row)
        ended = end_others(session, row.id or 0, hash_token(token) if token else "")
        leave_line(session, scope, now, "person.password", row.id, name=row.name)
    return ended


def change_manners(premises: Premises, scope: Scope, language: str, zone: str) -> Person:
    """A person's own language ("" for the browser's) and time zone ("" for UTC)."""
    if language and language not in LANGUAGES:
        raise Invalid(f"'{language[:12]}' is no language of this desk.", f"Use {' or '.join(LANGUAGES)}.")
    known = _zone(zone)
    now = premises.clock()
    with premises.store.write() as session:
        row = person_by_name(session, _own(premises, scope).name, lock=True)
        assert row is not None
        if (row.locale, row.zone) == (language or None, known):
            return row
        row.locale, row.zone = language or None, known
        session.add(row)
        leave_line(session, scope, now, "person.manners", row.id, name=row.name, language=row.locale, zone=row.zone)
    return row


def manners_of(premises: Premises, token: str) -> tuple[str | None, str | None]:
    """The language and the time zone of whoever has just signed in."""
    with premises.store.read() as session:
        found = signed_in(session, hash_token(token), premises.clock())
    return (found[0].locale, found[0].zone) if found is not None else (None, None)


def _own(premises: Premises, scope: Scope) -> Person:
    if scope.person_id is None:
        raise Refused(f"'{scope.actor}' is no person who signs in.", "Sign in with a name and a password.")
    with premises.store.read() as session:
        found = person_by_id(session, scope.person_id)
    assert found is not None
    return found[0]


def _zone(zone: str) -> str | None:
    """One of the zones to choose from; None for none, Invalid for what is none of them."""
    if zone.strip() not in ("", *zones()):
        raise Invalid(f"'{zone[:60]}' is no time zone.", "Use a name such as Asia/Shanghai.")
    return zone.strip() or None
