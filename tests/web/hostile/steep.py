"""Every word that people or publishers may have left in the database, put in the place of what was there.

Doors clean what comes in, and doors may be forgotten, or younger than the row: pages must not lean on them.
"""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

from sqlalchemy import JSON, Column, Table, select, update

from service.store.engine import Store
from service.store.tables.base import CleanText, metadata
from tests.web.hostile.texts import TEXTS, short

# Free text by its type that is read by the program itself: keys, addresses, secrets, documents.
KEPT = {
    *("meta.value", "person.password_hash", "roster_file.text", "guideline_version.text", "entry.key", "entry.guid"),
    *("event_entry.origin", "source.address", "source.etag", "source.modified", "source.proxy", "source.moved_to"),
    *("channel.address", "channel.secret", "acknowledgement.owners", "notice.held_by"),
}
NAMES = {"person.name", "saved_view.name"}  # short, and yet written by people
# Within JSON: the fields that hold words.
WORDS = {
    *("words", "name", "title", "text", "zh", "en", "reason", "summary", "said", "place", "sender", "what", "why"),
    *("instruction", "areas", "advice", "expected", "done_when", "avoid", "resources", "guideline"),
}
SKIPPED = ("health", "state", "marks", "known", "rule", "credentials", "levels", "backtest", "card", "contest")


def steep(store: Store) -> int:
    """Fill all of it with hostile words; answers how many values were changed."""
    texts = cycle([short(text) for text in TEXTS.values()])
    with store.engine.begin() as connection:
        return sum(_steeped(connection, table, texts) for table in metadata.sorted_tables)


def kept_words(store: Store) -> set[str]:
    """All that people and publishers left in the database, as it stands there."""
    found: set[str] = set()
    with store.engine.connect() as connection:
        for table in metadata.sorted_tables:
            for column in (one for one in table.columns if _is_free(table, one)):
                for value in connection.execute(select(column)).scalars():
                    found |= set(_strings(value))
    return found


def _strings(value: Any, key: str = "words") -> Iterator[str]:
    if isinstance(value, str) and key in WORDS:
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _strings(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one, key)


def _steeped(connection: Any, table: Table, texts: Iterator[str]) -> int:
    columns = [column for column in table.columns if _is_free(table, column)]
    keys = list(table.primary_key.columns)
    if not columns:
        return 0
    rows = connection.execute(select(*keys, *columns)).all()
    for row in rows:
        values = {column.name: _poisoned(row[len(keys) + at], texts) for at, column in enumerate(columns)}
        this = [key == row[at] for at, key in enumerate(keys)]
        connection.execute(update(table).where(*this).values(**values))
    return len(rows) * len(columns)


def _is_free(table: Table, column: Column[Any]) -> bool:
    called = f"{table.name}.{column.name}"
    if isinstance(column.type, JSON):
        return column.name not in SKIPPED
    return called in NAMES or (isinstance(column.type, CleanText) and called not in KEPT)


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
