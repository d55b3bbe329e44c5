"""/reports: what people in the field say, with their files."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import Response

from ingest.attachment import File
from service.api.asked import Number, ReportsAsked, asks_nothing
from service.api.house import Filer, Reader, TheHouse
from service.api.shapes.common import Listed, listed
from service.api.shapes.report import ReportGiven, ReportShape, ReportWhole, report_shape, report_whole
from service.desk.handing_out import download_headers, download_type
from service.desk.house import House
from service.desk.report_given import MOST_FILES_TAKEN, Given, report_of
from service.desk.report_mending import read_again
from service.desk.reports import Filed, file_report
from service.errors import Invalid, NotFound
from service.store.read_reports import attachments_of, get_attachment, get_report, led_to, list_reports
from service.store.scope import Scope

router = APIRouter(prefix="/reports", tags=["reports"])
FIELDS = 30
BYTES = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
TAKES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/ReportGiven"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "description": "The fields of ReportGiven as texts; files as `attachments`, as many as needed.",
                    "required": ["text"],
                    "properties": {
                        "text": {"type": "string"},
                        "attachments": {"type": "array", "items": {"type": "string", "format": "binary"}},
                    },
                }
            },
        },
    }
}


async def _given(request: Request, _scope: Filer) -> Given:
    """The report in a request; read only after it is known who is asking, because it may be large."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "multipart/form-data":
            return await _from_form(request)
        return ReportGiven.model_validate_json(await request.body()).given()
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors(include_input=False)]
        raise RequestValidationError(faults) from None


async def _from_form(request: Request) -> Given:
    texts: dict[str, str] = {}
    files: list[File] = []
    async with request.form(max_files=MOST_FILES_TAKEN, max_fields=FIELDS, max_part_size=2**20) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files.append(File(value.filename or "file", value.content_type or "", await value.read()))
            elif name in texts:
                raise Invalid(f"The field '{name[:60]}' is given more than once.", "Give it once.")
            elif name != "attachments" or value:
                texts[name] = value
    return replace(ReportGiven.model_validate(texts).given(), files=tuple(files))


@router.post("", status_code=201, dependencies=[Depends(asks_nothing)], openapi_extra=TAKES)
async def file(
    house: TheHouse, scope: Filer, response: Response, given: Annotated[Given, Depends(_given)]
) -> ReportShape:
    """File a report; it becomes an entry that walks on as any other. The very same again is answered 200."""
    filed = await run_in_threadpool(_filed, house, scope, given)
    response.status_code = 201 if filed.is_new else 200
    return report_shape(filed.row)


def _filed(house: House, scope: Scope, given: Given) -> Filed:
    return file_report(house, scope, report_of(given, house.clock()), channel="api")


@router.get("", name="list")
def list_(house: TheHouse, scope: Reader, asked: Annotated[ReportsAsked, Query()]) -> Listed[ReportShape]:
    """Reports, the newest first. Subscribers see what their own people and keys have filed."""
    with house.store.read() as session:
        page = list_reports(session, scope, state=asked.state, limit=asked.limit, cursor=asked.cursor)
    return listed(page, report_shape)


@router.get("/{report_id}", dependencies=[Depends(asks_nothing)])
def show(house: TheHouse, scope: Reader, report_id: Number) -> ReportWhole:
    """One report with its text, its files and what became of it."""
    return _whole(house, scope, report_id)


def _whole(house: House, scope: Scope, report_id: int) -> ReportWhole:
    with house.store.read() as session:
        row = get_report(session, scope, report_id)
        return report_whole(row, attachments_of(session, scope, report_id), led_to(session, scope, row.entry_id))


@router.get(
    "/{report_id}/attachments/{attachment_id}",
    dependencies=[Depends(asks_nothing)],
    response_class=Response,
    responses={200: BYTES},
)
def fetch(house: TheHouse, scope: Reader, report_id: Number, attachment_id: Number) -> Response:
    """The bytes of a file."""
    with house.store.read() as session:
        found = get_attachment(session, scope, report_id, attachment_id)
    return Response(found.content, headers=download_headers(found.name), media_type=download_type(found.media_type))


@router.get("/{report_id}/raw", dependencies=[Depends(asks_nothing)], response_class=Response, responses={200: BYTES})
def raw(house: TheHouse, scope: Reader, report_id: Number) -> Response:
    """A message that could not be read, as it came."""
    with house.store.read() as session:
        row = get_report(session, scope, report_id, raw=True)
    if row.raw is None:
        raise NotFound(f"Report {report_id} was not kept as it came: it could be read.", "Its page shows the entry.")
    return Response(row.raw, headers=download_headers(f"report-{report_id}.eml"), media_type="message/rfc822")


@router.post("/{report_id}/read", dependencies=[Depends(asks_nothing)])
def read(house: TheHouse, scope: Reader, report_id: Number) -> ReportWhole:
    """Try once more to read a message that could not be read."""
    read_again(house, scope, report_id)
    return _whole(house, scope, report_id)
