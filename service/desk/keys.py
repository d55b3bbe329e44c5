"""API keys: made, listed, revoked."""

from datetime import datetime, timedelta

from sqlmodel import Session

from service.auth.access import Permission, demand
from service.auth.keys import add_key
from service.auth.premises import Premises
from service.desk.audit import leave_line
from service.desk.people import organisation_for, read_role, within
from service.desk.words import clean_label
from service.errors import Invalid, NotFound
from service.store.pages import Page
from service.store.people import keys_of
from service.store.scope import Scope
from service.store.staff import StaffFilter, key_by_id, page_of_keys
from service.store.tables import ApiKey, Organisation


def list_keys(premises: Premises, scope: Scope) -> list[tuple[ApiKey, Organisation]]:
    """Keys with their organisation, revoked ones included: the desk sees all, others their own."""
    demand(scope, Permission.KEYS)
    with premises.store.read() as session:
        return keys_of(session, None if scope.home else scope.organisation_id)


def page_through_keys(
    premises: Premises,
    scope: Scope,
    *,
    working: bool | None,
    organisation: str | None,
    limit: int,
    cursor: str | None,
) -> Page[tuple[ApiKey, Organisation]]:
    """The same page by page, in the order in which they were made; of one organisation by its key if it is given."""
    demand(scope, Permission.KEYS)
    with premises.store.read() as session:
        wanted = StaffFilter(within(session, scope, organisation), working=working)
        return page_of_keys(session, wanted, premises.clock(), limit=limit, cursor=cursor)


def one_key(premises: Premises, scope: Scope, key_id: int) -> tuple[ApiKey, Organisation]:
    """One key with its organisation; NotFound for another organisation's."""
    demand(scope, Permission.KEYS)
    with premises.store.read() as session:
        return _key(session, scope, key_id)


def _key(session: Session, scope: Scope, key_id: int) -> tuple[ApiKey, Organisation]:
    found = key_by_id(session, key_id)
    if found is None or not (scope.home or found[0].organisation_id == scope.organisation_id):
        raise NotFound(f"There is no key {key_id}.", "`watchfire key list` shows them.")
    return found


def state_of(row: ApiKey, now: datetime) -> str:
    """Whether a key opens anything: works, expired or revoked."""
    if row.revoked_at is not None:
        return "revoked"
    return "expired" if row.expires_at is not None and row.expires_at <= now else "works"


def make_key(
    premises: Premises,
    scope: Scope,
    *,
    name: str,
    role: str,
    organisation: str | None = None,
    lasts: timedelta | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its token, shown this once. Without `lasts` it works until it is revoked."""
    demand(scope, Permission.KEYS)
    given, label, now = read_role(role), clean_label(name, "key"), premises.clock()
    with premises.store.write() as session:
        where = organisation_for(session, scope, organisation)
        row, token = add_key(session, where.id or 0, label, given, now, _end(now, lasts), scope.actor)
        leave_line(session, scope, now, "key.make", row.id, name=label, role=given.value, organisation=where.key)
    return row, token


def _end(now: datetime, lasts: timedelta | None) -> datetime | None:
    if lasts is None:
        return None
    if not timedelta() < lasts <= timedelta(days=3660):
        raise Invalid("The key would last less than a moment or more than ten years.", "Give 1 to 3660 days.")
    return now + lasts


def revoke_key(premises: Premises, scope: Scope, key_id: int) -> ApiKey:
    """A key works no more, at once; doing it twice changes nothing."""
    demand(scope, Permission.KEYS)
    now = premises.clock()
    with premises.store.write() as session:
        row, _ = _key(session, scope, key_id)
        if row.revoked_at is None:
            row.revoked_at = now
            session.add(row)
            leave_line(session, scope, now, "key.revoke", row.id, name=row.name)
    return row
