"""Which columns, and within JSON which fields, hold words that people or publishers wrote; and what is in them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, Column, Table, select

from service.store.engine import Store
from service.store.tables.base import CleanText, metadata

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


def is_free(table: Table, column: Column[Any]) -> bool:
    """Whether anything may have been written into a column."""
    called = f"{table.name}.{column.name}"
    if isinstance(column.type, JSON):
        return column.name not in SKIPPED
    return called in NAMES or (isinstance(column.type, CleanText) and called not in KEPT)


def kept_words(store: Store) -> set[str]:
    """All that people and publishers left in the database, as it stands there."""
    found: set[str] = set()
    with store.engine.connect() as connection:
        for table in metadata.sorted_tables:
            for column in (one for one in table.columns if is_free(table, one)):
                for value in connection.execute(select(column)).scalars():
                    found |= {text for key, text in fields(value, "words") if key in WORDS}
    return found


def fields(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text within JSON, with the name of the field that holds it; a list's is that of all in it."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from fields(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from fields(one, key)
