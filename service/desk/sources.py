"""What is watched."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ingest.feed import Feed
from ingest.source_record import Record, SourceFileError, feeds_of
from ingest.sources import read_sources, write_opml
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.desk.audit import leave_line
from service.errors import Conflict, Invalid, Refused
from service.store.read_rest import ARCHIVE, REPORTED, find_source, get_source, list_sources
from service.store.rows import feed_of
from service.store.scope import Scope
from service.store.source_health import word_of
from service.store.sources import add_sources, revive_sources
from service.store.tables import SourceRow


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import added, and how many of the file's sources were watched already."""

    added: int
    known: int


def add_source(premises: Premises, scope: Scope, fields: Mapping[str, str]) -> SourceRow:
    """Watch one more source. `fields` are those of a source file (`address`, `name`, `country` …), as texts.

    Invalid names the field that cannot be used, Conflict says that the address is watched already.
    """
    demand(scope, Permission.SOURCES)
    try:
        (feed,) = feeds_of([Record(1, {key: text for key, text in fields.items() if text})], "source")
    except SourceFileError as error:
        raise Invalid(f"{error.what[:1].upper()}{error.what[1:]}.", error.advice) from error
    now = premises.clock()
    with premises.store.write() as session:
        if not revive_sources(session, [feed], now) + add_sources(session, [feed], now):
            raise Conflict("This address is watched already.", "The list of sources shows it.")
        row = find_source(session, scope, address=feed.address)
        if row is None:
            raise Refused("This source bears a stricter mark than you are cleared for.", "Give it a wider mark.")
        leave_line(session, scope, now, "source.add", row.id, key=row.key, address=row.address)
    return row


def import_sources(premises: Premises, scope: Scope, text: str, filename: str) -> Imported:
    """Watch what a source file names: OPML, YAML or one address a line. All or, when it has a fault, nothing."""
    demand(scope, Permission.SOURCES)
    try:
        feeds = read_sources(text, filename)
    except SourceFileError as error:
        raise Invalid(f"{error.filename}, line {error.line}: {error.what}.", error.advice) from error
    now = premises.clock()
    with premises.store.write() as session:
        added = revive_sources(session, feeds, now) + add_sources(session, feeds, now)
        leave_line(session, scope, now, "source.import", "", file=filename, added=added, named=len(feeds))
    return Imported(added, len(feeds) - added)


def export_sources(premises: Premises, scope: Scope) -> str:
    """OPML 2.0 of every source that the reader may see; importing it elsewhere gives the same sources."""
    demand(scope, Permission.READ)
    feeds: list[Feed] = []
    cursor: str | None = None
    with premises.store.read() as session:
        while True:
            page = list_sources(session, scope, limit=200, cursor=cursor, archives=False)
            feeds += [replace(feed_of(row), address=row.address) for row in page.items]
            cursor = page.next
            if cursor is None:
                return write_opml(feeds)


def pause_source(premises: Premises, scope: Scope, source_id: int, until: datetime | None = None) -> SourceRow:
    """Look at a source no more, until a time or until it is resumed."""
    now = premises.clock()
    if until is not None and until <= now:
        raise Invalid("The pause would end before it begins.", "Give a time to come.")
    return _set_pause(premises, scope, source_id, active=until is not None, until=until)


def resume_source(premises: Premises, scope: Scope, source_id: int) -> SourceRow:
    """Look at a source again, and now; Retry-After holds all the same."""
    return _set_pause(premises, scope, source_id, active=True, until=None)


def _set_pause(premises: Premises, scope: Scope, source_id: int, *, active: bool, until: datetime | None) -> SourceRow:
    demand(scope, Permission.SOURCES)
    now = premises.clock()
    with premises.store.write() as session:
        row = get_source(session, scope, source_id)
        if row.address.startswith(REPORTED):
            raise Conflict("Nothing is fetched here: people bring these reports.", "Leave this source as it is.")
        if row.kind == ARCHIVE:
            raise Conflict(f"'{row.key}' holds an archive and is never looked at.", "Add the address of its feed.")
        resumed = active and until is None
        row.active, row.paused_until = active, until
        row.next_check_at = now if resumed else row.next_check_at
        session.add(row)
        end = {"until": until.isoformat()} if until is not None else {}
        leave_line(session, scope, now, "source.resume" if resumed else "source.pause", row.id, key=row.key, **end)
    return row


def source_state(row: SourceRow, now: datetime) -> str:
    """How a source does at this moment, in one word of `ingest.health.State`."""
    return word_of(row, now).value
