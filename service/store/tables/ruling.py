"""Rulings: what a person said of events over the machine."""

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant


class Ruling(SQLModel, table=True):
    """Entries were taken from `event_id` to `other_id`: by a `merge` all of them, by a `split` into a new event, by a
    `move` into one that was there. The machine never puts together again what was split or moved, and follows a merge.
    """

    __tablename__ = "ruling"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Instant)
    actor: str = Field(sa_type=CleanText)
    deed: str = Field(max_length=10)
    event_id: int = Field(foreign_key="event.id", index=True)
    other_id: int = Field(foreign_key="event.id", index=True)
    entries: list[int] = Field(sa_column=Column(JSON, nullable=False))
    reason: str = Field(sa_type=CleanText)
