"""Versions of the guideline in the database: the one in force, proposals, and when each clause last matched."""

from datetime import datetime

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from service.store.engine import advisory_lock
from service.store.scope import Scope
from service.store.tables import Alert, ClauseMatch, GuidelineVersion, LogLine

GUIDELINE_LOCK = 7_245_009  # two people may decide on proposals at the same moment
SHOWN = 100


def number_in_force(session: Session, organisation_id: int, now: datetime) -> int | None:
    """The number of the version in force; None while none of its own was ever adopted."""
    query = (
        select(GuidelineVersion.id)
        .where(
            GuidelineVersion.organisation_id == organisation_id,
            GuidelineVersion.state == "approved",
            col(GuidelineVersion.effective_at) <= now,
        )
        .order_by(col(GuidelineVersion.effective_at).desc(), col(GuidelineVersion.id).desc())
        .limit(1)
    )
    return session.exec(query).first()


def version_text(session: Session, number: int) -> str:
    """The text of a version that is known to be there."""
    return session.exec(select(GuidelineVersion.text).where(GuidelineVersion.id == number)).one()


def get_version(session: Session, scope: Scope, number: int) -> GuidelineVersion | None:
    """One version of the reader's own organisation."""
    found = session.get(GuidelineVersion, number)
    return found if found is not None and found.organisation_id == scope.organisation_id else None


def list_versions(session: Session, scope: Scope) -> list[GuidelineVersion]:
    """The newest versions, the newest first."""
    query = select(GuidelineVersion).where(GuidelineVersion.organisation_id == scope.organisation_id)
    return list(session.exec(query.order_by(col(GuidelineVersion.id).desc()).limit(SHOWN)).all())


def count_waiting(session: Session, scope: Scope, *, approves: bool) -> int:
    """What waits for the reader: others' proposals, if they may approve, and decisions on their own not yet seen."""
    decided = (
        (col(GuidelineVersion.proposed_by) == scope.actor)
        & col(GuidelineVersion.seen_at).is_(None)
        & (col(GuidelineVersion.decided_by) != scope.actor)
    )
    open_ = (col(GuidelineVersion.state) == "proposed") & (col(GuidelineVersion.proposed_by) != scope.actor)
    query = select(func.count()).where(GuidelineVersion.organisation_id == scope.organisation_id)
    return session.exec(query.where(or_(open_, decided) if approves else decided)).one()


def lock_versions(session: Session) -> None:
    """Decide alone, until the transaction ends."""
    advisory_lock(session, GUIDELINE_LOCK)


def guideline_history(session: Session, scope: Scope, number: int) -> list[LogLine]:
    """What was done about a version, the oldest first."""
    query = select(LogLine).where(
        LogLine.subject == "guideline",
        LogLine.subject_id == str(number),
        LogLine.organisation_id == scope.organisation_id,
    )
    return list(session.exec(query.order_by(col(LogLine.id))).all())


def note_match(session: Session, alert: Alert, now: datetime) -> None:
    """Remember that a clause gave an alert its level."""
    found = session.get(ClauseMatch, (alert.organisation_id, alert.clause))
    if found is None:
        found = ClauseMatch(
            organisation_id=alert.organisation_id, clause=alert.clause, last_at=now, alert_id=0, guideline="", count=0
        )
    found.last_at, found.alert_id, found.guideline, found.count = now, alert.id or 0, alert.guideline, found.count + 1
    session.add(found)


def clause_matches(session: Session, scope: Scope) -> dict[str, ClauseMatch]:
    """When each clause last matched, by its id."""
    query = select(ClauseMatch).where(ClauseMatch.organisation_id == scope.organisation_id)
    return {one.clause: one for one in session.exec(query).all()}
