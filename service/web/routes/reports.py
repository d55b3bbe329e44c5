"""Reports from the field: the list, one of them, and what the desk does about those that are no entry."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from ingest.place.countries import CODES
from ingest.report import Report
from service.auth.access import Permission, allows
from service.desk.handing_out import download_headers, download_type
from service.desk.mailbox import mailbox_health
from service.desk.report_given import Given, report_of
from service.desk.report_mending import make_entry, read_again
from service.errors import NotFound, WatchfireError
from service.store.read_reports import (
    STATES,
    attachments_of,
    count_reports,
    get_attachment,
    get_report,
    is_kept_raw,
    led_to,
    list_reports,
)
from service.web.page import page
from service.web.said import Said, flash, said
from service.web.shown.report import report_open, report_row
from service.web.visit import Inside, Number, Visit, address

router = APIRouter()
HERE = "/reports"
ROWS = 50
FIELDS = ("subject", "text", "country", "when", "sharing", "reliability")


@router.get(HERE)
def show_reports(visit: Inside) -> Response:
    """The list, by state if wanted, and how the mailbox does."""
    query = visit.request.query_params
    state = query.get("state")
    state = state if state in STATES else None
    with visit.house.store.read() as session:
        found = list_reports(session, visit.reader, state=state, limit=ROWS, cursor=query.get("cursor"))
        counts = count_reports(session, visit.reader)
        health = mailbox_health(visit.house, session) if visit.reader.home else None
    kept = [("state", state)] if state else []
    return page(
        visit,
        "reports.html",
        here=HERE,
        reports=[report_row(row, visit.telling) for row in found.items],
        state=state,
        states=STATES,
        counts=counts,
        mailbox=health,
        mailbox_ok=visit.telling.moment(health.ok_at) if health else None,
        mailbox_since=visit.telling.moment(health.failing_since) if health else None,
        may_write=_may_write(visit),
        older=address(HERE, [*kept, ("cursor", found.next)]) if found.next else None,
    )


def _may_write(visit: Visit) -> bool:
    return visit.house.settings.report_form != "off" and allows(visit.reader, Permission.REPORT)


@router.get(HERE + "/{report_id}")
def show_report(visit: Inside, report_id: Number) -> Response:
    """One report."""
    return _shown(visit, report_id)


@router.get(HERE + "/{report_id}/files/{file_id}")
def fetch_file(visit: Inside, report_id: Number, file_id: Number) -> Response:
    """A file, for download only."""
    with visit.house.store.read() as session:
        found = get_attachment(session, visit.reader, report_id, file_id)
    return Response(found.content, headers=download_headers(found.name), media_type=download_type(found.media_type))


@router.get(HERE + "/{report_id}/raw")
def fetch_raw(visit: Inside, report_id: Number) -> Response:
    """A message that could not be read, as it came."""
    with visit.house.store.read() as session:
        row = get_report(session, visit.reader, report_id, raw=True)
    if row.raw is None:
        raise NotFound("This message was not kept as it came: it could be read.")
    return Response(row.raw, headers=download_headers(f"report-{report_id}.eml"), media_type="message/rfc822")


@router.post(HERE + "/{report_id}/read")
def try_again(visit: Inside, report_id: Number) -> Response:
    """Read it again."""
    try:
        read_again(visit.house, visit.reader, report_id)
    except WatchfireError as error:
        if error.status == 404:
            raise
        return _shown(visit, report_id, status=error.status, problem=said(visit, error))
    return RedirectResponse(f"{HERE}/{report_id}?done=report_read", 303)


@router.post(HERE + "/{report_id}/entry")
def enter(
    visit: Inside,
    report_id: Number,
    subject: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    country: Annotated[str, Form()] = "",
    when: Annotated[str, Form()] = "",
    sharing: Annotated[str, Form()] = "",
    reliability: Annotated[str, Form()] = "F",
) -> Response:
    """Make the entry by hand."""
    asked = dict(zip(FIELDS, (subject, text, country, when, sharing, reliability), strict=True))
    try:
        make_entry(visit.house, visit.reader, report_id, _typed(visit, asked), reliability)
    except WatchfireError as error:
        if error.status == 404:
            raise
        return _shown(visit, report_id, status=error.status, problem=said(visit, error), asked=asked)
    return RedirectResponse(f"{HERE}/{report_id}?done=report_entry", 303)


def _typed(visit: Visit, asked: dict[str, str]) -> Report:
    given = Given(asked["subject"], asked["text"], asked["country"], when=asked["when"], sharing=asked["sharing"])
    return report_of(given, visit.now)


def _shown(
    visit: Visit,
    report_id: int,
    *,
    status: int = 200,
    problem: Said | None = None,
    asked: dict[str, str] | None = None,
) -> Response:
    with visit.house.store.read() as session:
        row = get_report(session, visit.reader, report_id)
        files = attachments_of(session, visit.reader, report_id)
        became = led_to(session, visit.reader, row.entry_id)
        has_raw = is_kept_raw(session, visit.reader, report_id)
    blank = {**dict.fromkeys(FIELDS, ""), "subject": row.subject, "text": row.text, "reliability": "F"}
    return page(
        visit,
        "report_one.html",
        status=status,
        here=f"{HERE}/{report_id}",
        open=report_open(row, files, became, visit.telling),
        may_mend=allows(visit.reader, Permission.ACT) and row.state != "accepted",
        has_raw=has_raw,
        asked=asked or blank,
        countries=sorted(((code, visit.telling.country(code)) for code in CODES), key=lambda pair: pair[1]),
        problem=problem,
        flash=flash(visit),
    )
