"""People and keys page by page, in the order in which they came.

As in `store.people`, the caller has judged who may ask, and of which organisation.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from service.store.pages import Page, decode_cursor, page_of
from service.store.tables import ApiKey, Organisation, Person

Row = TypeVar("Row", Person, ApiKey)


@dataclass(frozen=True, slots=True)
class StaffFilter:
    """Which people or keys. `organisation_id` None is every organisation; `working` is who can sign in, what opens."""

    organisation_id: int | None = None
    role: str | None = None
    working: bool | None = None


def page_of_people(
    session: Session, wanted: StaffFilter, *, limit: int, cursor: str | None
) -> Page[tuple[Person, Organisation]]:
    """People with their organisation."""
    query = _of(Person, wanted)
    if wanted.working is not None:
        query = query.where(col(Person.active).is_(wanted.working))
    return _page(session, query, Person, limit, cursor)


def page_of_keys(
    session: Session, wanted: StaffFilter, now: datetime, *, limit: int, cursor: str | None
) -> Page[tuple[ApiKey, Organisation]]:
    """Keys with their organisation, revoked and expired ones included unless `working` is asked for."""
    query = _of(ApiKey, wanted)
    if wanted.working is not None:
        query = query.where(opens(now) if wanted.working else ~opens(now))
    return _page(session, query, ApiKey, limit, cursor)


def opens(now: datetime) -> ColumnElement[bool]:
    """Keys that are neither revoked nor expired."""
    return col(ApiKey.revoked_at).is_(None) & or_(col(ApiKey.expires_at).is_(None), col(ApiKey.expires_at) > now)


def key_by_id(session: Session, number: int) -> tuple[ApiKey, Organisation] | None:
    """A key with its organisation."""
    query = _of(ApiKey, StaffFilter()).where(ApiKey.id == number)
    found = session.exec(query).first()
    return (found[0], found[1]) if found is not None else None


def keys_made_by(session: Session, organisation_id: int, actor: str, now: datetime) -> list[ApiKey]:
    """The keys of an organisation that somebody made and that still open something."""
    query = select(ApiKey).where(ApiKey.organisation_id == organisation_id, ApiKey.made_by == actor, opens(now))
    return list(session.exec(query.order_by(col(ApiKey.id))).all())


def _of(table: type[Row], wanted: StaffFilter) -> Any:
    query: Any = select(table, Organisation).join(Organisation, col(Organisation.id) == col(table.organisation_id))
    if wanted.organisation_id is not None:
        query = query.where(table.organisation_id == wanted.organisation_id)
    return query.where(table.role == wanted.role) if wanted.role is not None else query


def _page(
    session: Session, query: Any, table: type[Row], limit: int, cursor: str | None
) -> Page[tuple[Row, Organisation]]:
    if cursor is not None:
        query = query.where(col(table.id) > decode_cursor(cursor, (int,))[0])
    rows = [(row, organisation) for row, organisation in session.exec(query.order_by(col(table.id)).limit(limit + 1))]
    return page_of(rows, limit, lambda pair: (pair[0].id,))
