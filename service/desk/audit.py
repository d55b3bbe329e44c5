"""Every change that a person makes leaves a line in the log, in the same transaction."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from service.store.log import write_log
from service.store.scope import Scope


def leave_line(
    session: Session, scope: Scope, now: datetime, action: str, subject_id: int | str | None, **detail: Any
) -> None:
    """Who did what, to which thing; `action` is `thing.deed`, and the thing is the line's subject."""
    write_log(
        session,
        at=now,
        actor=scope.actor,
        action=action,
        subject=action.partition(".")[0],
        subject_id=subject_id if subject_id is not None else "",
        organisation_id=scope.organisation_id,
        detail=detail,
    )
