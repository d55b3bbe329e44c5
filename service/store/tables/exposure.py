"""What organisations have abroad: sites, projects, routes and people, and companies by name."""

from datetime import datetime

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant


class SiteRow(SQLModel, table=True):
    """A place that matters to an organisation; within it, `name` tells sites apart.

    `points` are pairs of latitude and longitude in degrees: one, several for a route, none where only the country is
    known. `criticality` is 1 low, 2 usual, 3 vital.
    """

    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    kind: str = Field(default="site", max_length=20)
    name: str = Field(sa_type=CleanText)
    country: str | None = Field(default=None, max_length=2)
    points: list[list[float]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    radius_km: float = 0.0
    people: int = 0
    criticality: int = 2
    note: str = Field(default="", sa_type=CleanText)
    active: bool = True
    created_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)


class PartnerRow(SQLModel, table=True):
    """A company by name, `kind` own or partner; `spellings` are its other names, in any language."""

    __tablename__ = "partner"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    kind: str = Field(default="partner", max_length=20)
    name: str = Field(sa_type=CleanText)
    spellings: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    country: str | None = Field(default=None, max_length=2)
    note: str = Field(default="", sa_type=CleanText)
    active: bool = True
    created_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)
