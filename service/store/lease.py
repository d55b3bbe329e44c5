"""Claiming due work, so that two workers never hold the same row and a dead worker's rows come back.

A claim is one statement: on PostgreSQL rows that another worker is claiming are skipped, on SQLite the write
transaction already excludes the other. A lease runs out by itself; whoever finishes must still hold it.
"""

import os
import secrets
import socket
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Mapped
from sqlmodel import Session, SQLModel

LEASE = timedelta(minutes=2)


def holder() -> str:
    """A name for this worker: host, process and a random part, so that a reused process id is not mistaken for it."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"


def claim(
    session: Session,
    table: type[SQLModel],
    due: Sequence[ColumnElement[bool]],
    order: Sequence[Mapped[Any]],
    *,
    now: datetime,
    by: str,
    limit: int,
    lease: timedelta = LEASE,
) -> list[Any]:
    """Ids of up to `limit` due rows of a table with `lease_until` and `lease_by`, now held by `by`."""
    columns: Any = table
    free = or_(columns.lease_until.is_(None), columns.lease_until <= now)
    chosen = select(columns.id).where(*due, free).order_by(*order).limit(limit).with_for_update(skip_locked=True)
    taken = session.connection().execute(
        update(table)
        .where(columns.id.in_(chosen.scalar_subquery()))
        .values(lease_until=now + lease, lease_by=by)
        .returning(columns.id)
    )
    return sorted(taken.scalars())


def release_dead(session: Session, *tables: type[SQLModel]) -> int:
    """Free, in tables with leases, what dead workers of this machine held; answers how many rows came free.

    After a crash nobody has to wait for the leases to run out. Workers of other machines are left alone, and so is a
    number that the system has given to another process since: those leases run out by themselves.
    """
    freed = 0
    for table in tables:
        columns: Any = table
        held = session.connection().execute(select(columns.lease_by).where(columns.lease_by.is_not(None)).distinct())
        for by in list(held.scalars()):
            if is_dead(by):
                gone = update(table).where(columns.lease_by == by).values(lease_until=None, lease_by=None)
                freed += session.connection().execute(gone).rowcount
    return freed


def is_dead(by: str) -> bool:
    """Whether a holder is a process of this machine that is no longer there."""
    host, _, rest = by.partition(":")
    number = rest.partition(":")[0]
    if host != socket.gethostname()[:30] or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
