"""A trial look at an address, of which nothing is stored, and a source's first look."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from ingest.candidate import Candidate
from ingest.catalogue.packs import region_of
from ingest.catalogue.read import Listed, listed_at
from ingest.collect import collect
from ingest.discover import Discovery, PageLook, discover, whole_address
from ingest.feed import Collected
from ingest.http import Client
from ingest.page import guess_rule, parse_page
from ingest.parse import ParseError
from ingest.place.countries import CODES
from ingest.source_record import is_language
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.desk.audit import leave_line
from service.desk.sources import add_source
from service.store.collected import store_looks
from service.store.lease import holder
from service.store.read_rest import find_source, get_source, list_entries
from service.store.scope import Scope
from service.store.sources import Due
from service.store.tables import EntryRow, SourceRow
from service.store.visit import claim_source

FIRST = 5  # entries shown of a source that was just added


@dataclass(frozen=True, slots=True)
class Trial:
    """What a look at an address showed: feeds, what the catalogue has at this host, and which are watched already.

    `watched` maps addresses, of candidates and of the catalogue, to the keys of the sources that watch them.
    """

    discovery: Discovery
    listed: tuple[Listed, ...]
    watched: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FirstLook:
    """A source that was just added, with its first entries; `looked` is False when another worker was at it."""

    row: SourceRow
    entries: tuple[EntryRow, ...]
    looked: bool


def guess_page(text: str, address: str, now: datetime) -> PageLook | None:
    """How a page without a feed may be read: a proposed rule, and what it gives now. None when nothing repeats."""
    rule = guess_rule(text)
    if rule is None:
        return None
    try:
        parsed = parse_page(text.encode(), rule=rule, content_type="text/html; charset=utf-8", base=address, now=now)
    except ParseError:
        return None
    return PageLook(rule.as_mapping(), parsed.items)


async def try_address(premises: Premises, scope: Scope, client: Client, text: str) -> Trial:
    """Look for feeds behind an address that somebody pasted. Trouble is told in the discovery, not raised.

    A line in the log remembers who looked where, because the look goes out to somebody else's server.
    """
    demand(scope, Permission.SOURCES)
    address = whole_address(text)
    await asyncio.to_thread(_note, premises, scope, address)
    found = await discover(client, address, premises.clock(), guess=guess_page)
    return await asyncio.to_thread(_told, premises, scope, found)


def _note(premises: Premises, scope: Scope, address: str) -> None:
    with premises.store.write() as session:
        leave_line(session, scope, premises.clock(), "source.try", "", address=_without_password(address)[:500])


def _without_password(address: str) -> str:
    try:
        parts = urlsplit(address)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    except ValueError:
        return ""


def _told(premises: Premises, scope: Scope, found: Discovery) -> Trial:
    listed = listed_at(found.address)
    addresses = [found.address, *(one.address for one in found.candidates), *(one.feed.address for one in listed)]
    return Trial(found, listed, watched_at(premises, scope, addresses))


def watched_at(premises: Premises, scope: Scope, addresses: list[str]) -> dict[str, str]:
    """Of these addresses those that are watched, with the keys of their sources."""
    with premises.store.read() as session:
        rows = {address: find_source(session, scope, address=address) for address in addresses}
    return {address: row.key for address, row in rows.items() if row is not None}


def prefilled(candidate: Candidate, listed: tuple[Listed, ...] = ()) -> dict[str, str]:
    """The fields of a source file for a candidate: what the catalogue knows of it, else what it says of itself."""
    known = next((one for one in listed if one.feed.address == candidate.address), None)
    if known is not None:
        return listed_fields(known)
    country = candidate.country if candidate.country in CODES else ""
    language = (candidate.language or "").replace("_", "-")
    fields = {
        "address": candidate.address,
        "name": candidate.title,
        "kind": candidate.kind,
        "country": country,
        "language": language[:20] if is_language(language) else "",
        "region": region_of(country or "") or "",
    }
    return {name: text for name, text in fields.items() if text}


def listed_fields(listed: Listed) -> dict[str, str]:
    """The fields of a source file for an entry of the catalogue."""
    feed = listed.feed
    fields = {
        "key": feed.key,
        "address": feed.address,
        "name": feed.name,
        "kind": feed.kind,
        "country": feed.country,
        "language": feed.language,
        "reliability": feed.reliability,
        "interval": str(feed.interval),
        "zone": feed.zone,
        "region": feed.region,
        "terms": feed.terms,
    }
    return {name: text for name, text in fields.items() if text}


async def watch_now(premises: Premises, scope: Scope, client: Client, fields: Mapping[str, str]) -> FirstLook:
    """Watch one more source and look at it at once. Raises what `add_source` does; trouble of the look is in the row.

    Its entries are stored as those of any look, and walk on to the desk.
    """
    row = await asyncio.to_thread(add_source, premises, scope, fields)
    looked = await look_now(premises, client, row.id or 0)
    return await asyncio.to_thread(first_look, premises, scope, row.id or 0, looked)


async def look_now(premises: Premises, client: Client, source_id: int) -> bool:
    """Look at a source once, out of its turn; False when it is paused or being looked at."""
    by, now = holder(), premises.clock()
    due = await asyncio.to_thread(_claim, premises, source_id, by)
    if due is None:
        return False
    collected = await collect(due.feed, due.state, client, now)
    await asyncio.to_thread(_store, premises, source_id, collected, by)
    return True


def _claim(premises: Premises, source_id: int, by: str) -> Due | None:
    with premises.store.write() as session:
        return claim_source(session, source_id, premises.clock(), by)


def _store(premises: Premises, source_id: int, collected: Collected, by: str) -> None:
    with premises.store.write() as session:
        store_looks(session, [(source_id, collected)], premises.clock(), by)


def first_look(premises: Premises, scope: Scope, source_id: int, looked: bool = True) -> FirstLook:
    """A source as it stands, with the first of its entries in the order of their document."""
    with premises.store.read() as session:
        row = get_source(session, scope, source_id)
        page = list_entries(session, scope, source=row.key, limit=200)
    entries = sorted((entry for entry, _, _ in page.items), key=lambda entry: entry.id or 0)
    return FirstLook(row, tuple(entries[:FIRST]), looked)
