"""What failed lately: of each kind of regular work the last failures, with when and why."""

from dataclasses import dataclass

from service.auth.premises import Premises
from service.desk.system import demand_desk
from service.store.failures import list_failures
from service.store.scope import Scope
from service.store.tables import WorkFailure


@dataclass(frozen=True, slots=True)
class WorkFailures:
    """The last failures of one kind of work, the newest first."""

    work: str
    last: tuple[WorkFailure, ...]


def failures(premises: Premises, scope: Scope) -> tuple[WorkFailures, ...]:
    """The work that failed last comes first. Refused to who is not of the desk."""
    demand_desk(scope)
    return read_failures(premises)


def read_failures(premises: Premises) -> tuple[WorkFailures, ...]:
    """The same for whoever may run commands here."""
    found: dict[str, list[WorkFailure]] = {}
    with premises.store.read() as session:
        for row in list_failures(session):
            found.setdefault(row.work, []).append(row)
    return tuple(WorkFailures(work, tuple(some)) for work, some in found.items())
