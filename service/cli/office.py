"""The operator's office: the database opened for a command, and how commands print.

It imports no model and no web: `watchfire source import` answers in a blink.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from service.auth.access import operator_scope
from service.cli.tongue import in_tongue, of_tongue
from service.errors import Invalid, SetupError
from service.settings import Settings, load
from service.store.engine import Store, open_store
from service.store.migrate import current, head, upgrade
from service.store.people import found_home
from service.store.scope import Scope

Row = Mapping[str, object]
MARKS = {True: "yes", False: "no", None: ""}


@dataclass(frozen=True)
class Office:
    """Where a command does its work; whoever may run it could read the database file anyway."""

    settings: Settings
    store: Store
    clock: Callable[[], datetime]
    demo: bool = False

    @property
    def public_url(self) -> str:
        """The address that links begin with."""
        return self.settings.public_url or "http://127.0.0.1:8000"

    def scope(self, organisation: str | None = None) -> Scope:
        """The operator, for the desk or for the organisation of a key."""
        with self.store.read() as session:
            return operator_scope(session, organisation)


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def open_office() -> Iterator[Office]:
    """The database of the settings; an empty one gets its tables, one of another version is left alone."""
    settings = load()
    store = open_store(settings.database)
    try:
        _prepare(store)
        yield Office(settings, store, _now)
    finally:
        store.dispose()


def _prepare(store: Store) -> None:
    found, wanted = current(store), head()
    if found is None:
        upgrade(store)
        with store.write() as session:
            found_home(session, _now())
    elif found != wanted:
        raise SetupError(
            f"The database is at version {found}, this program needs {wanted}.", "Run `watchfire db upgrade`."
        )


def show(rows: Sequence[Row], as_json: bool, empty: str) -> None:
    """Rows as a table for people, or as JSON for programs."""
    if as_json:
        print(json.dumps(list(rows), ensure_ascii=False, default=_plain, indent=2))
        return
    if not rows:
        print(in_tongue(empty))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in rows[0]:
        table.add_column(heading(name), overflow="fold")
    for row in rows:
        table.add_row(*(escape(in_words(value)) for value in row.values()))
    _console().print(table)


def show_one(row: Row, as_json: bool = False) -> None:
    """One thing, a line a field, or as JSON for programs."""
    if as_json:
        print(json.dumps(dict(row), ensure_ascii=False, default=_plain, indent=2))
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in row.items():
        table.add_row(heading(name), escape(in_words(value)))
    _console().print(table)


def heading(name: str) -> str:
    """What a field is called above its column."""
    return of_tongue(f"command.column.{name.replace(' ', '_')}", name.replace("_", " "))


def _console() -> Console:
    # A pipe has no width: there, lines are left long rather than folded at 80.
    return Console(width=None if sys.stdout.isatty() else 240, highlight=False, soft_wrap=False)


def in_words(value: object) -> str:
    """A value in a table. Control characters, which could steer a terminal, are dropped."""
    if value is None or isinstance(value, bool):
        return MARKS[value] and of_tongue(f"command.{MARKS[value]}", MARKS[value])
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%MZ")
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return "".join(char for char in str(value) if char.isprintable())


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def read_file(path: Path) -> str:
    """A text file of the operator's; Invalid says why it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.", "Check the path.") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"{path} is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.") from error


def write_file(path: Path, text: str) -> None:
    """Write a text file; Invalid says why it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror}.", "Check the path.") from error
