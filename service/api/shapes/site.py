"""Sites and partners as the API takes and answers them; the import of files."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from service.desk.site_given import PartnerGiven, SiteGiven
from service.desk.sites import Imported
from service.store.tables import PartnerRow, SiteRow

Degrees = tuple[float, float]


class SiteShape(BaseModel):
    """A place that matters to the reader's organisation. `points` are latitude and longitude in degrees."""

    id: int
    kind: str
    name: str
    country: str | None
    points: list[list[float]]
    radius_km: float
    people: int
    criticality: int
    note: str
    active: bool
    created_at: datetime
    changed_at: datetime


class SiteNear(SiteShape):
    """A site, and how far it is from the point that was asked about."""

    km: float


class SiteBody(BaseModel):
    """A site: one point, several for a `route`, or none where the country is all that is known."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=200)
    kind: Literal["site", "project", "route", "people"] = "site"
    country: str | None = Field(None, max_length=2)
    points: list[Degrees] = Field(default_factory=list, max_length=500)
    radius_km: float = Field(0, ge=0, le=200)
    people: int = Field(0, ge=0, le=1_000_000)
    criticality: int = Field(2, ge=1, le=3, description="1 low, 2 usual, 3 vital.")
    note: str = Field("", max_length=500)
    active: bool = True

    def given(self) -> SiteGiven:
        """As the desk takes it."""
        return SiteGiven(**{**self.model_dump(), "points": tuple(self.points)})


class PartnerShape(BaseModel):
    """A company that is looked for by name: one's own, or a partner."""

    id: int
    kind: str
    name: str
    spellings: list[str]
    country: str | None
    note: str
    active: bool
    created_at: datetime
    changed_at: datetime


class PartnerBody(BaseModel):
    """A company with its other names, in any language."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=200)
    kind: Literal["own", "partner"] = "partner"
    spellings: list[str] = Field(default_factory=list, max_length=40)
    country: str | None = Field(None, max_length=2)
    note: str = Field("", max_length=500)
    active: bool = True

    def given(self) -> PartnerGiven:
        """As the desk takes it."""
        return PartnerGiven(**{**self.model_dump(), "spellings": tuple(self.spellings)})


class FileGiven(BaseModel):
    """A CSV file; with `dry_run` it is only checked."""

    model_config = ConfigDict(extra="forbid")

    csv: str = Field(max_length=1_000_000)
    dry_run: bool = False


class ImportShape(BaseModel):
    """What an import did, or in a dry run would do. With a fault anywhere it is a 422 that lists them by line."""

    added: int = 0
    changed: int = 0
    same: int = 0
    dry_run: bool


def site_shape(row: SiteRow) -> SiteShape:
    """One site."""
    return SiteShape(**{name: getattr(row, name) for name in SiteShape.model_fields})


def near_shape(row: SiteRow, km: float) -> SiteNear:
    """One site with its distance."""
    return SiteNear(**site_shape(row).model_dump(), km=round(km, 1))


def partner_shape(row: PartnerRow) -> PartnerShape:
    """One company."""
    return PartnerShape(**{name: getattr(row, name) for name in PartnerShape.model_fields})


def import_shape(done: Imported, *, dry_run: bool) -> ImportShape:
    """What was done."""
    return ImportShape(added=done.added, changed=done.changed, same=done.same, dry_run=dry_run)
