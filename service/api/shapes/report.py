"""Field reports as the API takes and answers them."""

import base64
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ingest.attachment import File
from ingest.report import MOST_TEXT
from ingest.text import TITLE_LENGTH
from service.desk.report_given import MOST_FILES_TAKEN, Given
from service.store.read_reports import LedTo
from service.store.tables import Attachment, FieldReport


def _from_base64(text: object) -> bytes:
    # Strictly: pydantic's own type passes over what is no base64, and keeps another file than was sent.
    if not isinstance(text, str):
        raise ValueError("it is no text in base64")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        raise ValueError("it is not base64") from None


class FileGiven(BaseModel):
    """A file of a report: its name and its bytes in base64."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=300)
    type: str = Field("", max_length=100)
    content: Annotated[bytes, BeforeValidator(_from_base64, json_schema_input_type=str)] = Field(
        json_schema_extra={"format": "base64"}
    )


class ReportGiven(BaseModel):
    """A report from the field. `id` is a name of yours for it: the same one again with the same words is the same
    report. `occurred_at` without a zone is local time of the country's capital."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=MOST_TEXT)
    subject: str = Field("", max_length=TITLE_LENGTH)
    country: str = Field("", max_length=200, description="Codes or names, comma-separated.")
    place: str = Field("", max_length=120)
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    occurred_at: str = Field("", max_length=60)
    category: str = Field("", max_length=20)
    sharing: str = Field("", max_length=20, description="TLP mark; the stricter of this and the sender's own counts.")
    anonymous: bool = Field(False, description="Keep no trace of who sent this.")
    id: str = Field("", max_length=200)
    attachments: list[FileGiven] = Field(default_factory=list, max_length=MOST_FILES_TAKEN)

    def given(self) -> Given:
        """As the desk takes it."""
        point = (self.latitude, self.longitude) if self.latitude is not None and self.longitude is not None else None
        return Given(
            subject=self.subject,
            text=self.text,
            country=self.country,
            place=self.place,
            when=self.occurred_at,
            category=self.category,
            sharing=self.sharing,
            anonymous=self.anonymous,
            token=self.id,
            point=point,
            files=tuple(File(one.name, one.type, one.content) for one in self.attachments),
        )


class AttachmentShape(BaseModel):
    """A file of a report. `refused` says why its bytes were not kept: program, script, too_large, report_full,
    too_many; null where they can be fetched."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    refused: str | None


class ReportShape(BaseModel):
    """A report as it came in. `state` is accepted, unreadable (`error` says why) or no_entry (from a machine)."""

    id: int
    received_at: datetime
    channel: str
    state: str
    sharing: str
    sender: str | None
    sender_known: bool
    anonymous: bool
    subject: str
    error: str | None
    entry_id: int | None


class ReportWhole(ReportShape):
    """A report with its text, its files and what became of it."""

    text: str
    countries: list[str]
    place: str
    occurred_at: str | None
    category: str | None
    answers: int | None
    attachments: list[AttachmentShape]
    event_id: int | None
    alert_id: int | None


def report_shape(row: FieldReport) -> ReportShape:
    """One report."""
    return ReportShape(
        id=row.id or 0,
        received_at=row.received_at,
        channel=row.channel,
        state=row.state,
        sharing=row.sharing,
        sender=row.sender,
        sender_known=row.sender_known,
        anonymous=row.anonymous,
        subject=row.subject,
        error=row.error,
        entry_id=row.entry_id,
    )


def report_whole(row: FieldReport, files: list[Attachment], became: LedTo | None) -> ReportWhole:
    """One report with all that belongs to it."""
    detail = row.detail
    return ReportWhole(
        **report_shape(row).model_dump(),
        text=row.text,
        countries=detail.get("countries", []),
        place=detail.get("place", ""),
        occurred_at=detail.get("occurred"),
        category=detail.get("category"),
        answers=detail.get("answers"),
        attachments=[attachment_shape(file) for file in files],
        event_id=became.event_id if became is not None else None,
        alert_id=became.alert_id if became is not None else None,
    )


def attachment_shape(row: Attachment) -> AttachmentShape:
    """One file, without its bytes."""
    return AttachmentShape(
        id=row.id or 0,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        refused=row.refused,
    )
