"""`watchfire site` and `watchfire partner`: what an organisation has abroad."""

import sys
from pathlib import Path
from typing import Annotated, Protocol

import typer

from service.auth.premises import Premises
from service.cli.office import open_office, read_file, show, write_file
from service.cli.tongue import in_tongue, tongue
from service.desk.site_file import WORDS, Faulty
from service.desk.site_given import partner_given, site_given
from service.desk.sites import (
    Imported,
    add_partner,
    add_site,
    export_partners,
    export_sites,
    import_partners,
    import_sites,
    remove_partner,
    remove_site,
    sites_near,
)
from service.store.exposure import list_partners, list_sites
from service.store.pages import LARGEST
from service.store.scope import Scope
from service.store.tables import PartnerRow, SiteRow

site_app = typer.Typer(no_args_is_help=True, add_completion=False)
partner_app = typer.Typer(no_args_is_help=True, add_completion=False)
Json = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
Organisation = Annotated[
    str | None, typer.Option("--organisation", "-o", help="Key of the organisation; the desk's own if not given.")
]
Number = Annotated[int, typer.Argument(min=1, max=LARGEST, help="Its number; `list` shows it.")]
Csv = Annotated[Path, typer.Argument(help="CSV, UTF-8; `export` writes one to start from.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="Only check, and say what would be done.")]
Into = Annotated[Path | None, typer.Argument(help="Where to write; standard output if not given.")]
MOST_FAULTS = 50


@site_app.command("list")
def list_(organisation: Organisation = None, as_json: Json = False) -> None:
    """Show an organisation's sites, projects, routes and people."""
    with open_office() as office:
        scope = office.scope(organisation)
        with office.store.read() as session:
            rows = list_sites(session, scope)
        show(
            [_site(row, as_json) for row in rows],
            as_json,
            "There is no site. Add one with `watchfire site add NAME`, or import a CSV file.",
        )


@site_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    kind: Annotated[str, typer.Option(help="site, project, route or people.")] = "site",
    country: Annotated[str, typer.Option(help="ISO 3166 code.")] = "",
    latitude: Annotated[str, typer.Option(help="Degrees; south is negative.")] = "",
    longitude: Annotated[str, typer.Option(help="Degrees; west is negative.")] = "",
    route: Annotated[str, typer.Option(help="Points of a route: `lat lon; lat lon; …`.")] = "",
    radius: Annotated[str, typer.Option(help="Km around the point that belong to it.")] = "",
    people: Annotated[str, typer.Option(help="Usual head-count.")] = "",
    criticality: Annotated[str, typer.Option(help="low, usual or vital.")] = "usual",
    note: Annotated[str, typer.Option(help="Anything worth knowing.")] = "",
    organisation: Organisation = None,
) -> None:
    """Add a site; events near it weigh more from now on."""
    given = {
        "name": name,
        "kind": kind,
        "country": country,
        "latitude": latitude,
        "longitude": longitude,
        "route": route,
        "radius_km": radius,
        "people": people,
        "criticality": criticality,
        "note": note,
    }
    with open_office() as office:
        row = add_site(office, office.scope(organisation), site_given(given))
        print(f"Site {row.id} '{row.name}' is watched over from now on.")


@site_app.command("remove")
def remove(number: Number, organisation: Organisation = None) -> None:
    """Remove a site."""
    with open_office() as office:
        print(f"Site {number} '{remove_site(office, office.scope(organisation), number)}' is removed.")


@site_app.command("import")
def import_(file: Csv, dry_run: Dry = False, organisation: Organisation = None) -> None:
    """Add the sites of a file and change those of the same name: all, or with a fault anywhere none."""
    _bring("Sites", import_sites, file, organisation, dry=dry_run)


@site_app.command("export")
def export(file: Into = None, organisation: Organisation = None) -> None:
    """Write all sites as CSV."""
    with open_office() as office:
        _write(export_sites(office, office.scope(organisation), tongue()), file)


@site_app.command("near")
def near(
    latitude: Annotated[float, typer.Argument(help="Degrees. Before a negative one write --.")],
    longitude: Annotated[float, typer.Argument(help="Degrees.")],
    km: Annotated[float, typer.Option(help="How far.")] = 100,
    organisation: Organisation = None,
    as_json: Json = False,
) -> None:
    """Show the sites around a point, the nearest first."""
    with open_office() as office:
        found = sites_near(office, office.scope(organisation), (latitude, longitude), km)
        show(
            [{"km": round(away, 1), **_site(row, as_json)} for row, away in found],
            as_json,
            f"No site lies within {km:g} km of {latitude:g} {longitude:g}.",
        )


@partner_app.command("list")
def partners(organisation: Organisation = None, as_json: Json = False) -> None:
    """Show an organisation's own companies and partners."""
    with open_office() as office:
        scope = office.scope(organisation)
        with office.store.read() as session:
            rows = list_partners(session, scope)
        show(
            [_partner(row, as_json) for row in rows],
            as_json,
            "No company is looked for. Add one with `watchfire partner add NAME`, or import a CSV file.",
        )


@partner_app.command("add")
def partner_add(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    kind: Annotated[str, typer.Option(help="own or partner.")] = "partner",
    spelling: Annotated[list[str] | None, typer.Option(help="Another name of it; repeat it for more.")] = None,
    country: Annotated[str, typer.Option(help="ISO 3166 code.")] = "",
    note: Annotated[str, typer.Option(help="Anything worth knowing.")] = "",
    organisation: Organisation = None,
) -> None:
    """Look for a company by name, in reports and on sanctions lists."""
    given = {"name": name, "kind": kind, "spellings": ";".join(spelling or ()), "country": country, "note": note}
    with open_office() as office:
        row = add_partner(office, office.scope(organisation), partner_given(given))
        print(f"Company {row.id} '{row.name}' is looked for from now on.")


@partner_app.command("remove")
def partner_remove(number: Number, organisation: Organisation = None) -> None:
    """Look for a company no more."""
    with open_office() as office:
        print(f"Company {number} '{remove_partner(office, office.scope(organisation), number)}' is removed.")


@partner_app.command("import")
def partner_import(file: Csv, dry_run: Dry = False, organisation: Organisation = None) -> None:
    """Add the companies of a file and change those of the same name: all, or with a fault anywhere none."""
    _bring("Companies", import_partners, file, organisation, dry=dry_run)


@partner_app.command("export")
def partner_export(file: Into = None, organisation: Organisation = None) -> None:
    """Write all companies as CSV."""
    with open_office() as office:
        _write(export_partners(office, office.scope(organisation), tongue()), file)


def _site(row: SiteRow, as_json: bool) -> dict[str, object]:
    place = row.points if as_json else "; ".join(f"{lat:g} {lon:g}" for lat, lon in row.points[:3])
    return {
        "id": row.id,
        "name": row.name,
        "kind": row.kind,
        "country": row.country,
        "points": f"{place} …" if not as_json and len(row.points) > 3 else place,
        "radius_km": row.radius_km if as_json else f"{row.radius_km:g}",
        "people": row.people,
        "criticality": row.criticality if as_json else WORDS[row.criticality - 1],
        "active": row.active,
    }


def _partner(row: PartnerRow, as_json: bool) -> dict[str, object]:
    return {
        "id": row.id,
        "name": row.name,
        "kind": row.kind,
        "spellings": row.spellings if as_json else "; ".join(row.spellings),
        "country": row.country,
        "active": row.active,
    }


class Reads(Protocol):
    """How a file is imported."""

    def __call__(self, premises: Premises, scope: Scope, text: str, *, dry: bool) -> Imported: ...


def _bring(what: str, read: Reads, file: Path, organisation: str | None, *, dry: bool) -> None:
    text = read_file(file)
    with open_office() as office:
        try:
            done = read(office, office.scope(organisation), text, dry=dry)
        except Faulty as error:
            raise _told(file, error) from error
    tail = " Nothing was stored: this was a dry run." if dry else ""
    print(f"{what} added: {done.added}; changed: {done.changed}; as before: {done.same}.{tail}")


def _told(file: Path, error: Faulty) -> typer.Exit:
    for fault in error.faults[:MOST_FAULTS]:
        print(f"{file.name}:{fault.line}: {in_tongue(fault.what, fault.advice)}", file=sys.stderr)
    more = len(error.faults) - MOST_FAULTS
    print(in_tongue(f"… and {more} more." if more > 0 else "", "Nothing was imported."), file=sys.stderr)
    return typer.Exit(error.exit_code)


def _write(text: str, file: Path | None) -> None:
    if file is None:
        print(text, end="")
    else:
        write_file(file, text)
