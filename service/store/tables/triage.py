"""What people keep beside alerts while they work through them: snoozes, handings over, looks, views, presence."""

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from service.store.tables.base import CleanText, Instant


class Snooze(SQLModel, table=True):
    """An alert that its people want to see again later. It comes back by itself: nothing needs to wake it.

    `level` is what it stood at; `acknowledge_by` what bounds the snooze of one that nobody has acknowledged.
    """

    __tablename__ = "snooze"

    alert_id: int = Field(foreign_key="alert.id", primary_key=True)
    level: int
    since: datetime = Field(sa_type=Instant)
    until: datetime = Field(sa_type=Instant, index=True)
    actor: str = Field(sa_type=CleanText)
    reason: str = Field(default="", sa_type=CleanText)


class Handing(SQLModel, table=True):
    """A person's word over the rules: who is accountable for an alert from here on."""

    __tablename__ = "handing"

    alert_id: int = Field(foreign_key="alert.id", primary_key=True)
    owner: str = Field(max_length=120)
    at: datetime = Field(sa_type=Instant)
    actor: str = Field(sa_type=CleanText)
    reason: str = Field(default="", sa_type=CleanText)


class AlertFact(SQLModel, table=True):
    """What filters count by and no column of the alert says: its accountable owner, its best reliability letter."""

    __tablename__ = "alert_fact"

    alert_id: int = Field(foreign_key="alert.id", primary_key=True)
    owner: str | None = Field(default=None, max_length=120)
    letter: str | None = Field(default=None, max_length=1)


class Seen(SQLModel, table=True):
    """When a person last had an alert open."""

    __tablename__ = "seen"

    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    actor: str = Field(max_length=120, primary_key=True)
    alert_id: int = Field(foreign_key="alert.id", primary_key=True)
    at: datetime = Field(sa_type=Instant)


class SavedView(SQLModel, table=True):
    """Filters under a name: `query` as it stands in the address. Of its maker alone, or shared with the house."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("organisation_id", "actor", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    actor: str = Field(max_length=120)
    name: str = Field(max_length=60)
    query: str = Field(max_length=1000)
    shared: bool = False
    created_at: datetime = Field(sa_type=Instant)


class Presence(SQLModel, table=True):
    """Which alert somebody has before them. It expires by itself when nothing renews it."""

    __tablename__ = "presence"

    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    actor: str = Field(max_length=120, primary_key=True)
    alert_id: int = Field(foreign_key="alert.id", index=True)
    at: datetime = Field(sa_type=Instant)
