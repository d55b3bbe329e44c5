"""The engine on SQLite or PostgreSQL, and the two ways to use it: `read` and `write`."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlmodel import Session

from service.errors import BusyError, SetupError, StorageError, WatchfireError
from service.store.standing import Watch

BUSY_TIMEOUT_MS = 5_000


def as_json(value: Any) -> str:
    """JSON for a column. Half a character, which JSON can write and UTF-8 cannot, becomes `?`, as in `CleanText`."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return orjson.dumps(_whole(value)).decode()


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_whole(key): _whole(one) for key, one in value.items()}
    return [_whole(one) for one in value] if isinstance(value, list | tuple) else value


# orjson reads the many small lists and objects of our rows four times as fast as the standard library.
JSON: dict[str, Any] = {
    "json_serializer": as_json,
    "json_deserializer": orjson.loads,
}
SYNCHRONOUS = "FULL"  # of SQLite: a commit is on the disk before it returns, also when the machine loses power
FULL = ("database or disk is full", "disk i/o error", "no space left", "file too large", "could not extend file")
READ_ONLY = ("readonly database", "read-only", "unable to open database file", "permission denied")


class Store:
    """One database. `write` opens a transaction that holds the write lock from its first statement."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.watch = Watch(engine)
        self._writing = engine.execution_options(watchfire_write=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A snapshot to read from; nothing is written back."""
        with translated(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed whole when the block ends, rolled back whole when it raises."""
        with translated(), Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    def dispose(self) -> None:
        """Close every connection."""
        self.watch.close()
        self.engine.dispose()


def open_store(url: str) -> Store:
    """The store at an SQLAlchemy address; SetupError when the address makes no sense. Connects at first use."""
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
        if backend == "sqlite":
            return Store(_sqlite(url, parsed.database))
        if backend == "postgresql":
            return Store(create_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True, **JSON))
    except (ArgumentError, NoSuchModuleError) as error:
        raise SetupError("WATCHFIRE_DATABASE_URL is no database address.", ADDRESS_ADVICE) from error
    raise SetupError(f"WATCHFIRE_DATABASE_URL names {backend}, which is not supported.", ADDRESS_ADVICE)


ADDRESS_ADVICE = "Use sqlite:////path/to/file.db or postgresql://user:password@host/name."


def _sqlite(url: str, database: str | None) -> Engine:
    if database and database != ":memory:":
        try:
            Path(database).expanduser().parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SetupError(
                f"The folder of {database} cannot be made: {error.strerror}.", "Check WATCHFIRE_DATA."
            ) from error
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000}, **JSON)
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: sqlite3.Connection, _record: Any) -> None:
    # sqlite3's own transaction handling is switched off: `_begin` says BEGIN, so that a writer can say IMMEDIATE.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_size_limit = 67108864")
    cursor.close()


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("watchfire_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def translated() -> Iterator[None]:
    """Turn a driver's failure into an error that says what to do. Whatever was not committed is rolled back."""
    try:
        yield
    except DBAPIError as error:
        raise explain(error) from error
    except sqlite3.OperationalError as error:
        raise explain(error) from error


def explain(error: Exception) -> WatchfireError | Exception:
    """The error a person can act on; the given one when it is none of the known kinds."""
    words = str(getattr(error, "orig", error)).lower()
    if any(part in words for part in FULL):
        return StorageError(
            "The database cannot grow: the disk is full or a size limit is reached.",
            "Make room and try again; what was stored before is safe.",
        )
    if any(part in words for part in READ_ONLY):
        return SetupError("The database file cannot be opened or written.", "Check the path and its permissions.")
    if "locked" in words or "busy" in words:
        return BusyError("The database is locked by another process.", "Close what holds it, or try again shortly.")
    if isinstance(error, OperationalError) and "sqlite" not in type(getattr(error, "orig", error)).__module__:
        return BusyError(
            "The database does not answer.", "Check that it runs and that WATCHFIRE_DATABASE_URL is right."
        )
    if "no such table" in words or "does not exist" in words:
        return SetupError("The database has no tables of this version.", "Run `watchfire db upgrade`.")
    if "not a database" in words or "malformed" in words:
        return SetupError("The database file is damaged or no database.", "Restore a backup, or name another file.")
    return error


def advisory_lock(session: Session, name: int) -> None:
    """Hold a named lock to the end of the transaction. On SQLite the write transaction is that lock already."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:name)"), {"name": name})
