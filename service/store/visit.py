"""One source to visit at once, out of its turn: for somebody who has just added it and waits."""

from datetime import datetime

from sqlmodel import Session, col

from service.store.lease import claim
from service.store.pace import paced, paces
from service.store.rows import feed_of, state_of
from service.store.sources import Due
from service.store.tables import SourceRow


def claim_source(session: Session, source_id: int, now: datetime, by: str) -> Due | None:
    """The source, held by this worker; None when it is paused or another worker is visiting it already."""
    this = [col(SourceRow.id) == source_id, col(SourceRow.active).is_(True)]
    if not claim(session, SourceRow, this, [col(SourceRow.id)], now=now, by=by, limit=1):
        return None
    row = session.get_one(SourceRow, source_id)
    session.refresh(row)
    return Due(source_id, paced(feed_of(row), paces(session, now)), state_of(row))
