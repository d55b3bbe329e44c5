"""What happened in the store, as plain values that a person can write down beforehand."""

from collections import defaultdict

from sqlmodel import Session, col, select

from service.store.tables import EntryRow, EventEntry


def members(session: Session) -> dict[int, list[str]]:
    """Event → its entries of the story, each once, in the order in which they came in."""
    found: dict[int, list[str]] = defaultdict(list)
    query = (
        select(EventEntry.event_id, EntryRow.key)
        .join(EntryRow, col(EntryRow.id) == col(EventEntry.entry_id))
        .order_by(col(EntryRow.id))
    )
    for event, key in session.exec(query).all():
        piece = piece_of(key)
        if piece not in found[event]:
            found[event].append(piece)
    return dict(found)


def piece_of(key: str) -> str:
    """The entry of the story behind a guid."""
    return key.rsplit(":", 1)[-1].split(".")[0]
