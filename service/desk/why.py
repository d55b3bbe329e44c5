"""Why the machine said what it said of an entry: its reasons where they stand in the text, and examples like it."""

from dataclasses import dataclass

from scoring.nearest import Example, nearest
from scoring.spans import Span, spans
from service.auth.premises import Premises
from service.desk.models import serving
from service.errors import NotFound
from service.store.learning import entries_with
from service.store.rows import assessment_of
from service.store.scope import Scope
from service.store.tables import AssessmentRow, EntryRow


@dataclass(frozen=True, slots=True)
class Why:
    """An entry, what the machine says of it, where its reasons stand in it, and what it reads most like."""

    entry: EntryRow
    machine: AssessmentRow
    spans: tuple[Span, ...]  # numbers of reasons are those of `machine.reasons`
    examples: tuple[Example, ...]


def why(premises: Premises, scope: Scope, entry_id: int) -> Why:
    """NotFound for an entry that the reader may not see or the machine has not read. Under 2 ms."""
    with premises.store.read() as session:
        found = entries_with(session, scope, [entry_id]).get(entry_id)
    if found is None:
        raise NotFound(
            f"There is no entry {entry_id} that was assessed.", "An event's page shows the numbers of its entries."
        )
    entry, _, machine = found
    where = spans(entry.title, entry.text, assessment_of(machine).reasons)
    return Why(entry, machine, where, examples_like(premises, machine))


def examples_like(premises: Premises, machine: AssessmentRow) -> tuple[Example, ...]:
    """The labelled examples that an entry reads most like, by what the machine made of it."""
    return nearest(machine.vector, serving(premises).card["encoder"])
