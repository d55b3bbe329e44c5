"""Pages of alerts as bare rows, for whoever keeps what was made of a row for as long as the row is the same."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Text, cast, select, type_coerce
from sqlalchemy.types import NullType
from sqlmodel import Session, col

from service.store.pages import Page, page_of
from service.store.read_alerts import AlertFilter, newest_first, selected, visible
from service.store.scope import Scope
from service.store.tables import Alert

_TABLE: Any = Alert.__table__  # type: ignore[attr-defined]
# As the driver gives them: what nobody looks into need not be decoded, and can be compared and hashed.
_KINDS: list[Any] = [cast(one, Text) if isinstance(one.type, JSON) else type_coerce(one, NullType) for one in _TABLE.c]
_BARE: list[Any] = [kind.label(f"{one.name}_bare") for kind, one in zip(_KINDS, _TABLE.c, strict=True)]
_NAMES = tuple(column.name for column in _TABLE.c)
_ID, _ORGANISATION, _TITLE = (_NAMES.index(name) for name in ("id", "organisation_id", "title"))
Values = tuple[Any, ...]
MOST_HELD = 500
# Statements without anything of the moment in them: putting one together takes longer than asking it.
_held: dict[tuple[Any, ...], Any] = {}


class Bare:
    """One alert: the values of all its columns, and the few of them that a reader needs before it is made anything."""

    __slots__ = ("changed_at", "values")

    def __init__(self, values: Values, changed_at: datetime) -> None:
        self.values = values
        self.changed_at = changed_at

    @property
    def id(self) -> int:
        """Its number."""
        return int(self.values[_ID])

    @property
    def organisation_id(self) -> int:
        """Whose it is."""
        return int(self.values[_ORGANISATION])

    @property
    def title(self) -> str:
        """What it is called."""
        return str(self.values[_TITLE])


def list_bare(
    session: Session, scope: Scope, wanted: AlertFilter, *, limit: int = 50, cursor: str | None = None
) -> Page[Bare]:
    """The same alerts in the same order as `list_alerts`."""
    found = session.connection().execute(_statement(session, scope, wanted, limit, cursor))
    rows = [Bare(tuple(row[:-1]), row[-1]) for row in found]
    return page_of(rows, limit, lambda row: (row.changed_at, row.id))


def _statement(session: Session, scope: Scope, wanted: AlertFilter, limit: int, cursor: str | None) -> Any:
    momentary = bool(cursor or wanted.words or wanted.snoozed_at or wanted.changed_since)
    key = (scope.organisation_id, scope.home, scope.marks, wanted, limit)
    if not momentary and key in _held:
        return _held[key]
    columns = select(*_BARE, _TABLE.c.changed_at.label("at"))
    query = newest_first(selected(session, scope, wanted, columns), cursor).limit(limit + 1)
    if not momentary and len(_held) < MOST_HELD:
        _held[key] = query
    return query


def whole(session: Session, scope: Scope, numbers: Collection[int]) -> dict[Values, Alert]:
    """Alerts by all their values. In one statement, so that nothing can come between the values and the alert."""
    query: Any = select(Alert, *_BARE).where(col(Alert.id).in_(numbers), visible(scope))
    return {tuple(row[1:]): row[0] for row in session.execute(query).all()}
