"""`watchfire db`: the database and its version."""

from typing import Annotated

import typer

from service.app import open_database
from service.settings import load
from service.store.engine import open_store
from service.store.migrate import current, downgrade, head

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command("upgrade")
def upgrade_() -> None:
    """Bring the database to the version of this program; makes it when it is not there."""
    store = open_database(load(), migrate=True)
    print(f"The database is at version {current(store)}.")


@app.command("version")
def version() -> None:
    """Show the version of the database and the one that this program needs."""
    store = open_store(load().database)
    print(f"database: {current(store) or 'empty'}; this program: {head()}")


@app.command("downgrade")
def downgrade_(
    revision: Annotated[str, typer.Argument(help="Revision to go back to; `base` removes every table and all data.")],
) -> None:
    """Take the database back to an older version; `base` removes every table."""
    downgrade(open_store(load().database), revision)
    print(f"The database is at version {revision}.")
