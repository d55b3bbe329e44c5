"""Of each kind of work the last twenty failures, whoever worked, across restarts and a database that was away."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from service.desk.beats import LONGEST, Beats
from service.desk.failures import failures
from service.errors import Refused, StorageError
from service.store.engine import Store
from service.store.failures import KEPT, Failure, count_failures, keep_failures, list_failures
from tests.api.town import Town


class Away:
    """A database that takes nothing for a while."""

    def __init__(self, store: Store) -> None:
        self.store, self.away = store, False

    def read(self) -> object:
        return self.store.read()

    @contextmanager
    def write(self) -> Iterator[Session]:
        with self.store.write() as session:
            yield session
            if self.away:
                raise StorageError("The database takes nothing.")


@pytest.fixture
def beats(here: Town, tmp_path: Path) -> Beats:
    return Beats(here.store, "one", lambda: here.at, tmp_path)


def fail(here: Town, beats: Beats, work: str, error: str, seconds: float = 2) -> datetime:
    """One tick that takes a while and fails; "" for one that goes well."""
    ended = beats.measure(work)
    at = here.pass_time(seconds=seconds)
    ended(error)
    return at


def told(here: Town) -> dict[str, list[str]]:
    return {one.work: [row.error for row in one.last] for one in failures(here.house, here.operator())}


def test_each_failure_with_when_how_long_and_why(here: Town, beats: Beats) -> None:
    fail(here, beats, "deliver", "The network is away.")
    fail(here, beats, "deliver", "")
    at = fail(here, beats, "collect", "x" * 1000, seconds=7)
    beats.write()
    assert told(here) == {"collect": ["x" * LONGEST], "deliver": ["The network is away."]}
    newest = failures(here.house, here.operator())[0].last[0]
    assert (newest.at, newest.took, newest.worker) == (at, 7.0, "one")


def test_of_each_kind_of_work_the_last_twenty(here: Town, beats: Beats) -> None:
    for number in range(KEPT + 5):
        fail(here, beats, "collect", f"fault {number}")
        if number % 3 == 0:
            beats.write()
    fail(here, beats, "deliver", "once")
    beats.write()
    found = told(here)
    assert found["collect"] == [f"fault {number}" for number in reversed(range(5, KEPT + 5))]
    assert found["deliver"] == ["once"], "what fails often does not push out what fails seldom"


def test_all_workers_together_and_a_restart(here: Town, beats: Beats, tmp_path: Path) -> None:
    other = Beats(here.store, "other", lambda: here.at, tmp_path)
    for number in range(KEPT):
        fail(here, beats if number % 2 else other, "collect", f"fault {number}")
    beats.write()
    other.leave()
    again = Beats(here.store, "one", lambda: here.at, tmp_path)
    fail(here, again, "collect", "after")
    again.write()
    again.write()
    with here.store.read() as session:
        rows = list_failures(session)
    assert len(rows) == KEPT
    assert rows[0].error == "after"
    assert {row.worker for row in rows} == {"one", "other"}


def test_what_failed_while_the_database_was_away_is_told_once_when_it_is_back(here: Town, tmp_path: Path) -> None:
    database = Away(here.store)
    beats = Beats(database, "one", lambda: here.at, tmp_path)  # type: ignore[arg-type]
    database.away = True
    for number in range(KEPT + 3):
        fail(here, beats, "collect", f"fault {number}")
        with pytest.raises(StorageError):
            beats.write()
    assert told(here) == {}
    database.away = False
    beats.write()
    beats.write()
    assert told(here)["collect"] == [f"fault {number}" for number in reversed(range(3, KEPT + 3))]


def test_they_are_the_desk_s_own(here: Town) -> None:
    with pytest.raises(Refused):
        failures(here.house, here.operator("north"))


def test_how_many_within_a_day(here: Town) -> None:
    with here.store.write() as session:
        hours = (1, 2, 30)
        keep_failures(session, [Failure("a", "one", here.at - timedelta(hours=hour), 1.0, "x") for hour in hours])
    with here.store.read() as session:
        assert count_failures(session, here.at - timedelta(days=1)) == 2


def test_the_older_ones_are_forgotten_in_either_database(store: Store) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    for number in range(KEPT + 2):
        with store.write() as session:
            some = [Failure(work, "one", at + timedelta(seconds=number), 1.0, f"{number}") for work in ("a", "b")]
            keep_failures(session, some[: 1 + number % 2])
    with store.read() as session:
        found = [(row.work, row.error) for row in list_failures(session)]
    assert [error for work, error in found if work == "a"] == [f"{number}" for number in reversed(range(2, KEPT + 2))]
    assert len([work for work, _ in found if work == "b"]) == (KEPT + 2) // 2
