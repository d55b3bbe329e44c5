"""What the guided start tells of a desk that has just begun: how far watching has come, and what came of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from service.store.read_alerts import visible
from service.store.scope import Scope
from service.store.tables import Alert, EntryRow, SourceRow

NEWEST = 3  # alerts shown


@dataclass(frozen=True, slots=True)
class Beginning:
    """Sources that are watched, how many were looked at and failed; entries that came, how many still walk; the first
    alerts about the world, those in demonstration last."""

    watched: int
    looked: int
    failed: int
    next_look: datetime | None
    entries: int
    walking: int
    alerts: tuple[Alert, ...]


def beginning(session: Session, scope: Scope) -> Beginning:
    """How far it is."""
    active = (col(SourceRow.active).is_(True), col(SourceRow.removed_at).is_(None))
    watched, looked, failed, following = session.exec(
        select(
            func.count(),
            func.count(col(SourceRow.last_look_at)),
            func.count().filter(col(SourceRow.failures) > 0),
            func.min(SourceRow.next_check_at),
        ).where(*active)
    ).one()
    walking = select(func.count()).select_from(EntryRow).where(col(EntryRow.stage).in_(("new", "assessed")))
    alerts = (
        select(Alert)
        .where(visible(scope), col(Alert.source_id).is_(None))
        .order_by(col(Alert.demo), col(Alert.level), col(Alert.id).desc())
        .limit(NEWEST)
    )
    return Beginning(
        watched=watched,
        looked=looked,
        failed=failed,
        next_look=following,
        entries=session.exec(select(func.count()).select_from(EntryRow)).one(),
        walking=session.exec(walking).one(),
        alerts=tuple(session.exec(alerts).all()),
    )
