"""Sources: what is watched, and how each is doing."""

from typing import Annotated

from fastapi import APIRouter, Form, UploadFile
from starlette.responses import RedirectResponse, Response

from ingest.place.countries import CODES
from ingest.source_record import KINDS
from service.desk.sources import add_source, import_sources, pause_source, resume_source
from service.errors import Invalid, NotFound, WatchfireError
from service.store.archives import list_runs
from service.store.read_rest import list_sources
from service.web.page import page
from service.web.said import Said, flash, said
from service.web.shown.archive import run_shown
from service.web.shown.rest import SourceShown, source_shown
from service.web.visit import Inside, Number, Visit, address

router = APIRouter()
HERE = "/sources"
ROWS = 100
RUNS = 5  # imports shown
FIELDS = ("address", "name", "kind", "country", "language", "reliability")
MOST_FILE = 1 << 20
ORDER = ("failing", "late", "waiting", "good", "paused")


@router.get(HERE)
def show_sources(visit: Inside) -> Response:
    """The list with its health, and the form for one more. A subscriber has no such page."""
    return _shown(visit)


@router.post(HERE)
def watch(
    visit: Inside,
    address: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    kind: Annotated[str, Form()] = "",
    country: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "",
    reliability: Annotated[str, Form()] = "",
) -> Response:
    """Watch one more."""
    asked = dict(zip(FIELDS, (address, name, kind, country, language, reliability), strict=True))
    try:
        add_source(visit.house, visit.reader, {key: text.strip() for key, text in asked.items() if text.strip()})
    except WatchfireError as error:
        return _shown(visit, status=error.status, problem=said(visit, error), asked=asked)
    return RedirectResponse(f"{HERE}?done=source_added", 303)


@router.post(HERE + "/import")
def bring(visit: Inside, file: UploadFile) -> Response:
    """Watch what a file names."""
    try:
        text = _read(file)
        made = import_sources(visit.house, visit.reader, text, file.filename or "file")
    except WatchfireError as error:
        return _shown(visit, status=error.status, problem=said(visit, error))
    return _shown(visit, word=visit.count("web.sources.imported", made.added, known=made.known))


def _read(file: UploadFile) -> str:
    raw = file.file.read(MOST_FILE + 1)
    if len(raw) > MOST_FILE:
        raise Invalid("The file is larger than 1 MB.", "Split it.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("The file is not UTF-8 text.", "Save it as UTF-8 and try again.") from error


@router.post(HERE + "/{source_id}/pause")
def pause(visit: Inside, source_id: Number) -> Response:
    """Look at it no more until somebody resumes it."""
    pause_source(visit.house, visit.reader, source_id)
    return RedirectResponse(f"{HERE}?done=source_paused", 303)


@router.post(HERE + "/{source_id}/resume")
def resume(visit: Inside, source_id: Number) -> Response:
    """Look at it again, now."""
    resume_source(visit.house, visit.reader, source_id)
    return RedirectResponse(f"{HERE}?done=source_resumed", 303)


def _shown(
    visit: Visit, *, status: int = 200, problem: Said | None = None, asked: dict[str, str] | None = None, word: str = ""
) -> Response:
    if not visit.reader.home:
        raise NotFound("There is no such page.")
    cursor = visit.request.query_params.get("cursor")
    with visit.house.store.read() as session:
        found = list_sources(session, visit.reader, limit=ROWS, cursor=cursor, archives=False)
        runs = list_runs(session, visit.reader, limit=RUNS).items if cursor is None else []
    rows = [source_shown(row, visit.telling) for row in found.items]
    return page(
        visit,
        "sources.html",
        status=status,
        here=HERE,
        sources=sorted(rows, key=_urgency),
        tally=[(health, sum(row.health == health for row in rows)) for health in ORDER],
        older=address(HERE, [("cursor", found.next)]) if found.next else None,
        countries=sorted(((code, visit.telling.country(code)) for code in CODES), key=lambda pair: pair[1]),
        kinds=KINDS,
        archives=[run_shown(run, visit.telling) for run in runs],
        asked=asked or dict.fromkeys(FIELDS, ""),
        problem=problem,
        flash=word or flash(visit),
    )


def _urgency(row: SourceShown) -> int:
    """What needs somebody comes first."""
    return ORDER.index(row.health)
