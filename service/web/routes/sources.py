"""Sources: what is watched, and how each is doing."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, UploadFile
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from ingest.health import State
from ingest.place.countries import CODES
from ingest.source_record import KINDS
from ingest.state import WORST_FIRST
from service.desk.sources import add_source, import_sources
from service.errors import Invalid, NotFound, WatchfireError
from service.notify.text import clean
from service.store.archives import list_runs
from service.store.read_sources import SourceFilter, filtered_sources, tally_sources
from service.store.translations import count_states
from service.translate.health import translation_health
from service.web.page import page
from service.web.said import Said, flash, said
from service.web.shown.archive import run_shown
from service.web.shown.source import source_shown
from service.web.shown.translated import EndpointShown, endpoint_shown
from service.web.visit import Inside, Visit, address

router = APIRouter()
HERE = "/sources"
ROWS = 100
RUNS = 5  # imports shown
FIELDS = ("address", "name", "kind", "country", "language", "reliability")
MOST_FILE = 1 << 20
ASKED = ("state", "kind", "country", "critical", "q")


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


def _shown(
    visit: Visit, *, status: int = 200, problem: Said | None = None, asked: dict[str, str] | None = None, word: str = ""
) -> Response:
    if not visit.reader.home:
        raise NotFound("There is no such page.")
    query = visit.request.query_params
    wanted, cursor = read_wanted(query), query.get("cursor")
    with visit.house.store.read() as session:
        found = filtered_sources(session, visit.reader, wanted, visit.now, worst_first=True, limit=ROWS, cursor=cursor)
        counts = tally_sources(session, visit.reader, wanted, visit.now)
        translation = _translation(visit, session)
        runs = list_runs(session, visit.reader, limit=RUNS).items if cursor is None else []
    pairs = [(name, query[name]) for name in ASKED if query.get(name)]
    rest = [pair for pair in pairs if pair[0] != "state"]
    return page(
        visit,
        "sources.html",
        status=status,
        here=HERE,
        sources=[source_shown(row, visit.telling) for row in found.items],
        tally=[
            (state.value, counts[state], address(HERE, rest if wanted.state is state else [*rest, ("state", state)]))
            for state in WORST_FIRST
            if counts.get(state)
        ],
        total=sum(counts.values()),
        wanted=wanted,
        active=bool(pairs),
        older=address(HERE, [*pairs, ("cursor", found.next)]) if found.next else None,
        countries=sorted(((code, visit.telling.country(code)) for code in CODES), key=lambda pair: pair[1]),
        kinds=KINDS,
        translation=translation,
        archives=[run_shown(run, visit.telling) for run in runs],
        asked=asked or dict.fromkeys(FIELDS, ""),
        problem=problem,
        flash=word or flash(visit),
    )


def _translation(visit: Visit, session: Session) -> EndpointShown | None:
    settings = visit.house.settings
    if not settings.translate_url:
        return None
    health, texts = translation_health(session), count_states(session)
    return endpoint_shown(health, texts, settings.translate_budget, visit.say, visit.now)


def read_wanted(query: Mapping[str, str]) -> SourceFilter:
    """The filters in an address. Nonsense counts as nothing asked."""
    state, country = query.get("state", ""), query.get("country", "").upper()
    kind = query.get("kind", "")
    return SourceFilter(
        state=State(state) if state in tuple(State) else None,
        kind=kind if kind in KINDS else None,
        country=country if country in CODES else None,
        critical=True if query.get("critical") else None,
        words=clean(query.get("q"))[:200],
    )
