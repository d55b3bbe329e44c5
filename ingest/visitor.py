"""Many looks at once, none of them holding up another: slots, a gate for each host, a side lane for the slow."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING

from ingest.collect import Parser, Run, collect
from ingest.entry import digest
from ingest.feed import Collected, Feed, FeedState
from ingest.fetch import LIMITS, Limits, host_of
from ingest.guard import Network
from ingest.http import Client
from ingest.robots import Robots
from ingest.trouble import ParseError

if TYPE_CHECKING:
    from ingest.parse import Parsed

Job = tuple[Feed, FeedState]
Result = tuple[Feed, Collected]
_PARSERS = 2  # documents read at the same time; more threads would only wait for each other's interpreter lock
_SIDE = 8  # slow looks under way for each slot; they cost memory only
_QUEUE = 4  # looks under way or waiting for each slot
_BATCH, _LINGER = 32, 0.05  # results handed over at once, and seconds in which more of them are waited for
_GATES = 4_096


class Gates:
    """One gate a host: at most `per_host` looks at once, `spacing` seconds between the starts of two.

    Hosts given by an address in one of the `free` networks, the operator's own, have no gate.
    """

    def __init__(self, per_host: int = 2, spacing: float = 0.0, free: Sequence[Network] = ()) -> None:
        self._per_host, self._spacing, self._free = per_host, spacing, tuple(free)
        self._gates: dict[str, _Gate] = {}
        self._slower: dict[str, float] = {}

    def keep_apart(self, host: str, seconds: float) -> None:
        """Let so many seconds pass between two looks at a host, if that is more than the spacing."""
        if seconds > self._spacing:
            self._slower[host] = seconds
        else:
            self._slower.pop(host, None)

    @asynccontextmanager
    async def through(self, host: str) -> AsyncIterator[None]:
        """Wait for one's turn at a host, and hold it."""
        if self._is_free(host):
            yield
            return
        if len(self._gates) > _GATES:
            self._gates = {name: gate for name, gate in self._gates.items() if gate.users}
        gate = self._gates.setdefault(host, _Gate(asyncio.Semaphore(self._per_host)))
        gate.users += 1
        try:
            async with gate.turns:
                await gate.wait(self._slower.get(host, self._spacing))
                yield
        finally:
            gate.users -= 1

    def _is_free(self, host: str) -> bool:
        try:
            address = ip_address(host.strip("[]"))
        except ValueError:
            return False
        return any(address in net for net in self._free)


@dataclass(slots=True)
class _Gate:
    turns: asyncio.Semaphore
    users: int = 0
    next_start: float = 0.0

    async def wait(self, spacing: float) -> None:
        now = asyncio.get_running_loop().time()
        start = max(now, self.next_start)
        self.next_start = start + spacing
        if start > now:
            await asyncio.sleep(start - now)


@dataclass(slots=True)
class _Slot:
    """A place among those under way; given back once, at the end or when the look turns out slow."""

    slots: asyncio.Semaphore
    is_held: bool = False

    async def take(self) -> None:
        await self.slots.acquire()
        self.is_held = True

    def give_back(self) -> None:
        if self.is_held:
            self.is_held = False
            self.slots.release()


@dataclass(eq=False)
class Visitor:
    """Looks at many feeds; used in one event loop, closed at the end.

    At most `concurrency` looks are under way, besides slow ones: after `slow_after` seconds a look gives its place to
    another and goes on in a side lane. A document that takes longer than `parse_seconds` to read fails its feed only.
    """

    client: Client
    concurrency: int = 16
    gates: Gates = field(default_factory=Gates)
    limits: Limits = LIMITS
    parse: Parser | None = None
    parse_seconds: float = 60.0
    slow_after: float = 5.0

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.concurrency)
        self._robots = Robots()
        self._pool = ThreadPoolExecutor(max_workers=_PARSERS, thread_name_prefix="parse")
        self._run = _bounded(self._pool, self.parse_seconds)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._slow: set[str] = set()
        self._done: asyncio.Queue[Result | Exception] = asyncio.Queue()

    @property
    def under_way(self) -> int:
        """Looks that have not ended, and results that nobody has taken yet."""
        return len(self._tasks) + self._done.qsize()

    @property
    def room(self) -> int:
        """How many more may be added now. Slow looks count only when they are very many."""
        aside = min(len(self._slow), _SIDE * self.concurrency)
        return max(_QUEUE * self.concurrency - self.under_way + aside, 0)

    def add(self, jobs: Iterable[Job], now: datetime) -> None:
        """Begin looks; a feed that is being looked at already is left alone."""
        for feed, state in jobs:
            if feed.key not in self._tasks:
                self._tasks[feed.key] = asyncio.create_task(self._look(feed, state, now))

    async def results(self, patience: float | None = None) -> list[Result]:
        """What has ended: at least one, and what else ends in the same moment. Empty after `patience` seconds."""
        try:
            async with asyncio.timeout(patience):
                found = [await self._done.get()]
        except TimeoutError:
            return []
        if self._tasks and self._done.qsize() < _BATCH:
            await asyncio.sleep(_LINGER)
        while not self._done.empty():
            found.append(self._done.get_nowait())
        return [_result(one) for one in found]

    async def aclose(self) -> None:
        """Give up what is under way."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self, feed: Feed, state: FeedState, now: datetime) -> None:
        slot = _Slot(self._slots)
        timer = asyncio.get_running_loop().call_later(self.slow_after, self._is_slow, feed.key, slot)
        try:
            # The host comes first: whoever waits for a busy host must not hold a place meanwhile.
            address = state.address or feed.address
            async with self.gates.through(host_of(address)):
                await slot.take()
                if feed.key in self._slow:
                    slot.give_back()
                found = await collect(
                    feed, state, self.client, now,
                    jitter=_jitter(feed, state), run=self._run, limits=self.limits, parse=self.parse,
                    robots=self._robots,
                )  # fmt: skip
            if feed.rule is not None:
                self.gates.keep_apart(host_of(address), self._robots.delay(address))
            self._done.put_nowait((feed, found))
        except Exception as error:  # a mistake of ours: the taker must hear of it and not wait for ever
            self._done.put_nowait(error)
        finally:
            timer.cancel()
            slot.give_back()
            self._slow.discard(feed.key)
            del self._tasks[feed.key]

    def _is_slow(self, key: str, slot: _Slot) -> None:
        if len(self._slow) < _SIDE * self.concurrency:
            self._slow.add(key)
            slot.give_back()


async def collect_many(
    jobs: Iterable[Job],
    client: Client,
    now: datetime,
    *,
    concurrency: int = 16,
    per_host: int = 2,
    limits: Limits = LIMITS,
    parse: Parser | None = None,
    parse_seconds: float = 60.0,
) -> AsyncGenerator[Result, None]:
    """Look at these feeds; each result as it completes. Close the generator early to give up what is under way."""
    visitor = Visitor(client, concurrency, Gates(per_host), limits, parse, parse_seconds)
    try:
        visitor.add(jobs, now)
        while visitor.under_way:
            for result in await visitor.results():
                yield result
    finally:
        await visitor.aclose()


def _result(found: Result | Exception) -> Result:
    if isinstance(found, Exception):
        raise found
    return found


def _bounded(pool: ThreadPoolExecutor, seconds: float) -> Run:
    """Run in the pool; a parser that hangs fails its own feed, and the time counts from when it gets a thread."""
    threads = asyncio.Semaphore(_PARSERS)

    async def run(work: Callable[[], "Parsed"]) -> "Parsed":
        async with threads:
            try:
                reading = asyncio.get_running_loop().run_in_executor(pool, work)
                return await asyncio.wait_for(reading, seconds)
            except TimeoutError:
                raise ParseError(
                    f"The document took more than {seconds:g} s to read and was given up; look at its form."
                ) from None

    return run


def _jitter(feed: Feed, state: FeedState) -> float:
    """A number in 0–1 that differs between feeds and between the failures of one, and is the same on every run."""
    return int(digest(feed.key, str(state.failures))[:8], 16) / 0xFFFFFFFF
