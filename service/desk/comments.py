"""Commenting on alerts: what is said stays within the house of who says it."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from service.auth.access import demand_comment, may_comment
from service.auth.premises import Premises
from service.desk.mention_text import mentioned
from service.desk.words import lines_of
from service.errors import Conflict, Invalid, Refused, WatchfireError
from service.log import logger
from service.record import comments as record
from service.store.comments import (
    MOST,
    comments_on,
    count_comments,
    get_comment,
    is_waited_for,
    mentions_in,
    names_to_mention,
    note_read,
)
from service.store.engine import advisory_lock
from service.store.log import LOG_LOCK
from service.store.read_alerts import get_alert
from service.store.scope import Scope
from service.store.tables import Alert, Comment

LONGEST = 2000
EDITABLE = timedelta(minutes=15)  # after it was written; from then on it is part of the record
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    """One comment, whom it mentions and who of them has read it, and whether the reader may still change it."""

    comment: Comment
    mentioned: tuple[tuple[str, datetime | None], ...]
    may_change: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said about alerts, oldest first; `all` counts what is older too. `names` can be mentioned."""

    said: tuple[Said, ...]
    all: int
    may: bool
    names: tuple[str, ...]


def talk_about(session: Session, scope: Scope, alerts: Sequence[int], now: datetime, most: int = MOST) -> Talk:
    """The comments on alerts that the reader may see."""
    rows = comments_on(session, scope, alerts, most)
    called = mentions_in(session, [row.id or 0 for row in rows])
    may = may_comment(scope)
    said = tuple(
        Said(
            row,
            tuple((one.person, one.read_at) for one in called.get(row.id or 0, ())),
            may and row.removed_at is None and is_own(row, scope) and now < row.at + EDITABLE,
        )
        for row in rows
    )
    many = count_comments(session, scope, alerts) if len(rows) >= most else len(rows)
    return Talk(said, many, may, tuple(names_to_mention(session, scope)))


def is_own(row: Comment, scope: Scope) -> bool:
    """Whether the reader wrote it."""
    return row.actor == scope.actor[:120] and row.organisation_id == scope.organisation_id


def comment(premises: Premises, scope: Scope, alert_id: int, text: str) -> Comment:
    """Say something about an alert. Refused, NotFound, or Invalid when nothing is said or too much."""
    demand_comment(scope)
    plain, now = plain_text(text), premises.clock()
    with _locked(premises, scope, alert_id) as (session, alert):
        called = mentioned(plain, names_to_mention(session, scope))
        return record.add_comment(session, scope, alert, plain, called, premises.public_url, now)


def change_comment(premises: Premises, scope: Scope, alert_id: int, comment_id: int, text: str) -> Comment:
    """Say one's own comment in other words, within a quarter of an hour. Refused, NotFound, Invalid, Conflict."""
    plain, now = plain_text(text), premises.clock()
    with _locked(premises, scope, alert_id) as (session, alert):
        row = _own(session, scope, alert_id, comment_id, now)
        if row.text == plain:
            return row
        called = mentioned(plain, names_to_mention(session, scope))
        return record.edit_comment(session, scope, alert, row, plain, called, premises.public_url, now)


def withdraw_comment(premises: Premises, scope: Scope, alert_id: int, comment_id: int) -> None:
    """Take one's own comment away, within a quarter of an hour. Refused, NotFound, Conflict."""
    now = premises.clock()
    with _locked(premises, scope, alert_id) as (session, _):
        record.remove_comment(session, scope, _own(session, scope, alert_id, comment_id, now), now)


def read_mentions(premises: Premises, scope: Scope, alerts: Sequence[int]) -> None:
    """Remember that the reader has read what mentions them here. A busy database costs only the mark."""
    try:
        with premises.store.read() as session:
            waits = is_waited_for(session, scope, alerts)
        if waits:
            with premises.store.write() as session:
                note_read(session, scope, alerts, premises.clock())
    except WatchfireError as error:
        log.warning("what %s has read is not noted: %s", scope.actor, error)


def plain_text(text: str) -> str:
    """What somebody typed, as it is kept: lines, at most one empty one in a row, without what hides or turns text."""
    plain = re.sub(r"\n{3,}", "\n\n", "\n".join(lines_of(text))).strip("\n")
    if not plain:
        raise Invalid("The comment is empty.", "Write something.")
    if len(plain) > LONGEST:
        raise Invalid("The comment is too long.", f"Use at most {LONGEST} characters.")
    return plain


@contextmanager
def _locked(premises: Premises, scope: Scope, alert_id: int) -> Iterator[tuple[Session, Alert]]:
    with premises.store.write() as session:
        advisory_lock(session, LOG_LOCK)  # first, as everywhere: what is locked in one order cannot wait in a circle
        yield session, get_alert(session, scope, alert_id)


def _own(session: Session, scope: Scope, alert_id: int, comment_id: int, now: datetime) -> Comment:
    demand_comment(scope)
    row = get_comment(session, scope, alert_id, comment_id, lock=True)
    if not is_own(row, scope):
        raise Refused("This comment is somebody else's.", "Write one of your own.")
    if now >= row.at + EDITABLE:
        minutes = EDITABLE // timedelta(minutes=1)
        raise Conflict(f"It was written more than {minutes} minutes ago and stays as it is.", "Write another one.")
    return row
