"""Correcting what the machine says of an entry: the person's word holds from then on, and models learn from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from ingest.place.countries import CODES
from scoring.assessment import Assessment
from scoring.category import CATEGORIES, Category
from scoring.judgement import Judgement, JudgementError, proposed
from service.auth.access import demand_act
from service.auth.premises import Premises
from service.desk.audit import leave_line
from service.desk.words import one_line
from service.errors import Conflict, Invalid
from service.store.corrections import (
    Given,
    end_correction,
    get_entry,
    machine_word,
    owners_of,
    restore_machine,
    store_correction,
)
from service.store.rows import assessment_of
from service.store.scope import Scope
from service.store.tables import AssessmentRow, Correction, EntryRow

LONGEST_REASON = 500
MOST_COUNTRIES = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody says of an entry. None keeps what the machine said, as far as it goes with the labels."""

    labels: Sequence[str]
    subtypes: Sequence[str] | None = None
    severity: int | None = None
    countries: Sequence[str] | None = None


def correct_entry(premises: Premises, scope: Scope, entry_id: int, wanted: Wanted, reason: str = "") -> Correction:
    """Put a person's word over the machine's; no labels mean that the entry reports no risk.

    Its event is decided on anew by the walk: an alert may rise at once and falls slowly. Another correction of the same
    entry takes the place of this one. Refused, NotFound, Invalid, or Conflict before the machine has read the entry.
    """
    reason = one_line(reason)
    if len(reason) > LONGEST_REASON:
        raise Invalid("The reason is too long.", f"Use at most {LONGEST_REASON} characters.")
    now = premises.clock()
    with premises.store.write() as session:
        entry, machine = _opened(session, scope, entry_id)
        judgement = judgement_from(wanted, assessment_of(machine))
        row = store_correction(session, entry, machine, Given(judgement, scope.actor, reason), now)
        said = {"before": row.before, "after": row.after, **({"reason": reason} if reason else {})}
        leave_line(session, scope, now, "entry.correct", entry.id, correction=row.id, **said)
    return row


def undo_correction(premises: Premises, scope: Scope, entry_id: int) -> Correction:
    """Take the correction of an entry back: what the machine said holds again. Conflict when none holds."""
    now = premises.clock()
    with premises.store.write() as session:
        entry, machine = _opened(session, scope, entry_id)
        row = end_correction(session, entry, scope.actor, now)
        if row is None:
            raise Conflict(f"No correction of entry {entry_id} holds.", "Reload to see it as it is.")
        restore_machine(session, entry, machine, now)
        leave_line(session, scope, now, "entry.undo", entry.id, correction=row.id)
    return row


def _opened(session: Session, scope: Scope, entry_id: int) -> tuple[EntryRow, AssessmentRow]:
    entry = get_entry(session, scope, entry_id, lock=True)
    demand_act(scope, owners_of(session, scope, entry_id))
    machine = machine_word(session, entry_id)
    if machine is None:
        raise Conflict(f"Entry {entry_id} has not been read by the machine yet.", "Try again in a moment.")
    return entry, machine


def judgement_from(wanted: Wanted, machine: Assessment) -> Judgement:
    """A sound judgement; Invalid says what cannot be meant."""
    strange = [key for key in wanted.labels if key not in tuple(Category)]
    if strange:
        raise Invalid(f"'{strange[0][:40]}' is no category.", f"Use {', '.join(CATEGORIES)}.")
    kept = proposed(machine, tuple(category for category in CATEGORIES if category in wanted.labels))
    try:
        return Judgement(
            labels=kept.labels,
            subtypes=kept.subtypes if wanted.subtypes is None else tuple(dict.fromkeys(wanted.subtypes)),
            severity=kept.severity if wanted.severity is None else wanted.severity,
            countries=kept.countries if wanted.countries is None else _countries(wanted.countries),
        )
    except JudgementError as error:
        raise Invalid(str(error), "Change one of the two.") from error


def _countries(codes: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(code.strip().upper() for code in codes if code.strip()))
    strange = [code for code in found if code not in CODES]
    if strange:
        raise Invalid(f"'{strange[0][:40]}' is no country.", "Use the two letters of ISO 3166.")
    if len(found) > MOST_COUNTRIES:
        raise Invalid("These are too many countries for one entry.", f"Name at most {MOST_COUNTRIES}.")
    return found
