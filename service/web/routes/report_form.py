"""The form by which people in the field report: signed in, or by a link that needs no account."""

import secrets
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ingest.attachment import File
from ingest.entry import Sharing
from ingest.place.countries import CODES
from ingest.report import MOST_TEXT
from scoring.category import CATEGORIES
from service.auth.access import Permission, demand, link_scope
from service.auth.bounds import Allowance
from service.auth.origin import client_of
from service.desk.report_given import MOST_FILES_TAKEN, Given, report_of
from service.desk.report_link import demand_link
from service.desk.reports import Filed, file_report
from service.errors import NotFound, WatchfireError
from service.store.scope import Scope
from service.web.page import page
from service.web.said import Said, said
from service.web.visit import Inside, Outside, Visit

router = APIRouter()
HERE = "/report"
TEXTS = ("text", "country", "place", "when", "category", "sharing", "token")
FIELDS = 30
# By one address, and by all together, within an hour: a site behind one address has several people.
allowance = Allowance(10, 100, timedelta(hours=1))


def _open_form(visit: Inside) -> Visit:
    """The form for who is signed in; there is none where the operator shut it."""
    if visit.house.settings.report_form == "off":
        raise NotFound("There is no such page.")
    demand(visit.reader, Permission.REPORT)
    return visit


def _by_link(visit: Outside, token: str) -> Visit:
    """The form for whoever has the link."""
    demand_link(visit.house, token)
    return visit


Signed = Annotated[Visit, Depends(_open_form)]
Linked = Annotated[Visit, Depends(_by_link)]


@router.get(HERE)
def ask(visit: Signed) -> Response:
    """The form, or the word that a report has arrived."""
    return _shown(visit, HERE)


@router.post(HERE)
async def send(visit: Signed, request: Request) -> Response:
    """File it in the name of who is signed in, unless they do not want to be named."""
    return await _sent(visit, request, HERE, visit.reader)


@router.get(HERE + "/{token}")
def ask_linked(visit: Linked, token: str) -> Response:
    """The form without an account."""
    return _shown(visit, f"{HERE}/{token}", linked=True)


@router.post(HERE + "/{token}")
async def send_linked(visit: Linked, token: str, request: Request) -> Response:
    """File it in nobody's name; only so many an hour."""
    return await _sent(visit, request, f"{HERE}/{token}", None)


async def _sent(visit: Visit, request: Request, here: str, scope: Scope | None) -> Response:
    """File what the form holds, read only now: who may send is known."""
    async with request.form(max_files=MOST_FILES_TAKEN, max_fields=FIELDS, max_part_size=2**20) as form:
        texts = {name: str(form.get(name) or "")[:MOST_TEXT] for name in TEXTS}
        hidden = scope is None or form.get("anonymous") == "yes"
        sent = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
        files = tuple([File(one.filename or "file", one.content_type or "", await one.read()) for one in sent])
    given = Given(
        text=texts["text"],
        country=texts["country"],
        place=texts["place"],
        when=texts["when"],
        category=texts["category"],
        sharing=texts["sharing"],
        token=texts["token"],
        anonymous=hidden,
        files=files,
    )
    return await run_in_threadpool(_answered, visit, scope, here, given)


def _answered(visit: Visit, scope: Scope | None, here: str, given: Given) -> Response:
    """On to the word that it has arrived; a refused form comes back as it was filled in."""
    try:
        filed = _file(visit, scope, given)
    except WatchfireError as error:
        if error.status >= 500:
            raise
        return _shown(visit, here, linked=scope is None, given=given, problem=said(visit, error), status=error.status)
    number = "" if given.anonymous else f"&number={filed.row.id}"
    return RedirectResponse(f"{here}?sent={'new' if filed.is_new else 'known'}{number}", 303)


def _file(visit: Visit, scope: Scope | None, given: Given) -> Filed:
    house = visit.house
    report = report_of(given, visit.now)
    if scope is None:
        allowance.use(client_of(visit.request, house.settings), visit.now)
        with house.store.read() as session:
            scope = link_scope(session)
    return file_report(house, scope, report, channel="form")


def _shown(
    visit: Visit,
    here: str,
    *,
    linked: bool = False,
    given: Given | None = None,
    problem: Said | None = None,
    status: int = 200,
) -> Response:
    query = visit.request.query_params
    least = Sharing(visit.house.settings.report_sharing)
    number = query.get("number", "")
    return page(
        visit,
        "report.html",
        status=status,
        here=here,
        linked=linked,
        asked=given or Given(sharing=least.value, token=secrets.token_urlsafe(12)),
        problem=problem,
        sent=query.get("sent", "") if status == 200 else "",
        number=number if number.isascii() and number.isdigit() and len(number) < 12 else "",
        countries=sorted(((code, visit.telling.country(code)) for code in CODES), key=lambda pair: pair[1]),
        categories=CATEGORIES,
        marks=[mark.value for mark in Sharing if mark.strictness >= least.strictness][::-1],
        latest=(visit.now + timedelta(hours=14)).strftime("%Y-%m-%dT%H:%M"),
    )
