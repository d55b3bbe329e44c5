"""What people change about a source that is watched already."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from ingest.feed import Feed
from ingest.source_access import ACCESS, CREDENTIALS
from ingest.source_record import Record, SourceFileError, feeds_of
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.desk.audit import leave_line
from service.errors import Conflict, Invalid
from service.store.read_rest import get_source
from service.store.scope import Scope
from service.store.tables import SourceRow

# Field of a source file → column. Address and key stay: another address is another source.
CHANGEABLE = {
    "name": "name",
    "interval": "interval_s",
    "reliability": "reliability",
    "critical": "critical",
    "zone": "zone",
}


def change_source(premises: Premises, scope: Scope, source_id: int, fields: Mapping[str, str]) -> SourceRow:
    """Change name, interval (seconds), reliability, critical or zone, as texts as in a source file; "" clears a zone.

    `proxy`, and `user` with `password` or `header` with `value`, are how it is reached: "" clears them, and the four
    are replaced as one. Invalid names the field that cannot be used; then nothing is changed.
    """
    demand(scope, Permission.SOURCES)
    strange = [name for name in fields if name not in CHANGEABLE and name not in ACCESS]
    if strange:
        raise Invalid(f"'{strange[0][:40]}' of a source cannot be changed.", f"Change {', '.join(CHANGEABLE)}.")
    now = premises.clock()
    with premises.store.write() as session:
        row = get_source(session, scope, source_id)
        feed = _checked(row, fields)
        changed = {}
        for name in (name for name in fields if name in CHANGEABLE):
            value, column = getattr(feed, name), CHANGEABLE[name]
            if getattr(row, column) != value:
                changed[name] = value
                setattr(row, column, value)
        changed |= _set_access(row, feed, fields)
        if changed.keys() & {"interval", "has_proxy", "has_credentials"}:
            row.next_check_at = _sooner(row.next_check_at, now)
        session.add(row)
        if changed:
            leave_line(session, scope, now, "source.change", row.id, key=row.key, **changed)
    return row


def _set_access(row: SourceRow, feed: Feed, fields: Mapping[str, str]) -> dict[str, bool]:
    """What the log may know of it: whether there is a proxy, and credentials, from now on."""
    told = {}
    if "proxy" in fields:
        row.proxy, told["has_proxy"] = feed.proxy, feed.proxy is not None
    if any(name in fields for name in CREDENTIALS):
        row.credentials = asdict(feed.credentials) if feed.credentials is not None else None
        told["has_credentials"] = row.credentials is not None
    return told


def _checked(row: SourceRow, fields: Mapping[str, str]) -> Feed:
    """The feed that these fields would make, read as a source file is read."""
    if "name" in fields and not fields["name"].strip():
        raise Invalid("A source needs a name.", "Give it one.")
    given = {"address": row.address, "name": row.name} | {name: text for name, text in fields.items() if text}
    try:
        (feed,) = feeds_of([Record(1, given)], "source")
    except SourceFileError as error:
        raise Invalid(f"{error.what[:1].upper()}{error.what[1:]}.", error.advice) from error
    return feed


def _sooner(at: datetime | None, now: datetime) -> datetime:
    """A new interval counts from now: the next look may have been a day away."""
    return now if at is None else min(at, now)


def look_now(premises: Premises, scope: Scope, source_id: int) -> SourceRow:
    """Have a source looked at by the next free worker. Conflict while its publisher's Retry-After holds us off."""
    demand(scope, Permission.SOURCES)
    now = premises.clock()
    with premises.store.write() as session:
        row = get_source(session, scope, source_id)
        if row.hold_until is not None and row.hold_until > now:
            raise Conflict(
                f"The publisher asked us to wait until {row.hold_until:%Y-%m-%d %H:%M} UTC.", "It is looked at then."
            )
        # One that was due before stays so: until somebody has looked, nothing is known.
        row.active, row.paused_until, row.next_check_at = True, None, _sooner(row.next_check_at, now)
        session.add(row)
        leave_line(session, scope, now, "source.look", row.id, key=row.key)
    return row


def remove_source(premises: Premises, scope: Scope, source_id: int) -> SourceRow:
    """Watch a source no more and show it nowhere; its entries stay, and adding its address again brings it back.

    Its proxy and credentials are forgotten.
    """
    demand(scope, Permission.SOURCES)
    now = premises.clock()
    with premises.store.write() as session:
        row = get_source(session, scope, source_id)
        row.active, row.paused_until, row.removed_at = False, None, now
        row.proxy = row.credentials = None
        session.add(row)
        leave_line(session, scope, now, "source.remove", row.id, key=row.key, address=row.address)
    return row
