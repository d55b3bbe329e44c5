"""What people say to each other about alerts, and whom they call by name."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from service.store.tables.base import CleanText, Instant

UNREAD = text("read_at IS NULL")


class Comment(SQLModel, table=True):
    """One comment on an alert, for the eyes of its writer's organisation. A removed one keeps its place, not its text.

    `actor` is who wrote it, as the log names them.
    """

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_alert", "alert_id", "organisation_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    alert_id: int = Field(foreign_key="alert.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    actor: str = Field(max_length=120)
    at: datetime = Field(sa_type=Instant)
    text: str = Field(sa_type=CleanText)
    edited_at: datetime | None = Field(default=None, sa_type=Instant)
    removed_at: datetime | None = Field(default=None, sa_type=Instant)


class Mention(SQLModel, table=True):
    """A person whom a comment calls by name, and when they read it."""

    __tablename__ = "mention"
    __table_args__ = (
        Index("ix_mention_person", "organisation_id", "person", "comment_id"),
        Index("ix_mention_unread", "organisation_id", "person", sqlite_where=UNREAD, postgresql_where=UNREAD),
    )

    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
    person: str = Field(max_length=120, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    alert_id: int = Field(foreign_key="alert.id", index=True)
    at: datetime = Field(sa_type=Instant)
    read_at: datetime | None = Field(default=None, sa_type=Instant)
