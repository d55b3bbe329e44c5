"""Dead letters by what they have in common: the channel that they were for, and the cause."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select
from sqlmodel import Session, col

from service.store.scope import Scope
from service.store.tables import Channel, Notice

GROUPS, SINGLES = 30, 10  # shown at most: groups, and letters of one


@dataclass(frozen=True, slots=True)
class DeadGroup:
    """Dead letters of one channel and cause: the newest few, newest first, and how many there are."""

    notices: tuple[tuple[Notice, Channel | None], ...]
    count: int


def dead_groups(session: Session, scope: Scope) -> list[DeadGroup]:
    """What did not arrive, the group with the newest letter first.

    The cause names the owner who has no channel, so that each of them is a group.
    """
    shared = [col(Notice.organisation_id), col(Notice.channel_id), col(Notice.error)]
    newest_first: list[Any] = [col(Notice.created_at).desc(), col(Notice.id).desc()]
    places = _dead(
        select(
            col(Notice.id).label("id"),
            func.count().over(partition_by=shared).label("count"),
            func.row_number().over(partition_by=shared, order_by=newest_first).label("place"),
            func.max(col(Notice.created_at)).over(partition_by=shared).label("newest"),
            func.max(col(Notice.id)).over(partition_by=shared).label("group"),
        ),
        scope,
    ).subquery()
    of = places.c
    rows: Any = session.execute(
        select(Notice, Channel, of.count, of.group)
        .join(places, of.id == col(Notice.id))
        .join(Channel, col(Channel.id) == col(Notice.channel_id), isouter=True)
        .where(of.place <= SINGLES)
        .order_by(of.newest.desc(), of.group, of.place)
        .limit(GROUPS * SINGLES)
    ).all()
    groups = [list(lines) for _, lines in groupby(rows, key=lambda row: row[3])]
    return [DeadGroup(tuple((row[0], row[1]) for row in lines), lines[0][2]) for lines in groups[:GROUPS]]


def dead_like(session: Session, notice: Notice, limit: int) -> list[Notice]:
    """Those of its channel and cause, itself among them, the oldest first."""
    query = select(Notice).where(*alike(notice))
    return list(session.execute(query.order_by(col(Notice.created_at), col(Notice.id)).limit(limit)).scalars())


def alike(notice: Notice) -> tuple[ColumnElement[bool], ...]:
    """What is true of dead letters of the same channel and cause, in the same organisation."""
    return (
        col(Notice.state) == literal("dead", literal_execute=True),
        col(Notice.organisation_id) == notice.organisation_id,
        col(Notice.channel_id).is_not_distinct_from(notice.channel_id),
        col(Notice.error).is_not_distinct_from(notice.error),
    )


def _dead(query: Any, scope: Scope) -> Any:
    query = query.where(col(Notice.state) == literal("dead", literal_execute=True))
    return query if scope.home else query.where(col(Notice.organisation_id) == scope.organisation_id)
