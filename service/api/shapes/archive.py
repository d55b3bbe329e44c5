"""Imports of archives as the API answers them."""

from datetime import datetime

from pydantic import BaseModel

from service.store.tables import ArchiveRun


class ArchiveShape(BaseModel):
    """One import. `state` is running, done or failed; what it brought alerts nobody, whatever its state.

    `read` counts rows; those that are neither new, known nor unreadable lay outside the dates asked for.
    """

    id: int
    name: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    read: int
    new: int
    known: int
    unreadable: int
    oldest_at: datetime | None
    newest_at: datetime | None
    error: str | None


def archive_shape(run: ArchiveRun) -> ArchiveShape:
    """One import."""
    return ArchiveShape(
        id=run.id or 0,
        name=run.name,
        state=run.state,
        started_at=run.started_at,
        ended_at=run.ended_at,
        read=run.read,
        new=run.new,
        known=run.known,
        unreadable=run.unreadable,
        oldest_at=run.oldest_at,
        newest_at=run.newest_at,
        error=run.error,
    )
