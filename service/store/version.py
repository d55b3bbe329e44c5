"""The version of the tables, found and wanted, without the machinery that changes it (`service.store.migrate`)."""

from pathlib import Path

from sqlalchemy import inspect, text

from service.store.engine import Store, translated


def folder() -> Path:
    """The migrations: `alembic/` in a checkout, `service/migrations/` in an installed wheel."""
    installed = Path(__file__).parents[1] / "migrations"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "alembic"


def wanted_version() -> str:
    """The newest revision that this program knows: its files are named by their number."""
    return max(path.name.partition("_")[0] for path in (folder() / "versions").glob("[0-9]*_*.py"))


def found_version(store: Store) -> str | None:
    """The revision of the database, None when it is empty."""
    with translated(), store.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found
