"""Reading the log as an audit: by person, by thing, by deed, by day; the newest first, page by page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, tuple_
from sqlmodel import Session, col, select

from service.store.pages import Page, decode_cursor, page_of
from service.store.scope import Role, Scope
from service.store.tables import LogLine

COMMON = ("alert", "notice", "event", "response", "quiet", "entry")


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which lines. `subject` is a kind of thing, `subject_id` one of them; `since` and `until` bound the time."""

    actor: str = ""
    subject: str = ""
    subject_id: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


def list_lines(
    session: Session, scope: Scope, wanted: AuditFilter, *, limit: int = 50, cursor: str | None = None
) -> Page[LogLine]:
    """The lines that are for the reader, page by page."""
    query = _of(select(LogLine).where(_readable(scope)), wanted)
    # By time, not by id: a day is then a part of one index, whatever else is asked. One thing's lines are few, and by
    # id they are read from its own index, where by time the whole kind of thing would be gone through.
    keys: list[Any] = [col(LogLine.id)] if wanted.subject_id else [col(LogLine.at), col(LogLine.id)]
    if cursor is not None:
        last = decode_cursor(cursor, (datetime, int))
        query = query.where(tuple_(*keys) < tuple_(*last[-len(keys) :]))
    order = [key.desc() for key in keys]
    rows = list(session.exec(query.order_by(*order).limit(limit + 1)).all())
    return page_of(rows, limit, lambda row: (row.at, row.id))


def _readable(scope: Scope) -> ColumnElement[bool]:
    """Lines of the reader's organisation; the desk's administrator, who runs the house, reads those of all, but not
    what others say to each other about alerts."""
    mine = col(LogLine.organisation_id) == scope.organisation_id
    if not scope.home:
        return mine
    if scope.role is Role.ADMIN:
        return mine | (col(LogLine.subject) != "comment")
    return mine | col(LogLine.organisation_id).is_(None)


def _of(query: Any, wanted: AuditFilter) -> Any:
    if wanted.subject:
        # Most lines are about these: to gather and sort them all for one page took 460 ms of 500,000. As an expression
        # no index answers for it, and the newest that fit are found from the end of the log.
        common = wanted.subject in COMMON and not wanted.subject_id
        subject = col(LogLine.subject).concat("") if common else col(LogLine.subject)
        query = query.where(subject == wanted.subject)
    same = {"actor": wanted.actor, "subject_id": wanted.subject_id, "action": wanted.action}
    for name, value in same.items():
        if value:
            query = query.where(getattr(LogLine, name) == value)
    if wanted.since is not None:
        query = query.where(col(LogLine.at) >= wanted.since)
    if wanted.until is not None:
        query = query.where(col(LogLine.at) < wanted.until)
    return query


def lines_by(session: Session, scope: Scope, actor: str, limit: int) -> list[LogLine]:
    """What somebody did last, the newest first, as far as it is for the reader."""
    query = (
        select(LogLine)
        .where(LogLine.actor == actor, _readable(scope))
        .order_by(col(LogLine.at).desc(), col(LogLine.id).desc())
        .limit(limit)
    )
    return list(session.exec(query).all())
