"""The catalogue at the desk: what it offers, what of it is watched, and how evenly both cover the world."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import Session

from ingest.catalogue.balance import Balance, weigh
from ingest.catalogue.packs import Pack, packs
from ingest.catalogue.read import Listed, catalogue, find_listed
from ingest.feed import Feed, FeedState, Outcome
from ingest.http import Client
from ingest.visitor import collect_many
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.desk.audit import leave_line
from service.errors import Invalid, NotFound
from service.store.read_rest import list_sources
from service.store.rows import feed_of
from service.store.scope import Scope
from service.store.sources import add_sources
from service.store.tables import SourceRow

Of = Literal["catalogue", "watched"]


@dataclass(frozen=True, slots=True)
class PackCount:
    """A pack, how many sources it holds, and how many of them are watched."""

    pack: Pack
    sources: int
    watched: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken from the catalogue: sources added now, and those that were watched already."""

    added: tuple[str, ...]
    known: tuple[str, ...]


def get_listed(key: str) -> Listed:
    """One entry of the catalogue; NotFound when there is none of that key."""
    found = find_listed(key)
    if found is None:
        raise NotFound(f"The catalogue has no source '{key[:100]}'.", "`watchfire catalogue list` shows them.")
    return found


def get_pack(key: str) -> Pack:
    """One pack; NotFound names those there are."""
    if key not in packs():
        raise NotFound(f"There is no pack '{key[:60]}'.", f"There are {', '.join(packs())}.")
    return packs()[key]


def take(premises: Premises, scope: Scope, keys: Sequence[str] = (), pack: str = "") -> Taken:
    """Watch sources of the catalogue: those of the keys and those of the pack. All or, when a key is unknown, none.

    Pages without a feed are watched only where their entry brings a rule; a pack passes over the others.
    """
    demand(scope, Permission.SOURCES)
    return _added(premises, scope, chosen_of(keys, pack), pack)


async def try_listed(
    client: Client, chosen: Iterable[Listed], now: datetime
) -> AsyncGenerator[tuple[Listed, str], None]:
    """Look once at each, politely and several at a time, as they answer: "" or a sentence on why it brings nothing.

    Nothing is stored.
    """
    by_key = {one.feed.key: one for one in chosen}
    jobs = [(one.feed, FeedState()) for one in by_key.values()]
    async for feed, collected in collect_many(jobs, client, now):
        empty = "It can be read and holds nothing." if collected.outcome is Outcome.EMPTY else ""
        yield by_key[feed.key], collected.state.error or empty


def chosen_of(keys: Sequence[str] = (), pack: str = "") -> list[Listed]:
    """The entries of the keys and of the pack, each once. NotFound for what there is not, Invalid for no choice."""
    chosen = [get_listed(key) for key in dict.fromkeys(keys)]
    if pack:
        in_pack = [one for one in catalogue() if get_pack(pack).key in one.packs]
        chosen += [one for one in in_pack if one not in chosen and is_readable(one)]
    if not chosen:
        raise Invalid("Nothing was chosen.", "Name keys of sources or a pack.")
    unreadable = [one for one in chosen if not is_readable(one)]
    if unreadable:
        raise Invalid(
            f"{unreadable[0].feed.name} is a page without a feed.",
            f"Run `watchfire source add {unreadable[0].feed.address}`, which looks for a way to read it.",
        )
    return chosen


def is_readable(listed: Listed) -> bool:
    """False for a page without a feed for which nobody has written a rule."""
    return listed.format != "page" or listed.feed.rule is not None


def _added(premises: Premises, scope: Scope, chosen: list[Listed], pack: str) -> Taken:
    now = premises.clock()
    with premises.store.write() as session:
        before = {row.address for row in _all(session, scope)}
        added = add_sources(session, [one.feed for one in chosen], now)
        detail = {"pack": pack} if pack else {"keys": [one.feed.key for one in chosen]}
        leave_line(session, scope, now, "source.take", "", added=added, **detail)
    fresh = [one.feed.key for one in chosen if one.feed.address not in before]
    return Taken(tuple(fresh), tuple(one.feed.key for one in chosen if one.feed.address in before))


def watched_feeds(premises: Premises, scope: Scope) -> tuple[Feed, ...]:
    """What is watched, as far as the reader may see it; paused sources are not."""
    with premises.store.read() as session:
        return tuple(feed_of(row) for row in _all(session, scope) if row.active)


def watched_addresses(premises: Premises, scope: Scope) -> dict[str, str]:
    """Addresses that are watched, with the keys of their sources; a source that moved has two addresses."""
    with premises.store.read() as session:
        rows = _all(session, scope)
    return {address: row.key for row in rows for address in (row.moved_to, row.address) if address}


def count_packs(watched: Iterable[str]) -> tuple[PackCount, ...]:
    """Every pack with its numbers; `watched` are the addresses that are watched."""
    known = frozenset(watched)
    return tuple(_count(pack, known) for pack in packs().values())


def _count(pack: Pack, watched: frozenset[str]) -> PackCount:
    held = [one for one in catalogue() if pack.key in one.packs]
    return PackCount(pack, len(held), sum(one.feed.address in watched for one in held))


def balance_of(premises: Premises, scope: Scope, of: Of) -> Balance:
    """How evenly the catalogue, or what is watched, covers the world."""
    demand(scope, Permission.READ)
    return weigh(watched_feeds(premises, scope) if of == "watched" else (one.feed for one in catalogue()))


def _all(session: Session, scope: Scope) -> list[SourceRow]:
    rows: list[SourceRow] = []
    cursor: str | None = None
    while True:
        page = list_sources(session, scope, limit=200, cursor=cursor)
        rows, cursor = rows + page.items, page.next
        if cursor is None:
            return rows
