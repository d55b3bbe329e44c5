"""Comments and mentions in the database: read by the organisation in which they were written, and by nobody else."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from service.errors import NotFound
from service.store.read_alerts import visible
from service.store.scope import Scope
from service.store.tables import Alert, Comment, Mention, Notice, Person

MOST = 200  # comments that are read of one alert, the newest
NEWEST_MENTIONS = 100


def comments_on(session: Session, scope: Scope, alerts: Sequence[int], most: int = MOST) -> list[Comment]:
    """The newest comments on these alerts, which the reader may see, oldest first."""
    query = select(Comment).where(col(Comment.alert_id).in_(alerts), Comment.organisation_id == scope.organisation_id)
    return list(reversed(session.exec(query.order_by(col(Comment.id).desc()).limit(most)).all()))


def count_comments(session: Session, scope: Scope, alerts: Sequence[int]) -> int:
    """How many there are, those that were removed among them."""
    query = select(func.count()).select_from(Comment)
    query = query.where(col(Comment.alert_id).in_(alerts), Comment.organisation_id == scope.organisation_id)
    return session.exec(query).one()


def get_comment(session: Session, scope: Scope, alert_id: int, comment_id: int, *, lock: bool = False) -> Comment:
    """One comment on an alert; NotFound when the reader's organisation has none such, or it was removed."""
    query = select(Comment).where(
        Comment.id == comment_id,
        Comment.alert_id == alert_id,
        Comment.organisation_id == scope.organisation_id,
        col(Comment.removed_at).is_(None),
    )
    found = session.exec(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound(f"There is no comment {comment_id} on alert {alert_id}.", "It may have been removed.")
    return found


def names_to_mention(session: Session, scope: Scope) -> list[str]:
    """Who can be called by name: the people of the reader's organisation, who all see what the reader sees."""
    query = select(Person.name).where(Person.organisation_id == scope.organisation_id, col(Person.active).is_(True))
    return sorted(session.exec(query).all())


def mentions_in(session: Session, comments: Sequence[int]) -> dict[int, list[Mention]]:
    """The mentions of these comments, by comment."""
    found: dict[int, list[Mention]] = {}
    rows = session.exec(select(Mention).where(col(Mention.comment_id).in_(comments)).order_by(col(Mention.person)))
    for row in rows:
        found.setdefault(row.comment_id, []).append(row)
    return found


def dedups_of(session: Session, alert: Alert, action: str) -> set[str]:
    """By what the notices of an action on this alert are known, those that were sent too."""
    return set(session.exec(select(Notice.dedup).where(Notice.alert_id == alert.id, Notice.action == action)).all())


def unread_mentions(session: Session, scope: Scope) -> int:
    """How many mentions of the reader, on alerts that they may see, they have not read."""
    query = select(func.count()).select_from(Mention).join(Alert, col(Alert.id) == col(Mention.alert_id))
    return session.exec(query.where(*_mine(scope), col(Mention.read_at).is_(None), visible(scope))).one()


def mentions_of(session: Session, scope: Scope) -> list[tuple[Mention, Comment, Alert]]:
    """Where the reader was mentioned, the newest first, with the comment and its alert."""
    query: Any = (
        select(Mention, Comment, Alert)
        .join(Comment, col(Comment.id) == col(Mention.comment_id))
        .join(Alert, col(Alert.id) == col(Mention.alert_id))
        .where(*_mine(scope), visible(scope))
        .order_by(col(Mention.comment_id).desc())
        .limit(NEWEST_MENTIONS)
    )
    return [(mention, comment, alert) for mention, comment, alert in session.exec(query).all()]


def is_waited_for(session: Session, scope: Scope, alerts: Sequence[int]) -> bool:
    """Whether a mention of the reader on one of these alerts is unread."""
    query = select(Mention.comment_id).where(*_mine(scope), col(Mention.read_at).is_(None))
    return session.exec(query.where(col(Mention.alert_id).in_(alerts)).limit(1)).first() is not None


def note_read(session: Session, scope: Scope, alerts: Sequence[int], now: datetime) -> None:
    """The reader has read what mentions them on these alerts."""
    mine = (*_mine(scope), col(Mention.read_at).is_(None), col(Mention.alert_id).in_(alerts))
    session.connection().execute(update(Mention).where(*mine).values(read_at=now))


def _mine(scope: Scope) -> tuple[Any, ...]:
    return col(Mention.organisation_id) == scope.organisation_id, col(Mention.person) == scope.actor[:120]
