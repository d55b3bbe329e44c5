"""Many rows at once, on SQLite without what SQLAlchemy does for each value of each row: 10 µs an entry of 30."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, Connection, Dialect, Table, insert

from service.store.tables.base import Instant

Maker = tuple[int, Callable[[Any], Any], bool]  # place in the row, what makes the value, whether it makes None of None
_RECENT = 64  # moments remembered as text: a batch has one `first_seen_at`, many rows share others


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns, among them every one with a default of Python's making."""
    if not rows:
        return
    if connection.dialect.name != "sqlite":
        connection.execute(insert(table), [dict(row) for row in rows])
        return
    statement, order, makers = _prepared(table, tuple(rows[0]), connection.dialect)
    connection.exec_driver_sql(statement, [_made([row[name] for name in order], makers) for row in rows])


def _made(values: list[Any], makers: Sequence[Maker]) -> tuple[Any, ...]:
    for place, make, keeps_none in makers:
        value = values[place]
        if value is not None or not keeps_none:
            values[place] = make(value)
    return tuple(values)


@lru_cache(maxsize=32)
def _prepared(table: Table, names: tuple[str, ...], dialect: Dialect) -> tuple[str, tuple[str, ...], tuple[Maker, ...]]:
    """The statement, the order of its columns, and what makes of some values what the driver takes."""
    compiled = insert(table).compile(dialect=dialect, column_keys=list(names))
    order = tuple(getattr(compiled, "positiontup", None) or ())
    if sorted(order) != sorted(names):
        raise TypeError(f"rows for {table.name} lack {sorted(set(order) - set(names))}")
    found = ((place, _maker(table.c[name].type, dialect)) for place, name in enumerate(order))
    makers = tuple((place, make, make(None) is None) for place, make in found if make is not None)
    return str(compiled), order, makers


def _maker(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(kind, Boolean):  # the driver writes them as numbers itself
        return None
    make = kind.dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(maxsize=_RECENT)(make) if make is not None and isinstance(kind, Instant) else make
