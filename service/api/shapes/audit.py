"""Lines of the log as the API answers them."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from service.api.shapes.common import InWords
from service.locale.catalogue import Catalogue
from service.store.tables import LogLine


class LineShape(BaseModel):
    """Who did what to which thing, and the small facts beside it. `text` is the deed for people, null without words."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    subject_id: str
    organisation_id: int | None
    detail: dict[str, Any]
    text: InWords | None


def line_shape(row: LogLine, catalogue: Catalogue) -> LineShape:
    """One line of the log."""
    key = f"audit.do.{row.action}"
    return LineShape(
        id=row.id or 0,
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        subject_id=row.subject_id,
        organisation_id=row.organisation_id,
        detail=row.detail,
        text=InWords(zh=catalogue.say(key, "zh"), en=catalogue.say(key, "en")) if catalogue.has(key) else None,
    )
