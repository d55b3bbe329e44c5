"""`watchfire rules`: versions of the guideline: propose, approve, reject, roll back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from rules.clause import Clause
from rules.document import DocumentError
from rules.watching import SourceClause
from service.auth.access import person_scope
from service.cli.fault import faults_told
from service.cli.office import Office, open_office, read_file, show, show_one
from service.cli.rules_try import Json, print_backtest, since_when
from service.cli.tongue import SPOKEN, Language, in_tongue
from service.desk.guideline import approve as let_in
from service.desk.guideline import in_force, propose, roll_back, try_version, turn_down
from service.desk.times import utc_time
from service.errors import NotFound
from service.locale.catalogue import Catalogue
from service.store.guidelines import clause_matches, list_versions
from service.store.people import organisation_by_id, person_by_name
from service.store.scope import Scope
from service.store.tables import GuidelineVersion

Number = Annotated[int, typer.Argument(help="Number of the version.", min=1)]
Who = Annotated[str, typer.Option("--person", "-p", help="In whose name; the operator's if not given.")]


@contextmanager
def _desk(person: str) -> Iterator[tuple[Office, Scope]]:
    """The office, and whose eyes: a person's own rights hold."""
    with open_office() as office:
        if not person:
            yield office, office.scope()
            return
        with office.store.read() as session:
            found = person_by_name(session, person)
            if found is None or not found.active:
                raise NotFound(f"There is no person '{person[:80]}'.", "`watchfire person list` shows them.")
            scope = person_scope(found, organisation_by_id(session, found.organisation_id))
        yield office, scope


def versions(as_json: Json = False) -> None:
    """Show which version is in force, and every one that was proposed."""
    with open_office() as office:
        scope = office.scope()
        current = in_force(office, scope)
        with office.store.read() as session:
            rows = [_row(row, current.number) for row in list_versions(session, scope)]
    if not as_json:
        problem = f"  {in_tongue(current.problem, current.advice)}" if current.problem else ""
        print(f"{current.guideline.version} ({current.origin}){problem}")
    show(rows, as_json, "No version was ever proposed here: `watchfire rules propose FILE`.")


def _row(row: GuidelineVersion, current: int | None) -> dict[str, object]:
    return {
        "number": row.id,
        "version": row.version,
        "state": "in force" if row.id == current else row.state,
        "proposed_by": row.proposed_by,
        "proposed_at": row.proposed_at,
        "decided_by": row.decided_by,
        "effective_at": row.effective_at,
        "note": row.note,
    }


def matches(as_json: Json = False) -> None:
    """Show when each clause last gave an alert its level."""
    with open_office() as office:
        scope = office.scope()
        guideline = in_force(office, scope).guideline
        with office.store.read() as session:
            found = clause_matches(session, scope)
    rules: list[Clause | SourceClause] = [*guideline.clauses, *guideline.sources]
    rows = [
        {
            "clause": one.id,
            "title": one.title.en,
            "last_matched": found[one.id].last_at if one.id in found else None,
            "alert": found[one.id].alert_id if one.id in found else None,
            "times": found[one.id].count if one.id in found else 0,
            "guideline": found[one.id].guideline if one.id in found else None,
        }
        for one in rules
    ]
    show(rows, as_json, "")


def propose_(
    file: Annotated[Path, typer.Argument(help="A guideline (YAML).")],
    note: Annotated[str, typer.Option(help="What changes, and why.")] = "",
    person: Who = "",
    since: Annotated[str, typer.Option(help="Backtest from this day on; 90 days if not given.")] = "",
    lang: Language = SPOKEN,
) -> None:
    """Propose a guideline, and backtest it at once. A second person approves it."""
    text = read_file(file)
    with _desk(person) as (office, scope):
        try:
            row = propose(office, scope, text, note)
        except DocumentError as error:
            raise faults_told(error.every, lang) from error
        found = try_version(office, scope, row.id or 0, since_when(office, since, 90))
    print_backtest(found, Catalogue(), lang)
    print(f"{row.id}  {row.version}")


def approve(
    number: Number,
    person: Who = "",
    effective: Annotated[str, typer.Option(help="From when on, such as 2026-05-01T06:00Z; now if not given.")] = "",
) -> None:
    """Approve a proposal of somebody else."""
    with _desk(person) as (office, scope):
        no_time = (f"'{effective[:40]}' is no time.", "Write it like 2026-05-01T06:00Z.")
        when = utc_time(effective, *no_time) if effective else None
        show_one(_row(let_in(office, scope, number, when), None))


def reject(number: Number, reason: Annotated[str, typer.Option(help="Why.")] = "", person: Who = "") -> None:
    """Reject a proposal, withdraw one's own, or stop one that is approved and not yet in effect."""
    with _desk(person) as (office, scope):
        show_one(_row(turn_down(office, scope, number, reason), None))


def rollback(
    number: Annotated[int, typer.Argument(help="An earlier version; 0 for the operator's file or the shipped one.")],
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    person: Who = "",
) -> None:
    """Go back to an earlier version at once."""
    with _desk(person) as (office, scope):
        row = roll_back(office, scope, number or None, reason)
        show_one(_row(row, row.id))
