"""Migrations and tables say the same, up and down, on both databases."""

import ast
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from service.store.engine import Store
from service.store.migrate import current, downgrade, head, upgrade
from service.store.tables import metadata
from tests.store.test_migrations import described

ROOT = Path(__file__).parents[2]


def test_migrations_build_exactly_the_tables(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": described})
        assert compare_metadata(context, metadata) == []


def test_down_to_nothing_and_up_again(store: Store) -> None:
    downgrade(store, "base")
    assert set(inspect(store.engine).get_table_names()) <= {"alembic_version"}
    upgrade(store)
    assert current(store) == head()


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    upgrade(store)
    assert current(store) == head()


def test_queries_live_in_few_places_only() -> None:
    """Who may see what is decided where queries are made: pages and API must not make their own."""
    allowed = ("service/store", "service/record", "service/auth", "service/notify", "service/desk", "service/demo")
    allowed += ("service/pipeline.py", "service/app.py")
    wrong = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "service").rglob("*.py")
        if not str(path.relative_to(ROOT)).startswith(allowed) and _imports_query(path)
    ]
    assert wrong == []


def _imports_query(path: Path) -> bool:
    names = {"select", "update", "delete", "insert", "text"}
    return any(
        isinstance(node, ast.ImportFrom)
        and (node.module or "").split(".")[0] in ("sqlmodel", "sqlalchemy")
        and names & {alias.name for alias in node.names}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )
