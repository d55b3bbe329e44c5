"""/sites and /partners: what the reader's organisation has abroad. No other organisation's is ever answered."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from starlette.responses import Response

from service.api.asked import Nothing, Number, asks_nothing
from service.api.house import Holder, Reader, TheHouse
from service.api.problem import Fault, problem, told
from service.api.shapes.common import Listed
from service.api.shapes.site import (
    FileGiven,
    ImportShape,
    PartnerBody,
    PartnerShape,
    SiteBody,
    SiteNear,
    SiteShape,
    import_shape,
    near_shape,
    partner_shape,
    site_shape,
)
from service.desk.site_file import Faulty
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
    sites_near,
)
from service.store.exposure import list_partners, list_sites

router = APIRouter(tags=["sites"])
ALONE = [Depends(asks_nothing)]
TABLE = "text/csv; charset=utf-8"
MOST_FAULTS = 100


class NearAsked(Nothing):
    """Around which point, and how far."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    km: float = Field(100, ge=0, le=20_000)


@router.get("/sites", name="list", dependencies=ALONE)
def list_(house: TheHouse, scope: Reader) -> Listed[SiteShape]:
    """The organisation's sites, projects, routes and people."""
    with house.store.read() as session:
        return Listed(items=[site_shape(row) for row in list_sites(session, scope)])


@router.get("/sites/near")
def near(house: TheHouse, scope: Reader, asked: Annotated[NearAsked, Query()]) -> Listed[SiteNear]:
    """Sites around a point, the nearest first."""
    found = sites_near(house, scope, (asked.latitude, asked.longitude), asked.km)
    return Listed(items=[near_shape(row, km) for row, km in found])


@router.get("/sites/export", dependencies=ALONE, response_class=Response)
def export(house: TheHouse, scope: Reader) -> Response:
    """All sites as CSV."""
    return Response(export_sites(house, scope), media_type=TABLE)


@router.post("/sites", status_code=201, dependencies=ALONE)
def add(house: TheHouse, scope: Holder, given: SiteBody) -> SiteShape:
    """Add a site."""
    return site_shape(add_site(house, scope, given.given()))


@router.post("/sites/import", dependencies=ALONE, response_model=ImportShape)
def import_(request: Request, house: TheHouse, scope: Holder, given: FileGiven) -> ImportShape | Response:
    """Add the sites of a CSV file and change those of the same name: all of them, or with a fault anywhere none."""
    try:
        return import_shape(import_sites(house, scope, given.csv, dry=given.dry_run), dry_run=given.dry_run)
    except Faulty as error:
        return _faulty(error, request)


@router.put("/sites/{site_id}", dependencies=ALONE)
def change(house: TheHouse, scope: Holder, site_id: Number, given: SiteBody) -> SiteShape:
    """Change a site to what is given."""
    return site_shape(change_site(house, scope, site_id, given.given()))


@router.delete("/sites/{site_id}", status_code=204, dependencies=ALONE)
def remove(house: TheHouse, scope: Holder, site_id: Number) -> None:
    """Remove a site."""
    remove_site(house, scope, site_id)


@router.get("/partners", dependencies=ALONE)
def partners(house: TheHouse, scope: Reader) -> Listed[PartnerShape]:
    """The organisation's own companies and partners."""
    with house.store.read() as session:
        return Listed(items=[partner_shape(row) for row in list_partners(session, scope)])


@router.get("/partners/export", dependencies=ALONE, response_class=Response)
def partners_export(house: TheHouse, scope: Reader) -> Response:
    """All companies as CSV."""
    return Response(export_partners(house, scope), media_type=TABLE)


@router.post("/partners", status_code=201, dependencies=ALONE)
def partners_add(house: TheHouse, scope: Holder, given: PartnerBody) -> PartnerShape:
    """Add a company."""
    return partner_shape(add_partner(house, scope, given.given()))


@router.post("/partners/import", dependencies=ALONE, response_model=ImportShape)
def partners_import(request: Request, house: TheHouse, scope: Holder, given: FileGiven) -> ImportShape | Response:
    """Add the companies of a CSV file and change those of the same name: all, or none."""
    try:
        return import_shape(import_partners(house, scope, given.csv, dry=given.dry_run), dry_run=given.dry_run)
    except Faulty as error:
        return _faulty(error, request)


@router.put("/partners/{partner_id}", dependencies=ALONE)
def partners_change(house: TheHouse, scope: Holder, partner_id: Number, given: PartnerBody) -> PartnerShape:
    """Change a company to what is given."""
    return partner_shape(change_partner(house, scope, partner_id, given.given()))


@router.delete("/partners/{partner_id}", status_code=204, dependencies=ALONE)
def partners_remove(house: TheHouse, scope: Holder, partner_id: Number) -> None:
    """Remove a company."""
    remove_partner(house, scope, partner_id)


def _faulty(error: Faulty, request: Request) -> Response:
    faults = [
        Fault(where="csv", name=f"line {fault.line}", detail=" ".join(told(request, fault.what, fault.advice)).strip())
        for fault in error.faults[:MOST_FAULTS]
    ]
    what, advice = told(request, error.what, error.advice)
    return problem(error.status, what, key=error.key, advice=advice, errors=faults)
