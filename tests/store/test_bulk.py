"""Rows inserted in bulk are what SQLAlchemy would have made of them."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import insert, select

from ingest.entry import Entry, Item, Sharing, Status
from ingest.feed import Feed
from service.store.bulk import insert_rows
from service.store.engine import Store
from service.store.rows import entry_values
from service.store.sources import add_sources
from service.store.tables.entry import EntryRow

NOW = datetime(2026, 11, 28, 9, 30, 5, 123_456, tzinfo=UTC)
TABLE: Any = EntryRow.__table__  # type: ignore[attr-defined]
ITEMS = (
    Item("a", "h" * 64, "Port of Vessa closed", published=NOW - timedelta(hours=2), countries=("FR", "DE")),
    Item("b", "h" * 64, "渡轮停航", "a\x00b \ud800 c", "https://lagoon.example/b", "b", "zh", point=(1.5, -2.25)),
    Item("c", "h" * 64, "", occurred=NOW.astimezone(timezone(timedelta(hours=9))), status=Status.TEST),
    Item("d", "h" * 64, "x", extra={"categories": "a; b", "ü": "é"}, updated=NOW.replace(microsecond=0)),
)


def rows(prefix: str) -> list[dict[str, Any]]:
    entries = [Entry("lagoon", "B", Sharing.GREEN, NOW, item) for item in ITEMS]
    return [{**entry_values(entry, 1, 1), "key": prefix + entry.item.key} for entry in entries]


def test_they_are_the_same_as_one_by_one(store: Store) -> None:
    with store.write() as session:
        add_sources(session, [Feed("lagoon", "Lagoon", "https://lagoon.example/f")], NOW)
        session.connection().execute(insert(TABLE), rows("one-"))
        insert_rows(session.connection(), TABLE, rows("all-"))
        insert_rows(session.connection(), TABLE, [])
    with store.read() as session:
        found = session.connection().execute(select(TABLE).order_by(TABLE.c.id)).all()
    kept = [{name: value for name, value in row._mapping.items() if name not in ("id", "key")} for row in found]
    assert len(kept) == 8
    assert kept[:4] == kept[4:]
    assert kept[0]["published_at"] == NOW - timedelta(hours=2)


def test_on_sqlite_they_are_the_same_to_the_letter(sqlite_store: Store) -> None:
    with sqlite_store.write() as session:
        add_sources(session, [Feed("lagoon", "Lagoon", "https://lagoon.example/f")], NOW)
        session.connection().execute(insert(TABLE), rows("one-"))
        insert_rows(session.connection(), TABLE, rows("all-"))
        columns = ", ".join(f"{column.name}, typeof({column.name})" for column in TABLE.columns if column.name != "id")
        found = session.connection().exec_driver_sql(f"SELECT {columns} FROM entry ORDER BY id").all()
    assert [row[4:] for row in found[:4]] == [row[4:] for row in found[4:]]


def test_a_time_without_a_zone_is_refused(sqlite_store: Store) -> None:
    values = {**rows("x")[0], "published_at": datetime(2026, 11, 28, 9)}  # noqa: DTZ001
    with pytest.raises(ValueError, match="without a zone"), sqlite_store.write() as session:
        insert_rows(session.connection(), TABLE, [values])
