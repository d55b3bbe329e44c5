"""The index of open events, kept from one batch to the next: only what changed since is read.

Reading 20,000 open events of one country for each batch cost 6 ms an entry. Now their numbers are held against the
database, by a count of changes that every writer leaves; what was put by a transaction that is rolled back is thrown
away with the index, and made anew.
"""

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlmodel import Session

from scoring.joint.weights import load
from service.record.nearby import Nearby
from service.store.open_events import candidates_of, open_stamps

MOST_GONE = 20_000  # empty slots, over which it is made anew
OTHER = -1  # what an event is known by whose change is not looked up yet


@dataclass
class _Kept:
    """An index, and by which count of changes each of its events was read."""

    nearby: Nearby
    stamps: dict[int, int] = field(default_factory=dict)


_kept: "WeakKeyDictionary[Any, _Kept]" = WeakKeyDictionary()
_lock = Lock()


def kept_nearby(session: Session, now: datetime) -> Nearby:
    """The open events as they stand in this transaction. While it lasts the index is its own; it is kept when it ends
    well."""
    engine = session.get_bind()
    with _lock:
        found = _kept.pop(engine, None)  # another transaction at the same time makes its own
    if found is None or found.nearby.gone > MOST_GONE:
        found = _Kept(Nearby((), load().axes))
    _renew(session, found, now)
    _keep_after(session, engine, found)
    return found.nearby


def _renew(session: Session, kept: _Kept, now: datetime) -> None:
    kept.stamps.update((int(key), OTHER) for key in kept.nearby.moved)
    there = dict(open_stamps(session, now))
    changed = sorted(number for number, touched in there.items() if kept.stamps.get(number) != touched)
    over = [str(number) for number in kept.stamps if number not in there]
    kept.nearby.renew(candidates_of(session, changed), over)
    kept.stamps = there


def _keep_after(session: Session, engine: Any, kept: _Kept) -> None:
    def committed(_session: Any) -> None:
        with _lock:
            _kept[engine] = kept

    event.listen(session, "after_commit", committed, once=True)
