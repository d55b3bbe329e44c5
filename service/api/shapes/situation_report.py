"""Situation reports as the API takes and answers them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from service.desk.situation_reports import LEAST_TEXT, MOST_TEXT
from service.store.tables import SituationReport


class ReportGiven(BaseModel):
    """How things stand, and what comes next."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=LEAST_TEXT, max_length=MOST_TEXT)


class SituationReportShape(BaseModel):
    """A report as it was sent; `due_at` is when it was due, null where the guideline sets no rhythm."""

    id: int
    at: datetime
    due_at: datetime | None
    author: str
    text: str


def report_shape(row: SituationReport) -> SituationReportShape:
    """One report."""
    return SituationReportShape(id=row.id or 0, at=row.at, due_at=row.due_at, author=row.author, text=row.text)
