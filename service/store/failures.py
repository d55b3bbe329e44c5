"""The last failures of regular work: of each kind the newest few, whoever worked."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from service.store.tables import WorkFailure

KEPT = 20  # of each kind of work


@dataclass(frozen=True, slots=True)
class Failure:
    """One kind of work of one worker failed after `took` seconds."""

    work: str
    worker: str
    at: datetime
    took: float
    error: str


def keep_failures(session: Session, failures: Sequence[Failure]) -> None:
    """Write failures down, and forget the older ones of the same work."""
    session.add_all(WorkFailure(**asdict(one)) for one in failures)
    session.flush()
    for work in {one.work for one in failures}:
        newest = select(WorkFailure.id).where(WorkFailure.work == work)
        newest = newest.order_by(col(WorkFailure.at).desc(), col(WorkFailure.id).desc()).limit(KEPT).correlate(None)
        # In one statement: what another worker writes meanwhile is neither counted nor forgotten.
        old = delete(WorkFailure).where(col(WorkFailure.work) == work, col(WorkFailure.id).not_in(newest))
        session.connection().execute(old)


def list_failures(session: Session) -> Sequence[WorkFailure]:
    """All that are kept, the newest first."""
    return session.exec(select(WorkFailure).order_by(col(WorkFailure.at).desc(), col(WorkFailure.id).desc())).all()


def count_failures(session: Session, since: datetime) -> int:
    """How many of those that are kept are younger than a time."""
    return session.exec(select(func.count()).select_from(WorkFailure).where(col(WorkFailure.at) >= since)).one()
