"""The audit log: writing a line, and reading on from one."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, cast
from sqlmodel import Session, col, select

from service.store.engine import advisory_lock
from service.store.scope import Scope
from service.store.tables import Alert, AlertShare, EventEntry, LogLine, Meta

LOG_LOCK = 7_245_002
MOST_AUDITED = 500
# How the desk presses its own people for an answer is no subscriber's matter.
INNER = (
    *("alert.answer", "alert.escalate", "alert.ask_again", "alert.lapse", "alert.snooze", "alert.wake", "alert.hand"),
    *("comment.add", "comment.edit", "comment.remove"),
)
TOLD = ("alert", "comment")  # the subjects of lines that live pages are told of, by the number of the alert


def write_log(
    session: Session,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    subject_id: int | str,
    organisation_id: int | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add one line. Lines become visible in the order of their ids: readers that follow the log miss none."""
    advisory_lock(session, LOG_LOCK)
    session.add(
        LogLine(
            at=at,
            organisation_id=organisation_id,
            actor=actor,
            action=action,
            subject=subject,
            subject_id=str(subject_id),
            detail=detail or {},
        )
    )


def log_alert(
    session: Session,
    alert: Alert,
    action: str,
    actor: str,
    detail: dict[str, Any],
    now: datetime,
    *,
    subject: str = "alert",
) -> None:
    """Add a line about an alert, or with another `subject` about what hangs on it."""
    write_log(
        session,
        at=now,
        actor=actor,
        action=action,
        subject=subject,
        subject_id=alert.id or 0,
        organisation_id=alert.organisation_id,
        detail=detail,
    )


def follow_log(session: Session, scope: Scope, after: int, limit: int = 500) -> list[LogLine]:
    """Lines about alerts that this reader may see, after a line's id, oldest first; the desk's also of responses."""
    told = (*TOLD, "response") if scope.home else TOLD
    query = select(LogLine).where(col(LogLine.id) > after, col(LogLine.subject).in_(told))
    if scope.home:
        query = query.where(LogLine.organisation_id == scope.organisation_id)
    else:
        # In the query, not behind it: fewer lines than the limit mean that there are no more.
        shared = select(cast(col(AlertShare.alert_id), String)).where(
            AlertShare.organisation_id == scope.organisation_id
        )
        mine = col(LogLine.organisation_id) == scope.organisation_id
        query = query.where(mine | (col(LogLine.subject_id).in_(shared) & col(LogLine.action).not_in(INNER)))
    return list(session.exec(query.order_by(col(LogLine.id)).limit(limit)).all())


def audit_of(session: Session, scope: Scope, alert: Alert) -> list[LogLine]:
    """What machine and people did lately to an alert's event, its reports and its comments, oldest first; the alert's
    own lines are its history. Only the desk has such lines."""
    if not scope.home or alert.source_id is not None:
        return []
    entries = select(cast(col(EventEntry.entry_id), String)).where(EventEntry.event_id == alert.event_id)
    query = select(LogLine).where(
        ((col(LogLine.subject) == "event") & (col(LogLine.subject_id) == str(alert.event_id)))
        | ((col(LogLine.subject) == "entry") & col(LogLine.subject_id).in_(entries))
        | (
            (col(LogLine.subject) == "comment")
            & (col(LogLine.subject_id) == str(alert.id))
            & (col(LogLine.organisation_id) == scope.organisation_id)
        )
    )
    newest = session.exec(query.order_by(col(LogLine.id).desc()).limit(MOST_AUDITED)).all()
    return list(reversed(newest))


def last_line(session: Session) -> int:
    """The id of the newest line, 0 when there is none."""
    return session.exec(select(LogLine.id).order_by(col(LogLine.id).desc()).limit(1)).first() or 0


def get_meta(session: Session, key: str) -> str | None:
    """A fact about this database."""
    found = session.get(Meta, key)
    return found.value if found is not None else None


def set_meta(session: Session, key: str, value: str) -> None:
    """Set a fact about this database."""
    session.merge(Meta(key=key, value=value))
