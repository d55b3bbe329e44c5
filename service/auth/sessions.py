"""Sessions in a browser: signing in by name and password, staying signed in, signing out."""

from datetime import datetime, timedelta

from sqlmodel import Session

from service.auth.names import spelled
from service.auth.passwords import fits, hash_password, is_outdated
from service.auth.tokens import hash_token, is_token, new_token
from service.errors import Refused
from service.store.engine import Store
from service.store.log import write_log
from service.store.people import end_session, forget_ended, person_by_name, signed_in
from service.store.tables import Person, SignIn

IDLE = timedelta(days=14)
LONGEST = timedelta(days=30)
RENEW = timedelta(days=1)  # how much a session must have aged before it is written again
FREE_FAILURES = 4  # before sign-in pauses
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=15)
# One sentence for an unknown name, a wrong password and a paused account: it tells nobody which names exist.
DENIED = "Name and password do not fit."
DENIED_ADVICE = "Try again; after several failures signing in pauses, for 15 minutes at most."


def sign_in(store: Store, name: str, password: str, now: datetime) -> str:
    """The token of a new session; Refused when name and password do not fit or the account is paused."""
    with store.read() as session:
        person = person_by_name(session, spelled(name))
    known = person is not None and person.active
    fitting = fits(password, person.password_hash if person is not None and known else None)
    if person is None or not known:
        raise Refused(DENIED, DENIED_ADVICE)
    if paused_until(person, now) is not None:
        raise Refused(DENIED, DENIED_ADVICE)
    if not fitting:
        count_failure(store, person.name, now)
        raise Refused(DENIED, DENIED_ADVICE)
    renewed = hash_password(password) if is_outdated(person.password_hash) else None
    return _open(store, person.name, renewed, now)


def count_failure(store: Store, name: str, now: datetime) -> None:
    """A wrong password was given: after a few in a row, signing in pauses."""
    with store.write() as session:
        person = person_by_name(session, name, lock=True)
        if person is None:
            return
        person.failures += 1
        person.locked_until = now + pause_after(person.failures) if pause_after(person.failures) else None
        session.add(person)
        _told(session, person, "person.sign_in_failed", now, failures=person.failures)


def paused_until(person: Person, now: datetime) -> datetime | None:
    """When somebody who gave too many wrong passwords may try again; None when they may now."""
    return person.locked_until if person.locked_until is not None and person.locked_until > now else None


def pause_after(failures: int) -> timedelta:
    """How long signing in pauses after so many failures in a row: nothing, then 15 s, doubling to 15 min."""
    if failures <= FREE_FAILURES:
        return timedelta()
    doublings = min(failures - FREE_FAILURES - 1, 20)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def _open(store: Store, name: str, renewed: str | None, now: datetime) -> str:
    token = new_token()
    with store.write() as session:
        person = person_by_name(session, name, lock=True)
        if person is None or not person.active:
            raise Refused(DENIED, DENIED_ADVICE)
        person.failures, person.locked_until = 0, None
        person.password_hash = renewed or person.password_hash
        session.add(person)
        forget_ended(session, now)
        session.add(
            SignIn(token_hash=hash_token(token), person_id=person.id or 0, created_at=now, expires_at=now + IDLE)
        )
        _told(session, person, "person.sign_in", now)
    return token


def keep(store: Store, token: str, now: datetime) -> None:
    """Let a session that is used live on: 14 days from now, but never past its thirtieth day."""
    with store.write() as session:
        found = signed_in(session, hash_token(token), now)
        if found is not None:
            row = found[2]
            row.expires_at = min(now + IDLE, row.created_at + LONGEST)
            session.add(row)


def needs_keeping(row: SignIn, now: datetime) -> bool:
    """Whether it is time to write a session's new end: at most once a day."""
    return min(now + IDLE, row.created_at + LONGEST) - row.expires_at >= RENEW


def sign_out(store: Store, token: str, now: datetime) -> None:
    """End a session; nothing happens when there is none."""
    if not is_token(token):
        return
    with store.write() as session:
        found = signed_in(session, hash_token(token), now)
        end_session(session, hash_token(token))
        if found is not None:
            _told(session, found[0], "person.sign_out", now)


def _told(session: Session, person: Person, action: str, now: datetime, **detail: object) -> None:
    write_log(
        session,
        at=now,
        actor=person.name,
        action=action,
        subject="person",
        subject_id=person.id or 0,
        organisation_id=person.organisation_id,
        detail=dict(detail),
    )
