"""`watchfire roster`: who is on duty, checked before it hurts, put in force, shown, and swapped."""

import sys
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from ingest.place.countries import CODES
from rules.level import Level
from rules.roster_check import Finding
from scoring.category import CATEGORIES, Category
from service.cli.fault import faults_told
from service.cli.office import Office, open_office, read_file, show
from service.cli.tongue import SPOKEN, Language
from service.desk.rosters import (
    FaultyRoster,
    GraveRoster,
    add_swap,
    calendar,
    cancel_swap,
    check_text,
    history,
    import_roster,
    morning,
    roster_in_force,
    standing_at,
    who,
)
from service.desk.times import zoned_time
from service.errors import Invalid, NotFound
from service.locale.catalogue import Catalogue
from service.locale.finding import finding_text
from service.store.tables import RosterFile

roster_app = typer.Typer(no_args_is_help=True, add_completion=False)
Json = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
When = Annotated[str | None, typer.Option("--at", help="RFC 3339, such as 2026-12-01T08:00:00Z; now if not given.")]


@roster_app.command("check")
def check(
    file: Annotated[Path | None, typer.Argument(help="Roster file (YAML); the one in force if not given.")] = None,
    lang: Language = SPOKEN,
    as_json: Json = False,
) -> None:
    """Find what hurts at night: faults, gaps in the next 60 days, people and owners who cannot be reached, expiry."""
    with open_office() as office:
        text = read_file(file) if file is not None else None
        try:
            rosters, findings = check_text(office, office.scope(), text, file.name if file is not None else "")
        except FaultyRoster as error:
            raise faults_told(error.faults, lang) from error
    words = Catalogue()
    name = file.name if file is not None else None
    lines = [
        {"file": name, "line": one.line or None, "what": finding_text(one, words, lang), "grave": one.grave}
        for one in findings
    ]
    sound = words.say("roster.cli.sound", lang, people=len(rosters.members), rosters=len(rosters.rosters))
    show(lines, as_json, sound)
    if any(finding.grave for finding in findings):
        raise typer.Exit(2)


@roster_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="Roster file (YAML).")],
    note: Annotated[str, typer.Option(help="Why it changes.")] = "",
    lang: Language = SPOKEN,
) -> None:
    """Put a roster in force, after the check; a faulty one never replaces a good one."""
    with open_office() as office:
        row, findings = _imported(office, file, note, lang)
        rosters, _ = check_text(office, office.scope(), None, file.name)
    words = Catalogue()
    for finding in findings:
        print(finding_text(finding, words, lang), file=sys.stderr)
    counts = {"people": len(rosters.members), "rosters": len(rosters.rosters)}
    print(words.say("roster.cli.imported", lang, number=row.id, **counts))


def _imported(office: Office, file: Path, note: str, lang: str) -> tuple[RosterFile, tuple[Finding, ...]]:
    try:
        return import_roster(office, office.scope(), read_file(file), name=file.name, note=note)
    except FaultyRoster as error:
        raise faults_told(error.faults, lang) from error
    except GraveRoster as error:
        for one in error.findings:
            print(f"{file.name}:{one.line}: {finding_text(one, Catalogue(), lang)}", file=sys.stderr)
        raise


@roster_app.command("export")
def export() -> None:
    """Write out the roster in force as it was written."""
    with open_office() as office:
        found = roster_in_force(office, office.scope())
    if found is None:
        raise NotFound("There is no roster yet.", "`watchfire roster example` writes one to start from.")
    print(found.text, end="")


@roster_app.command("example")
def example() -> None:
    """Write out an example to start from."""
    print(files("rules").joinpath("defaults", "roster.yaml").read_text(encoding="utf-8"), end="")


@roster_app.command("history")
def history_(as_json: Json = False) -> None:
    """Show which rosters were put in force, when and by whom."""
    with open_office() as office:
        lines = [
            {"number": row.id, "since": row.created_at, "by": row.by, "note": row.note}
            for row in history(office, office.scope())
        ]
    show(lines, as_json, "There is no roster yet.")


@roster_app.command("show")
def show_(
    at: When = None,
    days: Annotated[int, typer.Option(help="A calendar of so many days from then on.")] = 0,
    as_json: Json = False,
) -> None:
    """Show who is asked for each owner at a time, in order; with --days who is on duty from when to when."""
    with open_office() as office:
        moment = _moment(at) if at is not None else office.clock()
        if days:
            found = calendar(office, office.scope(), moment, moment + timedelta(days=days))
            lines: list[dict[str, object]] = [
                {"owner": owner, "from": span.start, "until": span.end, "person": span.person or "GAP", "by": span.by}
                for owner, spans in found.owners
                for span in spans
            ]
        else:
            lines = [
                {"owner": owner, "asked": [f"{stand.person} ({stand.part.value})" for stand in stands]}
                for owner, stands in standing_at(office, office.scope(), moment)
            ]
    show(lines, as_json, "There is no roster yet: `watchfire roster example`.")


@roster_app.command("who")
def who_(
    country: Annotated[str, typer.Argument(help="ISO 3166, such as NE; - for none.")],
    category: Annotated[str, typer.Argument(help="security, political, legal, financial or reputational; - for none.")],
    level: Annotated[int, typer.Argument(min=1, max=4, help="1 (the gravest) to 4.")],
    at: When = None,
    lang: Language = SPOKEN,
    as_json: Json = False,
) -> None:
    """Show who would answer for an alert, in the order in which they are asked, and by which routes."""
    code = country.upper() if country != "-" else ""
    if code and code not in CODES:
        raise Invalid(f"'{country[:20]}' is no country.", "Use the two letters of ISO 3166.")
    if category not in (*CATEGORIES, "-"):
        raise Invalid(f"'{category[:20]}' is no category.", f"Use {', '.join(CATEGORIES)} or -.")
    kinds = [Category(category)] if category != "-" else []
    with open_office() as office:
        found = who(office, office.scope(), code, kinds, Level(level), _moment(at) if at is not None else None)
    lines = [
        {
            "owner": duty.owner,
            "role": duty.role,
            "asked": [f"{stand.person} ({stand.part.value})" for stand in duty.people],
        }
        for duty in found.duties
    ]
    show(lines, as_json, "")
    if not as_json and found.central:
        print(Catalogue().say("roster.command", lang))
    if not as_json and found.path:
        print(" → ".join(found.path))


@roster_app.command("swap")
def swap(
    owner: Annotated[str, typer.Argument(help="Key of the owner.")],
    person: Annotated[str, typer.Argument(help="Who stands in.")],
    start: Annotated[str, typer.Option("--from", help="RFC 3339.")],
    end: Annotated[str, typer.Option("--until", help="RFC 3339.")],
    instead: Annotated[str | None, typer.Option(help="Only in the turns of this person.")] = None,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
) -> None:
    """Let somebody stand in for a while."""
    with open_office() as office:
        row = add_swap(
            office,
            office.scope(),
            owner=owner,
            person=person,
            start=_moment(start),
            end=_moment(end),
            instead=instead,
            reason=reason,
        )
    print(f"Swap {row.id}: {person} for {owner} until {row.ends_at:%Y-%m-%d %H:%MZ}.")


@roster_app.command("unswap")
def unswap(number: Annotated[int, typer.Argument(help="Number of the swap.")]) -> None:
    """Take a swap back."""
    with open_office() as office:
        print(f"Swap {cancel_swap(office, office.scope(), number).id} is taken back.")


@roster_app.command("morning")
def morning_(as_json: Json = False) -> None:
    """Show the alerts that nobody answered to the end of their escalation."""
    with open_office() as office:
        lines = [
            {"alert": alert.id, "level": alert.level, "title": alert.title, "due": row.due, "lapsed": row.lapsed_at}
            for alert, row in morning(office, office.scope())
        ]
    show(lines, as_json, "Nothing: every alert was answered, or is still being asked about.")


def _moment(text: str) -> datetime:
    return zoned_time(text, f"'{text[:40]}' is no time.", "Write it like 2026-12-01T08:00:00Z.")
