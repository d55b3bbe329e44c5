"""Models of this house in the database: which one is in use, what became of the others, and who wants a new one."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from service.store.engine import advisory_lock
from service.store.lease import claim
from service.store.scope import Scope
from service.store.tables import LogLine, ModelRow, Training

MODEL_LOCK = 7_245_005  # one model is in use: two people may choose at the same moment
PATIENCE = timedelta(hours=1)  # how long a worker may take to train; then another tries
TRIES = 3
SHOWN = 50


def model_in_use(session: Session) -> ModelRow | None:
    """The model that somebody put to use; None while it is the shipped one."""
    return session.exec(select(ModelRow).where(ModelRow.state == "in_use")).first()


def get_model(session: Session, name: str) -> ModelRow | None:
    """One model by its name."""
    return session.exec(select(ModelRow).where(ModelRow.name == name)).first()


def list_models(session: Session, scope: Scope) -> list[ModelRow]:
    """The newest models, the newest first. Only the desk has any."""
    query = select(ModelRow).order_by(col(ModelRow.id).desc()).limit(SHOWN)
    return list(session.exec(query).all()) if scope.home else []


def put_to_use(session: Session, name: str | None, actor: str, now: datetime) -> str | None:
    """Use a model from now on, None for the shipped one. Answers which one it was before, None for the shipped one."""
    advisory_lock(session, MODEL_LOCK)
    before = model_in_use(session)
    if before is not None:
        before.state = "retired"
        session.add(before)
    row = get_model(session, name) if name is not None else None
    if row is not None:
        row.state, row.adopted_at, row.adopted_by = "in_use", now, actor
        session.add(row)
    session.flush()
    return before.name if before is not None else None


def model_history(session: Session, scope: Scope, limit: int = SHOWN) -> list[LogLine]:
    """What was done about models, the newest first."""
    query = select(LogLine).where(LogLine.subject == "model").order_by(col(LogLine.id).desc()).limit(limit)
    return list(session.exec(query).all()) if scope.home else []


def newest_training(session: Session) -> Training | None:
    """The last time that somebody wanted a model."""
    return session.exec(select(Training).order_by(col(Training.id).desc()).limit(1)).first()


def waiting_training(session: Session) -> Training | None:
    """The one that waits or is under way."""
    return session.exec(select(Training).where(Training.state == "waiting").order_by(col(Training.id))).first()


def claim_training(session: Session, now: datetime, by: str) -> Training | None:
    """A model that is wanted, now this worker's to make; one that was begun too often is given up."""
    taken = claim(
        session,
        Training,
        [col(Training.state) == "waiting"],
        [col(Training.id)],
        now=now,
        by=by,
        limit=1,
        lease=PATIENCE,
    )
    row = session.get(Training, taken[0]) if taken else None
    if row is None:
        return None
    row.tries += 1
    if row.tries > TRIES:
        end_training(row, now, error=f"It was begun {TRIES} times and never ended.")
    session.add(row)
    return row if row.state == "waiting" else None


def end_training(row: Training, now: datetime, *, model: str | None = None, error: str | None = None) -> None:
    """It is over: with a model, or with the sentence that says why there is none."""
    row.state, row.done_at, row.model, row.error = "failed" if error else "done", now, model, error
    row.lease_until = row.lease_by = None
