"""Every change that a person makes leaves a line in the log, in the same transaction."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.store.audit import AuditFilter, list_lines
from service.store.log import write_log
from service.store.pages import Page
from service.store.scope import Scope
from service.store.tables import LogLine


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


def read_log(
    premises: Premises, scope: Scope, wanted: AuditFilter, *, limit: int = 50, cursor: str | None = None
) -> Page[LogLine]:
    """Who did what, the newest first; for managers and administrators of the desk."""
    demand(scope, Permission.AUDIT)
    with premises.store.read() as session:
        return list_lines(session, scope, wanted, limit=limit, cursor=cursor)
