"""The door of ingest: one look at a feed, from its address to new entries and the next state."""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Protocol

from ingest.advice import Memory, is_truncated, weigh
from ingest.entry import Entry, Item
from ingest.feed import Collected, Feed, FeedState, Outcome
from ingest.fetch import LIMITS, Fetched, Limits, fetch, way_to
from ingest.health import observe
from ingest.http import Client
from ingest.looked import looked
from ingest.rhythm import hold_until, next_check
from ingest.robots import Robots
from ingest.sift import Sifted, sift
from ingest.state import state_of
from ingest.trouble import AddressRefused, FetchError, HttpError, ParseError, RobotsRefused, TooLarge

if TYPE_CHECKING:
    from ingest.parse import Parsed
    from ingest.parsers.document import Seen

log = logging.getLogger(__name__)

Run = Callable[[Callable[[], "Parsed"]], Awaitable["Parsed"]]
_LOST_PATIENCE = 3  # failures in a row after which a remembered redirect is forgotten and the given address tried


class Parser(Protocol):
    """What `ingest.parse.parse_document` is: bytes to items, ParseError with one sentence."""

    def __call__(
        self, body: bytes, *, content_type: str | None, base: str | None, zone: str | None, now: datetime, seen: "Seen"
    ) -> "Parsed": ...


async def collect(
    feed: Feed,
    state: FeedState,
    client: Client,
    now: datetime,
    *,
    jitter: float = 0.5,
    run: Run = asyncio.to_thread,
    limits: Limits = LIMITS,
    parse: Parser | None = None,
    robots: Robots | None = None,
) -> Collected:
    """Look at the feed once. Trouble with it is an outcome with one sentence in `state.error`, never an exception.

    `run` takes the parsing off the event loop; `jitter` in 0–1 spreads the next look; `parse` is the parser that ships
    unless another is given; `robots` remembers what sites allow of pages. Validators, body hash and known items move on
    only after a document was read, so nothing that could not be read is ever taken for seen. Travel advice that cannot
    be true is held back (`ingest.advice`).
    """
    look = _Look(feed, state, now, jitter)
    try:
        address, way = state.address or feed.address, way_to(feed)
        if feed.rule is not None:
            await (robots or Robots()).permit(client, address, now, limits=limits, way=way)
        fetched = await fetch(client, address, etag=state.etag, modified=state.modified, limits=limits, way=way)
        body_hash = _hash(fetched.body)
        if fetched.status == 304 or body_hash == state.body_hash:
            return look.unchanged(fetched)
        parsed = _known(feed, state, fetched, now) if parse is None and feed.rule is None else None
        if parsed is None:
            parsed = await run(partial(_parsed, feed, state, fetched, now, parse))
        return look.read(fetched, body_hash, parsed)
    except (FetchError, ParseError) as error:
        return look.failed(error)
    except Exception as error:
        log.exception("feed %s could not be collected", feed.key)
        name = type(error).__name__
        return look.failed(ParseError(f"The document could not be read ({name}); the log has the details."))


def _known(feed: Feed, state: FeedState, fetched: Fetched, now: datetime) -> "Parsed | None":
    """What a document holds that is known but for a few items, None for any other.

    On the event loop: half a millisecond, where handing it to another thread and back takes twice as much.
    """
    if not state.marks:
        return None
    reading = _reading()
    seen = reading.seen(state.marks, state.known)
    return reading.known(
        fetched.body, content_type=fetched.content_type, base=fetched.address, zone=feed.zone, now=now, seen=seen
    )


def _parsed(feed: Feed, state: FeedState, fetched: Fetched, now: datetime, parse: Parser | None) -> "Parsed":
    reading = _reading()
    parser = parse or (_page(feed.rule) if feed.rule is not None else reading.document)
    seen = reading.seen(state.marks, state.known)
    return parser(
        fetched.body, content_type=fetched.content_type, base=fetched.address, zone=feed.zone, now=now, seen=seen
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is needed only once a document came."""

    document: Parser
    known: "Callable[..., Parsed | None]"
    seen: Callable[[Mapping[str, str], Mapping[str, str]], "Seen"]


@cache
def _reading() -> _Reading:
    # Imported when the first document has come: a round of looks that finds nothing new needs no parser, and is spared
    # what feedparser, nh3, babel and the tables of names cost (the first document of a round: 90 to 120 ms).
    from ingest.parse import Seen, parse_document, parse_known  # noqa: PLC0415

    return _Reading(parse_document, parse_known, Seen)


def _page(rule: Mapping[str, object]) -> Parser:
    from ingest.page import page_parser  # noqa: PLC0415 -- 30 ms, for the few sources that are pages

    return page_parser(rule)


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

    def read(self, fetched: Fetched, body_hash: str, parsed: "Parsed") -> Collected:
        """A document was read: its new and changed items become entries, unless it cannot be true."""
        sifted = sift(parsed.items, self.state.known)
        memory = self.state.memory
        if levels := _levels(parsed.items, memory):
            weighed = weigh(memory, levels, self.now)
            if weighed.doubt is not None:
                return self._held(weighed.doubt, weighed.memory, weighed.passable, sifted, fetched, parsed)
            memory = weighed.memory
        ended = self._read(fetched, parsed, sifted, memory)
        return replace(ended, title=parsed.title, state=replace(ended.state, body_hash=body_hash))

    def _read(self, fetched: Fetched, parsed: "Parsed", sifted: Sifted, memory: Memory) -> Collected:
        entries = self._entries(sifted.fresh)
        cut = self._cut(parsed, sifted)
        # An empty document is most often a mishap, and a list that is cut short certainly one: what was there is
        # remembered for when it comes back.
        forgets = bool(sifted.known) and cut is None
        after = replace(
            self._succeeded(fetched),
            known=sifted.known if forgets else {**self.state.known, **sifted.known},
            marks=sifted.marks if forgets else {**self.state.marks, **sifted.marks},
            memory=memory,
            last_entry=self.now if entries else self.state.last_entry,
        )
        outcome = Outcome.NEW if entries else Outcome.UNCHANGED if parsed.items else Outcome.EMPTY
        problems = tuple(dict.fromkeys((*parsed.problems, *sifted.problems, *((cut,) if cut else ()))))
        return self._ended(
            outcome, after, fetched.max_age, entries, problems, len(parsed.items),
            size=len(fetched.body), items=parsed.items,
        )  # fmt: skip

    def _held(
        self, doubt: str, memory: Memory, passable: frozenset[str], sifted: Sifted, fetched: Fetched, parsed: "Parsed"
    ) -> Collected:
        """Travel advice that cannot be true: only what may pass all the same is taken over."""
        passed = [item for item in sifted.fresh if item.key in passable]
        entries = self._entries(passed)
        after = replace(
            self.state,
            error=doubt,
            memory=memory,
            known={**self.state.known, **{item.key: item.raw_hash for item in passed}},
            marks={**self.state.marks, **{item.mark: item.key for item in passed}},
            last_entry=self.now if entries else self.state.last_entry,
        )
        return self._ended(
            Outcome.HELD, after, fetched.max_age, entries, (doubt, *parsed.problems), len(parsed.items),
            size=len(fetched.body), items=parsed.items,
        )  # fmt: skip

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
        refused = isinstance(error, AddressRefused | TooLarge | RobotsRefused)
        return self._ended(Outcome.REFUSED if refused else Outcome.FAILED, after, error=error)

    def _entries(self, items: Sequence[Item]) -> tuple[Entry, ...]:
        feed = self.feed
        return tuple(Entry(feed.key, feed.reliability, feed.sharing, self.now, item) for item in items)

    def _cut(self, parsed: "Parsed", sifted: Sifted) -> str | None:
        """One sentence when a sanctions list ends too early: then nothing is taken for de-listed."""
        if parsed.format != "sanctions":
            return None
        return is_truncated(self.state.known, sifted.known, problems=parsed.problems)

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
        word, remembers = state_of(self.feed, after, self.now), items is not None
        return Collected(outcome, entries, after, problems, seen, word=word, remembers=remembers)


def _levels(items: Sequence[Item], memory: Memory) -> dict[str, str | None]:
    """Key → level of travel advice, {} for documents of another kind. Items that were not cleaned keep theirs."""
    is_advice = any(item.extra.get("record") == "advisory" for item in items if not item.is_known)
    if not is_advice and not memory.levels:
        return {}
    found: dict[str, str | None] = {}
    for item in items:
        level = memory.levels.get(item.key) if item.is_known else item.extra.get("advisory_level")
        found.setdefault(item.key, level)
    return found


def _is_lost(error: Exception, failures: int) -> bool:
    """True when the place a permanent redirect named is no good: back to the address that was given."""
    return failures >= _LOST_PATIENCE or (isinstance(error, HttpError) and error.status in {404, 410})


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
