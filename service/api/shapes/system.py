"""How the machine does, as the API tells it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from service.desk.failures import WorkFailures
from service.desk.system import Curve, Status
from service.desk.vital import Line
from service.store.tables import WorkFailure


class LineShape(BaseModel):
    """One thing that was looked at. `values` are the figures behind it; spans in seconds, sizes in bytes.

    `state` is well, look, broken or unknown: what nobody could look at is never well. `original` is the program's own
    sentence where one was told.
    """

    part: str
    key: str
    state: str
    code: str
    values: dict[str, Any]
    original: str | None


class FailureShape(BaseModel):
    """One time that a kind of regular work failed: which worker's, after how many seconds, and the program's words."""

    at: datetime
    work: str
    worker: str
    took: float
    error: str


class SystemShape(BaseModel):
    """Every line, and the gravest state of all. `failures` are the last of each kind of work, 20 at most of one, the
    newest first."""

    at: datetime
    state: str
    lines: list[LineShape]
    failures: list[FailureShape]


class CurveShape(BaseModel):
    """A figure since a time, one value for each step, null where nobody measured; `now` is of the last ten minutes."""

    key: str
    since: datetime
    step_s: int
    values: list[int | None]
    now: int | None


def system_shape(found: Status, failed: Sequence[WorkFailures]) -> SystemShape:
    """Everything that was looked at, and what failed."""
    lines = [_line(part.key, line) for part in found.parts for line in part.lines]
    last = sorted((one for work in failed for one in work.last), key=lambda one: one.at, reverse=True)
    return SystemShape(at=found.at, state=found.state.value, lines=lines, failures=[_failure(one) for one in last])


def _failure(row: WorkFailure) -> FailureShape:
    return FailureShape(at=row.at, work=row.work, worker=row.worker, took=row.took, error=row.error)


def _line(part: str, line: Line) -> LineShape:
    values = {name: _plain(value) for name, value in line.values.items()}
    return LineShape(
        part=part, key=line.key, state=line.state.value, code=line.code, values=values, original=line.original or None
    )


def _plain(value: Any) -> Any:
    return value.total_seconds() if isinstance(value, timedelta) else value


def curve_shape(curve: Curve) -> CurveShape:
    """A figure over the day."""
    step = int(curve.step.total_seconds())
    return CurveShape(key=curve.key, since=curve.since, step_s=step, values=list(curve.values), now=curve.now)
