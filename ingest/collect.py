"""The door of ingest: one look at a feed, from its address to new entries and the next state."""

import asyncio
import hashlib
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol

from ingest.entry import Entry, Item, digest
from ingest.feed import Collected, Feed, FeedState, Outcome
from ingest.fetch import LIMITS, Fetched, Limits, fetch, host_of
from ingest.health import observe
from ingest.http import Client
from ingest.looked import looked
from ingest.parse import Parsed, ParseError, parse_document
from ingest.rhythm import hold_until, next_check
from ingest.sift import sift
from ingest.state import state_of
from ingest.trouble import AddressRefused, FetchError, HttpError, TooLarge

log = logging.getLogger(__name__)

Run = Callable[[Callable[[], Parsed]], Awaitable[Parsed]]
_LOST_PATIENCE = 3  # failures in a row after which a remembered redirect is forgotten and the given address tried
_PARSERS = 2  # documents read at the same time; more threads would only wait for each other's interpreter lock


class Parser(Protocol):
    """What `ingest.parse.parse_document` is: bytes to items, ParseError with one sentence."""

    def __call__(
        self, body: bytes, *, content_type: str | None, base: str | None, zone: str | None, now: datetime
    ) -> Parsed: ...


async def collect(
    feed: Feed,
    state: FeedState,
    client: Client,
    now: datetime,
    *,
    jitter: float = 0.5,
    run: Run = asyncio.to_thread,
    limits: Limits = LIMITS,
    parse: Parser = parse_document,
) -> Collected:
    """Look at the feed once. Trouble with it is an outcome with one sentence in `state.error`, never an exception.

    `run` takes the parsing off the event loop; `jitter` in 0–1 spreads the next look. Validators, body hash and known
    items move on only after a document was read, so nothing that could not be read is ever taken for seen.
    """
    look = _Look(feed, state, now, jitter)
    try:
        address = state.address or feed.address
        fetched = await fetch(client, address, etag=state.etag, modified=state.modified, limits=limits)
        if fetched.status == 304 or _hash(fetched.body) == state.body_hash:
            return look.unchanged(fetched)
        source = {"content_type": fetched.content_type, "base": fetched.address, "zone": feed.zone}
        return look.read(fetched, await run(partial(parse, fetched.body, now=now, **source)))
    except (FetchError, ParseError) as error:
        return look.failed(error)
    except Exception as error:
        log.exception("feed %s could not be collected", feed.key)
        name = type(error).__name__
        return look.failed(ParseError(f"The document could not be read ({name}); the log has the details."))


async def collect_many(
    jobs: Iterable[tuple[Feed, FeedState]],
    client: Client,
    now: datetime,
    *,
    concurrency: int = 16,
    per_host: int = 2,
    limits: Limits = LIMITS,
    parse: Parser = parse_document,
    parse_seconds: float = 60.0,
) -> AsyncGenerator[tuple[Feed, Collected], None]:
    """Look at many feeds at once; each result as it completes, so a slow host delays no other.

    At most `concurrency` looks are under way, `per_host` of them at one host; a look counts until its result is taken,
    so a slow taker is not flooded. A document that takes longer than `parse_seconds` to read fails its own feed only.
    Close the generator early (`aclose`) to cancel what is under way.
    """
    done: asyncio.Queue[tuple[Feed, Collected] | Exception] = asyncio.Queue(maxsize=1)
    slots = asyncio.Semaphore(concurrency)
    hosts: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(per_host))
    pool = ThreadPoolExecutor(max_workers=_PARSERS, thread_name_prefix="parse")
    once = partial(collect, client=client, now=now, run=_bounded(pool, parse_seconds), limits=limits, parse=parse)

    async def look(feed: Feed, state: FeedState) -> None:
        # The host comes first: whoever waits for a busy host must not hold a slot meanwhile.
        async with hosts[host_of(state.address or feed.address)], slots:
            try:
                await done.put((feed, await once(feed, state, jitter=_jitter(feed, state))))
            except Exception as error:  # a mistake of ours: the taker must hear of it and not wait for ever
                await done.put(error)

    tasks = [asyncio.create_task(look(feed, state)) for feed, state in jobs]
    try:
        for _ in tasks:
            yield _result(await done.get())
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        await _cancel(tasks)


def _result(found: tuple[Feed, Collected] | Exception) -> tuple[Feed, Collected]:
    if isinstance(found, Exception):
        raise found
    return found


def _bounded(pool: ThreadPoolExecutor, seconds: float) -> Run:
    """Run in the pool; a parser that hangs fails its own feed, and the time counts from when it gets a thread."""
    threads = asyncio.Semaphore(_PARSERS)

    async def run(work: Callable[[], Parsed]) -> Parsed:
        async with threads:
            try:
                reading = asyncio.get_running_loop().run_in_executor(pool, work)
                return await asyncio.wait_for(reading, seconds)
            except TimeoutError:
                raise ParseError(
                    f"The document took more than {seconds:g} s to read and was given up; look at its form."
                ) from None

    return run


async def _cancel(tasks: Iterable[asyncio.Task[None]]) -> None:
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at a feed, and the ways it can end."""

    feed: Feed
    state: FeedState
    now: datetime
    jitter: float

    def unchanged(self, fetched: Fetched) -> Collected:
        """The publisher, or the hash of the body, says that nothing changed."""
        after = self._succeeded(fetched)
        return self._ended(Outcome.UNCHANGED, after, fetched.max_age, seen=len(after.known), size=len(fetched.body))

    def read(self, fetched: Fetched, parsed: Parsed) -> Collected:
        """A document was read: its new and changed items become entries."""
        sifted = sift(parsed.items, self.state.known)
        feed, now = self.feed, self.now
        entries = tuple(Entry(feed.key, feed.reliability, feed.sharing, now, item) for item in sifted.fresh)
        after = replace(
            self._succeeded(fetched),
            body_hash=_hash(fetched.body),
            # An empty document is most often a mishap: what was there is remembered for when it comes back.
            known=sifted.known or self.state.known,
            last_entry=now if entries else self.state.last_entry,
        )
        outcome = Outcome.NEW if entries else Outcome.UNCHANGED if parsed.items else Outcome.EMPTY
        problems = (*parsed.problems, *sifted.problems)
        size, items = len(fetched.body), parsed.items
        ended = self._ended(outcome, after, fetched.max_age, entries, problems, len(items), size=size, items=items)
        return replace(ended, title=parsed.title)

    def failed(self, error: FetchError | ParseError) -> Collected:
        """Trouble: the sentence and the count are noted, all that was known stays."""
        failures = self.state.failures + 1
        after = replace(
            self.state,
            failures=failures,
            error=str(error),
            hold_until=hold_until(error.retry_after, self.now) if isinstance(error, HttpError) else None,
            address=None if _is_lost(error, failures) else self.state.address,
        )
        refused = isinstance(error, AddressRefused | TooLarge)
        return self._ended(Outcome.REFUSED if refused else Outcome.FAILED, after, error=error)

    def _succeeded(self, fetched: Fetched) -> FeedState:
        same = fetched.status == 304  # which need not repeat the validators
        return replace(
            self.state,
            etag=fetched.etag or (self.state.etag if same else None),
            modified=fetched.modified or (self.state.modified if same else None),
            address=fetched.moved or self.state.address,
            hold_until=None,
            failures=0,
            error=None,
            last_success=self.now,
        )

    def _ended(
        self,
        outcome: Outcome,
        after: FeedState,
        max_age: int | None = None,
        entries: tuple[Entry, ...] = (),
        problems: tuple[str, ...] = (),
        seen: int = 0,
        *,
        size: int = 0,
        items: Sequence[Item] | None = None,
        error: Exception | None = None,
    ) -> Collected:
        at = next_check(self.feed, after, outcome, self.now, self.jitter, max_age)
        look = looked(
            self.feed, self.now, outcome, entries=entries, items=items, size=size, error=error, problems=problems
        )
        after = replace(after, next_check=at, health=observe(after.health, look))
        return Collected(outcome, entries, after, problems, seen, word=state_of(self.feed, after, self.now))


def _is_lost(error: Exception, failures: int) -> bool:
    """True when the place a permanent redirect named is no good: back to the address that was given."""
    return failures >= _LOST_PATIENCE or (isinstance(error, HttpError) and error.status in {404, 410})


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _jitter(feed: Feed, state: FeedState) -> float:
    """A number in 0–1 that differs between feeds and between the failures of one, and is the same on every run."""
    return int(digest(feed.key, str(state.failures))[:8], 16) / 0xFFFFFFFF
