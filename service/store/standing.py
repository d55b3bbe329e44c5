"""Answers that stand: given again, unread, for as long as nobody has changed the database.

SQLite tells a connection in a few microseconds whether any other has committed anything, in this process or in another.
So nothing can be stale: a commit that has returned is seen by whoever asks after it. PostgreSQL tells nothing of the
kind, and there nothing is kept. What also follows from the time of day must not be kept here.
"""

import sqlite3
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy import Engine, PoolProxiedConnection
from sqlalchemy.exc import DBAPIError

T = TypeVar("T")
MOST = 200  # answers; lists of fifty alerts take about 100 kB each


class Watch:
    """Looks whether a database is as it was."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # A database in memory is another one for each connection.
        self._tells = engine.dialect.name == "sqlite" and engine.url.database not in (None, "", ":memory:")
        self._lock = Lock()
        self._looking: PoolProxiedConnection | None = None

    def mark(self) -> int | None:
        """A number that is another after any commit; None where the database does not tell."""
        if not self._tells:
            return None
        try:
            with self._lock:
                found = (self._looking or self._look()).cursor().execute("PRAGMA data_version").fetchall()
            return int(found[0][0])
        except (sqlite3.Error, DBAPIError):
            return None  # whoever reads will say what is wrong

    def close(self) -> None:
        """Close the connection that looks."""
        with self._lock:
            if self._looking is not None:
                self._looking.close()
                self._looking = None

    def _look(self) -> PoolProxiedConnection:
        self._looking = connection = self._engine.raw_connection()
        connection.detach()  # of the pool, which would lend it to somebody who writes, and own changes do not show
        connection.cursor().execute("PRAGMA busy_timeout = 0")
        return connection


class Standing(Generic[T]):
    """What was read, by what was asked."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._kept: dict[Hashable, tuple[int, T]] = {}

    def known(self, asked: Hashable) -> T | None:
        """What was answered to the same before, if it is what would be answered now."""
        found = self._kept.get(asked)
        return found[1] if found is not None and found[0] == self._watch.mark() else None

    def read(self, asked: Hashable, read: Callable[[], T]) -> T:
        """Read, and keep the answer. A commit meanwhile makes it one that the next will not be given."""
        mark = self._watch.mark()
        answer = read()
        if mark is not None:
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[asked] = (mark, answer)
        return answer
