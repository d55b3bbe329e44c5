"""Reports from the field as they came in, before and beside the entries they become."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary
from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant


class FieldReport(SQLModel, table=True):
    """One message from an embassy, branch, site or contractor. What cannot be read is kept all the same.

    `channel` is api, form, mail or file; `state` is accepted or unreadable, then `error` says why and `raw` holds the
    message as it came. `digest` makes a message that arrives twice one report.
    """

    __tablename__ = "field_report"
    __table_args__ = (Index("ix_field_report_list", "received_at", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    received_at: datetime = Field(sa_type=Instant)
    channel: str = Field(max_length=10)
    state: str = Field(max_length=12)
    digest: str = Field(unique=True, max_length=64)
    sharing: str = Field(max_length=20)
    sender: str | None = Field(default=None, sa_type=CleanText)
    sender_known: bool = False
    anonymous: bool = False
    person_id: int | None = Field(default=None, foreign_key="person.id")
    key_id: int | None = Field(default=None, foreign_key="api_key.id")
    subject: str = Field(default="", sa_type=CleanText)
    text: str = Field(default="", sa_type=CleanText)
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    error: str | None = Field(default=None, sa_type=CleanText)
    raw: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    entry_id: int | None = Field(
        default=None, sa_column=Column(Integer, ForeignKey("entry.id"), nullable=True, index=True)
    )


class Attachment(SQLModel, table=True):
    """A file that came with a report: kept as bytes, handed out for download only, never rendered."""

    __tablename__ = "attachment"

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="field_report.id", index=True)
    name: str = Field(sa_type=CleanText)
    media_type: str = Field(max_length=100)
    size: int
    sha256: str = Field(max_length=64)
    content: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    refused: str | None = Field(default=None, sa_type=CleanText)
