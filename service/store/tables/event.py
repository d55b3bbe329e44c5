"""Events: entries that report the same happening."""

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary
from sqlalchemy.event import listens_for
from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant


class Event(SQLModel, table=True):
    """A happening as it stands; its entries are in `event_entry`, its level is its alert's.

    `touched` counts its changes. With `source_id` it is no happening in the world but the trouble with one of our
    sources: no entry ever joins it.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_last_at", "last_at", "id"),
        Index("uq_event_source_id", "source_id", unique=True),
        Index("ix_event_open", "last_at", "source_id", "touched", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(sa_type=CleanText)
    language: str | None = Field(default=None, max_length=20)
    countries: list[str] = Field(sa_column=Column(JSON, nullable=False))
    categories: list[str] = Field(sa_column=Column(JSON, nullable=False))
    subtypes: list[str] = Field(sa_column=Column(JSON, nullable=False))
    sharing: str = Field(max_length=20)
    opened_at: datetime = Field(sa_type=Instant)
    last_at: datetime = Field(sa_type=Instant)
    vector: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    source_id: int | None = None
    touched: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


@listens_for(Event, "before_update")
def _touch(_mapper: object, _connection: object, event: Event) -> None:
    """Whoever keeps events in memory sees by this number which of them are other than they were."""
    event.touched += 1


class EventCountry(SQLModel, table=True):
    """Where an event happens: the way to the candidates that a new entry could belong to."""

    __tablename__ = "event_country"
    __table_args__ = (Index("ix_event_country_lookup", "country", "event_id"),)

    event_id: int = Field(foreign_key="event.id", primary_key=True)
    country: str = Field(max_length=2, primary_key=True)


class EventEntry(SQLModel, table=True):
    """An entry's place in an event. Syndicated copies share `origin` and count as one source."""

    __tablename__ = "event_entry"

    entry_id: int = Field(sa_column=Column(Integer, ForeignKey("entry.id"), primary_key=True, autoincrement=False))
    event_id: int = Field(foreign_key="event.id", index=True)
    origin: str = Field(sa_type=CleanText)
