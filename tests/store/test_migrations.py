"""Migrations up and down with rows in every table, on both databases: what others point at is what fails."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    func,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.types import TypeDecorator
from sqlmodel import col

from service.store.engine import Store
from service.store.migrate import current, downgrade, head, upgrade
from service.store.tables import Alert, EntryRow, Event, metadata

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORLD, ALARM = 1, 2  # two rows a table; the second of event and alert is about a source
TRANSLATIONS = {"translation", "translated_entry"}
LEARNING = {"correction", "model", "training"}
ROSTERS = {"roster_file", "roster_swap", "acknowledgement", "escalation"}
GUIDELINES = {"guideline_version", "clause_match"}
RESPONSES = {"response", "response_step"}
EXPOSURE = {"site", "partner"}
RULINGS = {"ruling"}
POSTURES = {"posture", "situation_report"}
SILENCES = {"silence", "hush"}
TRIAGE = {"snooze", "handing", "alert_fact", "seen", "saved_view", "presence"}
OFFICE = {"worker", "pulse", "work_failure"}
TALK = {"comment", "mention"}
FINDING = "search_"  # tables of words, made in each database's own way: no model describes them
NEWEST = TALK | OFFICE | TRIAGE | POSTURES | SILENCES | RULINGS | EXPOSURE | ROSTERS | GUIDELINES | RESPONSES
MADE_LATER = {
    "0005": NEWEST,
    "0004": NEWEST | TRANSLATIONS,
    "0003": NEWEST | TRANSLATIONS | LEARNING,
    "0002": NEWEST | TRANSLATIONS | LEARNING,
    "0001": NEWEST | TRANSLATIONS | LEARNING | {"archive_run", "field_report", "attachment"},
}
ALARMING = ("event", "alert", "duty", "notice", "attempt", "alert_country", "alert_category", "alert_share")
ABOUT_THE_WORLD = ("event_entry", "event_country")  # an alarm's event has neither entries nor countries


@pytest.fixture
def full(store: Store) -> Store:
    """A store with two rows in every table, joined wherever one table points at another."""
    with store.write() as session:
        for table in metadata.sorted_tables:
            session.execute(table.insert(), list(_rows(table)))
    return store


def test_down_one_by_one_and_up_again_keeps_every_row_but_alarms(full: Store) -> None:
    for revision in ("0005", "0004", "0003", "0002", "0001"):
        downgrade(full, revision)
        left = _counts(full)
        assert set(left) == {table.name for table in metadata.sorted_tables} - MADE_LATER[revision]
        assert left == {name: 1 if name in ALARMING and revision < "0003" else 2 for name in left}
    upgrade(full)
    assert current(full) == head()
    after = _counts(full)
    assert {name: after[name] for name in left} == left
    assert {name: after[name] for name in MADE_LATER["0001"]} == dict.fromkeys(MADE_LATER["0001"], 0)
    with full.engine.connect() as connection:
        found = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": described})
        assert compare_metadata(found, metadata) == []


def described(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table is one of the models'."""
    return kind != "table" or not str(name).startswith(FINDING)


def test_down_to_nothing_with_rows_in_every_table(full: Store) -> None:
    downgrade(full, "base")
    assert set(inspect(full.engine).get_table_names()) <= {"alembic_version"}


def test_what_an_archive_brought_never_walks_as_if_it_were_new(full: Store) -> None:
    with full.write() as session:
        session.execute(update(EntryRow).values(stage="new"))
        session.execute(update(EntryRow).where(col(EntryRow.id) == ALARM).values(archived=True))
    downgrade(full, "0001")
    with full.engine.connect() as connection:
        stages = {row.id: row.stage for row in connection.execute(text("SELECT id, stage FROM entry"))}
    assert stages == {WORLD: "new", ALARM: "decided"}


def test_a_source_that_failed_is_called_so_on_the_way_up(full: Store) -> None:
    downgrade(full, "0001")
    with full.write() as session:
        session.execute(text("UPDATE source SET failures = 0 WHERE id = 1"))
        session.execute(text("UPDATE source SET failures = 3 WHERE id = 2"))
    upgrade(full)
    with full.engine.connect() as connection:
        states = {row.id: row.state for row in connection.execute(text("SELECT id, state FROM source"))}
    assert states == {1: "new", 2: "failing"}


def _rows(table: Table) -> Iterator[dict[str, Any]]:
    for number in (WORLD, ALARM):
        row = {column.name: _value(column, number) for column in table.columns}
        if table.name in (Event.__tablename__, Alert.__tablename__):
            row["source_id"] = number if number == ALARM else None
        if table.name in ABOUT_THE_WORLD:
            row["event_id"] = WORLD
        yield row


def _value(column: Column[Any], number: int) -> Any:
    """Something that fits a column; `number` where rows must differ or point at one another."""
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer | Float):
        return number
    if isinstance(kind, LargeBinary):
        return b"\x01"
    if isinstance(kind, JSON):
        return {}
    return str(number) if kind.python_type is str else NOW


def _counts(store: Store) -> dict[str, int]:
    """Table → rows, as the database has it now."""
    found = MetaData()
    with store.engine.connect() as connection:
        found.reflect(connection)
        tables = [
            table for table in found.sorted_tables if table.name != "alembic_version" and table.name[:7] != FINDING
        ]
        return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_what_was_to_be_decided_once_more_is_not_placed_twice_by_an_older_program(full: Store) -> None:
    with full.write() as session:
        session.execute(update(EntryRow).values(stage="assessed"))
        session.execute(text("DELETE FROM event_entry WHERE entry_id = 2"))
    downgrade(full, "0003")
    with full.engine.connect() as connection:
        stages = {row.id: row.stage for row in connection.execute(text("SELECT id, stage FROM entry"))}
    assert stages == {1: "decided", 2: "assessed"}
