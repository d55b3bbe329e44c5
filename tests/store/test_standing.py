"""What stands is given again only while the database is as it was, whoever changes it."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from sqlmodel import select

from service.errors import SetupError
from service.store.engine import Store, open_store
from service.store.sources import add_sources
from service.store.standing import MOST, Standing
from service.store.tables import SourceRow
from tests.store.test_sources import feed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FROM_ELSEWHERE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("UPDATE source SET name = 'another' WHERE name <> 'another'")
connection.commit()
"""


def names(store: Store) -> Callable[[], list[str]]:
    def read() -> list[str]:
        with store.read() as session:
            return list(session.exec(select(SourceRow.name)).all())

    return read


def standing(store: Store) -> Standing[list[str]]:
    with store.write() as session:
        add_sources(session, [feed()], NOW)
    found: Standing[list[str]] = Standing(store.watch)
    assert found.known("names") is None
    found.read("names", names(store))
    return found


def rename(store: Store, name: str) -> None:
    with store.write() as session:
        session.exec(select(SourceRow)).one().name = name


def by_this_store(store: Store) -> None:
    rename(store, "another")


def by_another_store(store: Store) -> None:
    other = open_store(str(store.engine.url))
    rename(other, "another")
    other.dispose()


def by_another_process(store: Store) -> None:
    subprocess.run([sys.executable, "-c", FROM_ELSEWHERE, str(store.engine.url.database)], check=True)


@pytest.mark.parametrize("change", [by_this_store, by_another_store, by_another_process])
def test_a_change_by_anybody_ends_it_at_once(sqlite_store: Store, change: Callable[[Store], None]) -> None:
    found = standing(sqlite_store)
    assert found.known("names") == names(sqlite_store)() != ["another"]
    change(sqlite_store)
    assert found.known("names") is None
    assert found.read("names", names(sqlite_store)) == found.known("names") == ["another"]


def test_what_is_taken_back_changes_nothing(sqlite_store: Store) -> None:
    found = standing(sqlite_store)
    with suppress(RuntimeError), sqlite_store.write() as session:
        session.exec(select(SourceRow)).one().name = "another"
        session.flush()
        raise RuntimeError
    assert found.known("names") == names(sqlite_store)() != ["another"]


def test_what_changes_while_it_is_read_does_not_stand(sqlite_store: Store) -> None:
    found = standing(sqlite_store)

    def read() -> list[str]:
        before = names(sqlite_store)()
        rename(sqlite_store, "another")
        return before

    assert found.read("names", read) != ["another"]
    assert found.known("names") is None


def test_many_questions_do_not_fill_the_memory(sqlite_store: Store) -> None:
    found: Standing[int] = Standing(sqlite_store.watch)
    for number in range(3 * MOST):
        found.read(number, lambda number=number: number)  # type: ignore[misc]
    assert sum(found.known(number) is not None for number in range(3 * MOST)) <= MOST
    assert found.known(3 * MOST - 1) == 3 * MOST - 1


@pytest.mark.postgres
def test_where_the_database_does_not_tell_nothing_stands(postgres_store: Store) -> None:
    assert standing(postgres_store).known("names") is None


def test_a_database_in_memory_is_another_for_each_connection() -> None:
    store = open_store("sqlite://")
    found, asked = Standing[int](store.watch), count()
    assert [found.read("x", lambda: next(asked)), found.known("x")] == [0, None]
    store.dispose()


def test_a_database_that_is_gone_is_left_to_whoever_reads(sqlite_store: Store) -> None:
    found = standing(sqlite_store)
    sqlite_store.dispose()
    assert found.known("names") == names(sqlite_store)()  # it looks again, with a connection that is new


def test_a_file_that_cannot_be_opened_is_left_to_whoever_reads(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}")  # a folder
    found: Standing[int] = Standing(store.watch)
    assert [found.read("x", lambda: 1), found.known("x")] == [1, None]
    with pytest.raises(SetupError, match="cannot be opened"), store.read() as session:
        session.exec(select(SourceRow.name))
    store.dispose()
