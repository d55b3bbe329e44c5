"""What people do to events: merge, split, move. The machine respects it from then on."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from service.auth.access import demand_act
from service.auth.premises import Premises
from service.desk.audit import leave_line
from service.desk.words import one_line
from service.errors import Invalid
from service.record import act
from service.store.corrections import look_again
from service.store.engine import advisory_lock
from service.store.events import DECIDE_LOCK, Told
from service.store.log import LOG_LOCK
from service.store.rulings import (
    entries_in,
    held_event,
    live_alerts,
    owners_on,
    reshape,
    take_over,
    with_revisions,
)
from service.store.scope import Scope
from service.store.stage import are_apart
from service.store.tables import Event, Ruling

LONGEST_REASON = 500


def merge_events(premises: Premises, scope: Scope, event_id: int, into: int, reason: str = "") -> int:
    """Give everything that one event holds to another; answers the number of that other.

    Live alerts about the emptied event are dismissed as duplicates. Refused, NotFound, or Invalid.
    """
    if event_id == into:
        raise Invalid("An event cannot be merged with itself.", "Name another event.")
    reason, now = _reason(reason), premises.clock()
    with premises.store.write() as session:
        gone, kept = _opened(session, scope, event_id, into)
        moved = entries_in(session, event_id)
        if not moved:
            raise Invalid(f"Event {event_id} has no entries (any more).", "It may have been merged already.")
        take_over(session, moved, kept)
        _rule(session, scope, Ruling(at=now, actor=scope.actor, deed="merge", event_id=event_id, other_id=into,
                                     entries=moved, reason=reason))  # fmt: skip
        for alert in live_alerts(session, gone.id or 0):
            said = f"duplicate: merged into event {into}"
            act(session, alert, "dismiss", actor=scope.actor, reason=said, now=now, public_url=premises.public_url)
        _decide_anew(session, reshape(session, kept))
    return into


def split_event(premises: Premises, scope: Scope, event_id: int, entries: Sequence[int], reason: str = "") -> int:
    """Make a new event of some of an event's entries; answers its number. All revisions of an entry go with it."""
    reason, now = _reason(reason), premises.clock()
    with premises.store.write() as session:
        (event,) = _opened(session, scope, event_id)
        moved = _chosen(session, event_id, entries)
        fresh = _blank(session, event, now)
        take_over(session, moved, fresh)
        _rule(session, scope, Ruling(at=now, actor=scope.actor, deed="split", event_id=event_id,
                                     other_id=fresh.id or 0, entries=moved, reason=reason))  # fmt: skip
        for one in (event, fresh):
            _decide_anew(session, reshape(session, one))
        return fresh.id or 0


def move_entries(
    premises: Premises, scope: Scope, event_id: int, entries: Sequence[int], into: int, reason: str = ""
) -> int:
    """Give some of an event's entries to another event; answers the number of that other."""
    if event_id == into:
        raise Invalid("The entries are there already.", "Name another event.")
    reason, now = _reason(reason), premises.clock()
    with premises.store.write() as session:
        event, other = _opened(session, scope, event_id, into)
        moved = _chosen(session, event_id, entries)
        take_over(session, moved, other)
        _rule(session, scope, Ruling(at=now, actor=scope.actor, deed="move", event_id=event_id, other_id=into,
                                     entries=moved, reason=reason))  # fmt: skip
        for one in (event, other):
            _decide_anew(session, reshape(session, one))
    return into


def _reason(reason: str) -> str:
    reason = one_line(reason)
    if len(reason) > LONGEST_REASON:
        raise Invalid("The reason is too long.", f"Use at most {LONGEST_REASON} characters.")
    return reason


def _opened(session: Session, scope: Scope, *numbers: int) -> list[Event]:
    """The events, locked in the order in which the walk takes its locks, if the reader may act on them."""
    advisory_lock(session, DECIDE_LOCK)
    advisory_lock(session, LOG_LOCK)
    held = {number: held_event(session, scope, number) for number in sorted(numbers)}
    for number in numbers:
        demand_act(scope, owners_on(session, scope, number))
    if are_apart(session, *numbers):
        raise Invalid("One of the events is of the demonstration, the other is real.", "Keep them apart.")
    return [held[number] for number in numbers]


def _chosen(session: Session, event_id: int, entries: Sequence[int]) -> list[int]:
    here = set(entries_in(session, event_id))
    strange = [number for number in entries if number not in here]
    if strange or not entries:
        what = f"Entry {strange[0]} is not in event {event_id}." if strange else "No entry was named."
        raise Invalid(what, "Name entries of this event.")
    chosen = with_revisions(session, event_id, set(entries))
    if len(chosen) == len(here):
        raise Invalid("These are all entries of the event: none would be left.", "Merge it into the other instead.")
    return chosen


def _blank(session: Session, event: Event, now: datetime) -> Event:
    fresh = Event(
        title=event.title,
        language=event.language,
        countries=[],
        categories=[],
        subtypes=[],
        sharing=event.sharing,
        opened_at=now,
        last_at=now,
        vector=event.vector,
    )
    session.add(fresh)
    session.flush()
    return fresh


def _rule(session: Session, scope: Scope, ruling: Ruling) -> None:
    session.add(ruling)
    session.flush()
    detail = {"other": ruling.other_id, "entries": ruling.entries}
    said = detail | ({"reason": ruling.reason} if ruling.reason else {})
    leave_line(session, scope, ruling.at, f"event.{ruling.deed}", ruling.event_id, **said)


def _decide_anew(session: Session, told: Sequence[Told]) -> None:
    """Send the event through the walk's last step once more, by its newest entry that is no history."""
    current = [one.entry for one in told if not one.entry.archived]
    if current:
        look_again(session, current[-1])
