"""The first stage of the walk: claim due sources, look at them, store what they bring. It imports no model and no web.

Claiming, looking and storing go on side by side: a source that keeps us waiting holds up neither the next claim nor
anybody else's results.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from ingest.feed import Collected, Feed
from ingest.fetch import LIMITS, Limits
from ingest.http import Client
from ingest.visitor import Gates, Visitor
from service.log import logger
from service.store.collected import Stored, store_looks
from service.store.engine import Store
from service.store.sources import Due, claim_sources, release_sources

PATIENCE = 0.5  # seconds that a round waits for results before it looks whether something else is due
log = logger(__name__)


class Counting(Protocol):
    """What counts the visits; `service.observe.Metrics` does, and is not imported for it: that costs 50 ms."""

    def visited(self, outcome: str, new: int, revised: int) -> None:
        """One look at a source."""


@dataclass(frozen=True)
class Collecting:
    """What collecting needs of the world."""

    store: Store
    client: Client
    metrics: Counting | None
    by: str
    clock: Callable[[], datetime]
    concurrency: int = 16
    limits: Limits = LIMITS
    gates: Gates = field(default_factory=Gates)


@dataclass(frozen=True, slots=True)
class Visits:
    """What a round of visits brought."""

    sources: int = 0
    new: int = 0
    revised: int = 0
    failed: int = 0

    def __add__(self, other: "Visits") -> "Visits":
        """Both together."""
        return Visits(
            self.sources + other.sources, self.new + other.new, self.revised + other.revised, self.failed + other.failed
        )


class Collector:
    """Looks that go on over many rounds; of one event loop, closed at the end."""

    def __init__(self, given: Collecting) -> None:
        self._given = given
        self._visitor = Visitor(given.client, given.concurrency, given.gates, given.limits)
        self._ids: dict[str, int] = {}
        self._ending = False

    def end(self) -> None:
        """Begin no more looks: a round under way stores what has come and returns, also where something is always
        due."""
        self._ending = True

    async def round(self) -> Visits:
        """Look at everything that is due by now. Slow looks go on; a later round stores what they bring."""
        total = Visits()
        while True:
            claimed = await self._claim(self._given.clock())
            found = await self._store(PATIENCE)
            total += found
            if self._ending or not (claimed or found.sources):
                return total

    async def all(self, *, all_active: bool) -> Visits:
        """Look at everything that is due, or at every active source, and wait for all of it."""
        total, started = Visits(), self._given.clock()
        while await self._claim(started, all_active=all_active) or self._visitor.under_way:
            total += await self._store(None)
        return total

    async def aclose(self) -> None:
        """Give up what is under way; it stays due."""
        await self._visitor.aclose()
        await asyncio.to_thread(self._release)

    async def _claim(self, now: datetime, *, all_active: bool = False) -> bool:
        room = self._visitor.room
        if self._ending or room < self._given.concurrency:  # not one by one: a claim is a transaction
            return False
        due = await asyncio.to_thread(self._claimed, now, room, all_active)
        self._ids |= {one.feed.key: one.id for one in due}
        self._visitor.add([(one.feed, one.state) for one in due], self._given.clock())
        return bool(due)

    def _claimed(self, now: datetime, room: int, all_active: bool) -> list[Due]:
        with self._given.store.write() as session:
            return claim_sources(session, now, self._given.by, room, all_active=all_active)

    async def _store(self, patience: float | None) -> Visits:
        if not self._visitor.under_way:
            return Visits()
        found = await self._visitor.results(patience)
        if not found:
            return Visits()
        looks = [(self._ids[feed.key], collected) for feed, collected in found]
        stored = await asyncio.to_thread(self._stored, looks)
        return sum((self._told(feed, look, stored[self._ids[feed.key]]) for feed, look in found), Visits())

    def _stored(self, looks: Sequence[tuple[int, Collected]]) -> dict[int, Stored]:
        with self._given.store.write() as session:
            return store_looks(session, looks, self._given.clock(), self._given.by)

    def _release(self) -> None:
        with self._given.store.write() as session:
            release_sources(session, self._given.by)

    def _told(self, feed: Feed, collected: Collected, stored: Stored) -> Visits:
        if self._given.metrics is not None:
            self._given.metrics.visited(collected.outcome.value, stored.new, stored.revised)
        failed = collected.outcome.value in ("failed", "refused", "held")
        if failed:
            # Told at the first failure and then ever more rarely: a dead source must not drown the others.
            times = collected.state.failures
            level = logging.WARNING if times & (times - 1) == 0 else logging.DEBUG
            log.log(level, "source %s: %s", feed.key, collected.state.error)
        elif stored.new or stored.revised:
            log.info("source %s: %d new, %d revised", feed.key, stored.new, stored.revised)
        if collected.state.address is not None and collected.state.address != feed.address:
            log.warning("source %s has moved for good; it is looked at where it went", feed.key)
        return Visits(1, stored.new, stored.revised, int(failed))


async def collect_all(given: Collecting, *, all_active: bool = False) -> Visits:
    """Visit the sources that are due (or all active ones) until none is left; everything found is stored."""
    collector = Collector(given)
    try:
        return await collector.all(all_active=all_active)
    finally:
        await collector.aclose()
