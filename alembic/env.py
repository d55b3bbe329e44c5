"""Runs migrations on the connection that the application hands in, or on WATCHFIRE_DATABASE_URL from the command."""

from alembic import context
from sqlalchemy import Connection, text

from service.settings import load
from service.store.engine import open_store
from service.store.tables import metadata

LOCK = 7_245_001  # two processes that start together must not both migrate


def run(connection: Connection) -> None:
    """Migrate on this connection; its transaction belongs to the caller."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with open_store(load().database).engine.begin() as opened:
        run(opened)
