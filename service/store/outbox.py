"""The outbox: claiming notices that are due, and keeping what became of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from service.store.lease import LEASE, claim
from service.store.tables import Attempt, Channel, Notice


@dataclass(frozen=True, slots=True)
class Held:
    """A notice that this worker holds until `until`, with its channel."""

    notice: Notice
    channel: Channel | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a notice after a try: sent, dead, or pending again from `not_before` on."""

    state: str
    at: datetime
    not_before: datetime | None = None
    error: str | None = None


def claim_notices(session: Session, now: datetime, by: str, limit: int, lease: timedelta = LEASE) -> list[Held]:
    """Due notices, graver levels first, then older ones; never one behind an undelivered earlier one of its alert."""
    hurry(session, now)
    due = [col(Notice.state) == "pending", col(Notice.not_before) <= now, ~_behind()]
    order: list[Any] = [_level(), col(Notice.created_at), col(Notice.id)]
    ids = claim(session, Notice, due, order, now=now, by=by, limit=limit, lease=lease)
    rows: Any = session.execute(
        select(Notice, Channel)
        .join(Channel, col(Channel.id) == col(Notice.channel_id), isouter=True)
        .where(col(Notice.id).in_(ids))
        .order_by(*order)
    ).all()
    return [Held(notice, channel, now + lease) for notice, channel in rows]


def _level() -> ColumnElement[int]:
    levels: Any = col(Notice.payload)
    found: ColumnElement[int] = levels["level"].as_integer()
    return found


def _behind() -> ColumnElement[bool]:
    """An earlier version of the same alert still waits for the same channel: it must arrive, or be dead, first."""
    earlier = aliased(Notice)
    return (
        exists()
        .where(
            col(earlier.alert_id) == col(Notice.alert_id),
            col(earlier.channel_id) == col(Notice.channel_id),
            col(earlier.version) < col(Notice.version),
            col(earlier.state) == "pending",
        )
        .correlate(Notice)
    )


def hurry(session: Session, now: datetime) -> None:
    """A notice that waits for its next try is tried at once when a later version of its alert has come in behind it.

    Else a raise to level 1 would sit out the hour that a failed notice of level 3 has still to wait. Once for each
    later version, whatever the receiver asked for.
    """
    later = aliased(Notice)
    last = select(func.max(col(Attempt.at))).where(col(Attempt.notice_id) == col(Notice.id)).correlate(Notice)
    behind = exists().where(
        and_(
            col(later.alert_id) == col(Notice.alert_id),
            col(later.channel_id) == col(Notice.channel_id),
            col(later.version) > col(Notice.version),
            col(later.state) == "pending",
            col(later.created_at) > last.scalar_subquery(),
        )
    )
    session.connection().execute(
        update(Notice)
        .where(col(Notice.state) == "pending", col(Notice.not_before) > now, behind.correlate(Notice))
        .values(not_before=now)
    )


def keep_try(session: Session, notice_id: str, by: str, tried: Attempt, fate: Fate) -> bool:
    """Log a try and, if this worker still holds the notice, settle it. False: somebody else holds it by now.

    The try is logged in either case: it was made.
    """
    values: dict[str, Any] = {
        "state": fate.state,
        "attempts": col(Notice.attempts) + 1,
        "error": fate.error,
        "lease_until": None,
        "lease_by": None,
    }
    if fate.state == "sent":
        values["sent_at"] = fate.at
    if fate.not_before is not None:
        values["not_before"] = fate.not_before
    settled = session.connection().execute(
        update(Notice)
        .where(col(Notice.id) == notice_id, col(Notice.state) == "pending", col(Notice.lease_by) == by)
        .values(**values)
    )
    session.add(tried)
    return bool(settled.rowcount)


def rest_channel(session: Session, channel_id: int, by: str, until: datetime) -> None:
    """Let a channel's waiting notices be until its receiver may answer again; no try is counted.

    What other workers hold is left to them, and what comes into the outbox later is tried once at its own time.
    """
    session.connection().execute(
        update(Notice)
        .where(
            col(Notice.channel_id) == channel_id,
            col(Notice.state) == "pending",
            col(Notice.not_before) < until,
            or_(col(Notice.lease_by).is_(None), col(Notice.lease_by) == by),
        )
        .values(not_before=until, lease_until=None, lease_by=None)
    )


def release(session: Session, ids: list[str], by: str) -> None:
    """Give back what was not tried."""
    session.connection().execute(
        update(Notice)
        .where(col(Notice.id).in_(ids), col(Notice.lease_by) == by)
        .values(lease_until=None, lease_by=None)
    )


def waiting_notices(session: Session) -> dict[str, int]:
    """How many notices wait, how many are held back, and how many are dead letters."""
    # One count each, with the state written out: only so does SQLite take the partial indices (200,000 notices: 200 ms
    # for all states together, 1 ms so).
    return {state: count_in(session, state) for state in ("pending", "held", "dead")}


def count_in(session: Session, state: str, organisation_id: int | None = None) -> int:
    """How many notices are in a state; of one organisation, or of all when None."""
    there = col(Notice.state) == bindparam("state", state, literal_execute=True)
    query = select(func.count()).select_from(Notice).where(there)
    if organisation_id is not None:
        query = query.where(col(Notice.organisation_id) == organisation_id)
    return int(session.execute(query).scalar_one())
