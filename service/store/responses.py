"""Reading responses and their steps."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from service.errors import NotFound
from service.store.read_alerts import LIVE
from service.store.scope import Scope
from service.store.tables import Alert, LogLine, Response, ResponseStep

OPEN = ("todo", "doing")  # states of a step that is yet to be done


def response_of(session: Session, alert_id: int) -> Response | None:
    """The response to an alert, if there is one."""
    return session.exec(select(Response).where(Response.alert_id == alert_id)).first()


def steps_of(session: Session, response: Response) -> list[ResponseStep]:
    """The steps of a response in the plan's order."""
    query = select(ResponseStep).where(ResponseStep.response_id == response.id)
    return list(session.exec(query.order_by(col(ResponseStep.position), col(ResponseStep.id))).all())


def read_response(session: Session, scope: Scope, alert: Alert) -> tuple[Response, list[ResponseStep]] | None:
    """The response to an alert that the reader may see, with its steps; only the desk's own people see it."""
    if not scope.home:
        return None
    found = response_of(session, alert.id or 0)
    return (found, steps_of(session, found)) if found is not None else None


def get_step(session: Session, response: Response, step_id: int) -> ResponseStep:
    """One step of a response; NotFound when there is none such."""
    query = select(ResponseStep).where(ResponseStep.response_id == response.id, ResponseStep.id == step_id)
    found = session.exec(query.with_for_update()).first()
    if found is None:
        raise NotFound(f"There is no step {step_id} in this response.", "`watchfire response show` lists its steps.")
    return found


def response_log(session: Session, scope: Scope, alert: Alert) -> list[LogLine]:
    """What was done about an alert, oldest first; only the desk's own people see it."""
    if not scope.home:
        return []
    query = select(LogLine).where(LogLine.subject == "response", LogLine.subject_id == str(alert.id))
    return list(session.exec(query.order_by(col(LogLine.id))).all())


def due_steps(
    session: Session, organisation_id: int, now: datetime, limit: int = 200
) -> Sequence[tuple[ResponseStep, Response, Alert]]:
    """Open steps of live alerts, but for withdrawn ones, whose next look is due, the oldest first."""
    query = (
        select(ResponseStep, Response, Alert)
        .join(Response, col(Response.id) == col(ResponseStep.response_id))
        .join(Alert, col(Alert.id) == col(Response.alert_id))
        .where(
            col(ResponseStep.state).in_(OPEN),
            col(ResponseStep.look_at) <= now,
            Alert.organisation_id == organisation_id,
            col(Alert.state).in_(LIVE),
            col(Alert.withdrawn).is_(False),
        )
        .order_by(col(ResponseStep.look_at), col(ResponseStep.id))
        .limit(limit)
    )
    return list(session.exec(query).all())


def uses_of(session: Session, scope: Scope) -> dict[str, int]:
    """Plan → responses on live alerts that work by it; nothing for readers outside the desk."""
    if not scope.home:
        return {}
    query = (
        select(Response.plan)
        .join(Alert, col(Alert.id) == col(Response.alert_id))
        .where(Alert.organisation_id == scope.organisation_id, col(Alert.state).in_(LIVE))
    )
    found: dict[str, int] = {}
    for key in session.exec(query).all():
        found[key] = found.get(key, 0) + 1
    return found
