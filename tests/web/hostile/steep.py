"""Every word that people or publishers may have left in the database, put in the place of what was there.

Doors clean what comes in, and doors may be forgotten, or younger than the row: pages must not lean on them.
"""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

from sqlalchemy import Table, select, update

from service.store.engine import Store
from service.store.tables.base import metadata
from tests.web.hostile.texts import TEXTS, short
from tests.web.written import WORDS, is_free


def steep(store: Store) -> int:
    """Fill all of it with hostile words; answers how many values were changed."""
    texts = cycle([short(text) for text in TEXTS.values()])
    with store.engine.begin() as connection:
        return sum(_steeped(connection, table, texts) for table in metadata.sorted_tables)


def _steeped(connection: Any, table: Table, texts: Iterator[str]) -> int:
    columns = [column for column in table.columns if is_free(table, column)]
    keys = list(table.primary_key.columns)
    if not columns:
        return 0
    rows = connection.execute(select(*keys, *columns)).all()
    for row in rows:
        values = {column.name: _poisoned(row[len(keys) + at], texts) for at, column in enumerate(columns)}
        this = [key == row[at] for at, key in enumerate(keys)]
        connection.execute(update(table).where(*this).values(**values))
    return len(rows) * len(columns)


def _poisoned(value: Any, texts: Iterator[str]) -> Any:
    if isinstance(value, str):
        return next(texts)
    if isinstance(value, dict):
        return {key: _word(key, one, texts) for key, one in value.items()}
    return (
        [_poisoned(one, texts) if isinstance(one, dict) else one for one in value] if isinstance(value, list) else value
    )


def _word(key: str, value: Any, texts: Iterator[str]) -> Any:
    if isinstance(value, str):
        return next(texts) if key in WORDS else value
    return _poisoned(value, texts)
