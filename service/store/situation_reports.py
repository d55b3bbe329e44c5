"""Situation reports in the database."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from service.store.scope import Scope
from service.store.tables import SituationReport

SHOWN = 20


def reports_of(session: Session, scope: Scope, postures: Collection[int], limit: int = SHOWN) -> list[SituationReport]:
    """The reports on these crises, the newest first; only the desk sees them."""
    if not scope.home or not postures:
        return []
    query = select(SituationReport).where(col(SituationReport.posture_id).in_(postures))
    return list(session.exec(query.order_by(col(SituationReport.id).desc()).limit(limit)).all())
