"""A seeded store on each database, copied from one that was filled once."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.store.engine import Store, open_store
from tests.conftest import close_for_copy, postgres_copy
from tests.web.seed import seed

NOW = datetime.now(UTC)  # of the seed; whoever uses it goes by this time too


@pytest.fixture(scope="session")
def seeded_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded SQLite file to copy."""
    path = tmp_path_factory.mktemp("told") / "told.db"
    shutil.copy(sqlite_template, path)
    store = open_store(f"sqlite:///{path}")
    seed(store, NOW)
    close_for_copy(store)
    return path


@pytest.fixture(scope="session")
def seeded_postgres(postgres_url: str, postgres_template: str) -> Iterator[str]:
    """The name of a seeded database to copy."""
    with postgres_copy(postgres_url, postgres_template) as store:
        seed(store, NOW)
        store.dispose()
        yield store.engine.url.database or ""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """The seeded store, on both databases."""
    if request.param == "postgres":
        names = [request.getfixturevalue(name) for name in ("postgres_url", "seeded_postgres")]
        with postgres_copy(*names) as store:
            yield store
        return
    shutil.copy(request.getfixturevalue("seeded_sqlite"), tmp_path / "told.db")
    store = open_store(f"sqlite:///{tmp_path / 'told.db'}")
    yield store
    store.dispose()
