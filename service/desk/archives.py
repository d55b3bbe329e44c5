"""Importing an archive: old entries come in with their own dates and alert nobody.

There is no switch to forget: that an entry is history is a property of the entry. The import ends with its file, and
says so.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import IO

from sqlmodel import Session

from ingest.archive import ArchiveError, Fault, Plan, Row, read_archive
from ingest.entry import Item, Sharing
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.desk.audit import leave_line
from service.errors import Invalid, NotFound, WatchfireError
from service.log import logger
from service.store.archives import (
    Shelf,
    add_shelf,
    end_interrupted,
    keep_archived,
    shelves,
    span_of,
    start_run,
)
from service.store.lease import holder
from service.store.scope import Scope
from service.store.tables import ArchiveRun

BATCH = 500  # rows a transaction
SHOWN = 20  # faults kept to be shown; all are counted
MOST_SOURCES = 2_000  # more names in one column, and it is no column of sources
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """How an archive is imported. `source` is the key of the source that everything goes to.

    Without it rows go to the source that they name, and those that name none to one called `name`; sources that are
    not known are made, never to be looked at, with `reliability` and `sharing`.
    """

    name: str
    plan: Plan = field(default_factory=Plan)
    source: str | None = None
    reliability: str = "F"
    sharing: Sharing = Sharing.CLEAR
    since: datetime | None = None
    until: datetime | None = None
    dry_run: bool = False


@dataclass
class Tally:
    """What an import has come to so far. `outside` were beyond the dates asked for; `made` are sources it made."""

    run: int = 0
    read: int = 0
    new: int = 0
    known: int = 0
    unreadable: int = 0
    outside: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None
    faults: list[Fault] = field(default_factory=list)
    made: list[str] = field(default_factory=list)

    def fault(self, fault: Fault) -> None:
        """Count a row that cannot be used."""
        self.read += fault.rows
        self.unreadable += fault.rows
        if len(self.faults) < SHOWN:
            self.faults.append(fault)

    def span(self, items: Iterable[Item]) -> None:
        """Reach over these items' dates."""
        found = span_of(items)
        if found is not None:
            self.oldest = min(found[0], self.oldest or found[0])
            self.newest = max(found[1], self.newest or found[1])


Tell = Callable[[Tally], None]


def import_archive(premises: Premises, scope: Scope, file: IO[bytes], asked: Asked, tell: Tell) -> Tally:
    """Import a file, 500 rows a transaction; `tell` hears of each. What was stored stays, whatever comes after.

    A second run of the same file adds nothing, so an interrupted one is continued by running it again. Invalid says
    why a file cannot be read; NotFound that there is no such source.
    """
    demand(scope, Permission.SOURCES)
    tally = Tally()
    desk = _Desk(premises, asked, tally)
    with running(premises, scope, asked.name, tally, dry_run=asked.dry_run):
        rows = _counted(read_archive(file, asked.plan, premises.clock()), asked, tally)
        while batch := list(islice(rows, BATCH)):
            desk.keep(batch)
            tell(tally)
    return tally


def _counted(rows: Iterator[Row | Fault], asked: Asked, tally: Tally) -> Iterator[Row]:
    """The rows that are wanted; the others are only counted."""
    for row in rows:
        if isinstance(row, Fault):
            tally.fault(row)
            continue
        tally.read += 1
        if is_wanted(row.item, asked.since, asked.until):
            yield row
        else:
            tally.outside += 1


def is_wanted(item: Item, since: datetime | None, until: datetime | None) -> bool:
    """Whether an item's date lies in [since, until)."""
    at = item.published
    return at is not None and (since is None or at >= since) and (until is None or at < until)


class _Desk:
    """Sorts rows onto their shelves, a batch a transaction."""

    def __init__(self, premises: Premises, asked: Asked, tally: Tally) -> None:
        self._premises, self._asked, self._tally = premises, asked, tally
        with premises.store.read() as session:
            self._shelves = shelves(session)
        if asked.source is not None and asked.source not in self._shelves:
            raise NotFound(f"There is no source '{asked.source}'.", "`watchfire source list` shows them.")

    def keep(self, batch: list[Row]) -> None:
        """Store a batch with its run's counts, or only count it."""
        self._tally.span(row.item for row in batch)
        if self._asked.dry_run:
            for row in batch:
                self._name(row)
            return
        before = self._tally.new, self._tally.known
        try:
            self._store(batch, self._premises.clock())
        except BaseException:
            self._tally.new, self._tally.known = before  # rolled back, so it does not count
            raise

    def _store(self, batch: list[Row], now: datetime) -> None:
        with self._premises.store.write() as session:
            sorted_: dict[Shelf, list[Item]] = {}
            for row in batch:
                sorted_.setdefault(self._shelf(session, row, now), []).append(row.item)
            kept = keep_archived(session, sorted_, self._tally.run, now)
            self._tally.new += kept.new
            self._tally.known += kept.known
            note_counts(session, self._tally)

    def _name(self, row: Row) -> str:
        """The name or key of a row's source, noted as one to be made when it is not known."""
        name = self._asked.source or row.source or self._asked.name
        if name not in self._shelves and name.casefold() not in self._shelves and name not in self._tally.made:
            self._tally.made.append(name)
            if len(self._tally.made) > MOST_SOURCES:
                raise ArchiveError(f"Its rows name more than {MOST_SOURCES:,} sources; give one with --source KEY.")
        return name

    def _shelf(self, session: Session, row: Row, now: datetime) -> Shelf:
        name = self._name(row)
        found = self._shelves.get(name) or self._shelves.get(name.casefold())
        if found is None:
            found = add_shelf(session, name, self._asked.reliability, self._asked.sharing, now)
            self._shelves[name.casefold()] = found
        return found


@contextmanager
def running(premises: Premises, scope: Scope, name: str, tally: Tally, *, dry_run: bool = False) -> Iterator[None]:
    """A run in the database from its beginning to its end, however it ends; a dry run leaves no trace."""
    if not dry_run:
        _start(premises, name, tally)
    try:
        yield
    except BaseException as error:
        if not dry_run:
            _end(premises, scope, name, tally, error)
        if isinstance(error, ArchiveError):
            raise Invalid(f"{name}: {error}") from error
        raise
    if not dry_run:
        _end(premises, scope, name, tally, None)


def _start(premises: Premises, name: str, tally: Tally) -> None:
    now = premises.clock()
    with premises.store.write() as session:
        end_interrupted(session, now)
        tally.run = start_run(session, name, holder(), now).id or 0


def _end(premises: Premises, scope: Scope, name: str, tally: Tally, error: BaseException | None) -> None:
    now = premises.clock()
    with premises.store.write() as session:
        run = note_counts(session, tally)
        run.state, run.ended_at, run.error = "failed" if error else "done", now, _why(error)
        counts = {"new": tally.new, "known": tally.known, "unreadable": tally.unreadable}
        leave_line(session, scope, now, "archive.end", run.id, name=name, state=run.state, **counts)
        state = run.state
    log.info(
        "archive %s: the import is over (%s): %d rows, %d new entries, which alert nobody; live ones alert as ever",
        *(name, state, tally.read, tally.new),
    )


def _why(error: BaseException | None) -> str | None:
    if error is None:
        return None
    if isinstance(error, ArchiveError | WatchfireError):
        return str(error)
    return f"It was stopped ({type(error).__name__}); import the same again and it continues."


def note_counts(session: Session, tally: Tally) -> ArchiveRun:
    """Let the run tell how far it is."""
    run = session.get_one(ArchiveRun, tally.run)
    run.read, run.new, run.known, run.unreadable = tally.read, tally.new, tally.known, tally.unreadable
    run.oldest_at, run.newest_at = tally.oldest, tally.newest
    session.add(run)
    return run
