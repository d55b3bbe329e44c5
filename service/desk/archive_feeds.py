"""Reading feeds backwards into the archive: each feed to its end, one page of a host at a time."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ingest.archive_feeds import Ended, FeedPage, Way, walk_back
from ingest.entry import DateQuality, Item
from ingest.feed import Feed
from ingest.fetch import host_of
from ingest.http import Client
from ingest.source_record import SourceFileError
from ingest.sources import read_sources
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.desk.archives import Tally, is_wanted, note_counts, running
from service.errors import Invalid
from service.store.archives import Shelf, keep_archived, shelf_at
from service.store.scope import Scope

AT_ONCE = 8  # feeds


@dataclass(frozen=True, slots=True)
class Paging:
    """What is read: the text of a source file, pages of each feed at most, the date to stop at, seconds between."""

    name: str
    text: str
    pages: int = 50
    since: datetime | None = None
    wait: float = 2.0


@dataclass
class Told:
    """What came of it: the counts, and for each feed one line that says how far it was read and why it ended."""

    tally: Tally = field(default_factory=Tally)
    lines: list[str] = field(default_factory=list)


async def import_feeds(premises: Premises, scope: Scope, client: Client, asked: Paging) -> Told:
    """Read every feed of the file backwards. Feeds that are not watched are kept as sources that rest.

    A feed that fails says so and stops no other. Invalid says what is wrong with the file.
    """
    demand(scope, Permission.SOURCES)
    try:
        feeds = read_sources(asked.text, asked.name)
    except SourceFileError as error:
        raise Invalid(f"{error.filename}, line {error.line}: {error.what}.", error.advice) from error
    told = Told()
    with running(premises, scope, asked.name, told.tally):
        with premises.store.write() as session:
            shelves = {feed.address: shelf_at(session, feed, premises.clock()) for feed in feeds}
        reader = _Reader(premises, client, asked, told, shelves)
        async with asyncio.TaskGroup() as group:
            for feed in feeds:
                group.create_task(reader.read(feed))
    return told


class _Reader:
    """Reads feeds side by side; storing goes one after the other."""

    def __init__(
        self, premises: Premises, client: Client, asked: Paging, told: Told, shelves: Mapping[str, Shelf]
    ) -> None:
        self._premises, self._client, self._asked, self._told = premises, client, asked, told
        self._shelves = shelves
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._hosts: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(1))
        self._storing = asyncio.Lock()

    async def read(self, feed: Feed) -> None:
        """One feed to its end."""
        way = Way(self._asked.pages, self._asked.since, self._asked.wait, feed.zone)
        pages = entries = 0
        async with self._hosts[host_of(feed.address)], self._slots:
            async for found in walk_back(self._client, feed.address, way, self._premises.clock()):
                if isinstance(found, Ended):
                    mark = "!" if found.failed else " "
                    self._told.lines.append(f"{mark} {feed.key}: {pages} pages, {entries} new entries; {found.why}.")
                else:
                    pages = found.number
                    async with self._storing:
                        entries += await asyncio.to_thread(self._keep, self._shelves[feed.address], found)

    def _keep(self, shelf: Shelf, page: FeedPage) -> int:
        tally = self._told.tally
        dated = [item for item in page.items if _is_dated(item)]
        wanted = [item for item in dated if is_wanted(item, self._asked.since, None)]
        tally.read += len(page.items)
        tally.unreadable += len(page.items) - len(dated)
        tally.outside += len(dated) - len(wanted)
        tally.span(wanted)
        with self._premises.store.write() as session:
            kept = keep_archived(session, {shelf: wanted}, tally.run, self._premises.clock())
            tally.new += kept.new
            tally.known += kept.known
            note_counts(session, tally)
        return kept.new


def _is_dated(item: Item) -> bool:
    return item.published is not None and item.date_quality is not DateQuality.FUTURE
