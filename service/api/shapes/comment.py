"""Comments as the API answers them."""

from datetime import datetime

from pydantic import BaseModel

from service.desk.comments import Said


class CommentShape(BaseModel):
    """What somebody of the reader's organisation said about an alert: plain text, for no one else's eyes.

    `mentioned` are the people whom it calls by name, `read_by` those of them who have opened the alert since. Of a
    removed one only who and when are left.
    """

    id: int
    alert_id: int
    actor: str
    at: datetime
    text: str
    edited_at: datetime | None
    removed_at: datetime | None
    mentioned: list[str]
    read_by: list[str]


def comment_shape(said: Said) -> CommentShape:
    """One comment."""
    row = said.comment
    return CommentShape(
        id=row.id or 0,
        alert_id=row.alert_id,
        actor=row.actor,
        at=row.at,
        text=row.text,
        edited_at=row.edited_at,
        removed_at=row.removed_at,
        mentioned=[name for name, _ in said.mentioned],
        read_by=[name for name, at in said.mentioned if at is not None],
    )
