"""Migrations: the schema only ever changes through alembic/."""

from collections.abc import Callable

import alembic.command
import alembic.config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from service.errors import Invalid, SetupError
from service.store.engine import Store, translated
from service.store.version import folder


def configuration() -> alembic.config.Config:
    """Alembic's configuration without a file."""
    config = alembic.config.Config()
    config.set_main_option("script_location", str(folder()).replace("%", "%%"))
    return config


def head() -> str | None:
    """The newest revision that this version knows."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def current(store: Store) -> str | None:
    """The revision of the database, None when it is empty."""
    with translated(), store.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(store: Store, revision: str = "head") -> None:
    """Bring the database to a revision, in one transaction; SetupError when a newer program has made it."""
    _demand_known(store)
    _run(store, revision, alembic.command.upgrade)


def downgrade(store: Store, revision: str) -> None:
    """Take the database back to a revision; Invalid when there is none such."""
    found = _demand_known(store)
    known = [one.revision for one in ScriptDirectory.from_config(configuration()).walk_revisions()]
    older = known[known.index(found) :] if found is not None else []
    if revision != "base" and revision not in older:
        raise Invalid(f"There is no revision '{revision[:40]}' to go back to.", f"Use {', '.join([*older, 'base'])}.")
    _run(store, revision, alembic.command.downgrade)


def _demand_known(store: Store) -> str | None:
    """The database's revision; SetupError when this program has never heard of it."""
    found = current(store)
    try:
        ScriptDirectory.from_config(configuration()).get_revision(found or "base")
    except CommandError as error:
        raise SetupError(
            f"The database is at version {found}, which this program does not know: a newer one made it.",
            "Start that program, or restore a backup made before it.",
        ) from error
    return found


def _run(store: Store, revision: str, command: Callable[[alembic.config.Config, str], None]) -> None:
    config = configuration()
    with translated(), store.engine.execution_options(watchfire_write=True).begin() as connection:
        config.attributes["connection"] = connection
        command(config, revision)
