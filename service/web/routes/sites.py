"""Sites and partners: what the reader's organisation has abroad, on a list and on a map."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, UploadFile
from starlette.responses import RedirectResponse, Response

from ingest.place.countries import CODES
from service.desk.site_file import Faulty
from service.desk.site_given import partner_given, site_given
from service.desk.sites import (
    add_partner,
    add_site,
    change_partner,
    change_site,
    export_partners,
    export_sites,
    import_partners,
    import_sites,
    remove_partner,
    remove_site,
)
from service.errors import Invalid, WatchfireError
from service.store.exposure import get_partner, get_site, list_partners, list_sites
from service.store.tables import PartnerRow, SiteRow
from service.web.page import page
from service.web.said import Said, flash, said
from service.web.shown.fault import FaultShown, table_faults
from service.web.shown.site import partner_asked, partner_shown, site_asked, site_shown
from service.web.shown.site_map import site_map
from service.web.visit import Inside, Number, Visit
from service.web.world import shapes

router = APIRouter()
HERE = "/sites"
SHOWN = 200  # rows of each list
FAULTS = 20
MOST_FILE = 1 << 20
NEW = {"active": ""}  # the form of one more does not ask for it
Field = Annotated[str, Form()]


def _site_written(
    name: Field = "",
    kind: Field = "site",
    country: Field = "",
    latitude: Field = "",
    longitude: Field = "",
    route: Field = "",
    radius_km: Field = "",
    people: Field = "",
    criticality: Field = "usual",
    note: Field = "",
    active: Field = "no",
) -> dict[str, str]:
    return {
        "name": name,
        "kind": kind,
        "country": country,
        "latitude": latitude,
        "longitude": longitude,
        "route": route,
        "radius_km": radius_km,
        "people": people,
        "criticality": criticality,
        "note": note,
        "active": active,
    }


def _company_written(
    name: Field = "",
    kind: Field = "partner",
    spellings: Field = "",
    country: Field = "",
    note: Field = "",
    active: Field = "no",
) -> dict[str, str]:
    return {"name": name, "kind": kind, "spellings": spellings, "country": country, "note": note, "active": active}


SiteWritten = Annotated[dict[str, str], Depends(_site_written)]
CompanyWritten = Annotated[dict[str, str], Depends(_company_written)]


@router.get(HERE)
def show_sites(visit: Inside) -> Response:
    """The lists, the map, and the forms for one more."""
    return _shown(visit)


@router.post(HERE)
def add(visit: Inside, written: SiteWritten) -> Response:
    """Add a site."""
    asked = written | NEW
    try:
        add_site(visit.house, visit.reader, site_given(asked))
    except WatchfireError as error:
        return _shown(visit, status=error.status, site=asked, problem=said(visit, error))
    return RedirectResponse(f"{HERE}?done=site_added", 303)


@router.get(HERE + "/export.csv")
def export(visit: Inside) -> Response:
    """All sites as CSV."""
    return _table(export_sites(visit.house, visit.reader, visit.lang), "sites.csv")


@router.get(HERE + "/partners.csv")
def export_companies(visit: Inside) -> Response:
    """All companies as CSV."""
    return _table(export_partners(visit.house, visit.reader, visit.lang), "partners.csv")


@router.post(HERE + "/import")
def bring(visit: Inside, file: UploadFile, what: Field = "sites", dry: Field = "") -> Response:
    """Read a CSV file whole or not at all; with `dry` only check it."""
    read = import_partners if what == "partners" else import_sites
    try:
        done = read(visit.house, visit.reader, _read(file), dry=bool(dry))
    except Faulty as error:
        faults = table_faults(error.faults[:FAULTS], visit.telling)
        more = max(0, len(error.faults) - FAULTS)
        return _shown(visit, status=error.status, faults=faults, more=more)
    except WatchfireError as error:
        return _shown(visit, status=error.status, problem=said(visit, error))
    key = "exposure.import.dry" if dry else "exposure.import.done"
    return _shown(visit, word=visit.say(key, added=done.added, changed=done.changed, same=done.same))


@router.post(HERE + "/partners")
def add_company(visit: Inside, written: CompanyWritten) -> Response:
    """Add a company."""
    asked = written | NEW
    try:
        add_partner(visit.house, visit.reader, partner_given(asked))
    except WatchfireError as error:
        return _shown(visit, status=error.status, partner=asked, problem=said(visit, error))
    return RedirectResponse(f"{HERE}?done=partner_added#partners", 303)


@router.get(HERE + "/partners/{partner_id}")
def edit_company(visit: Inside, partner_id: Number) -> Response:
    """The form of a company."""
    with visit.house.store.read() as session:
        row = get_partner(session, visit.reader, partner_id)
    return _edit(visit, "partner", partner_id, row.name, partner_asked(row))


@router.post(HERE + "/partners/{partner_id}")
def change_company(visit: Inside, partner_id: Number, asked: CompanyWritten) -> Response:
    """Change a company."""
    try:
        change_partner(visit.house, visit.reader, partner_id, partner_given(asked))
    except Invalid as error:
        return _edit(
            visit, "partner", partner_id, asked["name"], asked, status=error.status, problem=said(visit, error)
        )
    return RedirectResponse(f"{HERE}?done=partner_changed#partner-{partner_id}", 303)


@router.post(HERE + "/partners/{partner_id}/remove")
def drop_company(visit: Inside, partner_id: Number) -> Response:
    """Look for it no more."""
    remove_partner(visit.house, visit.reader, partner_id)
    return RedirectResponse(f"{HERE}?done=partner_removed#partners", 303)


@router.get(HERE + "/{site_id}")
def edit(visit: Inside, site_id: Number) -> Response:
    """The form of a site."""
    with visit.house.store.read() as session:
        row = get_site(session, visit.reader, site_id)
    return _edit(visit, "site", site_id, row.name, site_asked(row), rows=[row])


@router.post(HERE + "/{site_id}")
def change(visit: Inside, site_id: Number, asked: SiteWritten) -> Response:
    """Change a site."""
    try:
        change_site(visit.house, visit.reader, site_id, site_given(asked))
    except Invalid as error:
        return _edit(visit, "site", site_id, asked["name"], asked, status=error.status, problem=said(visit, error))
    return RedirectResponse(f"{HERE}?done=site_changed#site-{site_id}", 303)


@router.post(HERE + "/{site_id}/remove")
def drop(visit: Inside, site_id: Number) -> Response:
    """Watch over it no more."""
    remove_site(visit.house, visit.reader, site_id)
    return RedirectResponse(f"{HERE}?done=site_removed", 303)


def _table(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    # The mark at the beginning: without it a table calculator takes UTF-8 for something older.
    return Response(f"\ufeff{text}", media_type="text/csv; charset=utf-8", headers=headers)


def _read(file: UploadFile) -> str:
    raw = file.file.read(MOST_FILE + 1)
    if len(raw) > MOST_FILE:
        raise Invalid("The file is larger than 1 MB.", "Split it.")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("The file is neither UTF-8 nor GB18030 text.", "Save it as CSV UTF-8 and try again.")


def _choices(visit: Visit) -> list[tuple[str, str]]:
    return sorted(((code, visit.telling.country(code)) for code in CODES), key=lambda pair: pair[1])


def _edit(
    visit: Visit,
    what: str,
    number: int,
    name: str,
    asked: dict[str, str],
    *,
    rows: list[SiteRow] | None = None,
    status: int = 200,
    problem: Said | None = None,
) -> Response:
    return page(
        visit,
        "site.html",
        status=status,
        here=HERE,
        what=what,
        number=number,
        name=name,
        asked=asked,
        map=site_map(shapes(visit.house.settings), rows or [], visit.telling),
        countries=_choices(visit),
        problem=problem,
    )


def _shown(
    visit: Visit,
    *,
    status: int = 200,
    problem: Said | None = None,
    site: dict[str, str] | None = None,
    partner: dict[str, str] | None = None,
    faults: list[FaultShown] | None = None,
    more: int = 0,
    word: str = "",
) -> Response:
    find = " ".join(visit.request.query_params.get("q", "").split())[:100]
    with visit.house.store.read() as session:
        every = list_sites(session, visit.reader)
        companies = list_partners(session, visit.reader)
    rows = [row for row in every if _fits(row, find)]
    names = [row for row in companies if _fits(row, find)]
    return page(
        visit,
        "sites.html",
        status=status,
        here=HERE,
        find=find,
        total=len(every),
        people=sum(row.people for row in every if row.active),
        map=site_map(shapes(visit.house.settings), rows, visit.telling),
        sites=[site_shown(row, visit.telling) for row in rows[:SHOWN]],
        more_sites=max(0, len(rows) - SHOWN),
        partners=[partner_shown(row, visit.telling) for row in names[:SHOWN]],
        more_partners=max(0, len(names) - SHOWN),
        many=len(every) + len(companies) > 10 or bool(find),
        countries=_choices(visit),
        asked_site=site,
        asked_partner=partner,
        faults=faults or [],
        more_faults=more,
        problem=problem,
        flash=word or flash(visit),
    )


def _fits(row: SiteRow | PartnerRow, find: str) -> bool:
    spelt = " ".join(row.spellings) if isinstance(row, PartnerRow) else row.note
    return find.casefold() in f"{row.name} {row.country or ''} {spelt}".casefold()
