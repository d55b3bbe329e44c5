"""Archives in the database: which source a row goes to, keeping its entry without alerting anyone, and the runs."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, insert, or_
from sqlmodel import Session, col, select

from ingest.entry import Entry, Item, Sharing, digest
from ingest.feed import Feed
from service.store.lease import is_dead
from service.store.pages import Page, decode_cursor, page_of
from service.store.read_rest import ARCHIVE
from service.store.rows import entry_values
from service.store.scope import Scope
from service.store.sources import add_sources, free_key
from service.store.tables import ArchiveRun, EntryRow, SourceRow

AT_ONCE = 500  # SQLite bounds the variables of a statement
RUN_MARK = "archive"  # the entry's extra that names its run, whose times say when we came to know of it
Known = dict[tuple[int, str], tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The source that archived entries are kept under."""

    id: int
    key: str
    reliability: str
    sharing: Sharing


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping a batch added, and how much of it was there already."""

    new: int
    known: int


def shelves(session: Session) -> dict[str, Shelf]:
    """Every source by its key and by its name in lower case; of two of one name, the older."""
    columns: Any = (SourceRow.id, SourceRow.key, SourceRow.name, SourceRow.reliability, SourceRow.sharing)
    query = select(*columns).order_by(col(SourceRow.id))
    rows: Any = session.exec(query).all()
    found: dict[str, Shelf] = {}
    for number, key, name, reliability, sharing in rows:
        found.setdefault(name.casefold(), Shelf(number, key, reliability, Sharing(sharing)))
    return found | {key: Shelf(number, key, letter, Sharing(mark)) for number, key, _, letter, mark in rows}


def add_shelf(session: Session, name: str, reliability: str, sharing: Sharing, now: datetime) -> Shelf:
    """A source that is never looked at, for entries of an archive whose publisher is not watched."""
    words = "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:60].strip("-")
    taken = set(session.exec(select(SourceRow.key)).all())
    key = free_key(f"archive-{words or digest(name)[:8]}", taken)
    row = SourceRow(
        key=key,
        name=name,
        address=f"archive:{key}",
        kind=ARCHIVE,
        reliability=reliability,
        sharing=sharing.value,
        active=False,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return Shelf(row.id or 0, key, reliability, sharing)


def shelf_at(session: Session, feed: Feed, now: datetime) -> Shelf:
    """The source at a feed's address; one that is not watched is added at rest."""
    query = select(SourceRow).where(SourceRow.address == feed.address)
    row = session.exec(query).first()
    if row is None:
        add_sources(session, [feed], now)
        row = session.exec(query).one()
        row.active = False
        session.add(row)
    return Shelf(row.id or 0, row.key, row.reliability, Sharing(row.sharing))


def keep_archived(session: Session, batch: Mapping[Shelf, Sequence[Item]], run: int, now: datetime) -> Kept:
    """Store what is not there yet, of many sources at once. What is known stays as it is: an archive revises nothing.

    Of several items under one key, those that are plainly other items (another title and another link) get keys of
    their own, the same ones on every run.
    """
    # A visit that stores entries of the same source waits for us, and we for it: the same key is not stored twice. All
    # lock in one order, so that two imports of the same sources do not wait for each other in a ring.
    numbers = sorted(shelf.id for shelf in batch)
    held = select(SourceRow.id).where(col(SourceRow.id).in_(numbers)).order_by(col(SourceRow.id)).with_for_update()
    session.connection().execute(held)
    known = _known(session, [(shelf.id, item.key) for shelf, items in batch.items() for item in items])
    fresh: list[tuple[Shelf, Item]] = []
    apart: dict[tuple[int, str], tuple[Shelf, Item]] = {}
    for shelf, item in ((shelf, item) for shelf, items in batch.items() for item in items):
        before = known.get((shelf.id, item.key))
        if before is None:
            known[shelf.id, item.key] = (item.title, item.link)
            fresh.append((shelf, item))
        elif not _is_same(before, item):
            key = f"{item.key[:480]}#{digest(item.title, item.text, item.link or '')[:16]}"
            apart[shelf.id, key] = (shelf, replace(item, key=key))
    if apart:
        own = _known(session, list(apart))
        fresh += [one for place, one in apart.items() if place not in own]
    values = [entry_values(_archived(item, shelf, run, now), shelf.id, 1) for shelf, item in fresh]
    if values:
        session.connection().execute(insert(EntryRow), values)
    return Kept(len(values), sum(map(len, batch.values())) - len(values))


def _archived(item: Item, shelf: Shelf, run: int, now: datetime) -> Entry:
    seen = min(item.published or now, now)
    marked = replace(item, extra={**item.extra, RUN_MARK: str(run)})
    return Entry(shelf.key, shelf.reliability, shelf.sharing, seen, marked, archived=True)


def _is_same(before: tuple[str, str | None], item: Item) -> bool:
    title, link = before
    return title == item.title or (item.guid is not None and link is not None and link == item.link)


def _known(session: Session, places: list[tuple[int, str]]) -> Known:
    """Title and link of what stands at these (source, key) places."""
    found: Known = {}
    for start in range(0, len(places), AT_ONCE):
        keys: defaultdict[int, list[str]] = defaultdict(list)
        for source, key in places[start : start + AT_ONCE]:
            keys[source].append(key)
        # An OR of sources, not a list of pairs: for pairs SQLite reads the whole table (measured: 117 ms against 1.2).
        here = (and_(col(EntryRow.source_id) == source, col(EntryRow.key).in_(some)) for source, some in keys.items())
        query: Any = select(EntryRow.source_id, EntryRow.key, EntryRow.title, EntryRow.link).where(
            col(EntryRow.latest).is_(True), or_(*here)
        )
        rows = session.connection().execute(query)
        found.update({(source, key): (title, link) for source, key, title, link in rows})
    return found


def start_run(session: Session, name: str, by: str, now: datetime) -> ArchiveRun:
    """A run that begins."""
    run = ArchiveRun(name=name, state="running", by=by, started_at=now)
    session.add(run)
    session.flush()
    return run


def end_interrupted(session: Session, now: datetime) -> int:
    """End the runs whose process is gone, so that no import looks as if it still went on; answers how many.

    Runs of other machines are left alone: nobody here can tell how they do.
    """
    runs = session.exec(select(ArchiveRun).where(ArchiveRun.state == "running")).all()
    dead = [run for run in runs if is_dead(run.by)]
    for run in dead:
        run.state, run.ended_at = "failed", now
        run.error = "It was interrupted; import the same file again and it continues."
        session.add(run)
    return len(dead)


def list_runs(session: Session, scope: Scope, *, limit: int = 50, cursor: str | None = None) -> Page[ArchiveRun]:
    """Imports, the newest first; only the desk sees them."""
    if not scope.home:
        return Page([], None)
    query = select(ArchiveRun)
    if cursor:
        query = query.where(col(ArchiveRun.id) < decode_cursor(cursor, (int,))[0])
    rows = list(session.exec(query.order_by(col(ArchiveRun.id).desc()).limit(limit + 1)).all())
    return page_of(rows, limit, lambda run: (run.id,))


def span_of(items: Iterable[Item]) -> tuple[datetime, datetime] | None:
    """The oldest and the newest date of items, None when there are none."""
    dates = [item.published for item in items if item.published is not None]
    return (min(dates), max(dates)) if dates else None
