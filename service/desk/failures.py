"""What failed lately: of each kind of regular work the last failures, with when and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.errors import Refused
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
    demand(scope, Permission.READ)
    if not scope.home:
        raise Refused("How the machine does is the desk's own.", "Ask its administrator.")
    return read_failures(premises)


def read_failures(premises: Premises) -> tuple[WorkFailures, ...]:
    """The same for whoever may run commands here."""
    with premises.store.read() as session:
        return by_work(list_failures(session))


def by_work(rows: Sequence[WorkFailure]) -> tuple[WorkFailures, ...]:
    """Failures in the order of their time, put together."""
    found: dict[str, list[WorkFailure]] = {}
    for row in rows:
        found.setdefault(row.work, []).append(row)
    return tuple(WorkFailures(work, tuple(some)) for work, some in found.items())
