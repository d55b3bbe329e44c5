"""What a person says about an alert: kept, logged, and told to whom it calls by name."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from service.record.notices import Addressee, Telling, message_for, outgoing
from service.store.comments import dedups_of, mentions_in
from service.store.events import told_of
from service.store.log import write_log
from service.store.people import organisation_by_id
from service.store.rosters import channels_by_key, channels_of, owners_of_people
from service.store.scope import Scope
from service.store.tables import Alert, Comment, Mention

ACTION = "mention"
QUOTED = 300  # characters of a comment that a notice carries


def add_comment(
    session: Session, scope: Scope, alert: Alert, text: str, mentioned: Sequence[str], public_url: str, now: datetime
) -> Comment:
    """Keep a comment, and tell those whom it mentions."""
    row = Comment(
        alert_id=alert.id or 0, organisation_id=scope.organisation_id, actor=scope.actor[:120], at=now, text=text
    )
    session.add(row)
    session.flush()
    _mention(session, alert, row, mentioned, public_url, now)
    _log(session, scope, row, "add", now, mentioned)
    return row


def edit_comment(
    session: Session, scope: Scope, alert: Alert, row: Comment, text: str, mentioned: Sequence[str], public_url: str,
    now: datetime,
) -> Comment:  # fmt: skip
    """Say it in other words. Who is mentioned now and was not before is told; the log keeps what stood before."""
    before, row.text, row.edited_at = row.text, text, now
    session.add(row)
    known = {one.person: one for one in mentions_in(session, [row.id or 0]).get(row.id or 0, ())}
    for person in known.keys() - set(mentioned):
        session.delete(known[person])
    fresh = [person for person in mentioned if person not in known]
    _mention(session, alert, row, fresh, public_url, now)
    _log(session, scope, row, "edit", now, mentioned, before=before)
    return row


def remove_comment(session: Session, scope: Scope, row: Comment, now: datetime) -> None:
    """Take a comment away: its place stays, with who wrote it and when; the log keeps what it said."""
    for one in mentions_in(session, [row.id or 0]).get(row.id or 0, ()):
        session.delete(one)
    before, row.text, row.removed_at = row.text, "", now
    session.add(row)
    _log(session, scope, row, "remove", now, (), before=before)


def _log(
    session: Session, scope: Scope, row: Comment, deed: str, now: datetime, mentioned: Collection[str], before: str = ""
) -> None:
    detail = {"comment": row.id, **({"mentioned": list(mentioned)} if mentioned else {})}
    write_log(
        session,
        at=now,
        actor=scope.actor,
        action=f"comment.{deed}",
        subject="comment",
        subject_id=row.alert_id,
        organisation_id=row.organisation_id,
        detail=detail | ({"before": before} if before else {}),
    )


def _mention(
    session: Session, alert: Alert, row: Comment, mentioned: Sequence[str], public_url: str, now: datetime
) -> None:
    """One notice for each channel of who is mentioned, and of one comment no second. Who has no channel, or wrote it
    themselves, sees it on the desk."""
    others = [person for person in mentioned if person != row.actor]
    for person in others:
        whose: dict[str, Any] = {"organisation_id": row.organisation_id, "alert_id": row.alert_id, "at": now}
        session.add(Mention(comment_id=row.id or 0, person=person, **whose))
    if not others:
        return
    organisation = organisation_by_id(session, row.organisation_id)
    channels = channels_by_key(session, row.organisation_id)
    accounts = owners_of_people(session, row.organisation_id)
    telling = Telling(alert, tuple(told_of(session, alert.event_id)), ACTION, alert.level, public_url)
    said = {"kind": ACTION, "code": "mention.said", "value": row.actor, "words": row.text[:QUOTED], "weight": 1.0}
    written = dedups_of(session, alert, ACTION)
    for person in others:
        for channel in channels_of(person, channels, accounts):
            dedup = f"comment:{row.id}:{channel.id}:{person}"
            if dedup in written:
                continue  # called, let go of and called again by changes of the same comment
            to = Addressee(organisation, channel, owner=person)
            told = message_for(telling, to)
            # Nothing is asked of them by the rules: a colleague asks.
            message = replace(told, acknowledge_by=None, steps=(), reasons=(said, *told.reasons[:2]))
            message = replace(message, url=f"{message.url}#comment-{row.id}")
            notice = outgoing(message, to, dedup, now)
            notice.alert_id, notice.version = alert.id, alert.version
            session.add(notice)
